"""Booking what happened: trades, trades that are taken back, money and units of any cause.

Always possible, whatever the balance: the ledger books what is so, decisions
are made before. A fee in an asset that the account does not hold makes that
asset's balance negative, which is shown and is no error.
"""

from __future__ import annotations

from decimal import Decimal

from termdesk.core.model.execution import FeeItem
from termdesk.core.model.facts import Recorded
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.money import round_money
from termdesk.core.model.posting import Cause, Place, Settles
from termdesk.core.model.terms import AccountKind, Side
from termdesk.core.trading.ledger.account import Account
from termdesk.core.trading.ledger.position import ZERO, Due, Move, Position, PositionKey

Fees = tuple[FeeItem, ...]


def position_of(account: Account, instrument: Instrument) -> Position:
    """The net position of the main book, made where there is none."""
    found = account.position(instrument.id)
    if found is None:
        found = Position(instrument.id, instrument.currency)
        account.positions[PositionKey(instrument.id)] = found
    return found


def book_fill(account: Account, record: Recorded, instrument: Instrument, move: Move, fees: Fees) -> None:
    """Move units, settle the money and pay the fees of a trade."""
    position = _trade(account, record, Cause.FILL, instrument, move)
    position.take(move)
    _settle(account, record, Cause.FILL, position, move)
    if fees:
        _pay(account, record, Cause.FEE, position, fees, 1)


def book_bust(account: Account, record: Recorded, instrument: Instrument, move: Move, fees: Fees) -> None:
    """Take a trade back, exactly, with its fees. A correction is a bust and the right trade."""
    back = Move(move.order_id, f"{move.exec_id} taken back", -move.signed, move.amount, None)
    position = _trade(account, record, Cause.BUST, instrument, back)
    if not position.take_back(move.order_id, move.exec_id):
        position.take(back)
    _settle(account, record, Cause.BUST, position, back)
    if move.signed < 0 and move.settles is not None and account.kind is AccountKind.CASH:
        account.owe(position.currency, move.settles.money_day, -move.amount)
    _pay(account, record, Cause.BUST, position, fees, -1)


def book_money(
    account: Account, record: Recorded, cause: Cause, currency: str, amount: Decimal, item: str = ""
) -> None:
    """Book money in, or out where the amount is below zero."""
    account.receive(record, cause, currency, amount, item)


def book_units(
    account: Account,
    record: Recorded,
    cause: Cause,
    instrument: Instrument,
    signed: int,
    amount: Decimal,
    due: Due | None = None,
) -> None:
    """Put units in at a given cost, or take them out at average cost; nothing is realised and no money moves.

    Units that come in while the position has the other sign close it first;
    ``amount`` is the unsigned cost of those that open.
    """
    position = position_of(account, instrument)
    account.receive_units(record, cause, instrument.id, instrument.qty_decimal(signed))
    if position.qty * signed < 0:
        closed = min(abs(signed), abs(position.qty))
        position.release(closed)
        signed -= closed if signed > 0 else -closed
    if signed:
        position.add(signed, amount if signed > 0 else -amount, due)


def book_exchange(account: Account, record: Recorded, cause: Cause, instrument: Instrument, move: Move) -> None:
    """Move units against money like a trade, under another cause: allocation, expiry, exercise."""
    position = _trade(account, record, cause, instrument, move)
    position.take(move)
    _settle(account, record, cause, position, move)


def book_scale(account: Account, record: Recorded, instrument: Instrument, qty: int) -> None:
    """Make a position ``qty`` units at the same cost: split, reverse split, bonus shares."""
    position = position_of(account, instrument)
    more = instrument.qty_decimal(qty - position.qty)
    account.receive_units(record, Cause.CORPORATE_ACTION, instrument.id, more)
    position.scale(qty)


def book_mark(account: Account, record: Recorded, instrument: Instrument, price: Decimal) -> None:
    """Pay a margin account the profit at a settlement price; from here on its position costs that price."""
    position = position_of(account, instrument)
    value = instrument.cash(price, abs(position.qty), "")
    position.mark(value if position.qty > 0 else -value)
    _settle_profit(account, record, Cause.MARK, position)


def end_day(account: Account, segment: str, day: str, next_day: str) -> None:
    """Fold the movements of ``day`` into its sums, and begin ``next_day`` anew at a venue: what is due then is settled.

    A venue whose day of the same date ends later adds its own.
    """
    left = []
    for posting in account.postings:
        if posting.day > day:
            left.append(posting)
        elif Place.CASH in (posting.source, posting.target):
            amount = posting.amount if posting.target is Place.CASH else -posting.amount
            moved = account.days.setdefault(posting.day, {}).setdefault(posting.asset, {})
            moved[posting.label] = moved.get(posting.label, ZERO) + amount
    account.postings = left
    for key, position in account.positions.items():
        if key.instrument.rpartition(".")[2] == segment:
            position.begin_anew(next_day)
    for currency, owed in account.money_due.items():
        account.money_due[currency] = [due for due in owed if due.day > next_day]


def move_of(order_id: str, exec_id: str, side: Side, qty: int, amount: Decimal, settles: Settles | None) -> Move:
    """A trade as its position takes it."""
    return Move(order_id, exec_id, qty if side is Side.BUY else -qty, amount, settles)


def _trade(account: Account, record: Recorded, cause: Cause, instrument: Instrument, move: Move) -> Position:
    account.receive_units(record, cause, instrument.id, instrument.qty_decimal(move.signed))
    return position_of(account, instrument)


def _settle(account: Account, record: Recorded, cause: Cause, position: Position, move: Move) -> None:
    if account.kind is AccountKind.MARGIN:
        _settle_profit(account, record, cause, position)
        return
    received = -move.amount if move.signed > 0 else move.amount
    account.receive(record, cause, position.currency, received)
    settles = move.settles
    if settles is not None and move.signed < 0:
        account.owe(position.currency, settles.money_day, received)


def _settle_profit(account: Account, record: Recorded, cause: Cause, position: Position) -> None:
    due = round_money(position.realised, position.currency) - position.settled
    if due:
        position.settled += due
        account.receive(record, cause, position.currency, due)


def _pay(account: Account, record: Recorded, cause: Cause, position: Position, fees: Fees, sign: int) -> None:
    for fee in fees:
        amount = fee.amount if sign > 0 else -fee.amount
        account.pay_fee(record, cause, fee.asset, amount, fee.kind)
        if fee.asset == position.currency:
            position.fees += amount
