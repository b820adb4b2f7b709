"""Events ring by kind, several at once ring once, and a key mutes them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from desk_cases import LAST, MOUTAI, NOW, app_of, fill, health, order, topics
from msgspec.structs import replace
from pilot_desk import filled
from pilot_words import shown

from termdesk.config.settings import SoundSettings
from termdesk.core.model import facts
from termdesk.core.model.facts import Recorded
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Severity, Side
from termdesk.core.wire.frames import Log
from termdesk.core.wire.queries import OrdersResult
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
        assert "trading is halted: journal x can't be written: disk full" in screen.messages.bar.said
        assert [line.text for line in screen.store.kept.messages if "disk full" in line.text]
        assert len(rung) == 1


WHY = Reason("end.asked")
EVENTS = {
    "fill": fill().fill,
    "partial": fill().fill,
    "reject": facts.OrderRejected(order_id="O3", exec_id="E9", reason=WHY),
    "trigger": facts.ConditionTriggered(condition_id="C1", instrument=MOUTAI.id, price=LAST, seen=fill().fill.seen),
    "alert": facts.AlertRaised(key="k", severity=Severity.WARNING, reason=WHY),
}
"""What the engine tells, by the setting that it rings under."""


@pytest.mark.parametrize("kind", EVENTS)
async def test_every_kind_of_event_rings_under_its_own_setting_alone(
    kind: str, still_link: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for is_on in (True, False):
        config = tmp_path / f"{is_on}.toml"
        others = {name: not is_on for name in SoundSettings.__struct_fields__ if name != "mute"}
        lines = [f"{name} = {str(value).lower()}" for name, value in (others | {kind: is_on}).items()]
        config.write_text("\n".join(["[sounds]", *lines]), "utf-8")
        app = app_of(config=config)
        rung: list[int] = []
        async with app.run_test(size=(120, 40)) as pilot:
            screen = await filled(pilot)
            qty = 100 if kind == "fill" else 300
            screen.store.load_orders(
                OrdersResult(orders=(order("O3", Side.BUY, LAST, qty=qty, leaves_qty=qty),), cursor=5)
            )
            monkeypatch.setattr(app, "bell", partial(rung.append, 1))
            record = Recorded(
                seq=6, at_ns=NOW, wall_ns=NOW, trading_day="2026-11-18", cause="", actor="", fact=EVENTS[kind]
            )
            app._screen.hear(screen.store.take_log(Log(records=(record,))))
            assert len(rung) == int(is_on)
