"""What the desk does by itself after an input: days to count, the kill switch's closings, loss limits, notices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from termdesk.core.model.facts import OrderFilled, Recorded, SurveillanceNoticed, TradingStateChanged
from termdesk.core.model.limits import OnLoss, TradingState
from termdesk.core.model.number import plain
from termdesk.core.model.reason import Reason
from termdesk.core.trading.control.controlling import flatten_next
from termdesk.core.trading.control.surveillance import LOOKED_AT, is_new, noticed
from termdesk.core.trading.day.closing import BEGINNING, open_day
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.risk.controls import segment_of
from termdesk.core.trading.risk.measures import day_result
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.view import View

LOSS_NOTE = "max_loss_day"
LOST = "risk.lost_much"


def after(state: DeskState, view: View, records: Sequence[Recorded]) -> Iterator[Decision]:
    """Give one decision at a time; each is taken into the state before the next is made."""
    taken = tuple(records)
    kinds = {type(record.fact) for record in taken}
    if not kinds.isdisjoint(BEGINNING):
        for record in taken:
            if type(record.fact) in BEGINNING:
                yield from open_day(state, view, record)
    if state.controls.limits and OrderFilled in kinds:
        for record in taken:
            if type(record.fact) is OrderFilled:
                yield from _loss(state, view, record.fact)
    while state.controls.flattening:
        decision = flatten_next(state, view)
        if decision is None:
            break
        yield decision
    if not kinds.isdisjoint(LOOKED_AT):
        notices = noticed(state, taken)
        if notices:
            yield Decision(facts=tuple(notices))


def _loss(state: DeskState, view: View, fill: OrderFilled) -> Iterator[Decision]:
    """Let an account only reduce once it has lost its limit of the day, or warn; only a person lifts the first."""
    name, instrument = fill.account, fill.instrument
    covering = state.controls.covering(name, instrument, segment_of(instrument))
    lossy = [limits for limits, _ in covering if limits.max_loss_day]
    if not lossy:
        return
    currency = state.instruments[instrument].currency
    lost = -day_result(state, view, state.accounts[name], currency)
    reached = [limits for limits in lossy if lost >= limits.max_loss_day]
    is_stopped = "" in state.controls.stops.get(name, {})
    if not is_stopped and any(limits.on_loss is OnLoss.REDUCE for limits in reached):
        reduced = TradingStateChanged(
            command_id="", account=name, instrument="", state=TradingState.REDUCING, note=LOSS_NOTE
        )
        yield Decision(facts=(reduced,))
    warned = [limits.max_loss_day for limits in reached if limits.on_loss is OnLoss.WARN]
    if warned and is_new(state.controls, name, LOST, instrument, view.trading_day(instrument)):
        reason = Reason(LOST, {"lost": plain(lost), "max": plain(min(warned)), "currency": currency})
        yield Decision(facts=(SurveillanceNoticed(account=name, instrument=instrument, reason=reason),))
