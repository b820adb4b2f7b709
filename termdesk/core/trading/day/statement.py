"""The statement of a trading day: what moved, what it cost, what was held at its end. Pure reading."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from termdesk.core.model.execution import FeeItem
from termdesk.core.model.facts import OrderFilled
from termdesk.core.model.facts.day import StatedPosition
from termdesk.core.model.number import Ns
from termdesk.core.model.posting import Place
from termdesk.core.trading.ledger import Account
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.valuation import Prices, account_body, tidy
from termdesk.core.wire.queries import AccountStatement, CashMove, CashStatement, DayLine, DaysResult, StatementResult

_ZERO = Decimal(0)
Moves = dict[str, dict[str, Decimal]]
"""By asset and what for."""


def days(state: DeskState, now_ns: Ns) -> DaysResult:
    """The open trading day of every venue, and the one that was closed last."""
    lines = (
        DayLine(venue, open_day.day, open_day.ends_ns, open_day.closed_day, open_day.closed_ns, open_day.missed)
        for venue, open_day in state.days.items()
    )
    return DaysResult(tuple(lines), now_ns)


def statement(state: DeskState, day: str, account: str, prices: Prices) -> StatementResult:
    """The statement of an account, or of all, for a trading day; venues whose day still goes on are valued now."""
    names = [account] if account else list(state.accounts)
    still = tuple(venue for venue, open_day in state.days.items() if open_day.day <= day and venue)
    return StatementResult(day, tuple(_account(state, day, name, still, prices) for name in names), still, state.seq)


def _account(state: DeskState, day: str, name: str, still: tuple[str, ...], prices: Prices) -> AccountStatement:
    account = state.accounts[name]
    made = [one for one in state.statements.get(day, ()) if one.account == name]
    closed = tuple(position for one in made for position in one.positions if position.qty or position.realised)
    return AccountStatement(
        account=name,
        kind=account.kind.value,
        cash=tuple(_cash(account, day)),
        fees=_fees(state, day, name),
        positions=(*closed, *_held_now(state, day, name, still, prices)),
    )


def _cash(account: Account, day: str) -> Iterator[CashStatement]:
    """Back from the balance of now: what moved later is taken off, what moved that day is told."""
    later, own = _moves(account, day)
    for asset in account.currencies():
        closing = account.cash(asset) - sum(later.get(asset, {}).values(), _ZERO)
        moved = own.get(asset, {})
        opening = closing - sum(moved.values(), _ZERO)
        if moved or opening or closing:
            rows = tuple(CashMove(label, tidy(amount)) for label, amount in moved.items())
            yield CashStatement(asset, tidy(opening), rows, tidy(closing))


def _moves(account: Account, day: str) -> tuple[Moves, Moves]:
    """Cash moved after a day, and on it."""
    later: Moves = {}
    own: Moves = {}
    for other, assets in account.days.items():
        if other >= day:
            for asset, moved in assets.items():
                for label, amount in moved.items():
                    _add(own if other == day else later, asset, label, amount)
    for posting in account.postings:
        if posting.day >= day and Place.CASH in (posting.source, posting.target):
            amount = posting.amount if posting.target is Place.CASH else -posting.amount
            _add(own if posting.day == day else later, posting.asset, posting.label, amount)
    return later, own


def _add(moves: Moves, asset: str, label: str, amount: Decimal) -> None:
    moved = moves.setdefault(asset, {})
    moved[label] = moved.get(label, _ZERO) + amount


def _fees(state: DeskState, day: str, name: str) -> tuple[FeeItem, ...]:
    sums: dict[tuple[str, str], Decimal] = {}
    for record in state.fills:
        fact = record.fact
        if record.trading_day == day and isinstance(fact, OrderFilled) and fact.account == name:
            for fee in fact.fees:
                sums[fee.kind, fee.asset] = sums.get((fee.kind, fee.asset), _ZERO) + fee.amount
    return tuple(FeeItem(kind, asset, amount) for (kind, asset), amount in sums.items())


def _held_now(
    state: DeskState, day: str, name: str, still: tuple[str, ...], prices: Prices
) -> Iterator[StatedPosition]:
    for line in account_body(state, name, prices).positions:
        if line.instrument.rpartition(".")[2] not in still or not (line.qty or line.realised):
            continue
        yield StatedPosition(
            instrument=line.instrument,
            qty=line.qty,
            settled=line.settled,
            average=line.average,
            mark=line.mark,
            mark_source=line.mark_source,
            mark_day=day if line.mark is not None else "",
            unrealised=line.unrealised,
            realised=line.realised,
            fifo_realised=line.fifo_realised,
            currency=line.currency,
        )
