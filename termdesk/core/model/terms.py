"""The field's words, as enumerations: FIX 4.4 for orders, exchange words for phases.

The values are what goes on the wire, into the journal and into the order
language; they never change meaning.
"""

from __future__ import annotations

from enum import Enum


class Term(Enum):
    """A word of the list. Members are single objects and hashed as such: a lookup by one makes no call into Python.

    The order of a set of them differs between runs; where order matters, keep them in a tuple or a dict. What a word
    tells besides its name is set once, below its list, because orders ask for it all the time.
    """

    __hash__ = object.__hash__


class Side(Term):
    """Side of an order or aggressor of a trade (FIX 54)."""

    BUY = "buy"
    SELL = "sell"

    opposite: Side
    """The other side."""
    sign: int
    """+1 for a buy, -1 for a sell."""


Side.BUY.opposite, Side.BUY.sign = Side.SELL, 1
Side.SELL.opposite, Side.SELL.sign = Side.BUY, -1


class OrdType(Term):
    """How an order finds its price (FIX 40)."""

    LIMIT = "limit"
    MARKET = "market"
    MARKET_TO_LIMIT = "market_to_limit"
    """Takes the best price there is; what is left rests there as a limit order."""
    STOP = "stop"
    """A market order once the trigger is reached against it: a buy from below, a sale from above."""
    STOP_LIMIT = "stop_limit"
    MARKET_IF_TOUCHED = "market_if_touched"
    """A market order once the trigger is reached in its favour: a buy from above, a sale from below."""
    LIMIT_IF_TOUCHED = "limit_if_touched"
    TRAILING_STOP = "trailing_stop"
    """A stop whose trigger follows the market in its favour and never goes back."""
    TRAILING_STOP_LIMIT = "trailing_stop_limit"

    has_trigger: bool
    """Whether it waits for a price before it works."""
    in_favour: bool
    """Whether its trigger is reached in its favour, a buy's from above; else against it."""
    has_limit: bool
    """Whether it has a limit price of its own, at once or after its trigger."""
    needs_market: bool
    """Whether it must trade as soon as the venue has it."""
    triggered: OrdType
    """What it is once its trigger is reached; itself for an order without one."""


_AT_MARKET = frozenset({OrdType.MARKET, OrdType.MARKET_TO_LIMIT})
_TOUCHED = frozenset({OrdType.MARKET_IF_TOUCHED, OrdType.LIMIT_IF_TOUCHED})

_AFTER_TRIGGER = {
    OrdType.STOP: OrdType.MARKET,
    OrdType.STOP_LIMIT: OrdType.LIMIT,
    OrdType.MARKET_IF_TOUCHED: OrdType.MARKET,
    OrdType.LIMIT_IF_TOUCHED: OrdType.LIMIT,
    OrdType.TRAILING_STOP: OrdType.MARKET,
    OrdType.TRAILING_STOP_LIMIT: OrdType.LIMIT,
}

for _type in OrdType:
    _type.has_trigger = _type in _AFTER_TRIGGER
    _type.in_favour = _type in _TOUCHED
    _type.triggered = _AFTER_TRIGGER.get(_type, _type)
    _type.has_limit = _type.triggered is OrdType.LIMIT
    _type.needs_market = _type in _AT_MARKET


class TriggerBy(Term):
    """Which price a trigger is compared with (FIX 1107)."""

    LAST = "last"
    BID_ASK = "bid_ask"
    """What the order would trade at: a buy's trigger is compared with the ask, a sale's with the bid."""
    MID = "mid"
    DOUBLE_LAST = "double_last"
    """Two trades in a row at or beyond the trigger."""


class TrailUnit(Term):
    """In what a trailing distance is given."""

    PRICE = "price"
    TICKS = "ticks"
    BPS = "bps"
    PERCENT = "percent"


class Contingency(Term):
    """How the orders of a group depend on each other (FIX 1385)."""

    OCO = "oco"
    """One cancels the others, with its first fill."""
    OUO = "ouo"
    """One updates the others: what is filled of one is taken off the rest."""


class ReleaseMode(Term):
    """When orders that wait for an entry are let go (OTO)."""

    FULL = "full"
    """When the entry is filled completely."""
    PARTIAL = "partial"
    """With every fill of the entry, as much as is filled."""


