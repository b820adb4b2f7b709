"""State after facts about trading days: what is open, what was closed, and what it was then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from termdesk.core.model.facts import (
    DayClosed,
    DayOpened,
    InterestSet,
    OrdersArchived,
    Recorded,
    SettlementPriced,
    StatementMade,
)
from termdesk.core.trading.ledger import InterestTerms, end_day
from termdesk.core.trading.settle import accepted
from termdesk.core.trading.state import DeskState, OpenDay, Settled

STATEMENTS_KEPT = 400
"""Closed days whose statements stay at hand; older ones are in the journal."""


def _day_opened(state: DeskState, record: Recorded, fact: DayOpened) -> None:
    state.days[fact.venue] = OpenDay(day=fact.day, ends_ns=fact.ends_ns, since_seq=record.seq - 1)
    _count(state)


def _settlement_priced(state: DeskState, record: Recorded, fact: SettlementPriced) -> None:
    del record
    state.settlements[fact.instrument] = Settled(fact.day, fact.price, fact.source)


def _statement_made(state: DeskState, record: Recorded, fact: StatementMade) -> None:
    del record
    state.statements.setdefault(fact.day, []).append(fact)
    if len(state.statements) > STATEMENTS_KEPT:
        del state.statements[min(state.statements)]


def _orders_archived(state: DeskState, record: Recorded, fact: OrdersArchived) -> None:
    del record
    state.archived.update(dict.fromkeys(fact.order_ids))


def _interest_set(state: DeskState, record: Recorded, fact: InterestSet) -> None:
    del record
    terms = InterestTerms(fact.idle_rate, fact.owed_rate, fact.year_days)
    state.accounts[fact.account].interest[fact.asset] = terms
    accepted(state, fact.command_id)


def _day_closed(state: DeskState, record: Recorded, fact: DayClosed) -> None:
    for account in state.accounts.values():
        end_day(account, fact.venue, fact.day, fact.next_day)
    state.days[fact.venue] = OpenDay(
        day=fact.next_day,
        ends_ns=fact.next_ends_ns,
        since_seq=record.seq,
        closed_day=fact.day,
        closed_ns=record.at_ns,
        missed=fact.missed,
    )
    _count(state)
    if fact.command_id:
        accepted(state, fact.command_id)


def _count(state: DeskState) -> None:
    state.day_ends_ns = min(day.ends_ns for day in state.days.values())


DAY_FACTS: dict[type, Callable[[DeskState, Recorded, Any], None]] = {
    DayOpened: _day_opened,
    SettlementPriced: _settlement_priced,
    StatementMade: _statement_made,
    OrdersArchived: _orders_archived,
    InterestSet: _interest_set,
    DayClosed: _day_closed,
}
