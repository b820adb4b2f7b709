"""The bare command paints first and loads the rest afterwards."""

from __future__ import annotations

import json
import os
import pty
import struct
import subprocess
import sys
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

from termdesk.ui.launch import FRAMES_PER_SECOND

FIRST_PAINT = """
import json, os, sys, time
from pathlib import Path
out = Path(sys.argv.pop())
from termdesk.__main__ import main
import termdesk.ui.launch

def run(options):
    from termdesk.ui.app import TermdeskApp

    def painted(self):
        out.write_text(json.dumps({"modules": sorted(sys.modules), "fps": os.environ["TEXTUAL_FPS"]}))
        leave(self, time.monotonic() + 20)

    def leave(self, latest):
        # On a busy machine the bars are painted with the second frame.
        shown = "".join(segment.text for strip in self.screen._compositor.render_strips() for segment in strip)
        is_whole = "generated prices" in shown or time.monotonic() > latest
        self.call_after_refresh(self.exit) if is_whole else self.call_after_refresh(leave, self, latest)

    TermdeskApp._open_link = painted
    return plain(options)

plain, termdesk.ui.launch.run = termdesk.ui.launch.run, run
main()
"""
LATER = {"pandas", "numpy", "ta", "httpx", "typer", "websockets", "lark", "sqlite3", "cryptography", "click"}


def in_terminal(arguments: list[str], **environment: str) -> tuple[int, str]:
    """Run a command in a terminal of 120×40; gives its exit code and what it wrote."""
    ours, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    # Headless apps of earlier tests leave COLUMNS and LINES behind, which would win over the terminal's own size.
    inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    process = subprocess.Popen(
        arguments, stdin=theirs, stdout=theirs, stderr=theirs, env={**inherited, **environment}, start_new_session=True
    )
    os.close(theirs)
    written = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux ends a terminal whose last process has gone with an error
            break
        if not part:
            break
        written += part
    os.close(ours)
    return process.wait(10), written.decode(errors="replace")


def test_first_paint_comes_before_anything_heavy_is_loaded(tmp_path: Path) -> None:
    out = tmp_path / "seen.json"
    code, written = in_terminal([sys.executable, "-c", FIRST_PAINT, str(out)])
    assert code == 0, written
    seen = json.loads(out.read_text())
    assert {name.partition(".")[0] for name in seen["modules"]} & LATER == set()
    assert not [name for name in seen["modules"] if name.startswith(("termdesk.engine", "termdesk.client"))]
    assert written.count("connecting …") >= 4
    for pane in ("watchlist", "ladder", "chart", "tape", "blotter", "DEMO · generated prices"):
        assert pane in written
    assert seen["fps"] == FRAMES_PER_SECOND


def test_own_frame_clock_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "seen.json"
    in_terminal([sys.executable, "-c", FIRST_PAINT, str(out)], TEXTUAL_FPS="30")
    assert json.loads(out.read_text())["fps"] == "30"


def test_wrong_theme_is_said_before_the_screen_opens() -> None:
    code, written = in_terminal([sys.executable, "-m", "termdesk", "--theme", "drak"])
    assert code == 2
    assert "screen.theme: expected auto, dark, " in written
    assert "or the path of a .toml file, was 'drak'" in written
    assert "\x1b[?1049h" not in written


def test_wrong_key_of_the_configuration_names_the_nearest(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[screen]\nlanguge = "zh"\n')
    code, written = in_terminal([sys.executable, "-m", "termdesk", "--config", str(own)])
    assert code == 2
    assert "did you mean language" in written
