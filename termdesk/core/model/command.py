"""Commands: what a person, a script or a condition asks of the engine.

``command_id`` is made where the key was pressed; the same id again returns
the first answer. Actor and session are stamped by the engine from the
connection and are no part of a command.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import msgspec

from termdesk.core.model.condition import Action, Predicate
from termdesk.core.model.limits import TradingState
from termdesk.core.model.number import Ns, Price, Qty
from termdesk.core.model.posting import Cause
from termdesk.core.model.terms import (
    Contingency,
    OrdType,
    Outcome,
    PositionEffect,
    ReleaseMode,
    Side,
    TimeInForce,
    TriggerBy,
)
from termdesk.core.model.trigger import Trail


class SubmitOrder(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="submit_order"):
    """Send a new order. ``price`` is None for a market order."""

    command_id: str
    account: str
    instrument: str
    side: Side
    ord_type: OrdType
    qty: Qty
    price: Price | None = None
    time_in_force: TimeInForce = TimeInForce.GTC
    post_only: bool = False
    """Refused rather than taking; for limit orders that may rest."""
    reduce_only: bool = False
    """Capped to what it can close, and taken back as the position shrinks; never opens."""
    trigger_price: Price | None = None
    """Where a stop or if-touched order begins to work; the first trigger of a trailing stop, None lets it follow."""
    trigger_by: TriggerBy = TriggerBy.LAST
    trail: Trail | None = None
    display_qty: Qty | None = None
    """Iceberg: what of it is shown at a time; None shows all."""
    expire_ns: Ns | None = None
    """Last moment of a GTD order."""
    contingency: Contingency | None = None
    group: str = ""
    """Orders of one account with the same name here depend on each other as ``contingency`` says."""
    position_effect: PositionEffect = PositionEffect.AUTO
    origin: str = "api"
    """Where it was pressed: ladder, ticket, line, shell, api, ``condition:ID``."""
    note: str = ""
    tags: tuple[str, ...] = ()


class SubmitBracket(msgspec.Struct, frozen=True, kw_only=True, tag="submit_bracket"):
    """Send an entry with exits that wait for it (OTO) and depend on each other.

    The entry's and the exits' own command ids, groups and contingencies are not looked at.
    """

    command_id: str
    entry: SubmitOrder
    exits: tuple[SubmitOrder, ...]
    release: ReleaseMode = ReleaseMode.PARTIAL
    contingency: Contingency = Contingency.OUO
    origin: str = "api"


class CancelOrder(msgspec.Struct, frozen=True, kw_only=True, tag="cancel_order"):
    """Cancel one working order."""

    command_id: str
    order_id: str
    origin: str = "api"


class CancelAll(msgspec.Struct, frozen=True, kw_only=True, tag="cancel_all"):
    """Cancel every working order that matches; a None matches all."""

    command_id: str
    account: str | None = None
    instrument: str | None = None
    side: Side | None = None
    price: Price | None = None
    """Only meaningful together with ``instrument``."""
    origin: str = "api"


class AmendOrder(msgspec.Struct, frozen=True, kw_only=True, tag="amend_order"):
    """Change price, total quantity or trigger of a working order; None leaves it."""

    command_id: str
    order_id: str
    price: Price | None = None
    qty: Qty | None = None
    trigger_price: Price | None = None
    origin: str = "api"


class ResolveOrder(msgspec.Struct, frozen=True, kw_only=True, tag="resolve_order"):
    """Settle what became of an order whose outcome is not known, by a person's word.

    Sends nothing. ``qty`` and ``price`` are what was filled beyond what is
    known: all that is left where FILLED names no quantity.
    """

    command_id: str
    order_id: str
    outcome: Outcome
    note: str
    """Why, in the person's own words; may not be empty."""
    qty: Qty | None = None
    price: Price | None = None
    """Average price of what was filled; the order's limit where None."""
    venue_order_id: str = ""
    origin: str = "api"


class ArmCondition(msgspec.Struct, frozen=True, kw_only=True, tag="arm_condition"):
    """Watch for a predicate and act once when it is true. An alert is a condition that notifies."""

    command_id: str
    predicate: Predicate
    action: Action
    origin: str = "api"


class DisarmCondition(msgspec.Struct, frozen=True, kw_only=True, tag="disarm_condition"):
    """Take an armed condition back."""

    command_id: str
    condition_id: str
    origin: str = "api"


class AddNote(msgspec.Struct, frozen=True, kw_only=True, tag="add_note"):
    """Write a note on an order, on one of its fills, or on a position (account and instrument)."""

    command_id: str
    text: str
    order_id: str = ""
    exec_id: str = ""
    """A fill of that order."""
    account: str = ""
    instrument: str = ""
    origin: str = "api"


class SetLimits(msgspec.Struct, frozen=True, kw_only=True, tag="set_limits"):
    """Change limits of a scope; what is not named stays. A name of ``limits.TradingLimits`` with its value as text."""

    command_id: str
    account: str = ""
    """Empty: every account, each by itself."""
    instrument: str = ""
    """An instrument, a segment such as ``SSE``, or empty for all."""
    changes: dict[str, str]
    origin: str = "api"


class SetTradingState(msgspec.Struct, frozen=True, kw_only=True, tag="set_trading_state"):
    """Halt a scope, let it only reduce, or let it trade again; only a command does the last."""

    command_id: str
    state: TradingState
    account: str = ""
    instrument: str = ""
    note: str
    """Why; never empty."""
    origin: str = "api"


