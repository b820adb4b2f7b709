"""Frames of the screen: what is drawn when, and what of it reaches the terminal."""
