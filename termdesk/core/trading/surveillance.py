"""What a supervisor would ask about: noticed once a trading day, recorded, and never a reason to stop.

Looks only at counts that facts keep, in constant time per fact.
"""

from __future__ import annotations

from collections.abc import Sequence

from termdesk.core.model.facts import CancelRequested, OrderFilled, OrderSubmitted, Recorded, SurveillanceNoticed
from termdesk.core.model.reason import Reason
from termdesk.core.trading.order import Order
from termdesk.core.trading.risk.controls import Controls, Habits, notice_key, segment_of
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
_LOOKED_AT = frozenset({OrderSubmitted, CancelRequested, OrderFilled})


def noticed(state: DeskState, records: Sequence[Recorded]) -> list[SurveillanceNoticed]:
    """Give what the newest records bring up for the first time this trading day."""
    found: list[SurveillanceNoticed] = []
    for record in records:
        if type(record.fact) not in _LOOKED_AT:
            continue
        order = state.orders[record.fact.order_id]  # type: ignore[union-attr]  # each of them has one
        habits = state.controls.habits.get(order.account)
        if habits is None:
            continue
        is_simulated = state.accounts[order.account].broker not in state.brokers
        for reason in _reasons(state.controls, habits, order, record, is_simulated=is_simulated):
            if is_new(state.controls, order.account, reason.code, order.instrument, record.trading_day) and all(
                reason.code != old.reason.code for old in found
            ):
                found.append(SurveillanceNoticed(account=order.account, instrument=order.instrument, reason=reason))
    return found


def is_new(controls: Controls, account: str, code: str, instrument: str, day: str) -> bool:
    """Whether something was not yet noticed of an account on a trading day, in the instrument's segment."""
    habits = controls.habits.get(account)
    before = habits.noticed.get(notice_key(code, instrument)) if habits is not None else None
    return before is None or before.trading_day < day


def _reasons(controls: Controls, habits: Habits, order: Order, record: Recorded, *, is_simulated: bool) -> list[Reason]:
    found: list[Reason] = []
    if type(record.fact) is OrderFilled:
        if is_simulated and habits.closed >= CLOSED_LEAST and habits.won * 100 > habits.closed * WON_PERCENT:
            found.append(Reason("risk.watch_winning", {"won": str(habits.won), "closed": str(habits.closed)}))
        return found
    tally = controls.counts(order.account, segment_of(order.instrument))
    if tally.cancels >= CANCELS_LEAST and tally.cancels * 100 > tally.orders * CANCEL_PERCENT:
        found.append(Reason("risk.watch_cancels", {"cancels": str(tally.cancels), "orders": str(tally.orders)}))
    oldest = tally.sent.nth(RATE)
    if oldest is not None and record.at_ns - oldest < SECOND_NS:
        found.append(Reason("risk.watch_rate", {"messages": str(RATE)}))
    if habits.in_a_row >= IN_A_ROW:
        found.append(Reason("risk.watch_identical", {"orders": str(habits.in_a_row)}))
    return found
