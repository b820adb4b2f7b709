"""A dialog gives one answer, however many keys were typed ahead."""

from __future__ import annotations

import gc

import pytest
from desk_cases import BITCOIN, app_of
from order_desk import Engine, order_desk, screen_of, stroke
from pilot_desk import filled
from pilot_words import until
from textual._styles_cache import StylesCache
from textual.events import Key
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input

from termdesk.ui.screens.dialog import Dialog
from termdesk.ui.screens.ticket import ChoiceField, TicketForm

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


@pytest.mark.parametrize("key", ["escape", "b", "q", "f12", "＋"])
async def test_keys_typed_into_a_screen_that_is_closing_are_dropped(key: str, still_link: None) -> None:
    app = app_of()
    async with app.run_test(size=(120, 40)) as pilot:
        await filled(pilot)
    for is_forwarded in (False, True):
        event = Key(key, key)
        if is_forwarded:
            event._set_forwarded()
        await app.on_event(event)
    assert not app.screen_stack


async def test_a_preview_that_comes_while_the_screen_closes_finds_nothing_to_write_to(
    monkeypatch: pytest.MonkeyPatch, still_link: None
) -> None:
    engine = Engine()
    async with order_desk(monkeypatch, engine) as pilot:
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketForm) and pilot.app.screen.form.order)
        form = pilot.app.screen
        assert isinstance(form, TicketForm)
        assert form.form.order is not None
        form.workers.cancel_all()
        await pilot.app._prune(form)
        assert not form.is_active
        await form._ask(form.form.order)
        form.on_input_changed()


def burst(pilot: Pilot[int], *keys: str, at_s: float = 100.0) -> None:
    """Let keys be read from the terminal in one piece."""
    for number, key in enumerate(keys):
        stroke(pilot, key, at_s + number / 1e6)


BURSTS = {
    "command line": ("ladder", "colon", "buy 100 600519 @ 1500", "buy 100 600519 @ 1500"),
    "order form": ("ladder", "f7", "300", "300"),
    "palette": ("ladder", "ctrl+p", "buy", "buy"),
    "finder": ("ladder", "slash", "000001", "000001"),
    "filter": ("blotter", "slash", "buy", "buy"),
    "Chinese": ("ladder", "colon", "买 100 600519", "买 100 600519"),
}


