"""Form and command line on the screen: checked while typed, sent once, past the gate of the keys; all in the log."""

from __future__ import annotations

from typing import Any

import pytest
from order_desk import Engine, stroke
from pilot_words import shown, until
from textual.pilot import Pilot
from textual.widgets import Input

from termdesk.client.connection import EngineClient
from termdesk.config.launch import LaunchOptions
from termdesk.config.paths import DeskPaths
from termdesk.core.model import facts
from termdesk.core.model.command import AmendOrder, CancelAll, SubmitBracket, SubmitOrder
from termdesk.core.model.terms import OrdType, Side
from termdesk.core.wire.frames import Log
from termdesk.ui.app import TermdeskApp
from termdesk.ui.store import EngineLink


async def type_line(pilot: Pilot[int], text: str) -> None:
    await pilot.press("colon")
    await until(pilot, lambda: pilot.app.screen.query("#line"))
    pilot.app.screen.query_one(Input).value = text
    await pilot.pause()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("buy 200 600519 @ 1640", SubmitOrder),
        ("sell 100 600519 stop 1600", SubmitOrder),
        ("buy 100 600519 @ 1640 sl 1630 tp 1660", SubmitBracket),
        ("cancel all buy 600519.DEMO", CancelAll),
        ("amend O1 @ 1640", AmendOrder),
    ],
)
async def test_line_is_sent_once_by_enter(pilot: Pilot[int], engine: Engine, text: str, kind: type) -> None:
    await type_line(pilot, text)
    await pilot.press("enter", "enter")
    await until(pilot, lambda: engine.sent)
    (command,) = engine.sent
    assert type(command) is kind
    assert command.command_id != "typed"
    assert getattr(command, "origin", "") == "line"


async def test_line_that_breaks_points_at_the_place_and_stays(pilot: Pilot[int], engine: Engine) -> None:
    await type_line(pilot, "buy 200 600519 at 1640")
    assert f"{' ' * 15}^ " in shown(pilot)
    await pilot.press("enter")
    assert engine.sent == []
    assert len(pilot.app.screen_stack) == 2
    await pilot.press("escape")
    assert len(pilot.app.screen_stack) == 1


async def test_line_previews_completes_and_remembers(pilot: Pilot[int], engine: Engine) -> None:
    await type_line(pilot, "buy 200 600519 @ 1640")
    await until(pilot, lambda: "position after 300" in shown(pilot))
    await pilot.press("enter")
    await pilot.press("colon")
    await until(pilot, lambda: pilot.app.screen.query("#line"))
    await pilot.press("up")
    assert pilot.app.screen.query_one(Input).value == "buy 200 600519 @ 1640"
    await pilot.press("down", "b", "tab")
    assert pilot.app.screen.query_one(Input).value == "buy "


async def fill_in(pilot: Pilot[int], **fields: str) -> Any:
    await pilot.press("f7")
    await until(pilot, lambda: pilot.app.screen.query("#send"))
    for name, value in fields.items():
        pilot.app.screen.query_one(f"#field-{name}", Input).value = value
    await pilot.pause()
    return pilot.app.screen


async def test_form_is_checked_while_it_is_filled_in_and_sent_from_its_last_row_only(
    pilot: Pilot[int], engine: Engine
) -> None:
    form = await fill_in(pilot, qty="1.5", price="1640")
    assert "1.5 has more than 0 decimals" in shown(pilot)
    form.query_one("#field-qty", Input).value = "200"
    await until(pilot, lambda: "position after 300" in shown(pilot))
    await pilot.press("enter")
    assert engine.sent == [], "no text field sends"
    form.query_one("#send").focus()
    await pilot.press("enter", "enter")
    (order,) = engine.sent
    assert isinstance(order, SubmitOrder)
    assert (order.qty, order.price, order.origin) == (200, 164_000, "ticket")


