"""The terminal as Textual drives it, with a keyboard that may send anything."""

from __future__ import annotations

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
