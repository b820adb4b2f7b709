"""Conditional orders: predicates over the market that fire a command."""
