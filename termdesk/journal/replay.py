"""The desk's state out of its journal: the newest snapshot, then every fact after it."""

from __future__ import annotations

from importlib.metadata import version

import msgspec

from termdesk.core.trading.evolve import evolve
from termdesk.core.trading.state import DeskState
from termdesk.journal.chain import Head
from termdesk.journal.codec import without_collection
from termdesk.journal.port import Journal
from termdesk.journal.snapshot import Snapshot, state_form

_PAGE = 2_000
_DECODER = msgspec.msgpack.Decoder(DeskState)


def replayed(journal: Journal) -> tuple[DeskState, int]:
    """Make the desk's state from its facts; also gives the desk time of the newest, 0 without one."""
    with without_collection():
        snapshot = journal.snapshot()
        state, at_ns = DeskState(), 0
        if snapshot is not None:
            state, at_ns = _DECODER.decode(snapshot.body), snapshot.at_ns
        while page := journal.read(state.seq, _PAGE):
            for record in page:
                evolve(state, record)
            at_ns = page[-1].at_ns
    return state, at_ns


def taken_snapshot(state: DeskState, at_ns: int, head: Head) -> Snapshot:
    """Make the snapshot of a state in which exactly the facts up to ``head`` were taken."""
    return Snapshot(
        state_form=state_form(),
        seq=head.seq,
        at_ns=at_ns,
        hash=head.hash,
        engine_version=f"termdesk {version('termdesk')}",
        body=state.snapshot(),
    )
