"""The journal's keeper: now and then a snapshot, sealed months, and the end of what its retention lets go.

The work is done by a process below the engine in priority; the engine only
looks whether it is due and lets the writer take out what was sealed.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from termdesk.config.paths import DeskPaths
from termdesk.core.trading.state import DeskState
from termdesk.journal import JournalWriter, SqliteJournal, taken_snapshot, write_snapshot

_LOG = logging.getLogger("termdesk.engine")

PERIOD_S = 2.0
EVERY = 10_000
"""Facts after which a snapshot is due: a start replays few more than these."""


class Keeper:
    """Looks after one desk's journal while its engine runs."""

    def __init__(
        self, paths: DeskPaths, journal: SqliteJournal, writer: JournalWriter, now_ns: Callable[[], int], years: int
    ) -> None:
        """Take the parts.

        Args:
            paths: Of the desk.
            journal: Looked at; written by ``writer`` alone.
            writer: Takes out of the journal's file what was sealed.
            now_ns: Desk time, which retention counts from.
            years: How long facts are kept at least; 0 keeps them for ever.
        """
        self._paths = paths
        self._journal = journal
        self._writer = writer
        self._now_ns = now_ns
        self._years = years
        snapshot = journal.snapshot()
        self._kept = snapshot.seq if snapshot is not None else 0
        self._months = 0
        self._days = 0

    async def run(self) -> None:
        """Look now and then until cancelled."""
        while True:
            await asyncio.sleep(PERIOD_S)
            if self._due():
                await self._keep()

    def stopped(self, state: DeskState, at_ns: int) -> None:
        """Take the snapshot of a clean stop, when all facts are durable and nothing more comes."""
        if state.seq != self._journal.head:
            return
        try:
            write_snapshot(self._paths.folder, taken_snapshot(state, at_ns, self._journal.chain_head))
        except OSError as error:
            _LOG.warning("no snapshot at the stop: %s; the next start replays more facts", error)

    def _due(self) -> bool:
        journal, months = self._journal, len(self._journal.months)
        unsealed = months != self._months and months > 1
        return unsealed or journal.days_closed != self._days or journal.head - self._kept >= EVERY

    async def _keep(self) -> None:
        self._kept, self._months = self._journal.head, len(self._journal.months)
        self._days = self._journal.days_closed
        command = ("-m", "termdesk.journal.keeping", str(self._paths.folder), self._paths.desk)
        child = await asyncio.create_subprocess_exec(sys.executable, *command, stderr=asyncio.subprocess.PIPE)
        try:
            _, told = await child.communicate()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
            raise
        if child.returncode:
            _LOG.warning("the journal was not kept: %s", told.decode(errors="replace").strip()[-500:])
            return
        self._writer.tidy(self._oldest_month())

    def _oldest_month(self) -> str:
        """Give the oldest month that is kept; an empty name keeps all."""
        if not self._years:
            return ""
        today = datetime.fromtimestamp(self._now_ns() // 10**9, UTC)
        return f"{today.year - self._years:04d}-{today.month:02d}"
