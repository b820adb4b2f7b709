"""A key pressed in the wrong pane says where it acts, and does nothing else."""

from __future__ import annotations

import pytest
from desk_cases import app_of
from pilot_desk import filled

pytestmark = pytest.mark.usefixtures("still_link")


@pytest.mark.parametrize(
    ("keys", "english", "chinese"),
    [
        (("f5", "b"), "b (buy) acts in the ladder: F2 goes there", "b（买）在盘口中才有效：按 F2 前往"),
        (("f3", "enter"), "Enter (send) acts in the ladder: F2 goes there", "Enter（发送）在盘口中才有效：按 F2 前往"),
        (("f2", "m"), "m (amend) acts in the blotter: F5 goes there", "m（改单）在委托栏中才有效：按 F5 前往"),
        (("f2", "enter"), "no order is staged yet; b stages a buy", "还没有预备的委托；b 预备买单"),
        (("f2", "p"), "acts only then: orders are picked up", "只在此时有效：已拾起挂单"),
        (("f2", "h"), "h means nothing here; ? shows the keys", "h 在此没有作用；? 显示全部按键"),
    ],
)
async def test_key_says_where_it_acts(keys: tuple[str, ...], english: str, chinese: str) -> None:
    for language, words in (("en", english), ("zh", chinese)):
        app = app_of(language)
        async with app.run_test(size=(80, 24)) as pilot:
            screen = await filled(pilot)
            await pilot.press(*keys)
            assert words in screen.messages.bar.said
            assert screen.entry.ticket.staged is None


async def test_key_that_acts_and_escape_with_nothing_to_take_back_say_nothing() -> None:
    async with app_of().run_test(size=(80, 24)) as pilot:
        screen = await filled(pilot)
        screen.messages.bar.say([("before", "text")])
        await pilot.press("f2", "up", "escape", "backspace", "tab", "ctrl+f12")
        assert screen.messages.bar.said == "before"
