"""What the desk has to do by itself at a time. Deadlines are part of its state."""

from __future__ import annotations

from termdesk.core.model.number import Ns
from termdesk.core.trading.follow_inputs import DeadlineMet
from termdesk.core.trading.state import DeskState


def next_deadline(state: DeskState) -> Ns | None:
    """When the next one is due; what the market does in that very moment still comes first."""
    return state.deadlines[0][0] if state.deadlines else None


def due(state: DeskState, now_ns: Ns) -> DeadlineMet | None:
    """The first of what is due by now; it is gone from the state once it was decided."""
    if not state.deadlines or state.deadlines[0][0] > now_ns:
        return None
    return DeadlineMet(order_id=state.deadlines[0][1])
