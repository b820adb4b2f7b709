"""The terminal as Textual drives it, with a keyboard that may send anything, and that may go away."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import IO, Any

from textual._time import get_time
from textual.drivers.linux_driver import LinuxDriver

from termdesk.ui.keys.reader import KeyReader

GONE = 128 + signal.SIGHUP
"""Exit code of a screen whose terminal has gone: as if the hang-up, which it may be told to ignore, had ended it."""


class LastingFile:
    """A terminal's file that is written to without an error after it has gone.

    Textual's writer would end with the error, and the screen wait for it for ever.

    Args:
        file: What is written to.
        gone: Called once, by the thread that writes, when the file takes nothing more.
    """

    def __init__(self, file: IO[str], gone: Callable[[], object]) -> None:
        self._file = file
        self._gone: Callable[[], object] | None = gone

    def write(self, text: str) -> int:
        """Write, as long as that is possible."""
        return self._tried(lambda: self._file.write(text))

    def flush(self) -> None:
        """Flush, as long as that is possible."""
        self._tried(self._file.flush)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the file has
        """Give everything else as the file has it."""
        return getattr(self._file, name)

    def _tried(self, do: Callable[[], int | None]) -> int:
        if self._gone is None:
            return 0
        try:
            return do() or 0
        except OSError:
            gone, self._gone = self._gone, None
            gone()
            return 0


class TolerantDriver(LinuxDriver):
    """Reads keys in its own way (``KeyReader``).

    A terminal that has gone ends the screen in order; its engine is left alone.
    """

    def __init__(self, *args: Any, **named: Any) -> None:  # noqa: ANN401  # Textual's own
        super().__init__(*args, **named)
        self._file: Any = LastingFile(self._file, self._end)

    def run_input_thread(self) -> None:
        """Read keys until the screen ends, or the terminal does."""
        try:
            KeyReader(self.fileno, get_time).run(self.exit_event.is_set, self.process_message)
        except OSError:
            self._end()

    @property
    def can_suspend(self) -> bool:
        """Whether a shell with job control started the screen: nobody else would let it go on (POSIX.1-2017, 2.4.3)."""
        parent = os.getppid()
        try:
            return os.getsid(parent) == os.getsid(0) and os.getpgid(parent) != os.getpgrp()
        except OSError:  # the parent has gone, or is someone else's
            return False

    def _sigtstp_application(self, *_: object) -> None:
        if self.can_suspend:
            super()._sigtstp_application()

    def _sigcont_application(self, *_: object) -> None:
        """Take the terminal over again where it was given back; Textual would do so twice after a plain stop."""
        if self._must_signal_resume:
            super()._sigcont_application()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._app.exit, None, GONE)
