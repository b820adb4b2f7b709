"""Draw the picture of the README: the app on a running demo desk, by its own screenshot.

Usage: ``python scripts/screenshot.py [FILE.svg] [COLUMNSxROWS] [LANGUAGE]``.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path

from termdesk.config.paths import places

os.environ.setdefault("TERM", "xterm-256color")
os.environ.setdefault("COLORTERM", "truecolor")

ROOT = Path(__file__).resolve().parents[1]
SIZE = re.compile(r"(\d+)x(\d+)")
HANDS = "[orders]\narmed_at_start = true\npaste_gap_ms = 0\nrepeat_gap_ms = 0\n"
"""The script presses keys faster than any hand; its screen is armed."""
REMOTE_FONTS = re.compile(r"@font-face\s*{[^}]*}", re.DOTALL)


async def draw(size: tuple[int, int], language: str) -> str:
    """Trade a little, then give what is on the screen as SVG."""
    from termdesk.config.launch import LaunchOptions
    from termdesk.core.model.command import StopEngine
    from termdesk.ui.app import TermdeskApp
    from termdesk.ui.entry import new_command_id
    from termdesk.ui.store import EngineLink

    app = TermdeskApp(LaunchOptions(language=language), offset_s=8 * 3600)
    async with app.run_test(size=size) as pilot:
        async with asyncio.timeout(30):
            while app.store.link is not EngineLink.UP or not app.store.books:
                await pilot.pause(0.1)
        await pilot.pause(2)
        await pilot.press("home", "b", "enter")
        await pilot.pause(25)
        for depth in (3, 5):
            await pilot.press("home", *["down"] * depth, "b", "enter")
            await pilot.pause(0.6)
        picture = app.export_screenshot(title="termdesk")
        await app.link.do(StopEngine(command_id=new_command_id()))
    # Fonts of other hosts are not loaded; the reader's own monospace font is used.
    return REMOTE_FONTS.sub("", picture)


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "img" / "screen.svg"
    found = SIZE.fullmatch(sys.argv[2] if len(sys.argv) > 2 else "120x40")
    if found is None:
        raise SystemExit("the size must be COLUMNSxROWS, such as 120x40")
    with tempfile.TemporaryDirectory() as home:
        os.environ["TERMDESK_HOME"] = home
        places().config_file.parent.mkdir(parents=True, exist_ok=True)
        places().config_file.write_text(HANDS)
        size = int(found[1]), int(found[2])
        picture = asyncio.run(draw(size, sys.argv[3] if len(sys.argv) > 3 else "en"))
    target.write_text(picture, encoding="utf-8")
    print(target)


if __name__ == "__main__":
    main()
