"""Typed configuration: discovery, merge, validation, schema."""