class TimeInForce(Term):
    """How long an order works (FIX 59)."""

    GTC = "gtc"
    DAY = "day"
    IOC = "ioc"
    FOK = "fok"
    """All at once or nothing."""
    GTD = "gtd"
    """Until a moment; what happens in that very moment still fills it."""
    AT_OPEN = "at_open"
    """For the opening auction only."""
    AT_CLOSE = "at_close"
    """For the closing auction only."""

    is_at_once: bool
    """Whether the order never rests."""


for _time in TimeInForce:
    _time.is_at_once = _time in (TimeInForce.IOC, TimeInForce.FOK)


class OrdStatus(Term):
    """Working status of an order (FIX 39); how much is filled is told by its quantities, not here."""

    HELD = "held"
    """Waits in the engine for its entry to fill; no venue knows of it and it holds nothing back."""
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

    is_open: bool
    """Whether the order may still trade by itself, or will once it is released."""


_OPEN = frozenset(
    {
        OrdStatus.HELD,
        OrdStatus.PENDING_NEW,
        OrdStatus.NEW,
        OrdStatus.PENDING_REPLACE,
        OrdStatus.PENDING_CANCEL,
        OrdStatus.UNKNOWN,
    }
)
for _status in OrdStatus:
    _status.is_open = _status in _OPEN


class ExecType(Term):
    """What an execution report says (FIX 150)."""

    NEW = "new"
    TRADE = "trade"
    CANCELED = "canceled"
    REPLACED = "replaced"
    REJECTED = "rejected"
    EXPIRED = "expired"
    TRIGGERED = "triggered"
    """The trigger was reached; from here on the order is what ``OrdType.triggered`` says."""
    BUSTED = "busted"
    """A trade never happened (FIX H, trade cancel); named by ``exec_ref_id``."""
    CORRECTED = "corrected"
    """A trade was another one (FIX G, trade correct); named by ``exec_ref_id``."""


class Liquidity(Term):
    """Whether a fill added to or took from the book (FIX 851)."""

    MAKER = "maker"
    TAKER = "taker"


class PositionEffect(Term):
    """What an order does to the position (FIX 77)."""

    AUTO = "auto"
    OPEN = "open"
    CLOSE = "close"


class Phase(Term):
    """Trading phase of an instrument."""

    PRE_OPEN = "pre_open"
    OPENING_AUCTION = "opening_auction"
    CONTINUOUS = "continuous"
    BREAK = "break"
    CLOSING_AUCTION = "closing_auction"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Mode(Term):
    """What a desk trades against; fixed by the first fact of its journal."""

    DEMO = "demo"
    REPLAY = "replay"
    PAPER = "paper"
    LIVE = "live"


class AccountKind(Term):
    """``cash`` sells only what it holds; ``margin`` may go short."""

    CASH = "cash"
    MARGIN = "margin"


class Link(Term):
    """State of a connection to a source."""

    CONNECTING = "connecting"
    UP = "up"
    DOWN = "down"
    ENDED = "ended"
    """The source has no more to say (a recording played to its end)."""


class PriceType(Term):
    """What a quoted number means."""

    PRICE = "price"
    YIELD = "yield"
    SPREAD = "spread"
    RATE = "rate"
    POINTS = "points"


class Overfill(Term):
    """What becomes of an execution beyond an order's quantity."""

    REFUSE = "refuse"
    """Not applied; somebody has to look."""
    ALLOW = "allow"
    """Applied; what is left of the order stays 0."""


class Severity(Term):
    """How much an alert matters."""

    NOTICE = "notice"
    WARNING = "warning"
    CRITICAL = "critical"


class Outcome(Term):
    """What a person says became of an order whose outcome is not known."""

    WORKING = "working"
    FILLED = "filled"
    CANCELED = "canceled"
    REJECTED = "rejected"
    EXPIRED = "expired"
    NOT_SENT = "not_sent"


def _set_members() -> None:
    """Let a word be read off its list without a call into Python, which Python 3.11 makes for every one."""
    for term in Term.__subclasses__():
        for member in term:
            type.__setattr__(term, member.name, member)


_set_members()
