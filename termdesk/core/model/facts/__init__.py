"""Facts: what happened, in the past tense, for years.

Every fact has one tag with its version (``order_filled.1``). Fields are only
added, with defaults; a change of meaning is a new version with an upcaster.
Nothing in a fact leads back to it, so the collector of cycles leaves them out
(``gc=False``): a desk keeps many, for long.
"""

from __future__ import annotations

import msgspec

from termdesk.core.model.facts.broker import (
    AlertRaised,
    BrokerLinkChanged,
    BrokerReconciled,
    FillBusted,
    FillConfirmed,
    OrderAdopted,
    OrderResolved,
    OutcomeUnknown,
    PositionAdjusted,
)
from termdesk.core.model.facts.condition import ConditionArmed, ConditionDisarmed, ConditionTriggered
from termdesk.core.model.facts.control import FlattenRefused, LimitsChanged, SurveillanceNoticed, TradingStateChanged
from termdesk.core.model.facts.day import (
    DayClosed,
    DayOpened,
    InterestSet,
    OrdersArchived,
    SettlementPriced,
    StatementMade,
)
from termdesk.core.model.facts.desk import (
    AccountOpened,
    CancelAllDone,
    CashDeposited,
    CommandRefused,
    DeskOpened,
    DeskResumed,
    DeskStopped,
    InstrumentListed,
    NoteAdded,
)
from termdesk.core.model.facts.money import CashPosted, PositionMarked, UnitsPosted, UnitsScaled
from termdesk.core.model.facts.order import (
    CancelRejected,
    CancelRequested,
    OrderAccepted,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderNotSent,
    OrderRejected,
    OrderReleased,
    OrderReplaced,
    OrderSubmitted,
    OrderTriggered,
    ReplaceRequested,
)
from termdesk.core.model.number import Ns

Fact = (
    DeskOpened
    | DeskResumed
    | DeskStopped
    | AccountOpened
    | CashDeposited
    | CashPosted
    | UnitsPosted
    | UnitsScaled
    | PositionMarked
    | DayClosed
    | DayOpened
    | InterestSet
    | OrdersArchived
    | SettlementPriced
    | StatementMade
    | InstrumentListed
    | CommandRefused
    | NoteAdded
    | CancelAllDone
    | OrderSubmitted
    | OrderNotSent
    | OrderAccepted
    | OrderRejected
    | OrderFilled
    | CancelRequested
    | OrderCanceled
    | ReplaceRequested
    | OrderReplaced
    | CancelRejected
    | OrderExpired
    | OrderReleased
    | OrderTriggered
    | OrderAdopted
    | OutcomeUnknown
    | OrderResolved
    | FillConfirmed
    | FillBusted
    | PositionAdjusted
    | BrokerLinkChanged
    | BrokerReconciled
    | AlertRaised
    | ConditionArmed
    | ConditionTriggered
    | ConditionDisarmed
    | LimitsChanged
    | TradingStateChanged
    | FlattenRefused
    | SurveillanceNoticed
)


class Recorded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A fact in its place: when, on which trading day, why and by whom."""

    seq: int
    """From 1, without holes."""
    at_ns: Ns
    """Desk time."""
    wall_ns: Ns
    """System clock; the only field that may differ between two equal runs."""
    trading_day: str
    """ISO date of the desk's venue day."""
    cause: str
    """What led to it: ``command:ID``, ``report:EXEC_ID``, ``start``, ``stop``."""
    actor: str
    """Who: the user of the connection, ``engine`` or a venue's name."""
    fact: Fact


__all__ = [
    "AccountOpened",
    "AlertRaised",
    "BrokerLinkChanged",
    "BrokerReconciled",
    "CancelAllDone",
    "CancelRejected",
    "CancelRequested",
    "CashDeposited",
    "CashPosted",
    "CommandRefused",
    "ConditionArmed",
    "ConditionDisarmed",
    "ConditionTriggered",
    "DayClosed",
    "DayOpened",
    "DeskOpened",
    "DeskResumed",
    "DeskStopped",
    "Fact",
    "FillBusted",
    "FillConfirmed",
    "FlattenRefused",
    "InstrumentListed",
    "InterestSet",
    "LimitsChanged",
    "NoteAdded",
    "OrderAccepted",
    "OrderAdopted",
    "OrderCanceled",
    "OrderExpired",
    "OrderFilled",
    "OrderNotSent",
    "OrderRejected",
    "OrderReleased",
    "OrderReplaced",
    "OrderResolved",
    "OrderSubmitted",
    "OrderTriggered",
    "OrdersArchived",
    "OutcomeUnknown",
    "PositionAdjusted",
    "PositionMarked",
    "Recorded",
    "ReplaceRequested",
    "SettlementPriced",
    "StatementMade",
    "SurveillanceNoticed",
    "TradingStateChanged",
    "UnitsPosted",
    "UnitsScaled",
]
