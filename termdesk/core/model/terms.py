"""The field's words, as enumerations: FIX 4.4 for orders, exchange words for phases.

The values are what goes on the wire, into the journal and into the order
language; they never change meaning.
"""

from __future__ import annotations

from enum import Enum


class Side(Enum):
    """Side of an order or aggressor of a trade (FIX 54)."""

    BUY = "buy"
    SELL = "sell"

    @property
    def opposite(self) -> Side:
        """The other side."""
        return Side.SELL if self is Side.BUY else Side.BUY

    @property
    def sign(self) -> int:
        """+1 for a buy, -1 for a sell."""
        return 1 if self is Side.BUY else -1


class OrdType(Enum):
    """How an order finds its price (FIX 40)."""

    LIMIT = "limit"
    MARKET = "market"


class TimeInForce(Enum):
    """How long an order works (FIX 59)."""

    GTC = "gtc"
    DAY = "day"
    IOC = "ioc"
    FOK = "fok"
    """All at once or nothing."""

    @property
    def is_at_once(self) -> bool:
        """Whether the order never rests."""
        return self in _AT_ONCE


_AT_ONCE = frozenset({TimeInForce.IOC, TimeInForce.FOK})


class OrdStatus(Enum):
    """Working status of an order (FIX 39); how much is filled is told by its quantities, not here."""

    PENDING_NEW = "pending_new"
    NEW = "new"
    PENDING_REPLACE = "pending_replace"
    PENDING_CANCEL = "pending_cancel"
    FILLED = "filled"
    CANCELED = "canceled"
    REJECTED = "rejected"
    EXPIRED = "expired"
    NOT_SENT = "not_sent"
    """The intent provably never left the engine; it is never sent later by itself."""
    UNKNOWN = "unknown"
    """The outcome is asked for, not guessed."""

    @property
    def is_open(self) -> bool:
        """Whether the order may still trade by itself."""
        return self in _OPEN


_OPEN = frozenset(
    {OrdStatus.PENDING_NEW, OrdStatus.NEW, OrdStatus.PENDING_REPLACE, OrdStatus.PENDING_CANCEL, OrdStatus.UNKNOWN}
)


class ExecType(Enum):
    """What an execution report says (FIX 150)."""

    NEW = "new"
    TRADE = "trade"
    CANCELED = "canceled"
    REPLACED = "replaced"
    REJECTED = "rejected"
    EXPIRED = "expired"


class Liquidity(Enum):
    """Whether a fill added to or took from the book (FIX 851)."""

    MAKER = "maker"
    TAKER = "taker"


class PositionEffect(Enum):
    """What an order does to the position (FIX 77)."""

    AUTO = "auto"
    OPEN = "open"
    CLOSE = "close"


class Phase(Enum):
    """Trading phase of an instrument."""

    PRE_OPEN = "pre_open"
    OPENING_AUCTION = "opening_auction"
    CONTINUOUS = "continuous"
    BREAK = "break"
    CLOSING_AUCTION = "closing_auction"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Mode(Enum):
    """What a desk trades against; fixed by the first fact of its journal."""

    DEMO = "demo"
    REPLAY = "replay"
    PAPER = "paper"
    LIVE = "live"


class AccountKind(Enum):
    """``cash`` sells only what it holds; ``margin`` may go short."""

    CASH = "cash"
    MARGIN = "margin"


class Link(Enum):
    """State of a connection to a source."""

    CONNECTING = "connecting"
    UP = "up"
    DOWN = "down"
    ENDED = "ended"
    """The source has no more to say (a recording played to its end)."""


class PriceType(Enum):
    """What a quoted number means."""

    PRICE = "price"
    YIELD = "yield"
    SPREAD = "spread"
    RATE = "rate"
    POINTS = "points"
