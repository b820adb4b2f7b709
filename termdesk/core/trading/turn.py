"""One turn of the desk: decide, number the facts, evolve at once, hand out what may leave later."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

import msgspec

from termdesk.core.model.command import Answer
from termdesk.core.model.execution import OrderCancelReplaceRequest, OrderCancelRequest
from termdesk.core.model.facts import Fact, InstrumentListed, Recorded
from termdesk.core.model.number import Ns
from termdesk.core.model.reason import Reason
from termdesk.core.model.venue import VenueRequest
from termdesk.core.trading.control.aftermath import after
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.desk import decide
from termdesk.core.trading.evolve import evolve
from termdesk.core.trading.inputs import DeskInput
from termdesk.core.trading.invariants import check
from termdesk.core.trading.orders.follow_ups import follow_ups
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.view import View


class Stamp(msgspec.Struct, frozen=True, gc=False):
    """When, why and by whom; the same for every fact of a turn."""

    at_ns: Ns
    """Desk time."""
    wall_ns: Ns
    cause: str
    """``command:ID``, ``report:EXEC_ID``, ``start``, ``stop``."""
    actor: str


class Turn(msgspec.Struct, frozen=True, gc=False):
    """What a turn gave. Effects and answers rest on all its records being durable."""

    records: list[Recorded]
    effects: list[VenueRequest]
    answers: list[Answer]
    ignored: Reason | None = None
    """Why a broker report led to nothing, where that needs looking into."""


def turn(state: DeskState, view: View, given: DeskInput, stamp: Stamp) -> Turn:
    """Decide about one input and what follows from it, and take the facts into the state."""
    decision = decide(state, view, given)
    records: list[Recorded] = []
    effects: list[VenueRequest] = []
    waiting = _take(state, view, decision, stamp, records, effects)
    if waiting:
        _follow(state, view, waiting, stamp, records, effects)
    if records:
        _look_after(state, view, stamp, records, effects)
    answer = decision.answer or state.answers.get(getattr(given, "command_id", ""))
    return Turn(records, effects, [answer] if answer is not None else [], decision.ignored)


def _take(
    state: DeskState,
    view: View,
    decision: Decision,
    stamp: Stamp,
    records: list[Recorded],
    effects: list[VenueRequest],
) -> Sequence[Any]:
    """Evolve what was decided; gives what has to be decided because of it."""
    waiting: list[Any] = []
    for fact in decision.facts:
        record = Recorded(
            seq=state.seq + 1,
            at_ns=stamp.at_ns,
            wall_ns=stamp.wall_ns,
            trading_day=_day(state, view, fact),
            cause=stamp.cause,
            actor=stamp.actor,
            fact=fact,
        )
        evolve(state, record)
        check(state, record)
        records.append(record)
        waiting += follow_ups(state, fact)
    for effect in decision.effects:
        if not _stays_here(state, effect):
            effects.append(effect)
    waiting += decision.follow_ups
    return waiting


def _stays_here(state: DeskState, effect: VenueRequest) -> bool:
    """A cancel or an amend of an order that no venue has heard of goes nowhere; the desk answers it itself."""
    if isinstance(effect, OrderCancelRequest | OrderCancelReplaceRequest):
        return state.orders[effect.order_id].is_local
    return False


def _follow(
    state: DeskState,
    view: View,
    first: Sequence[Any],
    stamp: Stamp,
    records: list[Recorded],
    effects: list[VenueRequest],
) -> None:
    """Decide one after the other; what one leads to comes before the next."""
    waiting = deque(first)
    while waiting:
        decision = decide(state, view, waiting.popleft())
        waiting.extendleft(reversed(_take(state, view, decision, stamp, records, effects)))


def _look_after(
    state: DeskState, view: View, stamp: Stamp, records: list[Recorded], effects: list[VenueRequest]
) -> None:
    """What the desk does by itself once an input is taken: closings of the kill switch, limits of loss, notices."""
    for decision in after(state, view, records):
        waiting = _take(state, view, decision, stamp, records, effects)
        if waiting:
            _follow(state, view, waiting, stamp, records, effects)


def _day(state: DeskState, view: View, fact: Fact) -> str:
    """Trading day of a fact: its own, else the one of the venue where its order or instrument trades."""
    order = state.orders.get(getattr(fact, "order_id", ""))
    if order is not None:
        return view.trading_day(order.instrument)
    return getattr(fact, "day", "") or view.trading_day(_instrument(state, fact))


def _instrument(state: DeskState, fact: Fact) -> str:
    """Instrument that a fact names; empty for facts about the desk or of nothing known."""
    named = fact.instrument.id if isinstance(fact, InstrumentListed) else getattr(fact, "instrument", "")
    return named if named in state.instruments or isinstance(fact, InstrumentListed) else ""
