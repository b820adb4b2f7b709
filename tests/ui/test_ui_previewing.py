"""The preview of what is staged is asked anew where the account moves under it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from desk_cases import LAST, MOUTAI, order, quote, topics
from order_desk import Engine, hold, load, screen_of
from pilot_words import shown, until
from textual.pilot import Pilot

from termdesk.core.model.terms import Side

pytestmark = pytest.mark.usefixtures("still_link")


async def is_asked_anew(pilot: Pilot[int], engine: Engine) -> None:
    """The preview on the screen follows a fill."""
    await until(pilot, lambda: "position after 300" in shown(pilot))
    engine.preview = {"position_after": 400}
    hold(pilot, 100)
    screen_of(pilot).flush()
    await until(pilot, lambda: "position after 400" in shown(pilot))


async def test_fill_of_another_order_has_the_staged_one_previewed_anew(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("b")
    await is_asked_anew(pilot, engine)


async def test_fill_of_another_order_has_a_staged_change_previewed_anew(pilot: Pilot[int], engine: Engine) -> None:
    load(pilot, order("O1", Side.BUY, LAST - 3))
    await pilot.press("o", "shift+up")
    await is_asked_anew(pilot, engine)


async def test_account_that_is_only_valued_anew_asks_for_no_preview(pilot: Pilot[int], engine: Engine) -> None:
    hold(pilot, 300)
    screen_of(pilot).flush()
    await pilot.press("b")
    await until(pilot, lambda: screen_of(pilot).entry.previewing.answer is not None)
    asked = len(engine.asked)
    hold(pilot, 300, mark=Decimal("1651.00"), unrealised=Decimal("12.00"))
    screen_of(pilot).flush()
    assert not screen_of(pilot).entry.previewing._soon._is_waiting
    assert len(engine.asked) == asked


async def test_answer_about_a_market_order_counts_although_the_market_moved_meanwhile(
    pilot: Pilot[int], engine: Engine
) -> None:
    await pilot.press("B")
    screen = screen_of(pilot)
    staged = screen.entry.ticket.staged
    screen.store.take_topics(topics(quote(MOUTAI, LAST, bid=LAST + 4, ask=LAST + 9)), 0)
    screen.flush()
    assert staged.is_still(screen.entry.ticket.staged)
    assert screen.entry.ticket.staged.expected == LAST + 9
    await until(pilot, lambda: "position after 300" in shown(pilot))