@pytest.mark.parametrize(("pane", "key", "text", "value"), BURSTS.values(), ids=BURSTS)
async def test_what_comes_in_one_piece_with_the_key_that_opens_a_dialog_arrives_whole_in_its_field(
    monkeypatch: pytest.MonkeyPatch, still_link: None, pane: str, key: str, text: str, value: str
) -> None:
    engine = Engine()
    async with order_desk(monkeypatch, engine) as pilot:
        screen = screen_of(pilot)
        screen.action_act(f"pane.{pane}", "")
        await pilot.pause()
        qty = screen.entry.ticket.digits
        burst(pilot, key, *("space" if character == " " else character for character in text))
        await until(pilot, lambda: isinstance(pilot.app.focused, Input) and pilot.app.focused.value == value)
        assert screen.entry.ticket.digits == qty
        assert screen.entry.ticket.staged is None
        assert engine.sent == []


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        ((*"1400", "backspace", "backspace", *"50"), "1450"),
        ((*"150", "left", "4"), "1540"),
        ((*"400", "home", "1"), "1400"),
        ((*"99", "ctrl+u", *"1400"), "1400"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
@pytest.mark.parametrize("key", ["colon", "f7"])
async def test_keys_that_edit_a_field_act_in_their_place_in_a_burst(
    monkeypatch: pytest.MonkeyPatch, still_link: None, key: str, keys: tuple[str, ...], value: str
) -> None:
    async with order_desk(monkeypatch, Engine()) as pilot:
        await pilot.press(key)
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        field = pilot.app.focused
        assert isinstance(field, Input)
        field.value = ""
        burst(pilot, *keys)
        await until(pilot, lambda: len(field.value) == len(value))
        await pilot.pause()
        assert field.value == value


def typed(text: str) -> list[str]:
    return ["space" if character == " " else character for character in text]


async def test_a_busy_screen_sends_the_line_that_stood_there_at_its_enter(
    monkeypatch: pytest.MonkeyPatch, still_link: None
) -> None:
    engine = Engine()
    async with order_desk(monkeypatch, engine) as pilot:
        for number, (keys, price) in enumerate(
            (
                ([*typed("buy 100 600519 @ 1650"), "enter", "0"], 165_000),
                (["up", "backspace", "5", "enter"], 165_500),
                ([*"bu", "tab", *typed("100 600519 @ 1640"), "enter", "5"], 164_000),
            )
        ):
            engine.sent.clear()
            await pilot.press("colon")
            await until(pilot, lambda: isinstance(pilot.app.focused, Input))
            burst(pilot, *keys, at_s=100.0 + number)
            await until(pilot, lambda: engine.orders)
            assert [order.price for order in engine.orders] == [price]
            await until(pilot, lambda: len(pilot.app.screen_stack) == 1)


async def test_a_busy_screen_chooses_what_was_marked_at_its_enter(
    monkeypatch: pytest.MonkeyPatch, still_link: None
) -> None:
    async with order_desk(monkeypatch, Engine()) as pilot:
        screen = screen_of(pilot)
        await pilot.press("slash")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        burst(pilot, "t", "down", "enter", "x")
        await until(pilot, lambda: screen.instrument_id == BITCOIN.id)
        acted: list[str] = []
        monkeypatch.setattr(screen, "action_act", lambda name, key: acted.append(name))
        screen.navigation.focus(screen.ladder)
        screen._handlers["desk.palette"]()
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        burst(pilot, *"cancel", "down", "enter", "x")
        await until(pilot, lambda: acted)
        assert acted == ["order.cancel_buys"]


@pytest.mark.parametrize("on", ["tab", "down", "enter"])
async def test_what_is_struck_for_the_next_field_of_the_form_in_a_burst_stands_there(
    monkeypatch: pytest.MonkeyPatch, still_link: None, on: str
) -> None:
    async with order_desk(monkeypatch, Engine()) as pilot:
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        form = pilot.app.screen
        qty, price = (form.query_one(f"#field-{name}", Input) for name in ("qty", "price"))
        qty.focus()
        await pilot.pause()
        burst(pilot, *"300", on, *"1234", "up", *"200")
        await until(pilot, lambda: qty.value == "200")
        await pilot.pause()
        assert price.value == "1234"


FORMS = {
    "price": (["down", *"1600"], {"qty": "100", "price": "1600", "side": "buy"}),
    "Enter": ([*"300", "enter", *"1600"], {"qty": "300", "price": "1600", "side": "buy"}),
    "side": (["up", "up", "right", "down", "down", *"300"], {"qty": "300", "side": "sell", "ord_type": "limit"}),
    "erased": ([*"301", "backspace", "0", "tab", "5", "shift+tab"], {"qty": "300", "price": "5"}),
}


@pytest.mark.parametrize("at", ["with its key", "while it is made"])
@pytest.mark.parametrize(("keys", "values"), FORMS.values(), ids=FORMS)
async def test_what_is_struck_for_the_form_before_it_is_there_goes_where_a_slow_hand_would_put_it(
    monkeypatch: pytest.MonkeyPatch, still_link: None, keys: list[str], values: dict[str, str], at: str
) -> None:
    async with order_desk(monkeypatch, Engine()) as pilot:
        if at == "with its key":
            burst(pilot, "f7", *keys)
        else:
            screen_of(pilot).entry.line_entry.open_form()
            burst(pilot, *keys)
        await until(pilot, lambda: isinstance(pilot.app.focused, Input | ChoiceField))
        form = pilot.app.screen
        fields = {name: form.query_one(f"#field-{name}") for name in values}
        await until(pilot, lambda: {name: field.value for name, field in fields.items()} == values)  # type: ignore[attr-defined]


async def test_a_busy_screen_sends_the_form_as_it_was_filled_in(
    monkeypatch: pytest.MonkeyPatch, still_link: None
) -> None:
    engine = Engine()
    async with order_desk(monkeypatch, engine) as pilot:
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        burst(pilot, *"700", *["down"] * 10, "enter")
        await until(pilot, lambda: engine.orders)
        assert engine.orders[0].qty == 700


async def test_a_choice_changed_in_a_burst_is_the_one_that_had_the_keys(
    monkeypatch: pytest.MonkeyPatch, still_link: None
) -> None:
    async with order_desk(monkeypatch, Engine()) as pilot:
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        form = pilot.app.screen
        side, kind = (form.query_one(f"#field-{name}", ChoiceField) for name in ("side", "ord_type"))
        side.focus()
        await pilot.pause()
        before = kind.value
        burst(pilot, "right", "down")
        await until(pilot, lambda: side.value == "sell")
        await pilot.pause()
        assert kind.value == before
        assert pilot.app.focused is kind


async def test_an_enter_pasted_with_the_key_that_opens_the_line_sends_nothing(
    monkeypatch: pytest.MonkeyPatch, still_link: None
) -> None:
    engine = Engine()
    async with order_desk(monkeypatch, engine) as pilot:
        text = "buy 100 600519 @ 1500"
        burst(pilot, "colon", *("space" if character == " " else character for character in text), "enter")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input) and pilot.app.focused.value == text)
        await pilot.pause()
        assert isinstance(pilot.app.screen, Dialog), "it still stands"
        assert engine.sent == []


@pytest.mark.usefixtures("still_link")
async def test_closed_dialogs_leave_no_rows_behind() -> None:
    async with app_of().run_test(size=(120, 40)) as pilot:
        await filled(pilot)
        for _ in range(4):
            await pilot.press("question_mark")
            await pilot.press("escape")
        gc.collect()
        held = gc.get_objects()
        caches = sum(type(one) is StylesCache for one in held)
        widgets = sum(isinstance(one, Widget) for one in held)
        assert caches <= widgets
