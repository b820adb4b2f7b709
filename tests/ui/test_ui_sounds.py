"""Events ring by kind, several at once ring once, and a key mutes them."""

from __future__ import annotations

import pytest
from desk_cases import app_of, health, topics
from msgspec.structs import replace
from pilot_desk import filled
from pilot_words import shown

from termdesk.config.settings import SoundSettings
from termdesk.ui.sounds import KINDS


@pytest.mark.parametrize("kind", sorted(set(KINDS.values()) | {"partial", "feed_lost"}))
def test_every_kind_has_a_setting(kind: str) -> None:
    assert isinstance(getattr(SoundSettings(), kind), bool)


async def test_events_ring_once_and_not_when_muted(still_link: None, monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_of()
    rung: list[int] = []
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await filled(pilot)
        monkeypatch.setattr(app, "bell", lambda: rung.append(1))
        sounds = screen.sounds
        sounds._ring("reject", "fill", "")
        assert len(rung) == 1
        sounds._ring("partial", "")
        assert len(rung) == 1, "partial fills are silent unless configured"
        await pilot.press("alt+m")
        await pilot.pause()
        assert "muted" in shown(pilot)
        sounds._ring("alert")
        assert len(rung) == 1
        await pilot.press("alt+m")
        sounds.watch_feed(is_stale=True)
        sounds.watch_feed(is_stale=True)
        assert len(rung) == 2, "going stale rings once"


async def test_a_halt_by_the_engine_is_said_once_and_rings(still_link: None, monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_of()
    rung: list[int] = []
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await filled(pilot)
        monkeypatch.setattr(app, "bell", lambda: rung.append(1))
        for _ in range(2):
            screen.store.take_topics(topics(replace(health(), halted="journal x can't be written: disk full")), 0)
            screen.flush()
        assert "trading is halted: journal x can't be written: disk full" in screen.message_bar.said
        assert [line.text for line in screen.store.kept.messages if "disk full" in line.text]
        assert len(rung) == 1
