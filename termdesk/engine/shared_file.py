"""Where link groups and workspaces are kept between two runs of an engine: a file beside the journal, not in it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from termdesk.config.whole_file import put_aside, write_whole
from termdesk.core.wire.shared import ArrangeRoom, Change, LinksBody, ShowInGroup, WorkspacesBody, fault_of
from termdesk.engine.sharing import Held

_LOG = logging.getLogger("termdesk.engine")

SHARED_FILE = "shared.json"
PAUSE_S = 0.1
"""Between two writings, so that an edge which is dragged along is not written at each cell."""


class SharedFile:
    """Keeps the newest of what screens share. The engine's loop never waits for it.

    A stop or a kill between a change and its writing, a moment later, loses that change.

    Args:
        folder: Of the desk.
        newest: Gives what is to be kept.
    """

    def __init__(self, folder: Path, newest: Callable[[], Held]) -> None:
        self._file = folder / SHARED_FILE
        self._newest = newest
        self._kept = newest()
        self._changed = asyncio.Event()
        self._writing = threading.Lock()
        self._is_complained = False

    def changed(self) -> None:
        """There is something new to keep."""
        self._changed.set()

    async def run(self) -> None:
        """Write what changes until cancelled."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            await asyncio.to_thread(self._write, self._newest())
            await asyncio.sleep(PAUSE_S)

    def close(self) -> None:
        """Write what is not written yet."""
        self._write(self._newest())

    def _write(self, held: Held) -> None:
        with self._writing:
            if held == self._kept:
                return
            try:
                write_whole(self._file, msgspec.json.format(msgspec.json.encode(held)), mode=0o600, durable=True)
            except OSError as error:
                self._complain(error)
                return
            self._kept = held

    def _complain(self, error: OSError) -> None:
        if not self._is_complained:
            self._is_complained = True
            _LOG.warning(
                "link groups and workspaces live as long as this engine: %s can't be written: %s", self._file, error
            )


def read_shared(folder: Path) -> tuple[Held, Path | None]:
    """Give what was kept, and where it is put aside if it is damaged or of a newer kind, which counts as none.

    Sessions are those of an engine that has ended, and left out: another one's are named alike.
    """
    file = folder / SHARED_FILE
    try:
        held = msgspec.json.decode(file.read_bytes(), type=Held)
        fault = _fault_of(held)
    except FileNotFoundError:
        return Held(), None
    except OSError as error:
        _LOG.warning("link groups and workspaces begin anew: %s is not readable: %s", file, error)
        return Held(), None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        fault = str(error)
    if not fault:
        return _without_sessions(held), None
    aside = put_aside(file)
    _LOG.warning("link groups and workspaces begin anew: %s is not readable: %s; it is kept as %s", file, fault, aside)
    return Held(), aside


def _without_sessions(held: Held) -> Held:
    groups = tuple(msgspec.structs.replace(line, session="") for line in held.links.groups)
    rooms = tuple(msgspec.structs.replace(line, session="") for line in held.workspaces.rooms)
    return Held(LinksBody(held.links.revision, groups), WorkspacesBody(held.workspaces.revision, rooms))


def _fault_of(held: Held) -> str:
    changes: list[Change] = [
        *(ShowInGroup(line.group, line.instrument) for line in held.links.groups),
        *(ArrangeRoom(line.room, line.arrangement) for line in held.workspaces.rooms),
    ]
    return next((fault for change in changes if (fault := fault_of(change)) is not None), "")
