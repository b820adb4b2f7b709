"""By how much prices come late by design, in words. A delay is what a source declares, not what was measured."""

from __future__ import annotations

from termdesk.core.wire.topics import FeedHealth
from termdesk.ui.locale import Catalogue

_UNITS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s"), (1, "ms"))


def length(delay_ns: int) -> str:
    """Write a delay exactly, in the largest unit that divides it: ``15m``, ``90s``; below a millisecond ``0ms``."""
    millis = delay_ns // 1_000_000
    size, unit = next((pair for pair in _UNITS if millis and millis % pair[0] == 0), _UNITS[-1])
    return f"{millis // size}{unit}"


def delay_words(feed: FeedHealth | None, said: Catalogue) -> str:
    """Say that a source is late, or that it does not tell; empty in real time and before there is a source."""
    if feed is None or feed.delay_ns == 0:
        return ""
    if feed.delay_ns is None:
        return said.tr("status.delay_unknown")
    return said.tr("status.delayed", by=length(feed.delay_ns))
