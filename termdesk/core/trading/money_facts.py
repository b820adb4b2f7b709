"""State after facts about money and units that move without an order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from termdesk.core.model.facts import CashDeposited, CashPosted, PositionMarked, Recorded, UnitsPosted, UnitsScaled
from termdesk.core.model.posting import Cause
from termdesk.core.trading.ledger import Due, Move, book_exchange, book_mark, book_money, book_scale, book_units
from termdesk.core.trading.settle import accepted
from termdesk.core.trading.state import DeskState

_WITH_MONEY = frozenset({Cause.ALLOCATION, Cause.EXPIRY, Cause.FILL})


def _cash_deposited(state: DeskState, record: Recorded, fact: CashDeposited) -> None:
    book_money(state.accounts[fact.account], record, Cause.TRANSFER, fact.asset, fact.amount)


def _cash_posted(state: DeskState, record: Recorded, fact: CashPosted) -> None:
    account = state.accounts[fact.account]
    book_money(account, record, fact.cause, fact.asset, fact.amount, fact.item or fact.instrument)
    accepted(state, fact.command_id)


def _units_posted(state: DeskState, record: Recorded, fact: UnitsPosted) -> None:
    account, instrument = state.accounts[fact.account], state.instruments[fact.instrument]
    if fact.cause in _WITH_MONEY:
        move = Move("", f"{record.seq}", fact.qty, fact.amount, fact.settles)
        book_exchange(account, record, fact.cause, instrument, move)
    else:
        due = None
        if fact.settles is not None:
            due = Due(fact.settles.settle_day, fact.settles.sell_day, fact.due_qty or fact.qty)
        book_units(account, record, fact.cause, instrument, fact.qty, fact.amount, due)
    accepted(state, fact.command_id)


def _units_scaled(state: DeskState, record: Recorded, fact: UnitsScaled) -> None:
    book_scale(state.accounts[fact.account], record, state.instruments[fact.instrument], fact.qty)
    accepted(state, fact.command_id)


def _position_marked(state: DeskState, record: Recorded, fact: PositionMarked) -> None:
    book_mark(state.accounts[fact.account], record, state.instruments[fact.instrument], fact.price)


MONEY_FACTS: dict[type, Callable[[DeskState, Recorded, Any], None]] = {
    CashDeposited: _cash_deposited,
    CashPosted: _cash_posted,
    UnitsPosted: _units_posted,
    UnitsScaled: _units_scaled,
    PositionMarked: _position_marked,
}
