"""The way between desk and simulated exchange: what is on it, and when it arrives.

A request reaches the exchange ``entry_ns`` after it left the desk, a report
the desk ``response_ns`` after it left the exchange; neither overtakes its
like. So a cancel on its way can lose against a fill, and a fill is heard of
late. A negative entry latency stands for an exchange that refuses everything;
the refusal is heard after that time. How late market data reaches the desk is
not modelled: desk and exchange see each event at its receive time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from termdesk.core.matching import reports
from termdesk.core.model.execution import BrokerReport, BrokerRequest, NewOrderSingle
from termdesk.core.model.number import Ns
from termdesk.core.model.reason import Reason

_REFUSED = Reason("venue.overloaded")


class Wire:
    """Requests and reports under way, each in the order in which it was sent."""

    def __init__(self, entry_ns: Ns, response_ns: Ns) -> None:
        """Begin empty; ``response_ns`` may not be negative."""
        self._entry_ns = entry_ns
        self._response_ns = response_ns
        self._requests: deque[tuple[Ns, BrokerRequest]] = deque()
        self._reports: deque[tuple[Ns, BrokerReport]] = deque()

    def send(self, request: BrokerRequest, now_ns: Ns) -> None:
        """Let a request leave the desk."""
        if self._entry_ns >= 0:
            self._requests.append((now_ns + self._entry_ns, request))
            return
        heard_ns = now_ns - self._entry_ns
        if isinstance(request, NewOrderSingle):
            self._reports.append((heard_ns, reports.rejected(request, now_ns, _REFUSED)))
        else:
            self._reports.append((heard_ns, reports.refused(request, now_ns, _REFUSED)))

    def answer(self, said: Iterable[BrokerReport], now_ns: Ns) -> None:
        """Let reports leave the exchange."""
        due_ns = now_ns + self._response_ns
        self._reports.extend((due_ns, report) for report in said)

    @property
    def entry_due_ns(self) -> Ns | None:
        """When the next request reaches the exchange."""
        return self._requests[0][0] if self._requests else None

    @property
    def report_due_ns(self) -> Ns | None:
        """When the next report reaches the desk."""
        return self._reports[0][0] if self._reports else None

    def take_request(self) -> BrokerRequest:
        """Take the request that arrives next."""
        return self._requests.popleft()[1]

    def take_reports(self, now_ns: Ns) -> list[BrokerReport]:
        """Take every report that has arrived by now."""
        out: list[BrokerReport] = []
        held = self._reports
        while held and held[0][0] <= now_ns:
            out.append(held.popleft()[1])
        return out
