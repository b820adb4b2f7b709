"""What is known of a source: its link, when it was heard, what it counted."""

from __future__ import annotations

from termdesk.core.model.terms import Link


class FeedState:
    """One source.

    Attributes:
        heard_ns: Receive stamp of its last word, 0 if none.
        events: Messages taken.
        skipped: Broken messages left out, and events of instruments never introduced.
        gaps: Holes in its sequences.
        delay_ns: How much later than at the venue it speaks by design, as it declares; None is not told.
    """

    __slots__ = ("delay_ns", "detail", "events", "gaps", "heard_ns", "link", "name", "skipped")

    def __init__(self, name: str, delay_ns: int | None = None) -> None:
        self.name = name
        self.delay_ns = delay_ns
        self.link = Link.CONNECTING
        self.detail = ""
        self.heard_ns = 0
        self.events = 0
        self.skipped = 0
        self.gaps = 0
