"""What an account is worth: positions at a named mark, and a total where every rate is known.

Every figure names its mark and its currency. A currency is converted only at
a rate with a name and a time; where there is none the total is unknown and
says what is missing. Nothing is ever taken as 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Protocol

import msgspec

from termdesk.core.model.errors import Refused
from termdesk.core.model.money import EXACT, round_money
from termdesk.core.model.number import Ns, plain
from termdesk.core.model.terms import AccountKind, Side
from termdesk.core.trading.exposure import closable_qty, free_to_sell, uncovered
from termdesk.core.trading.ledger import Account, Position
from termdesk.core.trading.state import DeskState
from termdesk.core.wire.topics import AccountBody, CashLine, PositionLine, RateLine, TotalLine

_ZERO = Decimal(0)


class Mark(msgspec.Struct, frozen=True):
    """A price to value a position at."""

    price: Decimal
    source: str
    """``last``, ``mid``, ``settlement`` or ``valuation``."""
    at_ns: Ns


class Rate(msgspec.Struct, frozen=True):
    """What one unit of a currency is worth in another."""

    rate: Decimal
    source: str
    """Where it came from, such as the instrument that quotes it."""
    at_ns: Ns


class Prices(Protocol):
    """What a valuation may look at besides the books."""

    def mark(self, instrument_id: str) -> Mark | None:
        """Price of an instrument now; None where there is none."""
        ...

    def rate(self, currency: str, into: str) -> Rate | None:
        """Rate of a currency in another one; None where nothing quotes it."""
        ...

    def day(self, instrument_id: str) -> str:
        """Trading day of an instrument; empty where it is not known, which counts nothing more as settled."""
        ...


class Unpriced:
    """Books without a market: no marks, no rates."""

    def __init__(self, day: Callable[[str], str] = lambda _: "") -> None:
        self._day = day

    def mark(self, instrument_id: str) -> Mark | None:
        """None."""
        del instrument_id
        return None

    def rate(self, currency: str, into: str) -> Rate | None:
        """None."""
        del currency, into
        return None

    def day(self, instrument_id: str) -> str:
        """As given."""
        return self._day(instrument_id)


def account_body(state: DeskState, account: str, prices: Prices) -> AccountBody:
    """Cash and marked positions of an account.

    Raises:
        Refused: There is no such account.
    """
    found = state.accounts.get(account)
    if found is None:
        raise Refused("command.account_unknown", {"account": account, "accounts": ", ".join(state.accounts)})
    positions = tuple(_position_line(state, found, position, prices) for position in found.positions.values())
    cash = tuple(_cash_line(state, found, currency, positions, prices.day("")) for currency in found.currencies())
    total = _total(state, found, cash, positions, prices)
    return AccountBody(account, found.kind.value, cash, positions, total, found.fidelity)


def _position_line(state: DeskState, account: Account, position: Position, prices: Prices) -> PositionLine:
    instrument = state.instruments[position.instrument]
    qty = position.qty
    mark = prices.mark(instrument.id) if qty else None
    size = instrument.qty_decimal(abs(qty)) * instrument.multiplier
    unrealised = None
    if not qty:
        unrealised = _ZERO
    elif mark is not None:
        value = instrument.cash(mark.price, abs(qty), "")
        unrealised = (value if qty > 0 else -value) - position.cost
    day = prices.day(instrument.id)
    closable = closable_qty(state, account, instrument.id, Side.SELL)
    return PositionLine(
        instrument=instrument.id,
        version=instrument.version,
        qty=qty,
        sellable=free_to_sell(position, closable, day),
        average=abs(position.cost) / size if size else _ZERO,
        mark=mark.price if mark is not None else None,
        mark_source=mark.source if mark is not None else "",
        mark_ns=mark.at_ns if mark is not None else 0,
        unrealised=unrealised if unrealised is None else tidy(unrealised),
        realised=tidy(position.realised),
        fees=position.fees,
        currency=position.currency,
        settled=position.settled_qty(day),
        sell_day=position.first_sell_day(day),
        fifo_realised=tidy(position.fifo_realised),
        realised_today=tidy(position.realised - position.realised_before),
        fifo_average=abs(sum((lot.cost for lot in position.lots), _ZERO)) / size if size else _ZERO,
    )


def _cash_line(
    state: DeskState, account: Account, currency: str, positions: tuple[PositionLine, ...], day: str
) -> CashLine:
    mine = [line for line in positions if line.currency == currency]
    unrealised = [line.unrealised for line in mine if line.unrealised is not None]
    owed = uncovered(state, account, currency)
    return CashLine(
        currency=currency,
        balance=tidy(account.cash(currency)),
        reserved=tidy(account.reserved.get(currency, _ZERO)),
        available=tidy(account.available(currency) - owed),
        unrealised=tidy(sum(unrealised, _ZERO)) if len(unrealised) == len(mine) else None,
        realised=tidy(sum((line.realised for line in mine), _ZERO)),
        fees=tidy(sum(account.fees.get(currency, {}).values(), _ZERO)),
        withdrawable=tidy(max(_ZERO, account.withdrawable(currency, day) - owed)),
    )


def _total(
    state: DeskState,
    account: Account,
    cash: Iterable[CashLine],
    positions: Iterable[PositionLine],
    prices: Prices,
) -> TotalLine:
    """Cash and positions in the desk's base currency; a margin account's positions count with their profit only."""
    base = state.base_currency
    worth = {line.currency: line.balance for line in cash if line.balance}
    missing: list[str] = []
    for line, position in zip(positions, account.positions.values(), strict=True):
        if line.unrealised is None:
            missing.append(line.instrument)
        elif line.qty:
            paid = position.cost if account.kind is AccountKind.CASH else _ZERO
            worth[line.currency] = worth.get(line.currency, _ZERO) + line.unrealised + paid
    total, rates = _ZERO, []
    for currency, amount in worth.items():
        if currency == base:
            total += amount
            continue
        rate = prices.rate(currency, base)
        if rate is None:
            missing.append(currency)
            continue
        rates.append(RateLine(currency, rate.rate, rate.source, rate.at_ns))
        total += EXACT.multiply(amount, rate.rate)
    return TotalLine(base, None if missing else tidy(round_money(total, base)), tuple(missing), tuple(rates))


def tidy(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent."""
    return Decimal(plain(value))
