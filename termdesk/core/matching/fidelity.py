"""What the simulated exchange believes: every rule that could be another one, and the profiles made of them."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum

import msgspec

from termdesk.core.matching.bar_policy import BarPolicy
from termdesk.core.model.number import Ns

_MS: Ns = 1_000_000


class Queue(Enum):
    """How much public quantity stands before a resting order."""

    OFF = "off"
    """None: whatever trades at its price fills it."""
    TRADE_ONLY = "trade_only"
    """The displayed size when it came; only trades bring it forward, and its level going."""
    RISK_AVERSE = "risk_averse"
    """The same, but never more than is displayed: who leaves a shrinking level stood before it last."""
    PROB_POWER = "prob_power"
    """Who leaves stood before or behind it by chance: behind with b^n / (a^n + b^n), a before and b behind it."""
    L3_FIFO = "l3_fifo"
    """Exact, order by order, where the feed tells every order; elsewhere as TRADE_ONLY."""


class CrossFill(Enum):
    """What a resting order gets when the opposite best price comes to its limit."""

    DISPLAYED = "displayed"
    """What is displayed there."""
    ALL = "all"
    """Everything, also when a public trade goes beyond its limit."""
    ALL_WHEN_THROUGH = "all_when_through"
    """What is displayed at its limit; everything when the best price goes beyond."""


class StopInMarket(Enum):
    """What becomes of a stop whose trigger the market has reached when it comes."""

    TRIGGER = "trigger"
    REJECT = "reject"


class AtAuctionPrice(Enum):
    """Which own orders at the very price of a call auction are filled; better ones always are."""

    ALL = "all"
    QUEUE = "queue"
    """Those that the auction came to: what traded at the price covers what stood before them, and them."""
    NONE = "none"


class SelfTrade(Enum):
    """Which of two orders of one account ends when they would meet."""

    EXPIRE_TAKER = "expire_taker"
    EXPIRE_MAKER = "expire_maker"


class Fidelity(msgspec.Struct, frozen=True, kw_only=True):
    """Every policy of one simulated exchange. Fixed while it runs.

    ``price_protection_points`` bounds market orders: they trade at most so
    many ticks beyond the best opposite price, the bound included, and what is
    left rests at the bound; None does not bound them.
    """

    name: str
    consumption: bool = True
    """Own takes are remembered per level until that level's size changes."""
    price_protection_points: int | None = None
    slip_one_tick: bool = False
    """With one displayed level the rest of a taker fills one tick worse; IOC and FOK orders never do."""
    queue: Queue = Queue.TRADE_ONLY
    queue_n: Decimal = Decimal(1)
    """Exponent of ``Queue.PROB_POWER``."""
    cross_fill: CrossFill = CrossFill.DISPLAYED
    trade_execution: bool = True
    """Public trades can fill resting orders."""
    stop_in_market: StopInMarket = StopInMarket.TRIGGER
    last_as_book: bool = False
    """The last price stands in for best bid and ask, of any size."""
    own_orders_match: bool = False
    """Own orders meet each other."""
    stp: SelfTrade | None = None
    """Orders of one account that would meet do not; implies ``own_orders_match``."""
    entry_latency_ns: Ns = 0
    """From the desk to the exchange."""
    response_latency_ns: Ns = 0
    """From the exchange to the desk."""
    at_auction_price: AtAuctionPrice = AtAuctionPrice.QUEUE
    bars: BarPolicy = BarPolicy()
    """Where a source tells bars only."""


TOUCH = Fidelity(
    name="touch",
    queue=Queue.OFF,
    cross_fill=CrossFill.ALL,
    at_auction_price=AtAuctionPrice.ALL,
    bars=BarPolicy(limit="touch", volume="unlimited"),
)
RISK_AVERSE = Fidelity(name="risk_averse", queue=Queue.RISK_AVERSE)
QUEUE = Fidelity(name="queue")
QUEUE_LATENCY = Fidelity(name="queue_latency", entry_latency_ns=50 * _MS, response_latency_ns=50 * _MS)
PESSIMISTIC = Fidelity(
    name="pessimistic",
    slip_one_tick=True,
    stp=SelfTrade.EXPIRE_TAKER,
    entry_latency_ns=250 * _MS,
    response_latency_ns=250 * _MS,
    at_auction_price=AtAuctionPrice.NONE,
    bars=BarPolicy(path="pessimistic", trail_fill="worse_of_stop_and_close", participation_pct=Decimal(10)),
)

PROFILES: dict[str, Fidelity] = {one.name: one for one in (TOUCH, RISK_AVERSE, QUEUE, QUEUE_LATENCY, PESSIMISTIC)}
"""By name; ``queue`` is the default."""
