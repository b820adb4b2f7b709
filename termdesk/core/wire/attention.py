"""What ``termdesk status`` says beyond feeds: brokers outside the engine, and what a person has to look at."""

from __future__ import annotations

import msgspec

from termdesk.core.model.number import Ns
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Link, Severity


class BrokerLine(msgspec.Struct, frozen=True, kw_only=True):
    """A broker outside the engine."""

    broker: str
    link: Link
    reconciled: bool
    """The venue's word was taken in whole; new orders may leave."""
    in_doubt: tuple[str, ...]
    """Orders of which nobody knows what became of them, or of a cancel or amend."""


class AlertLine(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a person has to look at."""

    at_ns: Ns
    severity: Severity
    reason: Reason
    broker: str
    account: str
    instrument: str
    order_id: str
