"""CPU of one frame: a 60x12 board of which every cell changes at 30 Hz, ours against urwid, and a 40-row ladder.

Both run in a real pty read by this process, in turns, in one run. CPU is what
the child itself measures between the first and the last frame, making the
values included. Run by hand: ``python tests/bench/bench_frame.py [rounds]``;
prints one JSON object. Goals: the board costs at most 0.6 of urwid's, the
40-row ladder of which every row changes at most 0.8 of the row ``Fast 60x12
30Hz all rows`` of the reference script, where that is at hand.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import random
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

import msgspec
from terminal import reference_script

HZ, SECONDS, ROWS, COLUMNS, CELL = 30, float(os.environ.get("SECONDS", "3")), 60, 12, 8
WIDTH, HEIGHT = 110, 61
PEER, PEER_ROW = reference_script("b6_tui.py"), "Fast 60x12 30Hz all rows"


class Values:
    """Numbers of the board and which way each went."""

    def __init__(self) -> None:
        self.random = random.Random(1)
        self.text = [["    0.00"] * COLUMNS for _ in range(ROWS)]
        self.sign = [[2] * COLUMNS for _ in range(ROWS)]

    def step(self) -> None:
        """Change every cell."""
        number, choose = self.random.random, self.random.randrange
        for row, signs in zip(self.text, self.sign, strict=True):
            for x in range(COLUMNS):
                row[x] = f"{number() * 1000:8.2f}"
                signs[x] = choose(2)


class Meter:
    """Paces frames and writes the result when the time is over."""

    def __init__(self) -> None:
        self.started = self.cpu = self.due = 0.0
        self.frames = 0

    def start(self) -> None:
        """Begin to count."""
        self.started = self.due = time.perf_counter()
        self.cpu = time.process_time()

    def wait(self) -> float | None:
        """Count a frame; gives the seconds until the next, None when it is over."""
        self.frames += 1
        now = time.perf_counter()
        if now - self.started > SECONDS:
            return None
        self.due = max(self.due + 1 / HZ, now - 1)
        return max(0.0, self.due - now)

    def finish(self) -> None:
        """Write the result."""
        cpu, elapsed = time.process_time() - self.cpu, time.perf_counter() - self.started
        result = {"cpu_ms_per_frame": cpu / self.frames * 1e3, "fps": self.frames / elapsed}
        Path(os.environ["RESULT"]).write_text(json.dumps(result), "utf-8")


def run_textual(make_surface: object) -> None:
    import asyncio

    from textual.app import ComposeResult

    from termdesk.ui.frames.output import TerminalApp

    meter = Meter()

    class Bench(TerminalApp[None]):
        def compose(self) -> ComposeResult:
            self.surface, self.step = make_surface()  # type: ignore[operator]
            yield self.surface

        def on_ready(self) -> None:
            self.work = asyncio.create_task(self.frames())

        async def frames(self) -> None:
            await asyncio.sleep(0.5)
            meter.start()
            while True:
                self.step()
                self.surface.flush()
                pause = meter.wait()
                if pause is None:
                    break
                await asyncio.sleep(pause)
            meter.finish()
            self.exit()

    Bench().run()


def board() -> tuple[object, object]:
    from termdesk.ui.lines.surface import Surface

    values = Values()
    names = ("up", "down", "text")

    class Board(Surface):
        def paint(self, width: int, height: int) -> list:
            return [
                [(text, names[sign]) for text, sign in zip(row, signs, strict=True)]
                for row, signs in zip(values.text, values.sign, strict=True)
            ]

    return Board(), values.step


def ladder() -> tuple[object, object]:
    from termdesk.core.model.instrument import Instrument, Share, TradingRule
    from termdesk.core.model.terms import OrdStatus, Side
    from termdesk.core.wire.topics import BookBody
    from termdesk.ui.lines.idiom import Idiom
    from termdesk.ui.lines.ladder import LadderModel, LadderSurface, OwnOrder
    from termdesk.ui.lines.ladder_view import LadderView, recentre

    instrument = Instrument(
        id="600519.DEMO",
        name="Demo",
        currency="CNY",
        price_decimals=2,
        qty_decimals=0,
        rules=(TradingRule("", 1, 100, 100),),
        detail=Share(),
    )
    chance = random.Random(1)
    surface = LadderSurface(Idiom(lambda key: key.rpartition(".")[2]))
    surface.styles.height = 41
    own = (OwnOrder(Side.BUY, 168_845, 200, OrdStatus.NEW, ahead=1200),)

    def step() -> None:
        bids = tuple((168_850 - i, chance.randrange(1, 90_000)) for i in range(20))
        asks = tuple((168_851 + i, chance.randrange(1, 90_000)) for i in range(20))
        book = BookBody(instrument.id, 1, bids, asks, seq=1, valid=True, recv_ns=0)
        view = recentre(LadderView(step=1, rows=40), bids[0][0], asks[0][0])
        surface.model = LadderModel(instrument, book, None, view, own=own, depth=20)

    return surface, step


def full_ladder() -> tuple[object, object]:
    """Every column, mark and strip, with every row changing in every frame."""
    from decimal import Decimal

    from termdesk.core.model.terms import Mode, Phase, Side
    from termdesk.core.wire.topics import QuoteBody
    from termdesk.ui.lines.ladder_model import LastTrade, Strip, Volume

    surface, plain_step = ladder()
    surface.styles.height = 43  # type: ignore[attr-defined]
    chance = random.Random(2)
    base = 168_850
    strip = Strip(
        mode=Mode.PAPER,
        account="cash",
        qty=300,
        average=Decimal("1688.47"),
        unrealised=Decimal(9),
        ticks=Decimal(3),
        today=Decimal(-12),
        currency="CNY",
        buys=(1, 200),
    )
    volumes = {price: Volume(chance.randrange(1, 10**6), 0, 0) for price in range(base - 300, base + 300)}
    prices = range(base - 20, base + 21)

    def step() -> None:
        plain_step()  # type: ignore[operator]
        last, below = base + chance.randrange(-3, 4), 10
        for price in prices:
            volumes[price] = Volume(volumes[price].qty + chance.randrange(1, 900), 0, 0)
        quote = QuoteBody(
            "600519.DEMO", 1, base, 300, base + 1, 500, last, chance.randrange(1, 900), Side.BUY, base - below,
            base + 15, base - 15, base - 5, 10**6, Decimal(1_688_470_000), 10, Phase.CONTINUOUS, 0, 0, "demo",
            book_valid=True, low_limit=base - 18, high_limit=base + 18,
        )  # fmt: skip
        surface.model = msgspec.structs.replace(
            surface.model,
            quote=quote,
            strip=strip,
            volumes=volumes,
            traded={price: (chance.randrange(1, 9000), chance.randrange(1, 9000)) for price in prices},
            flow={price: chance.randrange(-9000, 9000) for price in prices},
            last=LastTrade(0, 4200),
            alerts=(base + 9,),
        )

    return surface, step


def run_urwid() -> None:
    import urwid

    values, meter = Values(), Meter()
    palette = [("0", "light green", "black"), ("1", "light red", "black"), ("2", "white", "black")]
    lines = [urwid.Text("", wrap="clip") for _ in range(ROWS)]

    def draw() -> None:
        for line, row, signs in zip(lines, values.text, values.sign, strict=True):
            line.set_text([(str(sign), text) for text, sign in zip(row, signs, strict=True)])

    draw()
    loop = urwid.MainLoop(urwid.Filler(urwid.Pile(lines), "top"), palette)
    loop.screen.set_terminal_properties(colors=256)

    def tick(running: urwid.MainLoop, _: object) -> None:
        if not meter.started:
            meter.start()
        values.step()
        draw()
        pause = meter.wait()
        if pause is None:
            meter.finish()
            raise urwid.ExitMainLoop
        running.set_alarm_in(pause, tick)

    loop.set_alarm_in(0.5, tick)
    loop.run()


CHILDREN = {
    "surface": (lambda: run_textual(board), {}),
    "surface_plain": (lambda: run_textual(board), {"TERMDESK_SURFACE": "plain"}),
    "ladder_40": (lambda: run_textual(ladder), {}),
    "ladder_full": (lambda: run_textual(full_ladder), {}),
    "urwid": (run_urwid, {}),
}


def in_pty(name: str) -> dict[str, float]:
    """Run one child in a pty, read all it writes, and give its result with bytes per frame."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result"
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", RESULT=str(result), **CHILDREN[name][1])
            os.execv(sys.executable, [sys.executable, __file__, name])
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
        written, limit = 0, time.monotonic() + SECONDS + 20
        while time.monotonic() < limit:
            if not select.select([terminal], [], [], 0.2)[0]:
                continue
            try:
                data = os.read(terminal, 1 << 18)
            except OSError:
                break
            if not data:
                break
            written += len(data)
            if b"\x1b[?2026$p" in data:
                os.write(terminal, b"\x1b[?2026;2$y")
        os.waitpid(pid, 0)
        os.close(terminal)
        figures = json.loads(result.read_text("utf-8"))
    figures["bytes_per_frame"] = written / (figures["fps"] * SECONDS)
    return figures


