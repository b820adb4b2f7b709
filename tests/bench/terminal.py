"""A program in a pty whose output this process reads: what a terminal would see, with times."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping
from pathlib import Path

SYNC_QUERY, SYNC_ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
FRAME_END = b"\x1b[?2026l"


class Terminal:
    """One child in a pty of a given size; answers the synchronized-output query as terminals do.

    A variable of ``env`` that is None is taken out of the child's environment.
    """

    def __init__(self, argv: list[str], env: Mapping[str, str | None], columns: int = 120, rows: int = 40) -> None:
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            told = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", **env}
            os.environ.update({name: value for name, value in told.items() if value is not None})
            for name in (name for name, value in told.items() if value is None):
                os.environ.pop(name, None)
            set_size(0, columns, rows)
            os.execvp(argv[0], argv)
        self.bytes = self.frames = 0
        self.closed = False
        self._rest = b""

    def pump(self, timeout: float) -> bytes:
        """Read what is there, waiting at most ``timeout`` seconds for something."""
        if self.closed or not select.select([self.fd], [], [], timeout)[0]:
            return b""
        try:
            data = os.read(self.fd, 1 << 18)
        except OSError:
            self.closed = True
            return b""
        if SYNC_QUERY in data:
            os.write(self.fd, SYNC_ANSWER)
        self.bytes += len(data)
        self.frames += data.count(FRAME_END)
        return data

    def until(self, mark: bytes, timeout: float) -> float | None:
        """Time at which ``mark`` was on the wire, None if it never came."""
        limit = time.perf_counter() + timeout
        seen = self._rest
        while time.perf_counter() < limit and not self.closed:
            seen += self.pump(0.25)
            if mark in seen:
                self._rest = b""
                return time.perf_counter()
            seen = seen[-8192:]
        return None

    def drain(self, seconds: float) -> None:
        """Read for a while and look at nothing."""
        limit = time.perf_counter() + seconds
        while (left := limit - time.perf_counter()) > 0 and not self.closed:
            self.pump(min(0.05, left))

    def type(self, keys: bytes) -> float:
        """Send keys; gives the time at which they were sent."""
        now = time.perf_counter()
        os.write(self.fd, keys)
        return now

    def cpu_seconds(self) -> float:
        """CPU time of the child so far, its waited-for children included."""
        return cpu_seconds(self.pid)

    def end(self) -> None:
        """Kill the child and forget it."""
        if not self.closed:
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def set_size(fd: int, columns: int, rows: int) -> None:
    """Give a terminal a size; its program is told by SIGWINCH."""
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    with Path(f"/proc/{pid}/stat").open(encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
