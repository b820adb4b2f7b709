"""Vocabulary: numbers, instruments, market events, commands, executions, facts, errors. Imports nothing of termdesk."""
