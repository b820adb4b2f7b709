"""Commands: what a person, a script or a condition asks of the engine.

``command_id`` is made where the key was pressed; the same id again returns
the first answer. Actor and session are stamped by the engine from the
connection and are no part of a command.
"""

from __future__ import annotations

import msgspec

from termdesk.core.model.condition import Action, Predicate
from termdesk.core.model.number import Ns, Price, Qty
from termdesk.core.model.terms import (
    Contingency,
    OrdType,
    PositionEffect,
    ReleaseMode,
    Side,
    TimeInForce,
    TriggerBy,
)
from termdesk.core.model.trigger import Trail


class SubmitOrder(msgspec.Struct, frozen=True, kw_only=True, tag="submit_order"):
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


DeskCommand = SubmitOrder | CancelOrder | CancelAll | AmendOrder | ArmCondition | DisarmCondition
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


class Answer(msgspec.Struct, frozen=True, kw_only=True):
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
