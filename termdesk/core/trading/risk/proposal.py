"""What the gate looks at: a new order, or an order as an amend would make it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from termdesk.core.model.fee import FeeTerm
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.limits import SelfTrade, TradingLimits, TradingStop
from termdesk.core.model.reason import MarketSeen
from termdesk.core.model.terms import AccountKind, OrdType, Side, TimeInForce
from termdesk.core.trading.exposure import Hold
from termdesk.core.trading.ledger import Position
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.risk.controls import Tally
from termdesk.core.trading.risk.day_rules import DayRules
from termdesk.core.trading.venue.route import BrokerState
from termdesk.core.trading.view import Limits


class Measures(msgspec.Struct, frozen=True, kw_only=True):
    """Figures that are reckoned only where a limit asks for them."""

    notional: Decimal = Decimal(0)
    """What the order is worth."""
    position_after: int = 0
    """Net position once this order and all working ones of its side are filled."""
    gross_after: Decimal = Decimal(0)
    """Positions at cost, long and short added up, with what this and other orders hold back."""
    day_result: Decimal = Decimal(0)
    """Result of the account's trading day, below 0 for a loss."""
    identical: Sequence[int] = ()
    """Times of identical orders, oldest first."""


class Proposal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Everything that a rule may compare; rules look at nothing else."""

    instrument: Instrument
    rule: DayRules
    account_kind: AccountKind
    side: Side
    ord_type: OrdType
    time_in_force: TimeInForce
    post_only: bool = False
    reduce_only: bool = False
    price: int | None
    qty: int
    """Total quantity of the order."""
    leaves: int
    """What of it would still work."""
    fee_terms: tuple[FeeTerm, ...] = ()
    """Of the order's side."""
    hold: Hold
    held: Position | None = None
    """The position as it is."""
    available: Decimal
    """Of ``hold.asset``, what the order itself holds already included."""
    adds_risk: bool
    """It opens a position, and is not merely made smaller."""
    has_market: bool
    """A market order would find a counterpart now."""
    seen: MarketSeen
    limits: Limits
    account: str
    broker: str = ""
    route: BrokerState | None = None
    """How the way to the venue stands; None for the simulated exchange inside the engine."""
    is_new: bool
    """Not yet at the venue."""
    only_smaller: bool
    """An amend that takes quantity off and leaves the price."""
    flattens: bool = False
    """The kill switch closes a position with it."""
    at_ns: int
    """Desk time."""
    day: str
    """The venue's trading day."""
    stop: TradingStop | None = None
    """The strictest halt in force."""
    covering: Sequence[tuple[TradingLimits, Tally]] = ()
    """Limits in force, the widest scope first, each with the counts that it is held against."""
    self_trade: SelfTrade = SelfTrade.EXPIRE_TAKER
    own_ahead: tuple[Order, ...] = ()
    """Own orders at the same broker that it would meet."""
    measures: Measures
    """What only some limits ask for."""
