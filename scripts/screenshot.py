"""Draw the pictures of the README from running desks, by the app's own screenshot.

Usage: ``python scripts/screenshot.py [NAME ...]``; without names all of them. They go to ``docs/img/NAME.svg``.
"""

from __future__ import annotations

import asyncio
import html
import os
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.cells import cell_len

from termdesk.config.paths import places

if TYPE_CHECKING:
    from textual.pilot import Pilot

os.environ.setdefault("TERM", "xterm-256color")
os.environ.setdefault("COLORTERM", "truecolor")

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "img"
HANDS = "[orders]\narmed_at_start = true\npaste_gap_ms = 0\nrepeat_gap_ms = 0\n"
"""The script presses keys faster than any hand; its screen is armed."""
TRIES = 8
"""Orders that are placed until one is filled in its queue; the market goes where it wants."""
REMOTE_FONTS = re.compile(r"@font-face\s*{[^}]*}", re.DOTALL)
"""Fonts of other hosts are not loaded; the reader's own monospace font is used."""
TEXT = re.compile(r'textLength="([\d.]+)"([^>]*)>([^<]*)<')
MOST_BYTES = 150_000


class Picture(NamedTuple):
    """One picture: what is opened, how large, in which words and colours, and what is done before it is taken."""

    size: tuple[int, int]
    options: dict[str, Any]
    act: Callable[[Pilot[int]], Awaitable[None]]


async def until(pilot: Pilot[int], holds: Callable[[], object], within_s: float = 60) -> None:
    """Let the desk run until something holds."""
    async with asyncio.timeout(within_s):
        while not holds():
            await pilot.pause(0.1)


async def trade(pilot: Pilot[int]) -> None:
    """A position, orders in the book on both sides, and one that is staged."""
    app: Any = pilot.app
    screen = app._screen
    await pilot.press("f2", *"300", "B", "enter")
    await until(pilot, lambda: app.store.fills)
    await pilot.pause(40)
    for moves, order in ((("pagedown",), "b"), (("down",) * 8, "b"), (("pageup",), "s")):
        await pilot.press("home", *moves, *"100", order, "enter")
        await pilot.pause(1)
    await pilot.press("home", "space", *"100", "n")
    await until(pilot, lambda: screen.entry.previewing.answer is not None)


async def watch(pilot: Pilot[int]) -> None:
    """The watchlist with charts beside it."""
    await pilot.pause(40)
    await pilot.press("alt+w", "f1", "down", "down")
    await pilot.pause(2)


async def why(pilot: Pilot[int]) -> None:
    """Why a resting order was filled: what stood before it, what traded, what was left for it."""
    app: Any = pilot.app
    await pilot.pause(30)

    def is_filled() -> bool:
        newest = next(reversed(app.store.orders), "")
        return any(one.fill.order_id == newest and one.fill.reason.code == "fill.queue" for one in app.store.fills)

    await pilot.press("f2")
    for _ in range(TRIES):
        await pilot.press("home", *"300", "n", "enter")
        with suppress(TimeoutError):
            await until(pilot, is_filled, within_s=60)
            break
    else:
        raise SystemExit(f"the market ran away from {TRIES} orders: none was filled in its queue; try again")
    await pilot.press("f5", "down", "y")
    await until(pilot, lambda: len(app.screen_stack) == 2)


PICTURES = {
    "trade": Picture((120, 40), {"language": "en"}, trade),
    "watch": Picture((120, 30), {"language": "zh", "theme": "fjord"}, watch),
    "why": Picture((120, 40), {"language": "en", "theme": "dusk"}, why),
}


async def draw(picture: Picture) -> str:
    """Open a desk, do what the picture is about, and give what is on the screen as SVG."""
    from termdesk.config.launch import LaunchOptions
    from termdesk.core.model.command import StopEngine
    from termdesk.ui.app import TermdeskApp
    from termdesk.ui.orders.entry import new_command_id
    from termdesk.ui.store import EngineLink

    app = TermdeskApp(LaunchOptions(**picture.options), offset_s=8 * 3600)
    async with app.run_test(size=picture.size) as pilot:
        await until(
            pilot, lambda: app.store.link is EngineLink.UP and app.store.books and app._screen.navigation.cursor
        )
        await picture.act(pilot)
        svg = app.export_screenshot(title="termdesk")
        await app.link.do(StopEngine(command_id=new_command_id()))
    return TEXT.sub(_as_wide_as_its_cells, REMOTE_FONTS.sub("", svg))


def _as_wide_as_its_cells(found: re.Match[str]) -> str:
    """Give a text the width of its cells; the exporter counts characters, of which Chinese ones have two."""
    length, rest, text = found.groups()
    words = html.unescape(text)
    wide = float(length) * cell_len(words) / max(1, len(words))
    return f'textLength="{wide:g}"{rest}>{text}<'


def main() -> None:
    for name in sys.argv[1:] or PICTURES:
        if name not in PICTURES:
            raise SystemExit(f"no picture {name}; there are {', '.join(PICTURES)}")
        with tempfile.TemporaryDirectory() as home:
            os.environ["TERMDESK_HOME"] = home
            places().config_file.parent.mkdir(parents=True, exist_ok=True)
            places().config_file.write_text(HANDS)
            svg = asyncio.run(draw(PICTURES[name]))
        if len(svg.encode()) > MOST_BYTES:
            raise SystemExit(f"{name}: {len(svg.encode())} bytes, more than {MOST_BYTES}: make it smaller")
        IMAGES.mkdir(parents=True, exist_ok=True)
        (IMAGES / f"{name}.svg").write_text(svg, encoding="utf-8")
        print(IMAGES / f"{name}.svg")


if __name__ == "__main__":
    main()
