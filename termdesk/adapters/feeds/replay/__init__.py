"""Replay of recordings: Binance combined streams and Shanghai Level-2 days."""

from __future__ import annotations

from termdesk.adapters.feeds.replay.recording import ReplayFactory

FEED = ReplayFactory()

__all__ = ["FEED"]
