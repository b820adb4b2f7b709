"""What the gate looks at: a new order, or an order as an amend would make it."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.instrument import Instrument, TradingRule
from termdesk.core.model.reason import MarketSeen
from termdesk.core.model.terms import AccountKind, OrdType, Side, TimeInForce
from termdesk.core.trading.exposure import Hold
from termdesk.core.trading.view import Limits


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a rule may compare; rules look at nothing else."""

    instrument: Instrument
    rule: TradingRule
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
    hold: Hold
    available: Decimal
    """Of ``hold.asset``, what the order itself holds already included."""
    adds_risk: bool
    """It opens a position, and is not merely made smaller."""
    has_market: bool
    """A market order would find a counterpart now."""
    seen: MarketSeen
    limits: Limits
