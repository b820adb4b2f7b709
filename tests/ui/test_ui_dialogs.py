"""A dialog gives one answer, however many keys were typed ahead."""

from __future__ import annotations

import pytest
from desk_cases import app_of
from pilot_desk import filled
from pilot_words import until
from textual.events import Key

from termdesk.ui.screens.dialog import Dialog

DIALOGS = {
    "key sheet": "question_mark",
    "palette": "ctrl+p",
    "finder": "slash",
    "order form": "f7",
    "command line": "colon",
    "question": "ctrl+k",
    "ladder columns": "w",
    "panes": "alt+j",
}


@pytest.mark.parametrize("key", DIALOGS.values(), ids=DIALOGS)
async def test_keys_typed_ahead_take_no_other_screen_away(key: str, still_link: None) -> None:
    app = app_of()
    async with app.run_test(size=(120, 40)) as pilot:
        desk = await filled(pilot)
        await pilot.press(key)
        await until(pilot, lambda: isinstance(app.screen, Dialog))
        dialog = app.screen
        for _ in range(3):
            app.post_message(Key("escape", None))
        await until(pilot, lambda: not dialog.is_attached, 5)
        assert app.screen is desk
        assert app.is_running
