"""Streaming indicators, one constant-time update per bar."""
