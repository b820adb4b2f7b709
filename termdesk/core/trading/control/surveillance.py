"""What a supervisor would ask about: noticed once a trading day, recorded, and never a reason to stop.

Looks only at counts that facts keep, in constant time per fact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from termdesk.core.model.facts import CancelRequested, OrderFilled, OrderSubmitted, Recorded, SurveillanceNoticed
from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.controls import Controls, Habits, Tally, notice_key, segment_of
from termdesk.core.trading.state import DeskState

RATE = 50
"""Messages within a second."""
SECOND_NS = 1_000_000_000
CANCELS_LEAST = 20
CANCEL_PERCENT = 50
"""Orders of a day that were cancelled, of at least ``CANCELS_LEAST``."""
IN_A_ROW = 10
"""Equal orders one after the other."""
CLOSED_LEAST = 20
WON_PERCENT = 90
"""Closing fills with a profit, of at least ``CLOSED_LEAST``; a simulation in which so many win is too kind."""
LOOKED_AT = frozenset({OrderSubmitted, CancelRequested, OrderFilled})


def noticed(state: DeskState, records: Sequence[Recorded]) -> list[SurveillanceNoticed]:
    """Give what the newest records bring up for the first time this trading day."""
    found: dict[str, SurveillanceNoticed] = {}
    for record in records:
        if type(record.fact) not in LOOKED_AT:
            continue
        order = state.orders[record.fact.order_id]  # type: ignore[union-attr]  # each of them has one
        name, instrument = order.account, order.instrument
        habits = state.controls.habits.get(name)
        if habits is None:
            continue
        tally = state.controls.counts(name, segment_of(instrument))
        codes: Sequence[str]
        if type(record.fact) is OrderFilled:
            codes = _WON if _wins(habits) and state.accounts[name].broker not in state.brokers else ()
        else:
            codes = _striking(habits, tally, record.at_ns)
        for code in codes:
            if code not in found and is_new(state.controls, name, code, instrument, record.trading_day):
                reason = _REASONS[code](habits, tally)
                found[code] = SurveillanceNoticed(account=name, instrument=instrument, reason=reason)
    return list(found.values())


def is_new(controls: Controls, account: str, code: str, instrument: str, day: str) -> bool:
    """Whether something was not yet noticed of an account on a trading day, in the instrument's segment."""
    habits = controls.habits.get(account)
    before = habits.noticed.get(notice_key(code, instrument)) if habits is not None else None
    return before is None or before.trading_day < day


def _wins(habits: Habits) -> bool:
    return habits.closed >= CLOSED_LEAST and habits.won * 100 > habits.closed * WON_PERCENT


def _striking(habits: Habits, tally: Tally, at_ns: int) -> Sequence[str]:
    """Codes of what stands out with a message, noticed before or not."""
    found = []
    if tally.cancels >= CANCELS_LEAST and tally.cancels * 100 > tally.orders * CANCEL_PERCENT:
        found.append(CANCELS)
    oldest = tally.sent.nth(RATE)
    if oldest is not None and at_ns - oldest < SECOND_NS:
        found.append(MESSAGES)
    if habits.in_a_row >= IN_A_ROW:
        found.append(IDENTICAL)
    return found


WINNING, CANCELS, MESSAGES, IDENTICAL = (
    "risk.watch_winning",
    "risk.watch_cancels",
    "risk.watch_rate",
    "risk.watch_identical",
)
_WON = (WINNING,)
_REASONS: dict[str, Callable[[Habits, Tally], Reason]] = {
    WINNING: lambda habits, _: Reason(WINNING, {"won": str(habits.won), "closed": str(habits.closed)}),
    CANCELS: lambda _, tally: Reason(CANCELS, {"cancels": str(tally.cancels), "orders": str(tally.orders)}),
    MESSAGES: lambda *_: Reason(MESSAGES, {"messages": str(RATE)}),
    IDENTICAL: lambda habits, _: Reason(IDENTICAL, {"orders": str(habits.in_a_row)}),
}
