"""The full trade workspace under load, set up by a user's own means: files of the configuration, and keys.

1,000 instruments in the watchlist, three ladders of which two are locked on
instruments of their own, chart, tape and a blotter with working orders, all
seen at once at 200x50; 20,000 updates a second; engine and screen are two
processes.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self

from terminal import Line, Terminal

TERMDESK = [sys.executable, "-m", "termdesk"]
INSTRUMENTS, UPDATES_S = 1_000, 20_000
COLUMNS, ROWS = 200, 50
TICKET_ROW = ROWS - 4
ORDERS = 6
CONFIG = """
[orders]
armed_at_start = true
[ladder]
count = 3
[screen]
profile = "{profile}"
"""
PANE = {"type": "pane", "cells": 0, "weight": 1}
WORKSPACE = {
    "shown": "trade",
    "changed": {
        "trade vast": {
            "type": "split",
            "axis": "column",
            "parts": [
                {
                    "type": "split",
                    "axis": "row",
                    "parts": [PANE | {"pane": "watchlist", "cells": 46}, PANE | {"pane": "ladders"}],
                },
                {
                    "type": "split",
                    "axis": "row",
                    "cells": 13,
                    "parts": [
                        PANE | {"pane": "chart"},
                        PANE | {"pane": "tape", "cells": 32},
                        PANE | {"pane": "blotter"},
                    ],
                },
            ],
        }
    },
}
UP, DOWN, ENTER, ESCAPE, TAB, F1, F2, F3, F4, F5, F9 = (
    b"\x1b[A", b"\x1b[B", b"\r", b"\x1b", b"\t", b"\x1bOP", b"\x1bOQ", b"\x1bOR", b"\x1bOS", b"\x1b[15~", b"\x1b[20~",
)  # fmt: skip


def write_files(home: Path, profile: str) -> None:
    """Write the configuration and the saved workspace of the scene below a home folder."""
    for folder in ("config", "state"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    (home / "config" / "config.toml").write_text(CONFIG.format(profile=profile), "utf-8")
    (home / "state" / "workspaces.json").write_text(json.dumps(WORKSPACE), "utf-8")


class Scene:
    """An engine under load and a screen in a pty with everything in sight.

    Args:
        profile: Bandwidth profile of the screen: ``full`` or ``low``.
    """

    def __init__(self, profile: str = "full") -> None:
        self._home = tempfile.TemporaryDirectory()
        write_files(Path(self._home.name), profile)
        self.env = {"TERMDESK_HOME": self._home.name, "LANG": "C.UTF-8"}
        self.chance = random.Random(2)
        self.engine = self._start_engine()
        self.screen = Terminal([*TERMDESK, "--desk", "load"], self.env, columns=COLUMNS, rows=ROWS)
        self.screen.line = Line(TICKET_ROW)

    def __enter__(self) -> Self:
        self.screen.until(b"qty ", 20)
        self.screen.drain(2)
        self.keys(F9, F2, b"L", TAB, b"]", b"L", TAB, b"]")  # two ladders are locked, the third follows
        for _ in range(ORDERS):
            self.place_order()
        self.screen.drain(1)
        return self

    def __exit__(self, *_: object) -> None:
        self.screen.end()
        stop = [*TERMDESK, "stop", "--desk", "load"]
        subprocess.run(stop, env={**os.environ, **self.env}, check=False, capture_output=True)
        self._home.cleanup()

    def heard(self) -> tuple[int, int]:
        """Ask the engine how many events its feed has told it, and when that was, in nanoseconds."""
        asked = [*TERMDESK, "status", "--desk", "load", "--json"]
        done = subprocess.run(asked, env={**os.environ, **self.env}, capture_output=True, text=True, check=True)
        status = json.loads(done.stdout)
        return sum(feed["events"] for feed in status["feeds"]), status["wall_ns"]

    def keys(self, *strokes: bytes) -> None:
        """Press keys as a hand does, reading what the screen writes meanwhile."""
        for stroke in strokes:
            self.screen.type(stroke)
            self.screen.drain(0.25 if stroke == ESCAPE else 0.06 + self.chance.random() * 0.08)

    def place_order(self) -> None:
        """Stage an order away from the market and send it."""
        rows = self.chance.randrange(8, 13)
        self.keys(b"\x1b[H", *([DOWN] * rows), b"b")
        self.screen.drain(0.3)
        self.keys(ENTER)
        self.screen.drain(0.8)  # a second order sooner is taken for a held key

    def _start_engine(self) -> int:
        load = ["--feed", "load", "--symbols", f"n={INSTRUMENTS},rate={UPDATES_S}", "--desk", "load"]
        env = {**os.environ, **self.env}
        subprocess.Popen([*TERMDESK, "engine", *load], env=env, stderr=subprocess.DEVNULL)
        limit = time.monotonic() + 20
        while time.monotonic() < limit:
            asked = [*TERMDESK, "status", "--desk", "load", "--json"]
            status = subprocess.run(asked, env=env, capture_output=True, text=True, check=False)
            if status.returncode == 0:
                return int(json.loads(status.stdout)["pid"])
            time.sleep(0.1)
        raise SystemExit("the engine did not start")
