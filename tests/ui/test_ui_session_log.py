"""The session log: every command that a key caused, with what the journal holds and what this screen measured."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import Any

import pytest
from desk_cases import LAST, NOW, app_of, fill
from pilot_desk import filled
from pilot_words import shown, until
from textual.pilot import Pilot

from termdesk.config.launch import LaunchOptions
from termdesk.config.paths import DeskPaths
from termdesk.core.model.facts import CancelRequested, OrderCanceled, OrderReplaced, Recorded, ReplaceRequested
from termdesk.core.model.reason import Reason
from termdesk.core.wire.frames import Log
from termdesk.ui.app import TermdeskApp
from termdesk.ui.blotter.kept import Asked
from termdesk.ui.blotter.trips import KEPT, LONGEST_NS, Stroke, Trip, Trips
from termdesk.ui.lines.format import span
from termdesk.ui.news import News
from termdesk.ui.orders.strokes import Strokes
from termdesk.ui.store import EngineLink

MS = 1_000_000


def test_a_trip_is_measured_from_its_stroke() -> None:
    trips = Trips()
    trips.begin("c1", Stroke("enter", 100 * MS), 101 * MS, 5_000 * MS)
    trips.answered("c1", 104 * MS, accepted=True)
    trips.heard("c1", 110 * MS)
    trips.heard("c1", 999 * MS)
    assert trips.of("c1") == Trip(
        key="enter",
        key_ns=4_999 * MS,
        sent_after_ns=MS,
        answered_after_ns=4 * MS,
        venue_after_ns=10 * MS,
        accepted=True,
    )


@pytest.mark.parametrize("stroke", [None, Stroke("a", 0), Stroke("a", 2 * LONGEST_NS)])
def test_without_a_stroke_that_may_have_caused_it_nothing_is_measured(stroke: Stroke | None) -> None:
    trips, now_ns = Trips(), LONGEST_NS + 1
    trips.begin("c1", stroke, now_ns, now_ns)
    trips.answered("c1", now_ns + MS, accepted=False)
    assert trips.of("c1") == Trip(accepted=False)
    assert trips.of("of another screen") == Trip()


def test_only_the_newest_trips_are_kept() -> None:
    trips = Trips()
    for number in range(KEPT + 5):
        trips.begin(f"c{number}", Stroke("enter", MS), MS, MS)
    assert len(trips.made) == KEPT
    assert trips.of("c4") == Trip()


def test_a_click_is_what_caused_a_command_but_no_stroke_of_a_key() -> None:
    strokes = Strokes(0.01, 0.1)
    strokes.take("b", 1.0)
    strokes.click(1.001)
    assert strokes.acting == Stroke("mouse", 1_001_000_000)
    assert strokes.may_trade


@pytest.mark.parametrize(("ns", "words"), [(None, "–"), (3_140_000, "3.1ms"), (0, "0.0ms"), (12 * 10**9, "12s")])
def test_a_span_is_milliseconds_and_a_dash_where_it_is_not_known(ns: int | None, words: str) -> None:
    assert span(ns) == words


async def test_an_answer_read_after_the_venues_word_is_still_told_in_the_bar(still_link: None) -> None:
    async with app_of().run_test(size=(120, 40)) as pilot:
        screen = await filled(pilot)
        trips, cursor = screen.store.kept.trips, screen.store.cursor

        def heard(number: int, cause: str, fact: Any, at_ns: int) -> None:
            one = Recorded(
                seq=cursor + number, at_ns=at_ns, wall_ns=0, trading_day="", cause=cause, actor="tester", fact=fact
            )
            screen.hear(screen.store.take_log(Log(records=(one,)), 107 * MS))

        trips.begin("x", Stroke("d", 100 * MS), 101 * MS, NOW)
        heard(1, "command:x", CancelRequested(command_id="x", order_id="O1", cl_ord_id="O1.2"), NOW)
        heard(2, "report:e", OrderCanceled(order_id="O1", exec_id="e"), NOW + 5 * MS)
        assert "· venue 5.0ms" in screen.messages.bar.said
        assert "durable" not in screen.messages.bar.said
        trips.answered("x", 106 * MS, accepted=True)
        screen.hearing.answered("x")
        assert "· durable 6.0ms · venue 5.0ms" in screen.messages.bar.said
        screen.say(News("something else"))
        screen.hearing.answered("x")
        assert screen.messages.bar.said.strip() == "something else"


@pytest.mark.parametrize("is_own", [True, False], ids=["this screen", "another"])
async def test_what_another_screen_asked_for_is_told_with_who_asked(still_link: None, is_own: bool) -> None:
    async with app_of().run_test(size=(200, 50)) as pilot:
        screen = await filled(pilot)
        cursor = screen.store.cursor

        def heard(number: int, cause: str, actor: str, fact: Any) -> None:
            where = {"seq": cursor + number, "at_ns": NOW, "wall_ns": 0, "trading_day": ""}
            one = Recorded(**where, cause=cause, actor=actor, fact=fact)
            screen.hear(screen.store.take_log(Log(records=(one,)), 0))

        if is_own:
            screen.store.kept.trips.begin("a", None, 0, NOW)
            screen.store.kept.trips.begin("c", None, 0, NOW)
        terms: Any = {"order_id": "O1", "cl_ord_id": "O1.2", "qty": 300, "price": LAST - 4, "reserve": Decimal(0)}
        heard(1, "command:a", "bob", ReplaceRequested(command_id="a", seen=fill().fill.seen, **terms))
        heard(2, "report:r", "demo", OrderReplaced(exec_id="r", **terms))
        assert ("as bob asked" in screen.messages.bar.said) is not is_own
        heard(3, "command:c", "bob", CancelRequested(command_id="c", order_id="O1", cl_ord_id="O1.3"))
        heard(4, "report:e", "demo", OrderCanceled(order_id="O1", exec_id="e", reason=Reason("end.asked")))
        words = "as asked" if is_own else "as bob asked"
        assert words in screen.messages.bar.said
        screen.messages.bar.say()
        for tab in ("orders", "events", "log"):
            screen.blotter.open(tab)
            screen.flush(everything=True)
            assert words in shown(pilot), tab


def screen_app() -> TermdeskApp:
    return TermdeskApp(LaunchOptions(desk="demo", may_start_engine=False, language="en"), environment={}, offset_s=0)


async def log_of(pilot: Pilot[int]) -> list[Asked]:
    """Open the log tab and give its requests, newest first."""
    screen: Any = pilot.app._screen  # type: ignore[attr-defined]
    await pilot.press("f5")
    screen.blotter.open("log")
    screen.flush(everything=True)
    return [entry for entry in screen.blotter.shown if isinstance(entry, Asked)]


async def test_what_keys_do_is_timed_shown_exported_and_there_for_the_next_screen(demo_engine: DeskPaths) -> None:
    app = screen_app()
    async with app.run_test(size=(200, 50)) as pilot:
        screen = app._screen
        await until(pilot, lambda: app.store.link is EngineLink.UP and screen.navigation.cursor, 30)
        screen.navigation.move(-400)
        await pilot.press("b", "enter")
        await until(pilot, lambda: " · venue " in shown(pilot) and "accepted" in shown(pilot))
        await pilot.press("7", "b", "enter")
        await until(pilot, lambda: "refused" in shown(pilot))
        await pilot.press("escape", "d")
        await until(pilot, lambda: not screen.store.working())
        cancel, refused, submit = await log_of(pilot)
        assert [one.journal.what for one in (submit, refused, cancel)] == ["submit", "refused", "cancel"]
        assert (submit.journal.venue, cancel.journal.venue) == ("order_accepted", "order_canceled")
        assert [one.screen.key for one in (submit, refused, cancel)] == ["enter", "enter", "d"]
        for one in (submit, cancel):
            times = (one.screen.sent_after_ns, one.screen.answered_after_ns, one.journal.round_trip_ns)
            assert all(time is not None and time > 0 for time in times)
            assert one.screen.key_ns <= one.journal.asked_ns
        assert "[d] cancel 600519" in shown(pilot)
        screen.blotter.open("orders")
        assert submit.journal.round_trip_ns is not None
        assert span(submit.journal.round_trip_ns) in shown(pilot)
        screen.blotter.open("log")
        await pilot.press("e", "c")
        await until(pilot, lambda: list((demo_engine.folder.parents[1] / "exports").glob("demo-log-*.csv")))
        (path,) = (demo_engine.folder.parents[1] / "exports").glob("demo-log-*.csv")
        rows = [row for row in csv.DictReader(path.read_text().splitlines()) if row["journal.command_id"]]
        assert [row["screen.key"] for row in rows] == ["d", "enter", "enter"]
        assert rows[2]["journal.qty"] == "100"
        assert rows[2]["journal.asked_ns"].endswith("Z")
    again = screen_app()
    async with again.run_test(size=(200, 50)) as pilot:
        await until(pilot, lambda: len(again.store.kept.requests.lines) == 3, 30)
        before = await log_of(pilot)
        assert [one.journal for one in before] == [one.journal for one in (cancel, refused, submit)]
        assert {one.screen for one in before} == {Trip()}
