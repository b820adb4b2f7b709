"""What the desk has to do by itself at a time. Deadlines are part of its state."""

from __future__ import annotations

from termdesk.core.model.number import Ns
from termdesk.core.trading.orders.follow_inputs import DayOver, DeadlineMet
from termdesk.core.trading.state import DeskState


def next_deadline(state: DeskState) -> Ns | None:
    """When the next one is due; what the market does in that very moment still comes first."""
    order_ns = state.deadlines[0][0] if state.deadlines else None
    day_ns = state.day_ends_ns
    if order_ns is None or day_ns is None:
        return day_ns if order_ns is None else order_ns
    return min(order_ns, day_ns)


def due(state: DeskState, now_ns: Ns) -> DeadlineMet | DayOver | None:
    """The first of what is due by now, an order before the end of its day; it is gone from the state once decided."""
    at_ns = next_deadline(state)
    if at_ns is None or at_ns > now_ns:
        return None
    if state.deadlines and state.deadlines[0][0] == at_ns:
        return DeadlineMet(order_id=state.deadlines[0][1])
    return over(state, now_ns)


def over(state: DeskState, now_ns: Ns, *, forgotten: tuple[str, ...] = (), missed: bool = False) -> DayOver | None:
    """The first trading day that is over and not closed.

    Args:
        state: The desk.
        now_ns: Desk time.
        forgotten: Brokers that began anew and know of no order.
        missed: The engine was off when it ended.
    """
    venue = min(state.days, key=lambda name: state.days[name].ends_ns, default=None)
    if venue is None or state.days[venue].ends_ns > now_ns:
        return None
    return DayOver(venue=venue, day=state.days[venue].day, forgotten=forgotten, missed=missed)
