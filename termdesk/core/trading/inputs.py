"""What the engine itself asks of the desk: at start, at stop, and when a condition became true."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.command import DeskCommand
from termdesk.core.model.limits import ScopedLimits
from termdesk.core.model.number import Ns, Price
from termdesk.core.model.terms import AccountKind, Mode
from termdesk.core.model.venue import VenueOrder, VenuePosition, VenueReport, VenueSnapshot
from termdesk.core.trading.orders.follow_inputs import FollowUp


class OpenDesk(msgspec.Struct, frozen=True, kw_only=True):
    """Begin a new journal; does nothing on a desk that is open already."""

    desk: str
    mode: Mode
    seed: int
    base_currency: str
    limits: tuple[ScopedLimits, ...] = ()


class OpenAccount(msgspec.Struct, frozen=True, kw_only=True):
    """Open an account; does nothing where the name exists."""

    account: str
    kind: AccountKind
    broker: str
    fidelity: str = ""


class DepositCash(msgspec.Struct, frozen=True, kw_only=True):
    """Put money in."""

    account: str
    asset: str
    amount: Decimal


class ResumeDesk(msgspec.Struct, frozen=True, kw_only=True):
    """The engine started on an existing journal.

    On the brokers named in ``simulated`` an order without the venue's word
    provably never got there, and a cancel or replace in flight was lost.
    """

    clean: bool
    engine_version: str
    simulated: tuple[str, ...] = ("paper",)


class StopDesk(msgspec.Struct, frozen=True, kw_only=True):
    """The engine stops because it was asked to."""


class ConditionMet(msgspec.Struct, frozen=True, kw_only=True):
    """A watched condition became true with a trade at ``price``."""

    condition_id: str
    price: Price


class OrderWord(msgspec.Struct, frozen=True, kw_only=True):
    """What a venue says of one order, out of a snapshot or an answer about that order."""

    broker: str
    order: VenueOrder
    at_ns: Ns
    only_adopt: bool = False
    """Executions are told next; quantities are compared after them."""


class OrderAbsent(msgspec.Struct, frozen=True, kw_only=True):
    """The venue has no such order, by an answer about that very order."""

    order_id: str
    at_ns: Ns


class PositionWord(msgspec.Struct, frozen=True, kw_only=True):
    """What a venue says of a position; ``orders`` is what it said of the instrument's orders in the same breath."""

    broker: str
    position: VenuePosition
    orders: tuple[VenueOrder, ...]


class WordTaken(msgspec.Struct, frozen=True, kw_only=True):
    """A snapshot was taken in whole."""

    snapshot: VenueSnapshot
    seq_before: int


DeskInput = (
    DeskCommand
    | VenueReport
    | OpenDesk
    | OpenAccount
    | DepositCash
    | ResumeDesk
    | StopDesk
    | ConditionMet
    | OrderWord
    | OrderAbsent
    | PositionWord
    | WordTaken
    | FollowUp
)
