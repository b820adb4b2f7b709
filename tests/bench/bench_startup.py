"""Cold start: exec of ``termdesk`` with no engine running, to first paint and to the first live quote.

Beside an empty Textual app in the same run, in turns, read from a real pty.
Run by hand: ``python tests/bench/bench_startup.py [rounds]``; prints one JSON
object with ratios. Measured twice: a first start, and the saved workspace of
``scene.py`` with three ladders on a terminal of 200x50. Goals: first paint
≤ 1.5, first live quote ≤ 4.5; first paint of the saved workspace ≤ 1.7.
"""

from __future__ import annotations

import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scene import COLUMNS, ROWS, write_files
from terminal import Terminal

HELLO = """
from textual.app import App
from textual.widgets import Static
class Hello(App):
    def compose(self):
        yield Static("HELLO_MARK")
Hello().run()
"""
TERMDESK = [sys.executable, "-m", "termdesk"]
FIRST_PAINT = b"connecting"
LAST_PRICE = re.compile(rb"\d\d\d\.\d\d\d? ")


def hello() -> dict[str, float]:
    with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
        file.write(HELLO)
        file.flush()
        screen = Terminal([sys.executable, file.name], {})
        painted = screen.until(b"HELLO_MARK", 20)
        screen.end()
    assert painted is not None
    return {"hello_ms": (painted - screen.started) * 1e3}


def first_price(screen: Terminal) -> float | None:
    limit = time.perf_counter() + 20
    seen = b""
    while time.perf_counter() < limit:
        seen = (seen + screen.pump(0.1))[-65536:]
        if LAST_PRICE.search(seen):
            return time.perf_counter()
    return None


def saved() -> dict[str, float]:
    """Start into the saved workspace; what its engine does afterwards is not waited for."""
    with tempfile.TemporaryDirectory() as home:
        write_files(Path(home), "full")
        env = {"TERMDESK_HOME": home, "LANG": "C.UTF-8"}
        screen = Terminal(TERMDESK, env, columns=COLUMNS, rows=ROWS)
        painted = screen.until(FIRST_PAINT, 20)
        screen.drain(2)
        screen.end()
        stop_engine(env)
    assert painted is not None
    return {"saved_painted_ms": (painted - screen.started) * 1e3}


def stop_engine(env: dict[str, str]) -> None:
    """End the engine that a screen started, which may not answer yet."""
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        asked = [*TERMDESK, "status", "--json"]
        status = subprocess.run(asked, env={**os.environ, **env}, capture_output=True, text=True, check=False)
        if status.returncode == 0:
            pid = json.loads(status.stdout)["pid"]
            os.kill(pid, signal.SIGKILL)
            while Path(f"/proc/{pid}").exists():
                time.sleep(0.02)
            return
    raise SystemExit("the engine did not start")


def termdesk() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as home:
        env = {"TERMDESK_HOME": home, "LANG": "C.UTF-8"}
        screen = Terminal(TERMDESK, env)
        painted = screen.until(FIRST_PAINT, 20)
        quoted = first_price(screen)
        screen.end()
        stop_engine(env)
    assert painted is not None
    assert quoted is not None
    return {"painted_ms": (painted - screen.started) * 1e3, "quoted_ms": (quoted - screen.started) * 1e3}


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    measured: dict[str, list[float]] = {}
    for round_ in range(rounds + 1):
        for run in (hello, termdesk, saved):
            for name, value in run().items():
                if round_:
                    measured.setdefault(name, []).append(value)
    medians = {name: statistics.median(values) for name, values in measured.items()}
    spread = {name: [round(min(v)), round(statistics.median(v)), round(max(v))] for name, v in measured.items()}
    print(
        json.dumps(
            {
                "bench": "startup",
                "rounds": rounds,
                "min_median_max_ms": spread,
                "painted_to_hello": round(medians["painted_ms"] / medians["hello_ms"], 2),
                "saved_painted_to_hello": round(medians["saved_painted_ms"] / medians["hello_ms"], 2),
                "quoted_to_hello": round(medians["quoted_ms"] / medians["hello_ms"], 2),
            }
        )
    )


if __name__ == "__main__":
    main()
