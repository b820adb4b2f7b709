"""termdesk: a trading workstation for the terminal."""
