"""When a venue was asked what. It dates the venue's answers, whose own clock proves nothing here."""

from __future__ import annotations

from collections import deque

from msgspec.structs import replace

from termdesk.core.model.number import Ns
from termdesk.core.model.venue import (
    OrderStatusReport,
    OrderStatusRequest,
    SnapshotRequest,
    VenueReport,
    VenueRequest,
    VenueSnapshot,
)

_EVERYTHING = ""


class Questions:
    """Questions of one connection that have no answer yet."""

    def __init__(self) -> None:
        self._asked_ns: dict[str, deque[Ns]] = {}

    def ask(self, request: VenueRequest, now_ns: Ns) -> None:
        """Note a question as it leaves; a request that changes something is none."""
        if isinstance(request, SnapshotRequest):
            self._note(_EVERYTHING, now_ns)
        elif isinstance(request, OrderStatusRequest):
            self._note(request.order_id, now_ns)

    def dated(self, report: VenueReport) -> VenueReport:
        """Give an answer the time of its question: it was true then, at the latest.

        Of several questions it answers the first: what was asked later may be true only later.
        """
        if isinstance(report, VenueSnapshot):
            return replace(report, at_ns=self._first(_EVERYTHING))
        if isinstance(report, OrderStatusReport):
            return replace(report, at_ns=self._first(report.order_id))
        return report

    def clear(self) -> None:
        """The connection is gone, and with it every answer."""
        self._asked_ns.clear()

    def _note(self, what: str, now_ns: Ns) -> None:
        self._asked_ns.setdefault(what, deque()).append(now_ns)

    def _first(self, what: str) -> Ns:
        times = self._asked_ns.get(what)
        if times is None:
            return 0
        first = times.popleft()
        if not times:
            del self._asked_ns[what]
        return first