async def test_form_of_a_stop_shows_its_fields_and_makes_a_bracket(pilot: Pilot[int], engine: Engine) -> None:
    form = await fill_in(pilot)
    assert not form.query_one("#row-trigger_price").display
    form.query_one("#field-ord_type").focus()
    await pilot.press(*["right"] * 3)
    assert form.query_one("#row-trigger_price").display
    form.query_one("#field-trigger_price", Input).value = "1660"
    form.query_one("#field-stop", Input).value = "1650"
    await pilot.pause()
    form.query_one("#send").focus()
    await pilot.press("enter")
    (bracket,) = engine.sent
    assert isinstance(bracket, SubmitBracket)
    assert (bracket.entry.ord_type, bracket.entry.side, bracket.entry.trigger_price) == (
        OrdType.STOP,
        Side.BUY,
        166_000,
    )


async def test_form_and_line_are_held_back_on_a_disarmed_screen(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("A")
    await type_line(pilot, "buy 200 600519 @ 1640")
    await pilot.press("enter")
    form = await fill_in(pilot, qty="100", price="1640")
    form.query_one("#send").focus()
    await pilot.press("enter")
    assert engine.sent == []
    assert "DISARMED" in shown(pilot)


async def test_every_order_event_that_a_key_causes_lands_in_the_log(demo_engine: DeskPaths) -> None:
    app = TermdeskApp(LaunchOptions(desk="demo", may_start_engine=False, language="en"), environment={}, offset_s=0)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.store.link is EngineLink.UP and app._screen.navigation.cursor, 30)
        screen = app._screen
        screen.navigation.move(-400)
        await pilot.press("b", "enter")
        await until(pilot, screen.store.working)
        await pilot.press("7", "b", "enter")
        await until(pilot, lambda: "refused" in shown(pilot))
        await pilot.press("shift+down", "enter")
        await until(pilot, lambda: screen.entry.amending.moving is None)
        await pilot.press("o", "y")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        assert "submitted 100" in shown(pilot)
        await pilot.press("escape", "d")
        await until(pilot, lambda: not screen.store.working())
        told: list[Any] = []
        client = await EngineClient.connect(
            demo_engine.socket, client="test", on_frame=lambda f: told.extend(f.records) if isinstance(f, Log) else None
        )
        await client.follow(0)
        await until(pilot, lambda: any(isinstance(one.fact, facts.OrderCanceled) for one in told))
        await client.close()
    kinds = {type(one.fact) for one in told}
    assert kinds >= {facts.OrderSubmitted, facts.CommandRefused, facts.ReplaceRequested, facts.CancelRequested}
    (order,) = [one.fact for one in told if isinstance(one.fact, facts.OrderSubmitted)]
    assert order.origin == "ladder"


async def rows_of(pilot: Pilot[int]) -> Any:
    """Give the keys to the blotter; no row is chosen."""
    screen = pilot.app._screen  # type: ignore[attr-defined]
    screen.navigation.focus(screen.blotter)
    await until(pilot, lambda: screen.focused is screen.blotter)
    return screen


@pytest.mark.parametrize("key", ["x", "m"])
async def test_blotter_without_a_chosen_row_says_how_to_choose_one(pilot: Pilot[int], engine: Engine, key: str) -> None:
    await rows_of(pilot)
    await pilot.press(key)
    await until(pilot, lambda: "no row is chosen" in shown(pilot))
    assert engine.sent == []


@pytest.mark.parametrize(
    ("typed", "why"), [("qty 200 @ 1640", "a held key"), ("qty 200 @ sixteen", "sixteen")], ids=["held", "wrong"]
)
async def test_amendment_that_is_not_sent_stays_with_the_reason(
    pilot: Pilot[int], engine: Engine, monkeypatch: pytest.MonkeyPatch, typed: str, why: str
) -> None:
    screen = await rows_of(pilot)
    await pilot.press(*["down"] * 4, "m")
    await until(pilot, lambda: pilot.app.screen.query(Input))
    line = pilot.app.screen.query_one(Input)
    line.value = typed
    app: Any = pilot.app
    monkeypatch.setattr(app.strokes, "_repeat_gap_s", 60.0)
    app.strokes.take("enter", 0.0)
    stroke(pilot, "enter", 1.0)
    await until(pilot, lambda: why in str(pilot.app.screen.query_one("#told").render()))
    assert line.value == typed
    assert engine.sent == []
    line.value = "qty 200 @ 1640"
    stroke(pilot, "enter", 100.0)
    await until(pilot, lambda: engine.sent)
    (command,) = engine.sent
    assert isinstance(command, AmendOrder)
    assert screen.app.screen is screen
