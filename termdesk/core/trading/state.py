"""Everything the desk knows: changed by facts only, equal after replaying them."""

from __future__ import annotations

import msgspec

from termdesk.core.model.command import Answer
from termdesk.core.model.condition import Action, Predicate
from termdesk.core.model.facts import Recorded
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Mode
from termdesk.core.trading.ledger import Account
from termdesk.core.trading.order import Order

STATE_VERSION = 3
"""Within one version a replay gives the same bytes; raise it when a field or its meaning changes."""


class ArmedCondition(msgspec.Struct, frozen=True):
    """A condition that is watched for."""

    condition_id: str
    predicate: Predicate
    action: Action
    origin: str
    armed_ns: int


class DeskState(msgspec.Struct, kw_only=True):
    """The desk. Mutable with one owner; ``evolve`` is the only writer.

    Attributes:
        seq: Newest record taken.
        working: Ids of open orders, oldest first.
        records: By order id, everything that happened to it.
        fills: Every fill, oldest first.
        answers: By command id; the same id again gets the same answer.
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

    def snapshot(self) -> bytes:
        """The whole state as bytes; equal states of one version give equal bytes."""
        return msgspec.msgpack.encode(self)
