"""Figures that only some limits ask for, reckoned where one does."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from termdesk.core.model.instrument import Instrument
from termdesk.core.model.limits import TradingLimits
from termdesk.core.model.terms import Side
from termdesk.core.trading.exposure import Hold, Terms
from termdesk.core.trading.ledger import Account
from termdesk.core.trading.risk.controls import Tally, key_of
from termdesk.core.trading.risk.proposal import Measures
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.view import View

_NONE = Measures()


def measured(
    state: DeskState,
    view: View,
    account: Account,
    instrument: Instrument,
    terms: Terms,
    hold: Hold,
    covering: Sequence[tuple[TradingLimits, Tally]],
    besides: str = "",
) -> Measures:
    """Reckon what the limits in force ask for."""
    if not covering:
        return _NONE
    asked = [limits for limits, _ in covering]
    zero = Decimal(0)
    return Measures(
        notional=_notional(view, instrument, terms) if any(one.max_notional for one in asked) else zero,
        position_after=(
            _position_after(state, account, instrument, terms, besides) if any(one.max_position for one in asked) else 0
        ),
        gross_after=_gross_after(account, instrument, hold) if any(one.max_gross for one in asked) else zero,
        day_result=(
            day_result(state, view, account, instrument.currency) if any(one.max_loss_day for one in asked) else zero
        ),
        identical=(
            state.controls.identical.get(key_of(account.name, instrument.id, terms), ())
            if any(one.max_identical for one in asked)
            else ()
        ),
    )


def _notional(view: View, instrument: Instrument, terms: Terms) -> Decimal:
    """At the order's price, or at its trigger; at the visible market for an order without either."""
    price = terms.trigger_price if terms.price is None else terms.price
    if price is None and terms.side is Side.BUY:
        return view.buy_cost(instrument.id, terms.leaves) or Decimal(0)
    if price is None:
        seen = view.seen(instrument.id)
        price = seen.bid if seen is not None else 0
    return instrument.cash(instrument.price_decimal(price), terms.qty, view.trading_day(instrument.id))


def _position_after(state: DeskState, account: Account, instrument: Instrument, terms: Terms, besides: str) -> int:
    working = sum(
        order.leaves_qty
        for order in map(state.orders.__getitem__, account.working)
        if order.instrument == instrument.id and order.side is terms.side and order.order_id != besides
    )
    return account.qty(instrument.id) + terms.side.sign * (working + terms.leaves)


def _gross_after(account: Account, instrument: Instrument, hold: Hold) -> Decimal:
    currency = instrument.currency
    held = sum((abs(one.cost) for one in account.positions.values() if one.currency == currency), Decimal(0))
    amount = hold.amount if hold.asset == currency else Decimal(0)
    return held + account.reserved.get(currency, Decimal(0)) + amount


def day_result(state: DeskState, view: View, account: Account, currency: str) -> Decimal:
    """Result of the account's trading day: realised after fees, and open positions at the last price.

    An open position counts with all that it gained or lost since it was opened; one without a price counts 0.
    """
    found = state.controls.results.get(account.name, {}).get(currency)
    total = Decimal(0)
    if found is not None and found.day >= view.trading_day(found.instrument):
        total = found.realised
    for position in account.positions.values():
        if not position.qty or position.currency != currency:
            continue
        seen = view.seen(position.instrument)
        if seen is None or not seen.last:
            continue
        instrument = state.instruments[position.instrument]
        value = instrument.cash(instrument.price_decimal(seen.last), abs(position.qty), "")
        total += (value if position.qty > 0 else -value) - position.cost
    return total
