"""A home of its own for every screen, and nothing of the machine's locale or colours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from order_desk import Engine, order_desk
from textual.pilot import Pilot

from termdesk.config.paths import places
from termdesk.ui.link import Link

HANDS = "[orders]\narmed_at_start = true\npaste_gap_ms = 0\nrepeat_gap_ms = 0\n"
"""A pilot types faster than any hand, and has armed its screen."""


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERMDESK_HOME", str(tmp_path))
    places().config_file.parent.mkdir(parents=True, exist_ok=True)
    places().config_file.write_text(HANDS)
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in (
        "NO_COLOR",
        "LANG",
        "LC_ALL",
        "LC_MESSAGES",
        "TEXTUAL_THEME",
        "TEXTUAL_FPS",
        "SSH_CONNECTION",
        "SSH_TTY",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def still_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """A link that never opens: the test itself feeds the store."""

    async def serve(self: Link, *args: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Link, "serve", serve)


@pytest.fixture
def engine() -> Engine:
    """Give a desk that takes orders; files that need another define their own."""
    return Engine()


@pytest.fixture
async def pilot(monkeypatch: pytest.MonkeyPatch, still_link: None, engine: Engine) -> AsyncIterator[Pilot[int]]:
    """Give a screen on that desk."""
    async with order_desk(monkeypatch, engine) as pilot:
        yield pilot
