"""What a decision consists of."""

from __future__ import annotations

import msgspec

from termdesk.core.model.command import Answer
from termdesk.core.model.execution import BrokerRequest
from termdesk.core.model.facts import Fact
from termdesk.core.model.reason import Reason


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """Facts to record and requests that may leave once these are durable."""

    facts: tuple[Fact, ...] = ()
    effects: tuple[BrokerRequest, ...] = ()
    answer: Answer | None = None
    """Set where the answer is known without new facts; otherwise it follows from them."""
    ignored: Reason | None = None
    """Why a report led to nothing: the desk has no such order."""
