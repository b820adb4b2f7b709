"""A new user is led through the first steps by what he does, once."""

from __future__ import annotations

import pytest
from desk_cases import app_of, order
from pilot_desk import filled
from pilot_words import shown, until

from termdesk.config.launch import LaunchOptions
from termdesk.config.paths import DeskPaths, places
from termdesk.core.model.terms import OrdStatus, Side
from termdesk.ui.app import TermdeskApp
from termdesk.ui.guide.steps import STEPS, Seen, Step, advanced, begun
from termdesk.ui.store import EngineLink


def seen(**changes: object) -> Seen:
    return Seen(**{"instrument": "A", "orders": (), "fills": 0, "explained": 0, **changes})


@pytest.mark.parametrize(
    ("step", "after"),
    [
        (Step.SYMBOL, {"instrument": "B"}),
        (Step.ORDER, {"orders": (order("O1", Side.BUY, 100),)}),
        (Step.CANCEL, {"orders": (order("O1", Side.BUY, 100, status=OrdStatus.CANCELED),)}),
        (Step.FILL, {"fills": 1}),
        (Step.WHY, {"explained": 1}),
    ],
)
def test_step_waits_for_what_it_asks_and_then_goes_on(step: Step, after: dict[str, object]) -> None:
    progress = begun(seen(), step)
    assert advanced(progress, seen()) is progress
    assert advanced(progress, seen(**after)).step is STEPS[STEPS.index(step) + 1]


def test_what_was_there_before_does_not_count() -> None:
    old = seen(orders=(order("O1", Side.BUY, 100, status=OrdStatus.CANCELED),), fills=3)
    for step in (Step.ORDER, Step.CANCEL, Step.FILL):
        progress = begun(old, step)
        assert advanced(progress, old) is progress


def test_instrument_that_the_screen_chose_by_itself_is_no_choice() -> None:
    progress = begun(seen(instrument=""))
    assert advanced(progress, seen(instrument="A")).step is Step.SYMBOL


@pytest.mark.parametrize("step", STEPS)
def test_what_a_desk_tells_after_it_answered_was_there_before(step: Step) -> None:
    told = seen(orders=(order("O1", Side.BUY, 100, status=OrdStatus.CANCELED),), fills=3)
    progress = advanced(begun(seen(instrument=""), step), told)
    assert progress.step is step
    assert advanced(progress, told) is progress


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("step", STEPS)
async def test_every_step_fits_a_small_screen(still_link: None, language: str, step: Step) -> None:
    app = app_of(language)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await filled(pilot)
        await pilot.press("f9")
        screen.guide.progress = begun(seen(), step)
        screen.guide.speak()
        await pilot.pause()
        rows = screen.guide.bar.said.split("\n")
        text = shown(pilot)
        assert len(rows) == 2
        assert all(row.strip() in text for row in rows), "nothing is cut off"


async def test_guide_is_not_in_the_way_unless_offered(still_link: None) -> None:
    async with app_of().run_test(size=(80, 24)) as pilot:
        screen = await filled(pilot)
        assert not screen.guide.bar.display
        assert "First steps" not in shown(pilot)


async def test_closed_guide_is_remembered(still_link: None) -> None:
    for expected in (True, False):
        app = TermdeskApp(LaunchOptions(language="en"), environment={}, offset_s=0, offers_guide=True)
        async with app.run_test(size=(80, 24)) as pilot:
            screen = await filled(pilot)
            await until(pilot, lambda screen=screen, expected=expected: screen.guide.bar.display is expected)
            if expected:
                await pilot.press("f9")
    assert (places().state / "guide").exists()


async def test_screen_that_was_left_goes_on_at_its_step(still_link: None) -> None:
    for number, step in enumerate(STEPS[:2]):
        app = TermdeskApp(LaunchOptions(language="en"), environment={}, offset_s=0, offers_guide=True)
        async with app.run_test(size=(80, 24)) as pilot:
            screen = await filled(pilot)
            await until(pilot, lambda screen=screen: screen.guide.progress and screen.guide.progress.instrument)
            assert screen.guide.progress.step is step
            if number == 0:
                await pilot.press("right_square_bracket")
                await until(pilot, lambda screen=screen: screen.guide.progress.step is STEPS[1])
                assert (places().state / "guide").read_text() == "order\n"


