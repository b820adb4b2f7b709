"""The engine process: the only place that wires feeds, desk, journal, brokers and clients together."""
