"""From a command and the state to what the risk gate looks at."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.command import SubmitOrder
from termdesk.core.model.errors import Refused
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.reason import MarketSeen
from termdesk.core.model.terms import Side
from termdesk.core.trading.exposure import Hold, Terms, closable_qty, hold_for, shared_hold, uncovered
from termdesk.core.trading.ledger import Account
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.orders.wording import check_words
from termdesk.core.trading.risk import reduce_only
from termdesk.core.trading.risk.controls import segment_of
from termdesk.core.trading.risk.day_rules import day_rules
from termdesk.core.trading.risk.measures import measured
from termdesk.core.trading.risk.own_orders import own_ahead, self_trade_of
from termdesk.core.trading.risk.proposal import Proposal
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.view import View, market_seen


def account_of(state: DeskState, name: str) -> Account:
    """Give an account.

    Raises:
        Refused: There is none of that name.
    """
    account = state.accounts.get(name)
    if account is None:
        raise Refused("command.account_unknown", {"account": name, "accounts": ", ".join(state.accounts)})
    return account


def instrument_of(view: View, instrument_id: str) -> Instrument:
    """Give the instrument version in force.

    Raises:
        Refused: The desk does not know it.
    """
    instrument = view.instrument(instrument_id)
    if instrument is None:
        raise Refused("command.instrument_unknown", {"instrument": instrument_id})
    return instrument


def submit_proposal(state: DeskState, view: View, command: SubmitOrder) -> Proposal:
    """Lay a new order before the gate; a market order's price is left out, a reduce-only quantity may be capped.

    Raises:
        Refused: Account or instrument are not known.
    """
    account = account_of(state, command.account)
    instrument = instrument_of(view, command.instrument)
    check_words(state, command, instrument, instrument.rule(view.trading_day(instrument.id)).tick, view.now_ns)
    qty = command.qty
    if command.reduce_only and _caps(state, account, instrument.id):
        closable = closable_qty(state, account, instrument.id, command.side, group=command.group)
        qty = min(qty, closable or qty)
    terms = Terms(
        side=command.side,
        ord_type=command.ord_type,
        time_in_force=command.time_in_force,
        price=command.price if command.ord_type.has_limit else None,
        qty=qty,
        leaves=qty,
        fee_terms=view.fees(instrument.id).terms(command.side),
        post_only=command.post_only,
        reduce_only=command.reduce_only,
        trigger_price=command.trigger_price,
        group=command.group,
    )
    hold = hold_for(state, view, account, instrument, terms)
    available = _available(state, account, hold) + shared_hold(state, account, command.group, hold.asset)
    return _proposal(state, view, account, instrument, terms, hold, available=available, is_new=True)


def _caps(state: DeskState, account: Account, instrument_id: str) -> bool:
    return reduce_only.caps(state.controls.covering(account.name, instrument_id, segment_of(instrument_id)))


def terms_of(order: Order, qty: int, price: int | None) -> Terms:
    """Terms of an existing order with another total quantity and price."""
    return Terms(
        side=order.side,
        ord_type=order.now_type,
        time_in_force=order.time_in_force,
        price=price,
        qty=qty,
        leaves=max(0, qty - order.cum_qty),
        fee_terms=order.fee_terms,
        weighted=order.weighted,
        post_only=order.post_only,
        reduce_only=order.reduce_only,
        trigger_price=order.trigger_price if order.is_watching else None,
        group=order.group,
    )


def reserve_for(state: DeskState, view: View, order: Order, qty: int, price: int | None) -> Decimal:
    """What an order with these terms holds back once the venue answered; never more than the gate agreed to.

    An order that was filled before its replace was answered works again, and had given back what it held.
    """
    account, instrument = state.accounts[order.account], state.instruments[order.instrument]
    hold = hold_for(state, view, account, instrument, terms_of(order, qty, price), besides=order.order_id)
    return min(order.reserve, hold.amount) if order.status.is_open else hold.amount


def amend_proposal(state: DeskState, view: View, order: Order, qty: int, price: int | None) -> Proposal:
    """Lay an order before the gate as it would be with another total quantity and price.

    Raises:
        Refused: The instrument is not known any more.
    """
    only_smaller = price == order.price and qty <= order.qty
    return _existing(state, view, order, terms_of(order, qty, price), is_new=False, only_smaller=only_smaller)


def release_proposal(state: DeskState, view: View, order: Order, terms: Terms) -> Proposal:
    """Lay an order of the engine's own keeping before the gate, as it is about to reach the venue for the first time.

    Raises:
        Refused: The instrument is not known any more.
    """
    return _existing(state, view, order, terms, is_new=True, only_smaller=False)


def flatten_proposal(state: DeskState, view: View, command: SubmitOrder) -> Proposal:
    """Lay the kill switch's closing of a position before the gate; halts and counts do not stop it.

    Raises:
        Refused: Account or instrument are not known.
    """
    return msgspec.structs.replace(submit_proposal(state, view, command), flattens=True)


def _existing(
    state: DeskState, view: View, order: Order, terms: Terms, *, is_new: bool, only_smaller: bool
) -> Proposal:
    account = state.accounts[order.account]
    instrument = instrument_of(view, order.instrument)
    hold = hold_for(state, view, account, instrument, terms, besides=order.order_id)
    held = max(order.reserve, shared_hold(state, account, order.group, order.reserve_asset))
    available = _available(state, account, hold, besides=order.order_id) + held
    return _proposal(
        state,
        view,
        account,
        instrument,
        terms,
        hold,
        available=available,
        is_new=is_new,
        only_smaller=only_smaller,
        besides=order.order_id,
    )


def _proposal(
    state: DeskState,
    view: View,
    account: Account,
    instrument: Instrument,
    terms: Terms,
    hold: Hold,
    *,
    available: Decimal,
    is_new: bool,
    only_smaller: bool = False,
    besides: str = "",
) -> Proposal:
    name = instrument.id
    seen = market_seen(view, name)
    day = view.trading_day(name)
    controls = state.controls
    segment = segment_of(name)
    covering = controls.covering(account.name, name, segment)
    return Proposal(
        instrument=instrument,
        rule=day_rules(instrument, day, seen.prev_close),
        account_kind=account.kind,
        side=terms.side,
        ord_type=terms.ord_type,
        time_in_force=terms.time_in_force,
        post_only=terms.post_only,
        reduce_only=terms.reduce_only,
        price=terms.price,
        qty=terms.qty,
        leaves=terms.leaves,
        fee_terms=terms.fee_terms,
        hold=hold,
        held=account.position(instrument.id),
        available=available,
        adds_risk=hold.opening > 0 and not only_smaller,
        has_market=not terms.ord_type.needs_market or _has_market(view, name, terms, seen),
        seen=seen,
        limits=view.limits(name),
        account=account.name,
        broker=account.broker,
        route=state.brokers.get(account.broker),
        is_new=is_new,
        only_smaller=only_smaller,
        at_ns=view.now_ns,
        day=day,
        stop=controls.stop_of(account.name, name, segment),
        covering=covering,
        self_trade=self_trade_of(covering),
        own_ahead=own_ahead(state, account, name, terms, seen, besides),
        measures=measured(state, view, account, instrument, terms, hold, covering, besides),
    )


def _available(state: DeskState, account: Account, hold: Hold, besides: str = "") -> Decimal:
    return account.available(hold.asset) - uncovered(state, account, hold.asset, besides)


def _has_market(view: View, instrument_id: str, terms: Terms, seen: MarketSeen) -> bool:
    if seen.on_bars and not seen.bid and not seen.ask:
        return seen.last > 0
    if terms.side is Side.SELL:
        return seen.bid_qty > 0
    return view.buy_cost(instrument_id, terms.leaves) is not None
