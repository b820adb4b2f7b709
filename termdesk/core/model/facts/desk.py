"""Facts about the desk itself and its accounts."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.instrument import Instrument
from termdesk.core.model.limits import ScopedLimits
from termdesk.core.model.number import Price, Qty
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import AccountKind, Mode, Side


class DeskOpened(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="desk_opened.1"):
    """The first fact of a journal; fixes what the desk trades against."""

    desk: str
    mode: Mode
    seed: int
    base_currency: str
    limits: tuple[ScopedLimits, ...] = ()
    """Limits that hold from the beginning."""


class DeskResumed(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="desk_resumed.1"):
    """The engine started on an existing journal; queue estimates start anew at the back."""

    clean: bool
    """Whether the engine before it stopped by itself."""
    engine_version: str


class DeskStopped(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="desk_stopped.1"):
    """The engine was asked to stop and did."""


class AccountOpened(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="account_opened.1"):
    """An account exists from here on, bound to one broker."""

    account: str
    kind: AccountKind
    broker: str
    fidelity: str = ""
    """Profile of the simulated exchange; empty for the default of the build, or where the broker simulates nothing."""


class CashDeposited(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="cash_deposited.1"):
    """Opening balance or transfer in; the posting's cause is this fact."""

    account: str
    asset: str
    amount: Decimal


class InstrumentListed(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="instrument_listed.1"):
    """The instrument version in force, recorded before the first fact that uses it."""

    instrument: Instrument


class CommandRefused(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="command_refused.1"):
    """A command was refused; the same command id gets this answer again."""

    command_id: str
    reason: Reason
    account: str = ""
    instrument: str = ""
    order_id: str = ""
    side: Side | None = None
    """Named by an order or a change of one, a bracket's by its entry; None where nothing was."""
    qty: Qty | None = None
    price: Price | None = None
    """Limit."""


class NoteAdded(msgspec.Struct, frozen=True, kw_only=True, tag="note_added.1"):
    """Somebody wrote a note on an order, a fill or a position; notes are never changed, newer ones follow."""

    command_id: str
    account: str
    instrument: str
    text: str
    order_id: str = ""
    """Empty for a position."""
    exec_id: str = ""
    """Empty for an order or a position."""


class CancelAllDone(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="cancel_all_done.1"):
    """A cancel-all named these orders; each has its own ``CancelRequested``."""

    command_id: str
    order_ids: tuple[str, ...]