@pytest.mark.parametrize("kept", [b"", b"no such step\n", b"\xff\x00ord", b"order\nfill\n", None])
async def test_damaged_memory_begins_the_guide_anew(still_link: None, kept: bytes | None) -> None:
    memory = places().state / "guide"
    memory.parent.mkdir(parents=True, exist_ok=True)
    if kept is None:
        memory.mkdir()
    else:
        memory.write_bytes(kept)
    app = TermdeskApp(LaunchOptions(language="en"), environment={}, offset_s=0, offers_guide=True)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await filled(pilot)
        await until(pilot, lambda: screen.guide.progress)
        assert screen.guide.progress.step is STEPS[0]
        await pilot.press("f9")
        assert screen.guide.progress is None


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_step_to_cancel_says_so_where_the_order_filled_before_it_could_be_cancelled(
    still_link: None, language: str
) -> None:
    app = app_of(language)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await filled(pilot)
        await pilot.press("f9")
        orders = screen.store.orders
        orders.clear()
        orders["O9"] = order("O9", Side.BUY, 100)
        screen.guide.progress = begun(screen.guide._seen(), Step.CANCEL)
        screen.flush(everything=True)
        works = screen.guide.bar.said
        orders["O9"] = order("O9", Side.BUY, 100, status=OrdStatus.FILLED)
        screen.flush(everything=True)
        assert works != screen.guide.bar.said
        assert screen.guide.progress.step is Step.CANCEL
        await pilot.pause()
        assert all(row.strip() in shown(pilot) for row in screen.guide.bar.said.split("\n")), "nothing is cut off"


EXPLAINED = {"en": "displayed", "zh": "显示"}
HANDS = "[orders]\npaste_gap_ms = 0\nrepeat_gap_ms = 0\n"
"""A pilot types faster than any hand; everything else is as a new user finds it, the screen disarmed."""


@pytest.mark.parametrize(
    ("language", "size"), [("en", (80, 24)), ("zh", (80, 24)), ("en", (120, 40)), ("zh", (120, 40))]
)
async def test_new_user_goes_through_every_step_on_a_real_desk(
    demo_engine: DeskPaths, language: str, size: tuple[int, int]
) -> None:
    places().config_file.write_text(HANDS)
    options = LaunchOptions(desk="demo", may_start_engine=False, language=language)
    app = TermdeskApp(options, environment={}, offset_s=0, offers_guide=True)
    async with app.run_test(size=size) as pilot:
        screen = app._screen
        guide = screen.guide

        def is_at(step: Step) -> bool:
            return guide.progress is not None and guide.progress.step is step

        await until(pilot, lambda: app.store.link is EngineLink.UP and screen.navigation.cursor and guide.progress, 30)
        await until(pilot, lambda: screen.instrument_id and guide.progress.instrument)
        await pilot.press("right_square_bracket", "left_square_bracket")
        await until(pilot, lambda: is_at(Step.ORDER))
        await until(pilot, lambda: screen.navigation.cursor)
        await pilot.press("f2", "A", "home")
        screen.navigation.move(-200)
        await pilot.press("b")
        await until(pilot, lambda: screen.entry.previewing.answer is not None)
        await pilot.press("enter")
        await until(pilot, lambda: is_at(Step.CANCEL))
        await until(pilot, screen.store.working)
        await pilot.press("x")
        await until(pilot, lambda: is_at(Step.FILL))
        await pilot.press("B")
        await until(pilot, lambda: screen.entry.previewing.answer is not None)
        await pilot.press("enter")
        await until(pilot, lambda: is_at(Step.WHY))
        await pilot.press("f5", "down", "y")
        await until(pilot, lambda: is_at(Step.LEAVE))
        await until(pilot, lambda: EXPLAINED[language] in shown(pilot))
        await pilot.press("escape", "q")
        await until(pilot, lambda: app.return_code == 0)
    assert (places().state / "guide").read_text() == "done\n"


async def test_order_of_a_disarmed_screen_says_which_key_arms(demo_engine: DeskPaths) -> None:
    places().config_file.write_text(HANDS)
    app = TermdeskApp(LaunchOptions(desk="demo", may_start_engine=False, language="en"), environment={}, offset_s=0)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = app._screen
        await until(pilot, lambda: app.store.link is EngineLink.UP and screen.navigation.cursor, 30)
        await pilot.press("f2", "b", "enter")
        assert "A arms" in screen.messages.bar.said
        assert screen.entry.ticket.staged is not None, "nothing was sent and nothing was lost"
