"""The terminal as Textual drives it, with a keyboard that may send anything."""

from __future__ import annotations

import os

from textual.drivers.linux_driver import LinuxDriver


class TolerantDriver(LinuxDriver):
    """Bytes that are no UTF-8 (another charset, a line that drops bits) mean no key; Textual would end the screen."""

    def run_input_thread(self) -> None:
        """Read keys until the screen ends."""
        while True:
            try:
                return super().run_input_thread()
            except UnicodeDecodeError:
                continue

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
