"""One screen in a pty: every byte that its terminal receives is kept."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence

from terminal import Terminal, set_size
from wire_text import Received, taken_apart


class PtyScreen(Terminal):
    """The program in a pty. Ends with the ``with`` block."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str | None], columns: int = 120, rows: int = 40) -> None:
        super().__init__(list(argv), env, columns, rows)
        self.data = bytearray()
        self._is_forgotten = False

    def __enter__(self) -> PtyScreen:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_forgotten:
            self.end()

    def forget(self) -> None:
        """The program has ended and was waited for; its terminal is closed."""
        self._is_forgotten = True

    def pump(self, timeout: float) -> bytes:
        """Read and keep."""
        data = super().pump(timeout)
        self.data += data
        return data

    def received(self, since: int = 0) -> Received:
        """Take apart what came since a byte."""
        return taken_apart(bytes(self.data[since:]))

    def says(self, wanted: str | Callable[[Received], object], since: int = 0, within_s: float = 30.0) -> Received:
        """Wait until a text came, or until what came satisfies something."""
        limit = time.monotonic() + within_s
        holds: Callable[[Received], object] = wanted if callable(wanted) else lambda received: wanted in received.text
        while not holds(received := self.received(since)):
            assert time.monotonic() < limit, f"never came: {wanted}\n{received.text[-3000:]}"
            assert not self.closed, f"it ended before it said {wanted}\n{received.text[-3000:]}"
            self.pump(0.25)
        return received

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        set_size(self.fd, columns, rows)

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)
