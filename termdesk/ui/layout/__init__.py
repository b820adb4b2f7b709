"""Workspaces: which panes are seen, where and how large; a person's own arrangement is kept."""
