"""What a decision consists of."""

from __future__ import annotations

from typing import Any

import msgspec

from termdesk.core.model.command import Answer
from termdesk.core.model.facts import Fact
from termdesk.core.model.reason import Reason
from termdesk.core.model.venue import VenueRequest


class Decision(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Facts to record and requests that may leave once these are durable."""

    facts: tuple[Fact, ...] = ()
    effects: tuple[VenueRequest, ...] = ()
    answer: Answer | None = None
    """Set where the answer is known without new facts; otherwise it follows from them."""
    ignored: Reason | None = None
    """Why a report led to nothing: the desk has no such order."""
    follow_ups: tuple[Any, ...] = ()
    """Inputs (``DeskInput``) decided one at a time, each against the state after the last, before anything else."""
