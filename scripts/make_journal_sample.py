"""Keep the journal of a scripted session for the tests: what this build wrote must load for ever.

``python scripts/make_journal_sample.py NAME`` runs the ``termdesk`` of the
current directory and makes ``tests/journal/samples/NAME/`` of the directory
that holds this script: the journal, and ``expected.json`` with what that build
said of its orders, fills, cash and conditions. To keep another build's, check
it out elsewhere and run this script from there; NAME is best its commit.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parent.parent / "tests/journal/samples"
START_NS = 1_700_000_000_000_000_000
SECOND = 10**9
DESK = "replay-sample"
INSTRUMENT = "BTCUSDT.BINANCE"
UNIT = 10**8
MID = 10_000
"""In cents; the market walks up and down around it."""


def stream(ns: int, name: str, data: dict[str, object]) -> str:
    """Write one line of a recording: receive time and message."""
    event = {"E": (START_NS + ns) // 10**6, "s": "BTCUSDT"} | data
    return f"{START_NS + ns} {json.dumps({'stream': f'btcusdt@{name}', 'data': event})}"


def level(price: int, qty: float) -> list[str]:
    """Write one level of the book."""
    return [f"{price / 100:.8f}", f"{qty:.8f}"]


def depth(ns: int, first: int, bids: list[list[str]], asks: list[list[str]]) -> str:
    """Write a change of the book with the update ids ``first`` and the next."""
    return stream(ns, "depth@100ms", {"e": "depthUpdate", "U": first, "u": first + 1, "b": bids, "a": asks})


def trade(ns: int, number: int, price: int, qty: float, *, sold: bool) -> str:
    """Write one trade."""
    terms = {"e": "trade", "t": number, "p": f"{price / 100:.8f}", "q": f"{qty:.8f}", "m": sold, "M": True}
    return stream(ns, "trade", terms | {"T": (START_NS + ns) // 10**6})


def recording(path: Path) -> None:
    """A still book of five levels a side; from second 2 on trades run through it, twelve a second, up and down."""
    bids = [level(MID - n, 2.0) for n in range(1, 6)]
    asks = [level(MID + n, 2.0) for n in range(1, 6)]
    snapshot = {"lastUpdateId": 100, "bids": bids, "asks": asks}
    lines = [depth(0, 101, [], []), f"{START_NS + 10**6} {json.dumps(snapshot)}"]
    for number in range(60):
        ns = 2 * SECOND + number * SECOND // 12
        away = 1 + number // 12
        sold = number % 2 == 0
        price = MID - away if sold else MID + away
        lines.append(trade(ns, number + 1, price, 0.7, sold=sold))
        lines.append(depth(ns, 103 + 2 * number, [level(MID - 1, 2.0)], [level(MID + 1, 2.0)]))
    path.write_bytes(gzip.compress("\n".join([*lines, ""]).encode(), mtime=0))


def submit(name: str, side: str, price: int | None, qty: float, **more: object) -> dict[str, object]:
    """Give a submit command."""
    kind = "market" if price is None else "limit"
    terms = {"account": "margin", "instrument": INSTRUMENT, "side": side, "ord_type": kind, "qty": round(qty * UNIT)}
    return {"type": "submit_order", "command_id": name, **terms, "price": price, **more}


def commands() -> list[tuple[float, dict[str, object]]]:
    """What the person of the script does, by seconds after the start."""
    alert = {"type": "last_at_or_above", "instrument": INSTRUMENT, "price": MID + 2}
    return [
        (0.5, submit("take", "buy", None, 3.5)),
        (0.6, submit("rest", "buy", MID - 1, 1.0, account="cash")),
        (0.7, submit("partly", "sell", MID + 1, 12.0, note="名", tags=["a", "b"])),
        (0.8, submit("amended", "buy", MID - 4, 0.5)),
        (0.9, {"type": "amend_order", "command_id": "amend", "order_id": "O4", "price": MID - 3}),
        (1.0, submit("cancelled", "buy", MID - 5, 0.25)),
        (1.05, submit("resting", "buy", MID - 50, 0.75, account="cash")),
        (1.1, {"type": "cancel_order", "command_id": "cancel", "order_id": "O5"}),
        (1.2, {"type": "arm_condition", "command_id": "fires", "predicate": alert, "action": {"type": "notify"}}),
        (1.3, {"type": "arm_condition", "command_id": "stays", "predicate": alert | {"price": MID + 900},
               "action": {"type": "notify"}}),
        (1.4, submit("refused", "sell", MID, 10.0, account="cash")),
        (1.5, submit("at-once", "sell", MID - 1, 30.0, time_in_force="ioc")),
        (5.5, submit("late", "sell", MID + 5, 0.5, reduce_only=True)),
        (6.0, submit("poor", "buy", MID, 10**6)),
        (6.5, {"type": "cancel_all", "command_id": "all", "side": "sell"}),
    ]  # fmt: skip


class Build:
    """The termdesk of the current directory, with a home of its own."""

    def __init__(self, home: Path) -> None:
        self._env = os.environ | {"TERMDESK_HOME": str(home), "PYTHONPATH": str(Path.cwd())}
        self.folder = home / "state/runs" / DESK

    def engine(self, *options: str) -> subprocess.Popen[bytes]:
        """Start its engine."""
        return subprocess.Popen([*self._command("engine", "--desk", DESK), "--speed", "max", *options], env=self._env)

    def ask(self, *words: str) -> Any:  # noqa: ANN401 - whatever JSON says
        """Give what a console command prints as JSON."""
        told = subprocess.run(self._command(*words), env=self._env, check=True, stdout=subprocess.PIPE).stdout
        return json.loads(told)

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "termdesk", *words]


def ended(build: Build) -> bool:
    """Whether its engine answers and has played all."""
    try:
        return bool(build.ask("status", "--desk", DESK, "--json")["replay"]["ended"])
    except subprocess.CalledProcessError:
        return False


def play(build: Build, home: Path) -> dict[str, Any]:
    """Play the session in two runs and give what the build says of it at the end."""
    recording(home / "btcusdt.gz")
    lines = [{"at_ns": START_NS + int(at * SECOND), "actor": "me", "command": command} for at, command in commands()]
    file = home / "commands.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines[:-3]), encoding="utf-8")
    source = ("--replay", str(home / "btcusdt.gz"))
    first = build.engine(*source, "--commands", str(file), "--until", str(START_NS + 4 * SECOND), "--exit-at-end")
    if first.wait(60):
        raise SystemExit("the first run failed")
    file.write_text("".join(json.dumps(line) + "\n" for line in lines[-3:]), encoding="utf-8")
    second = build.engine(*source, "--commands", str(file))
    until = time.monotonic() + 60
    while not ended(build):
        if time.monotonic() > until or second.poll() is not None:
            raise SystemExit("the second run did not come to its end")
    said = {what: build.ask(what, "--desk", DESK, "--json") for what in ("orders", "fills", "account", "conditions")}
    build.ask("stop", "--desk", DESK, "--json")
    second.wait(60)
    return said


def main() -> None:
    """Play, then put journal and expectation into the sample's folder."""
    target = SAMPLES / sys.argv[1]
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as name:
        build = Build(Path(name))
        said = play(build, Path(name))
        for file in sorted(build.folder.glob("journal.*")):
            if file.name.endswith((".sqlite", ".head")):
                shutil.copy(file, target)
    with sqlite3.connect(target / "journal.sqlite") as db:
        db.execute("PRAGMA journal_mode=DELETE")
    text = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True)
    (target / "expected.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
