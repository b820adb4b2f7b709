"""One turn of the desk: decide, number the facts, evolve at once, hand out what may leave later."""

from __future__ import annotations

import msgspec

from termdesk.core.model.command import Answer
from termdesk.core.model.execution import BrokerRequest
from termdesk.core.model.facts import Fact, InstrumentListed, Recorded
from termdesk.core.model.number import Ns
from termdesk.core.model.reason import Reason
from termdesk.core.trading.desk import decide
from termdesk.core.trading.evolve import evolve
from termdesk.core.trading.inputs import DeskInput
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.view import View


class Stamp(msgspec.Struct, frozen=True):
    """When, why and by whom; the same for every fact of a turn."""

    at_ns: Ns
    """Desk time."""
    wall_ns: Ns
    cause: str
    """``command:ID``, ``report:EXEC_ID``, ``start``, ``stop``."""
    actor: str


class Turn(msgspec.Struct, frozen=True):
    """What a turn gave. Effects and answers rest on all its records being durable."""

    records: list[Recorded]
    effects: list[BrokerRequest]
    answers: list[Answer]
    ignored: Reason | None = None
    """Why a broker report led to nothing, where that needs looking into."""


def turn(state: DeskState, view: View, given: DeskInput, stamp: Stamp) -> Turn:
    """Decide about one input and take its facts into the state."""
    decision = decide(state, view, given)
    records = []
    for fact in decision.facts:
        record = Recorded(
            seq=state.seq + 1,
            at_ns=stamp.at_ns,
            wall_ns=stamp.wall_ns,
            trading_day=view.trading_day(_instrument(state, fact)),
            cause=stamp.cause,
            actor=stamp.actor,
            fact=fact,
        )
        evolve(state, record)
        records.append(record)
    answer = decision.answer or state.answers.get(getattr(given, "command_id", ""))
    return Turn(records, list(decision.effects), [answer] if answer is not None else [], decision.ignored)


def _instrument(state: DeskState, fact: Fact) -> str:
    """Instrument whose venue says which trading day it is; empty for facts about the desk or of nothing known."""
    order = state.orders.get(getattr(fact, "order_id", ""))
    if order is not None:
        return order.instrument
    named = fact.instrument.id if isinstance(fact, InstrumentListed) else getattr(fact, "instrument", "")
    return named if named in state.instruments or isinstance(fact, InstrumentListed) else ""
