"""The risk gate: one rule per file, one table, one way through."""