class KillSwitch(msgspec.Struct, frozen=True, kw_only=True, tag="kill_switch"):
    """Halt a scope and cancel what works there; ``flatten`` closes its positions after that."""

    command_id: str
    account: str = ""
    instrument: str = ""
    note: str
    """Why; never empty."""
    flatten: bool = False
    origin: str = "api"


class MoveCash(msgspec.Struct, frozen=True, kw_only=True, tag="move_cash"):
    """Book money into an account, or out of it where ``amount`` is below zero."""

    command_id: str
    account: str
    asset: str
    amount: Decimal
    cause: Cause = Cause.TRANSFER
    """Transfer, opening, coupon, interest, financing or funding."""
    instrument: str = ""
    """What the income or cost belongs to."""
    note: str = ""
    origin: str = "api"


class MoveUnits(msgspec.Struct, frozen=True, kw_only=True, tag="move_units"):
    """Book units into a holding, or out of it where ``qty`` is below zero.

    Opening and transfer move no money; a fill (a trade made elsewhere) and an
    expiry move it at ``price``; an allocation hands units to another account
    at their average price.
    """

    command_id: str
    account: str
    instrument: str
    qty: Qty
    price: Decimal = Decimal(0)
    """What a unit cost, or is worth at expiry; not looked at for units that leave and for an allocation."""
    cause: Cause = Cause.OPENING
    """Opening, transfer, allocation, expiry or fill."""
    sellable: Qty | None = None
    """What of it may be sold at once; None is all. The rest settles as if bought now."""
    to_account: str = ""
    """Who takes an allocation."""
    note: str = ""
    origin: str = "api"


class ApplyCorporateAction(msgspec.Struct, frozen=True, kw_only=True, tag="apply_corporate_action"):
    """Book a split, bonus shares or a cash dividend on what is held now."""

    command_id: str
    instrument: str
    account: str = ""
    """Empty: every account that holds it."""
    units_per_unit: Decimal = Decimal(0)
    """New units for each one held: 1 for a split 2:1, 0.3 for 3 bonus shares per 10, -0.9 for a reverse split 1:10."""
    cash_per_unit: Decimal = Decimal(0)
    """Before tax."""
    tax_rate: Decimal = Decimal(0)
    """Share of the cash that is withheld."""
    asset: str = ""
    """Currency of the cash; empty is the instrument's."""
    note: str = ""
    origin: str = "api"


class CloseDay(msgspec.Struct, frozen=True, kw_only=True, tag="close_day"):
    """Close the trading day of a venue whose sessions are over, before its calendar does."""

    command_id: str
    venue: str
    """A segment such as ``SSE``; empty for the desk's own calendar."""
    day: str = ""
    """Refused where another day is open; empty takes the open one."""
    origin: str = "api"


class SetInterest(msgspec.Struct, frozen=True, kw_only=True, tag="set_interest"):
    """Let cash of an account earn interest, and cost it where it is owed; both are off until set."""

    command_id: str
    account: str
    asset: str
    idle_rate: Decimal = Decimal(0)
    """A year, 0.004 for 0.4 %."""
    owed_rate: Decimal = Decimal(0)
    year_days: Annotated[int, msgspec.Meta(ge=360, le=366)] = 360
    origin: str = "api"


DeskCommand = (
    SubmitOrder
    | SubmitBracket
    | CancelOrder
    | CancelAll
    | AmendOrder
    | ResolveOrder
    | ArmCondition
    | DisarmCondition
    | MoveCash
    | MoveUnits
    | ApplyCorporateAction
    | CloseDay
    | SetInterest
    | AddNote
    | SetLimits
    | SetTradingState
    | KillSwitch
)
"""What the desk decides about; recorded as an input."""


class SetReplaySpeed(msgspec.Struct, frozen=True, kw_only=True, tag="set_replay_speed"):
    """Play a recording at a multiple of its own pace; 0 is as fast as possible."""

    command_id: str
    speed: float


class PauseReplay(msgspec.Struct, frozen=True, kw_only=True, tag="pause_replay"):
    """Hold or go on playing a recording."""

    command_id: str
    paused: bool


class StepReplay(msgspec.Struct, frozen=True, kw_only=True, tag="step_replay"):
    """Play the next ``events`` market events of a paused recording."""

    command_id: str
    events: int = 1


class JumpReplay(msgspec.Struct, frozen=True, kw_only=True, tag="jump_replay"):
    """Play forwards to a time at full speed; what is skipped can fill orders.

    A time that lies behind is refused: that needs a new run with a fresh account.
    """

    command_id: str
    to_ns: Ns


class StopEngine(msgspec.Struct, frozen=True, kw_only=True, tag="stop_engine"):
    """Checkpoint and end the engine; working orders stay in the journal."""

    command_id: str


EngineCommand = SetReplaySpeed | PauseReplay | StepReplay | JumpReplay | StopEngine
"""What the engine itself does; changes no desk state."""

Command = DeskCommand | EngineCommand


class Answer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The one answer to a command."""

    command_id: str
    accepted: bool
    code: str = ""
    """Empty when accepted, else a key of ``codes.CODES``."""
    params: dict[str, str] = {}
    order_ids: tuple[str, ...] = ()
    """Orders made or touched."""
    condition_ids: tuple[str, ...] = ()
    """Conditions made or touched."""
