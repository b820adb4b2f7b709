"""Which desk is meant where none is named."""

from __future__ import annotations

from termdesk.config.settings import Settings

GENERATED = "demo"
"""The feed whose prices are generated; its desk is called the same."""


def default_desk(settings: Settings) -> str:
    """Give the configured desk, else the one named after its mode: ``demo``, or ``paper`` for any other feed."""
    if settings.desk.name:
        return settings.desk.name
    return GENERATED if settings.feed.name == GENERATED else "paper"
