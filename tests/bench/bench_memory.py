"""Memory of the screen in the full scene, with a hand that goes on pressing keys.

Run by hand: ``python tests/bench/bench_memory.py [minutes]``, 60 without a
number; prints one JSON object. Orders are placed and cancelled, panes,
instruments, workspaces and dialogs change. Every 10 s the resident and the
proportional set of the screen are read, in MB of 2^20 bytes. Goals after an
hour: peak ≤ 120 MB, growth in the last half ≤ 1 MB. It is a report and fails
at nothing.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

from scene import DOWN, ENTER, ESCAPE, F1, F2, F4, F5, TAB, UP, Scene

SAMPLE_S = 10.0
MEGABYTE = 1024


def memory(pid: int) -> dict[str, float]:
    """Resident and proportional set of a process, MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    figures = {line.partition(":")[0]: line.split()[1] for line in lines[1:]}
    return {name.lower(): int(figures[name]) / MEGABYTE for name in ("Rss", "Pss")}


def round_of_keys(scene: Scene, turn: int) -> None:
    """Do what a trader does in half a minute."""
    scene.keys(F2)
    scene.place_order()
    scene.keys(UP, UP, b"3", b"0", b"0", ESCAPE)
    scene.keys((b"x", b"d", b"D")[turn % 3])
    scene.keys(TAB, b"]", b"]")  # other ladders, other instruments
    scene.keys(F1, *[DOWN] * 5, ENTER)
    scene.keys(F4, DOWN, DOWN, b"\x1b[H", F5, b"\x1b[C", DOWN, DOWN, b"\x1b[D")
    if turn % 4 == 0:
        scene.keys(b"?", ESCAPE, b"\x10", b"a", b"r", ESCAPE)  # key sheet and palette
    if turn % 6 == 0:
        scene.keys(b"\x1bw", b"\x1be", b"\x1bv", b"\x1bt")  # every workspace
    scene.keys(F2)


def main() -> None:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    samples: list[dict[str, float]] = []
    with Scene() as scene:
        began = time.monotonic()
        turn = 0
        while (elapsed := time.monotonic() - began) < minutes * 60 and not scene.screen.closed:
            if elapsed >= len(samples) * SAMPLE_S:
                samples.append({"at_s": round(elapsed), **memory(scene.screen.pid)})
            if turn * 3 <= len(samples):
                round_of_keys(scene, turn)
                turn += 1
            scene.screen.drain(0.5)
        closed = scene.screen.closed
    half = samples[len(samples) // 2 :]
    edge = max(1, len(half) // 10)
    growth = {
        name: statistics.median(one[name] for one in half[-edge:]) - statistics.median(one[name] for one in half[:edge])
        for name in ("rss", "pss")
    }
    report = {
        "bench": "memory",
        "minutes": minutes,
        "rounds_of_keys": turn,
        "screen_ended_early": closed,
        "peak_rss_mb": round(max(one["rss"] for one in samples), 1),
        "peak_pss_mb": round(max(one["pss"] for one in samples), 1),
        "growth_last_half_rss_mb": round(growth["rss"], 2),
        "growth_last_half_pss_mb": round(growth["pss"], 2),
        "goals": {"peak_mb": 120, "growth_last_half_mb": 1},
        "samples": [[one["at_s"], round(one["rss"], 1), round(one["pss"], 1)] for one in samples],
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
