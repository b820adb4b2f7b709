"""Notes on orders, fills and positions, as they are asked for."""

from __future__ import annotations

import msgspec

from termdesk.core.model.number import Ns


class NotesQuery(msgspec.Struct, frozen=True, tag="notes"):
    """Notes on orders, fills and positions, oldest first; of an account or all, of those with a text in them or all."""

    account: str = ""
    text: str = ""


class NoteLine(msgspec.Struct, frozen=True):
    """One note: on a position, on an order where ``order_id`` is given, on a fill of it where ``exec_id`` is."""

    seq: int
    at_ns: Ns
    actor: str
    account: str
    instrument: str
    order_id: str
    exec_id: str
    text: str


class NotesResult(msgspec.Struct, frozen=True, tag="notes"):
    """Answer to ``NotesQuery``; true as of ``cursor``."""

    notes: tuple[NoteLine, ...]
    cursor: int
