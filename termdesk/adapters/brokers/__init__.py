"""Brokers, one sub-package each, with the same shape as feeds."""
