"""The pure core: decides everything, does nothing. No clocks, sockets, threads, randomness or logging."""
