"""From what the engine says about money to the shapes of the output."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar

from msgspec.structs import replace

from termdesk.cli import money_shapes as s
from termdesk.cli.desk import Instruments
from termdesk.cli.shapes import FeeShape, OrderShape
from termdesk.core.model.execution import FeeItem
from termdesk.core.model.facts.day import StatedPosition
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.money import round_money_down
from termdesk.core.model.number import plain
from termdesk.core.model.terms import AccountKind
from termdesk.core.wire.queries import AccountStatement, CashStatement, DaysResult, FillLine, StatementResult
from termdesk.core.wire.topics import AccountBody, CashLine, PositionLine, TotalLine

_Averaged = TypeVar("_Averaged", bound="OrderShape | s.PositionShape | s.StatedPositionShape")


def for_people(line: _Averaged, instruments: Instruments) -> _Averaged:
    """Round an average to two decimals more than its instrument has; only programs need all of it."""
    if line.average is None:
        return line
    decimals = instruments[line.instrument].price_decimals + 2
    return replace(line, average=f"{Decimal(line.average):.{decimals}f}")


def money_for_people(amount: str | None, currency: str) -> str | None:
    """Round money down to the smallest amount of its currency; only programs need all of it."""
    return None if amount is None else plain(round_money_down(Decimal(amount), currency))


def statement_for_people(made: s.StatementShape, instruments: Instruments) -> s.StatementShape:
    """Round averages and money of a statement, see ``for_people`` and ``money_for_people``."""
    accounts = (
        replace(
            one,
            cash=tuple(_cash_for_people(line) for line in one.cash),
            fills=tuple(
                replace(fill, amount=money_for_people(fill.amount, instruments[fill.instrument].currency))
                for fill in one.fills
            ),
            positions=tuple(_stated_for_people(line, instruments) for line in one.positions),
        )
        for one in made.accounts
    )
    return replace(made, accounts=tuple(accounts))


def _cash_for_people(line: s.CashStatementShape) -> s.CashStatementShape:
    """Round the balance after each move and show moves as what lies between: the rows add up as they stand there."""
    exact, before, moves = Decimal(line.opening), round_money_down(Decimal(line.opening), line.asset), []
    for move in line.moves:
        exact += Decimal(move.amount)
        after = round_money_down(exact, line.asset)
        moves.append(replace(move, amount=plain(after - before)))
        before = after
    return replace(
        line,
        opening=money_for_people(line.opening, line.asset),
        moves=tuple(moves),
        closing=money_for_people(line.closing, line.asset),
    )


def _stated_for_people(line: s.StatedPositionShape, instruments: Instruments) -> s.StatedPositionShape:
    names = ("unrealised", "realised", "fifo_realised")
    money = {name: money_for_people(getattr(line, name), line.currency) for name in names}
    return replace(for_people(line, instruments), **money)


def show_account(body: AccountBody, instruments: Instruments) -> s.AccountShape:
    """Show cash and positions of an account."""
    return s.AccountShape(
        account=body.account,
        kind=AccountKind(body.kind),
        fidelity=body.fidelity,
        cash=tuple(_cash(line) for line in body.cash),
        positions=tuple(_position(body.account, line, instruments[line.instrument]) for line in body.positions),
        total=_total(body.total),
    )


def show_days(result: DaysResult) -> list[s.DayShape]:
    """Show the open trading days."""
    return [
        s.DayShape(
            venue=line.venue,
            day=line.day,
            ends_ns=line.ends_ns,
            is_over=line.ends_ns <= result.desk_ns,
            closed_day=line.closed_day,
            closed_ns=line.closed_ns,
            missed=line.missed,
        )
        for line in result.days
    ]


def show_statement(result: StatementResult, fills: Iterable[FillLine], instruments: Instruments) -> s.StatementShape:
    """Show the statement of a day with its fills."""
    of_day = [line for line in fills if line.trading_day == result.day]
    return s.StatementShape(
        day=result.day,
        accounts=tuple(_stated(one, of_day, instruments) for one in result.accounts),
        still_open=result.still_open,
    )


def _stated(one: AccountStatement, fills: list[FillLine], instruments: Instruments) -> s.AccountStatementShape:
    mine = (line for line in fills if line.fill.account == one.account)
    return s.AccountStatementShape(
        account=one.account,
        kind=AccountKind(one.kind),
        cash=tuple(_cash_statement(line) for line in one.cash),
        fills=tuple(_fill(line, instruments[line.fill.instrument]) for line in mine),
        fees=_fees(one.fees),
        positions=tuple(_stated_position(line, instruments[line.instrument]) for line in one.positions),
    )


def _cash_statement(line: CashStatement) -> s.CashStatementShape:
    moves = tuple(s.MoveShape(what=move.what, amount=plain(move.amount)) for move in line.moves)
    return s.CashStatementShape(asset=line.asset, opening=plain(line.opening), moves=moves, closing=plain(line.closing))


def _fees(fees: tuple[FeeItem, ...]) -> tuple[FeeShape, ...]:
    return tuple(FeeShape(kind=fee.kind, asset=fee.asset, amount=plain(fee.amount)) for fee in fees)


def _fill(line: FillLine, instrument: Instrument) -> s.StatedFillShape:
    fill = line.fill
    return s.StatedFillShape(
        at_ns=line.at_ns,
        order_id=fill.order_id,
        exec_id=fill.exec_id,
        instrument=fill.instrument,
        side=fill.side.value,
        qty=instrument.qty_text(fill.qty),
        price=plain(fill.price),
        amount=plain(fill.amount),
        fees=_fees(fill.fees),
    )


def _stated_position(line: StatedPosition, instrument: Instrument) -> s.StatedPositionShape:
    return s.StatedPositionShape(
        instrument=line.instrument,
        qty=instrument.qty_text(line.qty),
        settled=instrument.qty_text(line.settled),
        average=plain(line.average),
        mark=_money(line.mark),
        mark_source=line.mark_source,
        mark_day=line.mark_day,
        unrealised=_money(line.unrealised),
        realised=plain(line.realised),
        fifo_realised=plain(line.fifo_realised),
        currency=line.currency,
    )


def _cash(line: CashLine) -> s.CashShape:
    return s.CashShape(
        currency=line.currency,
        balance=plain(line.balance),
        reserved=plain(line.reserved),
        available=plain(line.available),
        unrealised=_money(line.unrealised),
        realised=plain(line.realised),
        fees=plain(line.fees),
        withdrawable=plain(line.withdrawable),
    )


def _total(line: TotalLine | None) -> s.TotalShape | None:
    if line is None:
        return None
    rates = (s.RateShape(currency=r.currency, rate=plain(r.rate), source=r.source, at_ns=r.at_ns) for r in line.rates)
    return s.TotalShape(currency=line.currency, value=_money(line.value), missing=line.missing, rates=tuple(rates))


def _position(account: str, line: PositionLine, instrument: Instrument) -> s.PositionShape:
    return s.PositionShape(
        account=account,
        instrument=line.instrument,
        qty=instrument.qty_text(line.qty),
        sellable=instrument.qty_text(line.sellable),
        average=plain(line.average),
        mark=_money(line.mark),
        mark_source=line.mark_source,
        mark_ns=line.mark_ns,
        unrealised=_money(line.unrealised),
        realised=plain(line.realised),
        fees=plain(line.fees),
        currency=line.currency,
        settled=instrument.qty_text(line.settled),
        sell_day=line.sell_day,
        fifo_realised=plain(line.fifo_realised),
        fifo_average=plain(line.fifo_average),
    )


def _money(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
