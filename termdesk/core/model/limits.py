"""Limits of trading and the states that stop it, for a scope of accounts and instruments.

A scope names an account (``""``: every account, each by itself) and an
instrument, a segment such as ``SSE``, or ``""`` for all. Every limit whose
scope covers an order must hold; the narrower one does not replace the wider.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Annotated

import msgspec

Amount = Annotated[Decimal, msgspec.Meta(description="a number from 0")]
"""Not below 0; 0 is no limit."""
Count = Annotated[int, msgspec.Meta(ge=0)]
Few = Annotated[int, msgspec.Meta(ge=0, le=1000)]
Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]


class TradingState(Enum):
    """What may trade."""

    ACTIVE = "active"
    REDUCING = "reducing"
    """Only what makes a position smaller."""
    HALTED = "halted"
    """Nothing. Cancels pass."""


class PriceReference(Enum):
    """Which price an order's price is held against."""

    LAST = "last"
    MID = "mid"
    PREV_CLOSE = "prev_close"


class OnLoss(Enum):
    """What happens when an account has lost its limit of the day."""

    WARN = "warn"
    REDUCE = "reduce"


class SelfTrade(Enum):
    """What becomes of an order that would meet an own one at the same broker."""

    INHERIT = "inherit"
    """As a wider scope says; without one, ``expire_taker``."""
    EXPIRE_TAKER = "expire_taker"
    """The new order is refused."""
    EXPIRE_MAKER = "expire_maker"
    """The resting order is cancelled first."""
    ALLOW = "allow"


class ReduceOnlyExceeds(Enum):
    """What becomes of a new reduce-only order that is larger than what it can reduce."""

    INHERIT = "inherit"
    """As a wider scope says; without one, ``cap``."""
    CAP = "cap"
    """It is made as large as the position allows."""
    DENY = "deny"
    """It is refused."""


class TradingLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of one scope; 0 is no limit. Counted per account; money in the instrument's currency."""

    max_qty: Amount = Decimal(0)
    """Largest quantity of one order, in units."""
    max_notional: Amount = Decimal(0)
    """Most money of one order."""
    collar: Amount = Decimal(0)
    """How far the price of a limit order may lie beyond its reference, as a share: 0.05 is 5 %."""
    collar_reference: PriceReference = PriceReference.LAST
    """Reference of the collar: last, mid or prev_close."""
    max_position: Amount = Decimal(0)
    """Largest net position of one instrument, long or short, in units, working orders of that side included."""
    max_gross: Amount = Decimal(0)
    """Most money in positions, long and short added up at cost, with what orders hold back."""
    max_active_orders: Count = 0
    """Most orders that work at the same time."""
    max_orders_day: Count = 0
    """Most new orders of a trading day."""
    max_cancels_day: Count = 0
    """Cancels of a trading day after which no new order is taken; cancels themselves always pass."""
    max_loss_day: Amount = Decimal(0)
    """Most money lost on a trading day: realised after fees, and open positions at the last price."""
    on_loss: OnLoss = OnLoss.REDUCE
    """What the loss limit does: reduce (only closing passes until a person lifts it) or warn."""
    max_identical: Few = 0
    """Most identical orders (instrument, side, type, price, quantity) within the window, at most 1000."""
    identical_window_ms: Count = 60_000
    """Window of identical orders in milliseconds; 0 counts them for the life of the desk."""
    max_submits: Few = 0
    """Most new and amended orders within the window, at most 1000."""
    submit_window_ms: Count = 1000
    """Window of max_submits in milliseconds."""
    max_messages: Few = 0
    """Most messages (orders, amends, cancels) within the window, at most 1000; cancels themselves always pass."""
    message_window_ms: Count = 1000
    """Window of max_messages in milliseconds."""
    max_messages_day: Count = 0
    """Most messages of a trading day; orders stop while there is room left to cancel every working one."""
    cancel_reserve: Percent = 10
    """Percent of max_messages that is kept for cancels."""
    restricted: bool = False
    """Whether nothing may be traded."""
    self_trade: SelfTrade = SelfTrade.INHERIT
    """What becomes of an order that would meet an own one: inherit, expire_taker, expire_maker or allow."""
    reduce_only_exceeds: ReduceOnlyExceeds = ReduceOnlyExceeds.INHERIT
    """What becomes of a reduce-only order larger than the position: inherit, cap or deny."""

    def __post_init__(self) -> None:
        for name in _AMOUNTS:
            amount = getattr(self, name)
            if not amount.is_finite() or amount < 0:
                raise ValueError(f"{name} must be a number from 0, was {amount}")


_AMOUNTS = ("max_qty", "max_notional", "collar", "max_position", "max_gross", "max_loss_day")


class ScopedLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Limits and where they hold."""

    account: str = ""
    instrument: str = ""
    limits: TradingLimits


class TradingStop(msgspec.Struct, frozen=True, kw_only=True):
    """A scope in which trading is not active: since when, by whom and why."""

    account: str = ""
    instrument: str = ""
    state: TradingState
    note: str
    """The reason in the words of whoever did it, or the code of a limit."""
    actor: str
    at_ns: int
    killed: bool = False
    """Whether it was the kill switch."""
