"""Input methods and full-width keys: what was meant as a key is one, a word is none."""

from __future__ import annotations

import pytest
from order_desk import Engine, screen_of
from pilot_words import shown, until
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input

from termdesk.core.model.command import CancelAll
from termdesk.core.model.terms import Side
from termdesk.ui.keys.widths import is_foreign, plain

pytestmark = pytest.mark.usefixtures("still_link")


async def put_in(pilot: Pilot[int], text: str) -> None:
    """Let an input method put in characters, one after the other."""
    driver = pilot.app._driver
    assert driver is not None
    for character in text:
        event = Key("ime", character)
        event.set_sender(pilot.app)
        driver.send_message(event)
        await pilot.pause()


@pytest.mark.parametrize("character", "ª²①™º")
def test_character_that_only_resembles_a_key_is_none(character: str) -> None:
    assert plain(character) == ""
    assert is_foreign(character)


async def test_full_width_keys_are_the_keys_that_were_pressed(pilot: Pilot[int], engine: Engine) -> None:
    await put_in(pilot, "２００ｂ")
    staged = screen_of(pilot).entry.ticket.staged
    assert (staged.side, staged.qty) == (Side.BUY, 200)
    await pilot.press("escape")
    await put_in(pilot, "：")
    await until(pilot, lambda: pilot.app.screen.query("#line"))
    await put_in(pilot, "买２００　６００５１９　＠　１６４０。５")
    assert pilot.app.screen.query_one(Input).value == "买２００ ６００５１９ ＠ １６４０。５"
    await pilot.press("enter")
    (sent,) = engine.orders
    assert (sent.qty, sent.price) == (200, 164_050)


async def test_decimal_quantity_may_be_typed_with_a_chinese_full_stop(pilot: Pilot[int]) -> None:
    await pilot.press("right_square_bracket")
    await until(pilot, lambda: screen_of(pilot).navigation.cursor)
    await put_in(pilot, "０。０１ｂ")
    assert screen_of(pilot).entry.ticket.staged.qty == 1000


async def test_word_of_an_input_method_is_no_key_and_said_to_be_none(pilot: Pilot[int], engine: Engine) -> None:
    await put_in(pilot, "买")
    assert "“买” is no key here: an input method is on" in shown(pilot)
    assert (screen_of(pilot).entry.ticket.staged, engine.sent) == (None, [])


async def test_full_width_answers_a_question(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("X")
    await put_in(pilot, "ｙ")
    assert [type(one) for one in engine.sent] == [CancelAll]


async def test_form_reads_full_width_numbers_and_refuses_what_it_can_not(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("f7")
    await until(pilot, lambda: pilot.app.screen.query("#send"))
    form = pilot.app.screen
    form.query_one("#field-qty", Input).value = "２００"
    form.query_one("#field-price", Input).value = "１，６４０"
    await pilot.pause()
    assert "is no number" in shown(pilot)
    form.query_one("#field-price", Input).value = "１６４０．５"
    await pilot.pause()
    form.query_one("#send").focus()
    await pilot.press("enter")
    (sent,) = engine.orders
    assert (sent.qty, sent.price) == (200, 164_050)