def reference() -> dict[str, float]:
    """Run the reference's row once; nothing where it is not at hand."""
    if not PEER.is_file():
        return {}
    env = {**os.environ, "ONLY": PEER_ROW, "ROUNDS": "1"}
    called = [sys.executable, str(PEER)]
    done = subprocess.run(called, env=env, capture_output=True, text=True, check=True, cwd=PEER.parent)
    row = json.loads(done.stdout)["results"]["frames"][PEER_ROW]
    return {name: row[name]["med"] for name in ("cpu_ms_per_frame", "fps", "bytes_per_frame") if name in row}


def main(rounds: int) -> None:
    figures: dict[str, dict[str, list[float]]] = {name: {} for name in [*CHILDREN, "reference"]}
    order = random.Random(2)
    for _ in range(rounds):
        names = list(figures)
        order.shuffle(names)
        for name in names:
            for key, value in (in_pty(name) if name in CHILDREN else reference()).items():
                figures[name].setdefault(key, []).append(value)
    figures = {name: found for name, found in figures.items() if found}
    medians = {n: {k: round(statistics.median(v), 2) for k, v in f.items()} for n, f in figures.items()}
    spread = {
        n: [round(min(f["cpu_ms_per_frame"]), 2), round(max(f["cpu_ms_per_frame"]), 2)] for n, f in figures.items()
    }
    peer = medians["urwid"]["cpu_ms_per_frame"]
    ratios = {n: round(f["cpu_ms_per_frame"] / peer, 3) for n, f in medians.items()}
    fast = medians.get("reference", {}).get("cpu_ms_per_frame")
    report = {
        "ladder_40_to_reference": round(medians["ladder_40"]["cpu_ms_per_frame"] / fast, 3) if fast else None,
        "ladder_full_to_reference": round(medians["ladder_full"]["cpu_ms_per_frame"] / fast, 3) if fast else None,
        "rounds": rounds,
        "hz": HZ,
        "median": medians,
        "cpu_ms_min_max": spread,
        "ratio_to_urwid": ratios,
        "goals": {"surface_to_urwid": 0.6, "ladder_40_to_reference": 0.8},
    }
    sys.stdout.write(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in CHILDREN:
        CHILDREN[sys.argv[1]][0]()
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
