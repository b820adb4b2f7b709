"""A tmux server of its own: the real program in a real terminal, driven by keys, read from its screen."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from wire_text import Received, taken_apart

from termdesk.ui.orders.strokes import PIECES_S, TEXT

MISSING = None if shutil.which("tmux") else "tmux is not installed"
LOOK_S = 0.03
"""Between two looks at a screen; tmux has no event for a text that appears."""
SHOWN_WITHIN_S = 30.0
HAND_S = 0.05
"""Least time between two strokes of a hand; what comes sooner is taken for pasted text."""
AFTER_TEXT_S = 2 * PIECES_S
"""What a hand needs after so many keys at once that they are taken for a text."""


class Tmux:
    """One server on a socket in ``folder``; closing it kills every program in it."""

    def __init__(self, folder: Path, terminal: str = "tmux-256color") -> None:
        self._socket = folder / "tmux.sock"
        self._terminal = terminal
        self._folder = folder
        self._panes = 0

    def run(self, *words: str, given: str | None = None) -> str:
        """Give a tmux command; gives what it prints."""
        called = ["tmux", "-u", "-S", str(self._socket), "-f", "/dev/null", *words]
        done = subprocess.run(called, capture_output=True, text=True, input=given, check=False, timeout=20)
        assert done.returncode == 0, f"tmux {shlex.join(words)}: {done.stderr}"
        return done.stdout

    def open(
        self, argv: Sequence[str], env: Mapping[str, str | None], columns: int = 120, rows: int = 40
    ) -> TmuxScreen:
        """Run a program in a window of a size; a variable that is None is taken out of its environment.

        It begins when its output is being kept.
        """
        words = ["exec", "env"]
        for name, value in env.items():
            words += ["-u", name] if value is None else []
        words += [f"{name}={value}" for name, value in env.items() if value is not None]
        size = ["-x", str(columns), "-y", str(rows)]
        if self._panes == 0:
            self.run("new-session", "-d", "-s", "0", *size, "cat")
            self.run("set", "-g", "remain-on-exit", "on")
            self.run("set", "-g", "status", "off")
            self.run("set", "-g", "default-terminal", self._terminal)
            self.run("set", "-g", "set-clipboard", "external")
        self._panes += 1
        name = str(self._panes)
        kept = self._folder / f"output-{name}"
        self.run("new-session", "-d", "-s", name, *size, f"stty -echo; read go; {shlex.join([*words, *argv])}")
        screen = TmuxScreen(self, name, kept)
        self.run("pipe-pane", "-O", "-t", f"={name}:", f"exec cat >{shlex.quote(str(kept))}")
        screen.press("Enter")
        return screen

    def close(self) -> None:
        """Kill the server and what runs in it."""
        if self._panes:
            self.run("kill-server")


class TmuxScreen:
    """One program's screen, and every byte that it wrote. Stays readable when the program has ended."""

    def __init__(self, server: Tmux, name: str, kept: Path) -> None:
        self._server = server
        self._target = f"={name}:"
        self._kept = kept
        self._pause_s = 0.0

    @property
    def data(self) -> bytes:
        """All that the program has written."""
        return self._kept.read_bytes()

    def received(self, since: int = 0) -> Received:
        """Take apart what it wrote since a byte."""
        return taken_apart(self.data[since:])

    def text(self, styled: bool = False) -> str:
        """Give what is on the screen now, with its colours as escape sequences if ``styled``."""
        return self._server.run("capture-pane", "-p", "-t", self._target, *(["-e"] if styled else []))

    def lines(self) -> list[str]:
        """Give the lines of the screen."""
        return self.text().split("\n")

    def shows(self, wanted: str | Callable[[str], object], within_s: float = SHOWN_WITHIN_S) -> str:
        """Wait until a text is on the screen, or until the screen's text satisfies something; gives the text."""
        limit = time.monotonic() + within_s
        holds: Callable[[str], object] = wanted if callable(wanted) else lambda text: wanted in text
        while not holds(text := self.text()):
            assert time.monotonic() < limit, f"never came: {wanted if isinstance(wanted, str) else ''}\n{text}"
            time.sleep(LOOK_S)
        return text

    def shows_no(self, unwanted: str, within_s: float = SHOWN_WITHIN_S) -> str:
        """Wait until a text is gone from the screen."""
        return self.shows(lambda text: unwanted not in text, within_s)

    def press(self, *keys: str) -> None:
        """Press keys by their tmux names: Enter, Escape, Tab, F9, C-q, M-j; no sooner than a hand does."""
        time.sleep(self._pause_s)
        self._pause_s = HAND_S if len(keys) < TEXT else AFTER_TEXT_S
        self._server.run("send-keys", "-t", self._target, *keys)

    def type(self, text: str) -> None:
        """Press the keys of a text at once, as a paste without brackets does."""
        self._server.run("send-keys", "-t", self._target, "-l", text)

    def paste(self, text: str) -> None:
        """Paste as the terminal does, in brackets where the program asked for them."""
        self._server.run("load-buffer", "-", given=text)
        self._server.run("paste-buffer", "-p", "-d", "-t", self._target)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        self._server.run("resize-window", "-t", self._target, "-x", str(columns), "-y", str(rows))

    def tells(self, what: str) -> str:
        """Give one of tmux' variables, such as ``pane_pid``, ``alternate_on``, ``cursor_flag``, ``mouse_any_flag``."""
        return self._server.run("display-message", "-p", "-t", self._target, f"#{{{what}}}").strip()

    @property
    def pid(self) -> int:
        """Process id of the program."""
        return int(self.tells("pane_pid"))

    def ends(self, within_s: float = SHOWN_WITHIN_S) -> int:
        """Wait until the program has ended; gives its exit code, or the negative number of its signal.

        tmux 3.3 now and then misses that a child has ended: its pane is dead,
        but the child stays a zombie and its code unknown until it looks again.
        """
        limit = time.monotonic() + within_s
        while not (told := self.tells("pane_dead_signal") or self.tells("pane_dead_status")):
            if self.tells("pane_dead") == "1":
                os.kill(int(self.tells("pid")), signal.SIGCHLD)  # a busy server loses some, and reaps no more
            assert time.monotonic() < limit, f"it still runs:\n{self.text()}"
            if self.tells("pane_dead") == "1":
                os.kill(int(self.tells("pid")), signal.SIGCHLD)
            time.sleep(LOOK_S)
        return -int(told) if self.tells("pane_dead_signal") else int(told)
