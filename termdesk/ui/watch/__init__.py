"""Watchlists: files of the user, what a list shows of them, and what keys do to them."""
