"""Engine client: attach, resync, subscribe, ask, command."""
