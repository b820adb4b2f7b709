"""A message that is longer than its row can be read as a whole at 80 columns, and hides nothing that is staged."""

from __future__ import annotations

from typing import Any

import pytest
from desk_cases import app_of
from order_desk import Engine, order_desk, screen_of
from pilot_desk import filled
from pilot_words import shown, until

from termdesk.core.model.command import Answer
from termdesk.ui.lines.format import width_of
from termdesk.ui.news import News, answer_news

pytestmark = pytest.mark.usefixtures("still_link")


def bottom(pilot: Any) -> str:
    """The row of the keys and that of the messages, as one text."""
    return " ".join(row.strip() for row in shown(pilot).splitlines()[-3:-1])


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_refusals_whole_reason_is_read_at_80_columns_without_the_ladder(language: str) -> None:
    async with app_of(language).run_test(size=(80, 24)) as pilot:
        screen = await filled(pilot)
        await pilot.press("alt+w")
        params = {"units": "-2", "cash": "0", "tax": "0"}
        answer = Answer(command_id="x", accepted=False, code="command.corporate_action", params=params)
        news = answer_news(answer, screen.said)
        assert news is not None
        assert width_of(news.text) > 80
        screen.say(news)
        await pilot.pause()
        assert news.text.replace(" ", "") in bottom(pilot).replace(" ", "")


async def test_the_keys_come_back_with_the_next_stroke_and_a_short_message_leaves_them() -> None:
    async with app_of("en").run_test(size=(80, 24)) as pilot:
        screen = await filled(pilot)
        assert "? keys" in bottom(pilot)
        screen.say(News("short"))
        await pilot.pause()
        assert "? keys" in bottom(pilot)
        screen.say(News("word " * 30))
        await pilot.pause()
        assert bottom(pilot).split() == ["word"] * 30
        await pilot.press("space")
        assert "? keys" in bottom(pilot)


async def test_a_long_message_leaves_what_a_staged_order_costs(monkeypatch: Any) -> None:
    async with order_desk(monkeypatch, Engine(), size=(80, 24)) as pilot:
        await pilot.press("b")
        await until(pilot, lambda: "fee" in bottom(pilot))
        screen_of(pilot).say(News("word " * 30))
        await pilot.pause()
        assert "fee" in bottom(pilot)
        assert "…" in bottom(pilot)
