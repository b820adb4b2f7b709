"""A home of its own for every screen, and nothing of the machine's locale or colours."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from termdesk.ui.link import Link


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERMDESK_HOME", str(tmp_path))
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "LANG", "LC_ALL", "LC_MESSAGES", "TEXTUAL_THEME", "TEXTUAL_FPS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def still_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """A link that never opens: the test itself feeds the store."""

    async def serve(self: Link, *args: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Link, "serve", serve)
