"""The end of a trading day: its facts in order, and the statement of it."""
