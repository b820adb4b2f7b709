"""The whole workstation under load: 200 instruments at 20,000 updates a second, engine and screen in two processes.

Measures the screen's CPU share, its frames a second, the engine's CPU share,
and the time from a key to its echo at the pty. Run by hand:
``python tests/bench/bench_workstation.py [keys] [rounds]``; prints one JSON
object. Where the reference scripts are at hand their ``TEXTUAL_FPS=240`` row
is measured in the same run. Goals: screen ≤ 30 % of a core at 30 frames/s,
echo p50 ≤ 10 ms and p99 ≤ 40 ms, or ≤ 1.25 of that row where it is larger.
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

from terminal import Terminal, cpu_seconds

TERMDESK = [sys.executable, "-m", "termdesk"]
PEER = Path(__file__).resolve().parents[3] / "shared" / "bench" / "b6_tui.py"
LOAD = ["--feed", "load", "--symbols", "n=200,rate=20000", "--desk", "load"]
KEYS = 200
SECONDS = 8.0


def start_engine(env: dict[str, str]) -> int:
    subprocess.Popen([*TERMDESK, "engine", *LOAD], env={**os.environ, **env}, stderr=subprocess.DEVNULL)
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        asked = [*TERMDESK, "status", "--desk", "load", "--json"]
        status = subprocess.run(asked, env={**os.environ, **env}, capture_output=True, text=True, check=False)
        if status.returncode == 0:
            return int(json.loads(status.stdout)["pid"])
        time.sleep(0.1)
    raise SystemExit("the engine did not start")


def shares(screen: Terminal, engine: int) -> dict[str, float]:
    before, began, frames = (screen.cpu_seconds(), cpu_seconds(engine)), time.perf_counter(), screen.frames
    screen.drain(SECONDS)
    elapsed = time.perf_counter() - began
    return {
        "screen_cpu_pct": (screen.cpu_seconds() - before[0]) / elapsed * 100,
        "engine_cpu_pct": (cpu_seconds(engine) - before[1]) / elapsed * 100,
        "frames_s": (screen.frames - frames) / elapsed,
    }


def echoes(screen: Terminal, keys: int) -> dict[str, float]:
    """Type quantities digit by digit; the entry line echoes what stands there so far."""
    rnd = random.Random(2)
    times: list[float] = []
    missed = 0
    while len(times) + missed < keys:
        number = ""
        for _ in range(5):
            screen.drain(0.02 + rnd.random() * 0.06)
            number += str(rnd.randrange(1, 10))
            sent = screen.type(number[-1].encode())
            seen = screen.until(f"m{number}\x1b".encode(), 2)
            if seen is None:
                missed += 1
            else:
                times.append((seen - sent) * 1e3)
        screen.drain(0.05)
        screen.type(b"\x1b")
        screen.drain(0.3)
    times.sort()
    return {
        "echo_p50_ms": times[len(times) // 2],
        "echo_p95_ms": times[int(len(times) * 0.95)],
        "echo_p99_ms": times[min(len(times) - 1, int(len(times) * 0.99))],
        "missed": missed,
    }


def workstation(keys: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as home:
        env = {"TERMDESK_HOME": home, "LANG": "C.UTF-8"}
        engine = start_engine(env)
        screen = Terminal([*TERMDESK, "--desk", "load"], env, columns=200, rows=50)
        try:
            screen.until(b"qty ", 20)
            screen.drain(3)
            return shares(screen, engine) | echoes(screen, keys)
        finally:
            screen.end()
            subprocess.run([*TERMDESK, "stop", "--desk", "load"], env={**os.environ, **env}, check=False)


def peer() -> dict[str, float]:
    if not PEER.is_file():
        return {}
    env = {**os.environ, "ONLY": "TEXTUAL_FPS=240", "ROUNDS": "1"}
    done = subprocess.run(
        [sys.executable, str(PEER)], env=env, capture_output=True, text=True, check=True, cwd=PEER.parent
    )
    rows = json.loads(done.stdout)["results"]["latency_20k/s"]
    row = next(iter(rows.values()))
    return {f"peer_{name}": row[name]["med"] for name in ("p50_ms", "p99_ms", "app_cpu_pct")}


def main() -> None:
    keys = int(sys.argv[1]) if len(sys.argv) > 1 else KEYS
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    results = [{name: round(value, 2) for name, value in (workstation(keys) | peer()).items()} for _ in range(rounds)]
    print(json.dumps({"bench": "workstation", "keys": keys, "rounds": results}))


if __name__ == "__main__":
    main()
