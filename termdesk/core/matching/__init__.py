"""The simulated exchange: queue positions, taking, explanations."""
