"""Everything the desk knows: changed by facts only, equal after replaying them."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.command import Answer
from termdesk.core.model.condition import Action, Predicate
from termdesk.core.model.facts import Recorded, StatementMade
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Mode
from termdesk.core.trading.ledger import Account
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.orders.promises import Promises
from termdesk.core.trading.risk.controls import Controls
from termdesk.core.trading.venue.route import BrokerState

STATE_VERSION = 5
"""Within one version a replay gives the same bytes; raise it when a field or its meaning changes."""


def group_key(account: str, group: str) -> str:
    """Name of a group of orders in ``DeskState.groups``; a group is of one account."""
    return f"{account}/{group}"


class ArmedCondition(msgspec.Struct, frozen=True):
    """A condition that is watched for."""

    condition_id: str
    predicate: Predicate
    action: Action
    origin: str
    armed_ns: int


class OpenDay(msgspec.Struct, frozen=True, kw_only=True):
    """The trading day of a venue that is not closed, and the one before it."""

    day: str
    ends_ns: int
    """First moment after it."""
    since_seq: int
    """Newest record that belongs to days before."""
    closed_day: str = ""
    closed_ns: int = 0
    missed: bool = False
    """The day before ended while the engine was off."""


class Settled(msgspec.Struct, frozen=True, array_like=True):
    """Price at which an instrument was valued at the end of a day."""

    day: str
    price: Decimal
    source: str


class DeskState(msgspec.Struct, kw_only=True):
    """The desk. Mutable with one owner; ``evolve`` is the only writer.

    Attributes:
        seq: Newest record taken.
        working: Ids of open orders, oldest first.
        records: By order id, everything that happened to it.
        fills: Every fill, oldest first.
        answers: By command id; the same id again gets the same answer.
        client_token: Begins every client id at a venue outside; two journals never share one.
        brokers: Routes to venues outside the engine, by name.
        executions: By account on such a route: order by execution id.
        venue_orders: By account on such a route: newest order by the venue's id.
        alerts: What has to be looked at, by the alert's key.
        groups: Orders that depend on each other, ended ones too, by account and name (``group_key``).
        children: Ids by the parent's: exits of an entry, slices of an order.
        reducing: Open reduce-only orders by account, oldest first.
        promises: By account and instrument, what open orders may still trade.
        deadlines: When the engine has to end which order, soonest first.
        controls: Limits, halts and counts of the risk gate.
        days: Open trading day by venue (segment); ``""`` is the desk's own calendar.
        day_ends_ns: When the first of them ends.
        settlements: By instrument, the newest price of a day's end.
        statements: By trading day, oldest first.
        archived: Ids of ended orders of closed days.
        notes: Every note, oldest first.
    """

    state_version: int = STATE_VERSION
    seq: int = 0
    desk: str = ""
    mode: Mode = Mode.DEMO
    seed: int = 0
    base_currency: str = ""
    opened: bool = False
    running: bool = False
    """Whether the last word is not a clean stop."""
    accounts: dict[str, Account] = {}
    instruments: dict[str, Instrument] = {}
    orders: dict[str, Order] = {}
    working: dict[str, None] = {}
    conditions: dict[str, ArmedCondition] = {}
    conditions_made: int = 0
    records: dict[str, list[Recorded]] = {}
    fills: list[Recorded] = []
    answers: dict[str, Answer] = {}
    client_token: str = ""
    brokers: dict[str, BrokerState] = {}
    executions: dict[str, dict[str, str]] = {}
    venue_orders: dict[str, dict[str, str]] = {}
    alerts: dict[str, Recorded] = {}
    groups: dict[str, list[str]] = {}
    children: dict[str, list[str]] = {}
    reducing: dict[str, dict[str, None]] = {}
    promises: dict[str, dict[str, Promises]] = {}
    deadlines: list[tuple[int, str]] = []
    controls: Controls = msgspec.field(default_factory=Controls)
    days: dict[str, OpenDay] = {}
    day_ends_ns: int | None = None
    settlements: dict[str, Settled] = {}
    statements: dict[str, list[StatementMade]] = {}
    archived: dict[str, None] = {}
    notes: list[Recorded] = []

    def snapshot(self) -> bytes:
        """The whole state as bytes; equal states of one version give equal bytes."""
        return msgspec.msgpack.encode(self)
