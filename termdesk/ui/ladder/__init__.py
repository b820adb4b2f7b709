"""Ladders of a screen: their axes, what they count, and how several stand side by side."""
