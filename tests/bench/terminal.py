"""A program in a pty whose output this process reads: what a terminal would see, with times."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from unicodedata import east_asian_width

SYNC_QUERY, SYNC_ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
FRAME_END = b"\x1b[?2026l"
_AS_USERS: dict[str, str | None] = {
    "TERM": "xterm-256color",
    "COLORTERM": "truecolor",
    "LC_ALL": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": None,  # what is installed is compiled; a checkout would be anew at every start
}
_CONTROL = re.compile(rb"([?>=]?)([\d;]*)(?: ?\$?)([@-~])")
"""What follows the start of a control sequence."""


class Line:
    """One line of a terminal, kept by what a program writes: moves of the cursor and text; colours are left out.

    Args:
        row: The line, counted from 0 at the top.
    """

    def __init__(self, row: int) -> None:
        self.row = row
        self._cells: dict[int, str] = {}
        self._y = self._x = 0
        self._rest = b""

    @property
    def text(self) -> str:
        """What stands there; what was never written is blank."""
        return "".join(self._cells.get(x, " ") for x in range(max(self._cells, default=-1) + 1))

    def feed(self, data: bytes) -> None:
        """Take what was written; a sequence that is not whole yet waits for the rest."""
        parts = (self._rest + data).split(b"\x1b[")
        self._rest = b"" if len(parts) == 1 else b"\x1b[" + parts.pop()
        if self._rest and (found := _CONTROL.match(self._rest, 2)) and self._rest[found.end() :].isascii():
            parts.append(self._rest[2:])
            self._rest = b""
        self._write(parts[0])
        for part in parts[1:]:
            found = _CONTROL.match(part)
            if found is None:
                continue
            private, numbers, final = found.groups()
            if final == b"H" and not private:
                y, _, x = numbers.partition(b";")
                self._y, self._x = int(y or 1) - 1, int(x or 1) - 1
            elif final == b"G":
                self._x = int(numbers or 1) - 1
            self._write(part[found.end() :])

    def _write(self, text: bytes) -> None:
        if not text or self._y != self.row:
            return
        for character in text.decode("utf-8", "replace"):
            if character.isprintable():
                self._cells[self._x] = character
                self._x += 2 if east_asian_width(character) in "WF" else 1


def reference_script(name: str) -> Path:
    """Give where a reference script is, if it is at hand: beside one of the folders that this one lies in."""
    places = [folder / "shared" / "bench" / name for folder in Path(__file__).resolve().parents]
    return next((place for place in places if place.is_file()), places[0])


class Terminal:
    """One child in a pty of a given size; answers the synchronized-output query as terminals do.

    A variable of ``env`` that is None is taken out of the child's environment.
    """

    def __init__(self, argv: list[str], env: Mapping[str, str | None], columns: int = 120, rows: int = 40) -> None:
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            told = {**_AS_USERS, **env}
            os.environ.update({name: value for name, value in told.items() if value is not None})
            for name in (name for name, value in told.items() if value is None):
                os.environ.pop(name, None)
            set_size(0, columns, rows)
            # Handed on explicitly: readline puts sizes into the process's variables behind os.environ's back.
            os.execvpe(argv[0], argv, os.environ)
        self.bytes = self.frames = 0
        self.closed = False
        self.line: Line | None = None
        """A line to keep up to date, for ``until_line``."""
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
        if self.line is not None:
            self.line.feed(data)
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

    def until_line(self, mark: str, timeout: float) -> float | None:
        """Time at which ``mark`` stood on the line that is kept, None if it never did."""
        assert self.line is not None
        limit = time.perf_counter() + timeout
        while time.perf_counter() < limit and not self.closed:
            self.pump(0.25)
            if mark in self.line.text:
                return time.perf_counter()
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
