"""What ``termdesk journal … --json`` and ``termdesk log --json`` print. Fields are only added."""

from __future__ import annotations

from typing import Literal

from termdesk.cli.shapes import Number, ReasonShape, Shape, Stamp
from termdesk.core.model.terms import Mode, OrdType, Side


class QuarantineShape(Shape, frozen=True, kw_only=True):
    """A damaged journal that was put aside."""

    desk: str
    place: str
    """Folder with the damaged files as they were."""
    damage: str
    kept: int
    """Newest sound fact; the desk goes on after it."""
    acknowledged: int
    """Newest fact that had been acknowledged."""


class JournalMonthShape(Shape, frozen=True, kw_only=True):
    """A trading month of a journal; facts that come late stay in the month after."""

    month: str
    """``YYYY-MM``."""
    first: int
    last: int
    head_hash: str
    """SHA-256 of the chain up to its last fact, hexadecimal; the next month goes on from it."""
    state: Literal["open", "closed", "sealed", "removed"]
    """Open: still written to. Closed: to be sealed. Sealed: in ``file``, read-only. Removed: by retention."""
    file: str


class JournalShape(Shape, frozen=True, kw_only=True):
    """A journal whose chain verifies."""

    desk: str
    mode: Mode | None
    """None while it is empty."""
    facts: int
    """Number of the newest fact."""
    file: str
    """The file that is written to."""
    head_hash: str
    """SHA-256 of the chain up to the newest fact, hexadecimal."""
    first: int
    """Oldest fact that is there; above 1 where retention removed some."""
    months: tuple[JournalMonthShape, ...]


class RequestShape(Shape, frozen=True, kw_only=True):
    """What somebody asked of the desk's orders, and what came back."""

    seq: int
    """Number of the fact that it is recorded by."""
    command_id: str
    what: str
    """submit, cancel, amend or refused."""
    actor: str
    origin: str
    """Where a submit came from; empty for the others."""
    account: str
    instrument: str
    order_id: str
    side: Side | None
    qty: Number | None
    price: Number | None
    ord_type: OrdType | None
    """Null for a refusal."""
    trigger_price: Number | None
    trail: str | None
    """Such as ``5%``, ``25bp``, ``3t`` or a price."""
    asked_ns: Stamp
    """When the desk decided it."""
    venue: str
    """The fact that answered it, such as order_accepted; empty while nothing did."""
    venue_ns: Stamp
    venue_seq: int
    round_trip_ns: int | None
    """From the desk's decision to the venue's word, the disk included; null where one of them is not there."""
    reason: ReasonShape | None


class ActorShape(Shape, frozen=True, kw_only=True):
    """How much one actor asked for of an account."""

    actor: str
    account: str
    submits: int
    amends: int
    cancels: int
    refused: int
    cancel_rate: str | None
    """Cancels by orders; null without orders."""
