"""Notes and sorted watchlists on a real engine process."""

from __future__ import annotations

from typing import Any

from pilot_words import until
from test_ui_desk import ATTACH

from termdesk.config.paths import DeskPaths
from termdesk.core.model.command import AddNote
from termdesk.ui.app import TermdeskApp
from termdesk.ui.orders.sending import new_command_id
from termdesk.ui.store import EngineLink


async def test_note_on_a_position_comes_back_to_another_screen_and_sort_gets_its_quotes(demo_engine: DeskPaths) -> None:
    first: Any = TermdeskApp(ATTACH, environment={}, offset_s=0)
    async with first.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: first.store.link is EngineLink.UP and first._screen.instrument_id, 30)
        screen = first._screen
        note = AddNote(
            command_id=new_command_id(), text="for the week", account="cash", instrument=screen.instrument_id
        )
        assert (await screen.link.do(note)).accepted
        await until(pilot, lambda: first.store.kept.notes)
        screen.watching.change(sort="-percent", columns=("symbol", "last", "percent", "spark"))
        await until(pilot, lambda: len(first.store.bars) >= 8)
        percents = [screen.watching._items()(name) for name in screen.watching.ids]
        assert len(percents) == 8
        assert any(one is not None and one.closes for one in percents)
    second: Any = TermdeskApp(ATTACH, environment={}, offset_s=0)
    async with second.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: second.store.kept.notes, 30)
        (line,) = second.store.kept.notes
        assert (line.text, line.account) == ("for the week", "cash")
        assert second._screen.watching.named.list.sort == "-percent"
