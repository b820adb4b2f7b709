"""Facts about conditions."""

from __future__ import annotations

import msgspec

from termdesk.core.model.condition import Action, Predicate
from termdesk.core.model.number import Price
from termdesk.core.model.reason import MarketSeen


class ConditionArmed(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="condition_armed.1"):
    """A condition is watched for from here on, also after a restart."""

    command_id: str
    condition_id: str
    predicate: Predicate
    action: Action
    origin: str
    seen: MarketSeen


class ConditionTriggered(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="condition_triggered.1"):
    """The condition became true and is no longer armed."""

    condition_id: str
    instrument: str
    price: Price
    """The traded price that made it true."""
    seen: MarketSeen


class ConditionDisarmed(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="condition_disarmed.1"):
    """A person took the condition back."""

    command_id: str
    condition_id: str
