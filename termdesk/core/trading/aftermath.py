"""What the desk does by itself after an input: closings of the kill switch, the loss limit, notices of surveillance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from termdesk.core.model.facts import OrderFilled, Recorded, TradingStateChanged
from termdesk.core.model.limits import OnLoss, TradingState
from termdesk.core.trading.controlling import flatten_next
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.risk.controls import segment_of
from termdesk.core.trading.risk.measures import day_result
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.surveillance import noticed
from termdesk.core.trading.view import View

LOSS_NOTE = "max_loss_day"


def after(state: DeskState, view: View, records: Sequence[Recorded]) -> Iterator[Decision]:
    """Give one decision at a time; each is taken into the state before the next is made."""
    taken = tuple(records)
    if state.controls.limits:
        for record in taken:
            if type(record.fact) is OrderFilled:
                yield from _loss(state, view, record.fact)
    while state.controls.flattening:
        decision = flatten_next(state, view)
        if decision is None:
            break
        yield decision
    notices = noticed(state, taken)
    if notices:
        yield Decision(facts=tuple(notices))


def _loss(state: DeskState, view: View, fill: OrderFilled) -> Iterator[Decision]:
    """Let an account only reduce once it has lost its limit of the day; only a person lifts that."""
    name = fill.account
    segment = segment_of(fill.instrument)
    limits = [found for found, _ in state.controls.covering(name, fill.instrument, segment)]
    least = min((one.max_loss_day for one in limits if one.max_loss_day and one.on_loss is OnLoss.REDUCE), default=None)
    if least is None or "" in state.controls.stops.get(name, {}):
        return
    currency = state.instruments[fill.instrument].currency
    if day_result(state, view, state.accounts[name], currency) <= -least:
        reduced = TradingStateChanged(
            command_id="", account=name, instrument="", state=TradingState.REDUCING, note=LOSS_NOTE
        )
        yield Decision(facts=(reduced,))
