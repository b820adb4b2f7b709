"""Steps of the guide, and when each is done. Pure."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

import msgspec

from termdesk.core.model.terms import OrdStatus
from termdesk.core.wire.queries import OrderLine


class Step(Enum):
    """What a new user does, in this order."""

    SYMBOL = "symbol"
    ORDER = "order"
    CANCEL = "cancel"
    FILL = "fill"
    WHY = "why"
    LEAVE = "leave"


STEPS = tuple(Step)
DONE = "done"
"""Stands in the place of a step once the guide was finished or closed."""


def step_of(kept: str) -> Step | None:
    """Give the step that was kept, None where the guide is done; what is neither is the first one."""
    name = kept.strip()
    return None if name == DONE else next((step for step in STEPS if step.value == name), STEPS[0])


class Seen(msgspec.Struct, frozen=True):
    """What the guide looks at."""

    instrument: str
    orders: Collection[OrderLine]
    fills: int
    explained: int
    """Orders that were explained so far."""


class Progress(msgspec.Struct, frozen=True):
    """Where a user is, and what there was when the step began."""

    step: Step
    instrument: str
    orders: int
    ended: int
    fills: int
    explained: int


def begun(seen: Seen, step: Step = Step.SYMBOL) -> Progress:
    """Begin a step."""
    return Progress(step, seen.instrument, len(seen.orders), _canceled(seen), seen.fills, seen.explained)


def advanced(progress: Progress, seen: Seen) -> Progress:
    """Go on to the next step if this one is done; what was there before the step does not count."""
    if not progress.instrument:  # the desk had not answered yet: what it told since was there before
        return begun(seen, progress.step)
    if not _is_done(progress, seen):
        return progress
    return begun(seen, STEPS[STEPS.index(progress.step) + 1])


def _is_done(progress: Progress, seen: Seen) -> bool:
    match progress.step:
        case Step.SYMBOL:
            return seen.instrument != progress.instrument
        case Step.ORDER:
            return len(seen.orders) > progress.orders
        case Step.CANCEL:
            return _canceled(seen) > progress.ended
        case Step.FILL:
            return seen.fills > progress.fills
        case Step.WHY:
            return seen.explained > progress.explained
        case Step.LEAVE:
            return False


def _canceled(seen: Seen) -> int:
    return sum(order.status is OrdStatus.CANCELED for order in seen.orders)
