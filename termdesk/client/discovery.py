"""Which desks run here: by their sockets, and whether anyone answers behind them."""

from __future__ import annotations

import socket
from pathlib import Path

import msgspec

from termdesk.config.paths import DeskPaths, list_desks
from termdesk.core.model.errors import EngineUnreachable


class DeskAddress(msgspec.Struct, frozen=True, order=True):
    """A running desk and where its engine listens."""

    desk: str
    socket: Path


def answers(path: Path, timeout: float = 1.0) -> bool:
    """Whether a process listens on the unix socket; False for a stale socket file or none.

    Connects and closes; does not speak the protocol.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(timeout)
        try:
            probe.connect(str(path))
        except BlockingIOError:
            return True  # its backlog is full: someone listens, but is busy
        except OSError:
            return False
    return True


def running() -> list[DeskAddress]:
    """Give every desk of this user whose engine listens, by name."""
    return sorted(DeskAddress(p.desk, p.socket) for p in list_desks() if p.socket.exists() and answers(p.socket))


def find(desk: str) -> DeskAddress:
    """Give the address of a named desk.

    Raises:
        EngineUnreachable: Its engine does not run; the text says which do.
        ConfigError: The name breaks the rule for names.
    """
    paths = DeskPaths.of(desk)
    if answers(paths.socket):
        return DeskAddress(desk, paths.socket)
    others = ", ".join(address.desk for address in running()) or "none"
    raise EngineUnreachable(
        f"desk {desk} does not run (running: {others}); start it with: termdesk engine --desk {desk}"
    )
