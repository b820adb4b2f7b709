"""Notes that people write on orders, fills and positions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from termdesk.core.model.command import AddNote
from termdesk.core.model.errors import Refused
from termdesk.core.model.facts import NoteAdded, OrderFilled, Recorded
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.proposals import account_of
from termdesk.core.trading.settle import accepted
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.view import View
from termdesk.core.wire.notes import NoteLine

LONGEST = 1_000
"""Characters of a note."""


def add_note(state: DeskState, view: View, command: AddNote) -> Decision:
    """Keep a note; what it is about must exist."""
    text = command.text.strip()
    if not text:
        raise Refused("command.note_missing")
    if len(text) > LONGEST:
        raise Refused("command.note_long", {"length": str(len(text)), "max": str(LONGEST)})
    account, instrument = _subject(state, view, command)
    fact = NoteAdded(
        command_id=command.command_id,
        account=account,
        instrument=instrument,
        text=text,
        order_id=command.order_id,
        exec_id=command.exec_id,
    )
    return Decision(facts=(fact,))


def _subject(state: DeskState, view: View, command: AddNote) -> tuple[str, str]:
    if command.order_id:
        order = state.orders.get(command.order_id)
        if order is None:
            raise Refused("command.order_unknown", {"order_id": command.order_id})
        if command.exec_id and not _is_filled(state, command):
            raise Refused("command.fill_unknown", {"exec_id": command.exec_id, "order_id": command.order_id})
        return order.account, order.instrument
    if command.exec_id or not (command.account and command.instrument):
        raise Refused("command.note_subject")
    if view.instrument(command.instrument) is None and command.instrument not in state.instruments:
        raise Refused("command.instrument_unknown", {"instrument": command.instrument})
    return account_of(state, command.account).name, command.instrument


def _is_filled(state: DeskState, command: AddNote) -> bool:
    facts = (record.fact for record in state.records.get(command.order_id, ()))
    return any(isinstance(fact, OrderFilled) and fact.exec_id == command.exec_id for fact in facts)


def note_lines(state: DeskState, account: str = "", text: str = "") -> tuple[NoteLine, ...]:
    """Give notes, oldest first; of an account, and with a text in them in whatever case, where those are given."""
    asked = text.casefold()
    lines = []
    for record in state.notes:
        note = record.fact
        if isinstance(note, NoteAdded) and account in ("", note.account) and asked in note.text.casefold():
            named = (note.account, note.instrument, note.order_id, note.exec_id, note.text)
            lines.append(NoteLine(record.seq, record.at_ns, record.actor, *named))
    return tuple(lines)


def _note_added(state: DeskState, record: Recorded, fact: NoteAdded) -> None:
    state.notes.append(record)
    accepted(state, fact.command_id)


NOTE_FACTS: dict[type, Callable[[DeskState, Recorded, Any], None]] = {NoteAdded: _note_added}
