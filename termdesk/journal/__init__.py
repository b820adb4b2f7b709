"""Durable facts in SQLite: group commit, replay, checkpoints."""
