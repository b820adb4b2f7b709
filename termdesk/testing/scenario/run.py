"""One scenario under way: its bench, its names for orders, and what came of it."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.instrument import Instrument, Share, TradingRule
from termdesk.core.model.money import MONEY_DECIMALS
from termdesk.core.model.number import to_scaled
from termdesk.core.model.terms import AccountKind, OrdStatus, Overfill
from termdesk.core.model.venue import VenueSnapshot
from termdesk.core.trading.orders.order import Order
from termdesk.core.venues.schedule import flat
from termdesk.testing.scenario.bench import PAPER, VENUE, Bench
from termdesk.testing.scenario.fidelity import fidelity_of
from termdesk.testing.scenario.file import Scenario

START_NS = 1_000_000_000
"""Desk time of ``t`` 0."""
MS = 1_000_000

_NEVER_NS = 1 << 62
_UNLIMITED = "1e15"
_QUOTED = frozenset({"quote", "level", "mbo"})
_CURRENCIES = {decimals: currency for currency, decimals in MONEY_DECIMALS.items() if currency in ("USD", "JPY")}
_EXACT_MONEY = 8
"""Decimals of money where a scenario says nothing."""
_LIMITS = ("limit_down", "limit_up")
_AT_VENUE = frozenset({"oms_order", "report", "venue_snapshot", "link"})

STATUSES: dict[OrdStatus, str] = {
    OrdStatus.HELD: "HELD",
    OrdStatus.PENDING_NEW: "SUBMITTED",
    OrdStatus.UNKNOWN: "UNKNOWN",
    OrdStatus.NEW: "ACCEPTED",
    OrdStatus.PENDING_REPLACE: "PENDING_MODIFY",
    OrdStatus.PENDING_CANCEL: "PENDING_CANCEL",
    OrdStatus.FILLED: "FILLED",
    OrdStatus.CANCELED: "CANCELED",
    OrdStatus.REJECTED: "REJECTED",
    OrdStatus.EXPIRED: "EXPIRED",
    OrdStatus.NOT_SENT: "CANCELED",
}
"""The file's words for the desk's."""


class Unsupported(Exception):
    """The scenario needs what the desk does not have; the text says what."""


class Outcome(msgspec.Struct, frozen=True):
    """What became of a scenario. Neither differences nor a reason: it passed."""

    differences: tuple[str, ...] = ()
    unsupported: str = ""


class Run:
    """Steps act on it, expectations read it.

    Attributes:
        orders: Desk order ids by the scenario's.
        policy: As the scenario names it.
        closes: When sessions close.
        trigger_by: The file's word for what a trigger is compared with where an order does not say.
        denied: Scenario ids that the desk refused.
        refused: How many submissions made no order.
        snapshot: What the venue told last.
        snapshots_left: How many times it will still tell all it has.
        cases: Prices of synthetic trades: number, price, expected price.
    """

    def __init__(self, scenario: Scenario) -> None:
        listing = scenario.instrument
        account = next((step for step in scenario.steps if step["op"] == "account"), {})
        is_at_venue = any(step["op"] in _AT_VENUE for step in scenario.steps)
        self.instrument = _instrument(listing)
        self.bench = Bench(
            self.instrument,
            flat(
                self.instrument.currency,
                Decimal(listing.get("maker_fee_rate", 0)),
                Decimal(listing.get("taker_fee_rate", 0)),
            ),
            kind=AccountKind(account.get("kind", "cash" if self.instrument.settlement_days else "margin")),
            cash=account.get("cash", _UNLIMITED),
            broker=VENUE if is_at_venue else PAPER,
            fidelity=fidelity_of(scenario.policy),
            overfill=Overfill(scenario.policy.get("overfill", "refuse")),
            on_bars=any(step["op"] == "bar" for step in scenario.steps),
        )
        self.policy = scenario.policy
        quoted = any(step["op"] in _QUOTED for step in scenario.steps)
        self.trigger_by = "bid_ask" if quoted else "last"
        self.orders: dict[str, str] = {}
        self.denied: set[str] = set()
        self.refused = 0
        self.modify_rejected: list[str] = []
        self.cancel_rejected: list[str] = []
        self.commands = 0
        self.snapshot: VenueSnapshot | None = None
        self.snapshots_left = sum(step["op"] == "venue_snapshot" for step in scenario.steps)
        self.cases: list[tuple[int, Decimal | None, Decimal | None]] = []
        self.closes = _closes(scenario)
        self.bench.now_ns = START_NS
        self.closed()

    def closed(self) -> None:
        """Let what is sent from here on for the day end with the next close."""
        self.bench.closes_ns = next((at for at in self.closes if at > self.bench.now_ns), _NEVER_NS)

    def advance(self, t_ms: int | None) -> None:
        """Move desk time on; it never goes back, though a step may tell late what happened before."""
        if t_ms is not None:
            self.bench.advance(START_NS + t_ms * MS)
        self.bench.venue_ns = self.bench.now_ns if t_ms is None else START_NS + t_ms * MS

    def refuse(self, *names: str) -> None:
        """Count one submission of these orders as refused."""
        self.denied.update(names)
        self.refused += 1

    def command_id(self) -> str:
        """A new command id that is no scenario's order id."""
        self.commands += 1
        return f"command {self.commands}"

    def order_id(self, name: str) -> str:
        """The desk's id of an order; the name itself where the desk has none."""
        return self.orders.get(name, name)

    def order(self, name: str) -> Order | None:
        """An order by the scenario's id; None where the desk has none."""
        return self.bench.state.orders.get(self.orders.get(name, ""))

    def name(self, order_id: str) -> str:
        """The scenario's id of an order, or the desk's where it has none."""
        return next((name for name, known in self.orders.items() if known == order_id), order_id)

    def status(self, name: str) -> str:
        """The file's word for where an order stands; empty where there is none."""
        order = self.order(name)
        if order is None:
            return "DENIED" if name in self.denied else ""
        if order.status is OrdStatus.NEW and 0 < order.cum_qty < order.qty:
            return "PARTIALLY_FILLED"
        if order.status is OrdStatus.NEW and order.triggered:
            return "TRIGGERED"
        return STATUSES[order.status]


def _closes(scenario: Scenario) -> list[int]:
    """When trading days end: at a close, or where none is told with the next day."""
    found, t, is_closed = [], 0, False
    for step in scenario.steps:
        t = int(step.get("t", t))
        if step["op"] != "session":
            continue
        if step["event"] == "close" or (step["event"] == "next_day" and not is_closed):
            found.append(START_NS + t * MS)
        is_closed = step["event"] == "close"
    return found


def _instrument(listing: dict[str, str]) -> Instrument:
    price_decimals, qty_decimals = _decimals(listing["tick"]), _decimals(listing["lot"])
    lot = to_scaled(listing["lot"], qty_decimals)
    low, high = (to_scaled(listing[key], price_decimals) if key in listing else None for key in _LIMITS)
    rule = TradingRule("", to_scaled(listing["tick"], price_decimals), lot, lot, limit_down=low, limit_up=high)
    return Instrument(
        id=f"{listing['id']}.SCENARIO",
        name=listing["id"],
        currency=_CURRENCIES.get(int(listing.get("money_decimals", _EXACT_MONEY)), "USDT"),
        price_decimals=price_decimals,
        qty_decimals=qty_decimals,
        multiplier=Decimal(listing.get("multiplier", 1)),
        rules=(rule,),
        detail=Share(settlement_days=int(listing.get("t_plus", 0))),
    )


def _decimals(step: str) -> int:
    return max(0, -int(Decimal(step).as_tuple().exponent))
