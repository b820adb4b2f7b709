"""When open orders end by themselves: GTD orders at their moment, DAY orders with their trading day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import heappop, heappush

from termdesk.core.model.execution import NewOrderSingle
from termdesk.core.model.number import Ns
from termdesk.core.model.terms import TimeInForce

DayEnd = Callable[[str, Ns], Ns | None]
"""Last moment of an instrument's trading day at a moment; None where it is not known or has no end."""

NEVER: Ns = 1 << 62


class Expiry:
    """Orders by the first moment at which they work no more. What happens in the last moment itself still counts."""

    def __init__(self, day_end: DayEnd | None) -> None:
        self._day_end = day_end
        self._heap: list[tuple[Ns, int, str, str]] = []
        self._count = 0
        self.due_ns = NEVER
        """The earliest of them."""

    def watch(self, new: NewOrderSingle, now_ns: Ns) -> None:
        """Watch an order, if it has an end."""
        last = new.expire_ns if new.time_in_force is TimeInForce.GTD else None
        if new.time_in_force is TimeInForce.DAY and self._day_end is not None:
            last = self._day_end(new.instrument, now_ns)
        if last is None:
            return
        self._count += 1
        heappush(self._heap, (last + 1, self._count, new.instrument, new.order_id))
        self.due_ns = self._heap[0][0]

    def due(self, now_ns: Ns) -> Iterator[tuple[str, str]]:
        """Take off instrument and order id of what is over by now; an order may have ended before."""
        heap = self._heap
        while heap and heap[0][0] <= now_ns:
            _, _, instrument, order_id = heappop(heap)
            yield instrument, order_id
        self.due_ns = heap[0][0] if heap else NEVER
