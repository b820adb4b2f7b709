"""The whole workstation under load: the scene of ``scene.py`` in the full and in the low-bandwidth profile.

Measures the screen's CPU share, its frames and bytes a second, the engine's
CPU share, the updates a second that reached the engine meanwhile, and the time
from a key to its echo at the pty; an echo that did not come counts with the
time for which it was waited. Run by hand:
``python tests/bench/bench_workstation.py [keys] [rounds]``; prints one JSON
object. Where the reference scripts are at hand their ``TEXTUAL_FPS=240`` row
is measured in the same run. Goals of the full profile: screen ≤ 40 % of a
core at 30 frames/s, echo p50 ≤ 10 ms and p99 ≤ 40 ms, or ≤ 1.25 of that row
where it is larger. Goal of the low one: ≤ 40 kB/s, the same echo.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time

from scene import Scene
from terminal import Terminal, cpu_seconds, reference_script

PEER = reference_script("b6_tui.py")
KEYS = 200
SECONDS = 10.0
LONGEST_S = 2.0
"""For this long an echo is waited for."""


def delivered(before: tuple[int, int], after: tuple[int, int]) -> float:
    """Give the events a second between two counts with their stamps."""
    return (after[0] - before[0]) / (after[1] - before[1]) * 1e9


def shares(screen: Terminal, engine: int) -> dict[str, float]:
    cpu, engine_cpu, frames, written = screen.cpu_seconds(), cpu_seconds(engine), screen.frames, screen.bytes
    began = time.perf_counter()
    screen.drain(SECONDS)
    elapsed = time.perf_counter() - began
    return {
        "screen_cpu_pct": (screen.cpu_seconds() - cpu) / elapsed * 100,
        "engine_cpu_pct": (cpu_seconds(engine) - engine_cpu) / elapsed * 100,
        "frames_s": (screen.frames - frames) / elapsed,
        "kb_s": (screen.bytes - written) / elapsed / 1e3,
    }


def echoes(screen: Terminal, keys: int) -> dict[str, float]:
    """Type quantities digit by digit; the entry line echoes what stands there so far."""
    rnd = random.Random(2)
    times: list[float] = []
    missed = 0
    while len(times) < keys:
        number = ""
        for _ in range(5):
            screen.drain(0.02 + rnd.random() * 0.06)
            number += str(rnd.randrange(1, 10))
            sent = screen.type(number[-1].encode())
            seen = screen.until_line(f"qty {number} ", LONGEST_S)
            missed += seen is None
            times.append((LONGEST_S if seen is None else seen - sent) * 1e3)
        screen.drain(0.05)
        screen.type(b"\x1b")
        screen.drain(0.3)
    if missed == len(times):
        raise SystemExit("no key was ever echoed")
    times.sort()
    return {
        "echo_p50_ms": times[len(times) // 2],
        "echo_p95_ms": times[int(len(times) * 0.95)],
        "echo_p99_ms": times[min(len(times) - 1, int(len(times) * 0.99))],
        "missed": missed,
    }


def workstation(profile: str, keys: int) -> dict[str, float]:
    with Scene(profile) as scene:
        before = scene.heard()
        measured = shares(scene.screen, scene.engine)
        measured["updates_s"] = delivered(before, scene.heard())
        measured |= echoes(scene.screen, keys)
    return {f"{profile}_{name}": value for name, value in measured.items()}


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
    results = []
    for _ in range(rounds):
        measured = workstation("full", keys) | workstation("low", keys) | peer()
        results.append({name: round(value, 2) for name, value in measured.items()})
    print(json.dumps({"bench": "workstation", "keys": keys, "rounds": results}))


if __name__ == "__main__":
    main()
