"""Workspaces: panes split, moved, resized, hidden and found by keys and mouse, and there again at the next start."""

from __future__ import annotations

from typing import Any

import pytest
from desk_cases import app_of, health, topics
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace
from pilot_desk import filled
from pilot_words import shown
from textual import events
from textual.pilot import Pilot

from termdesk.config.paths import places
from termdesk.core.wire.shared import Leaf, Split, panes
from termdesk.ui.layout import keeping
from termdesk.ui.layout.jump import Jump
from termdesk.ui.layout.tree import Rect, beside, placed, resized, swapped, without
from termdesk.ui.layout.workspaces import ALONE, PANES, WORKSPACES, shipped

ROOMS = [(80, 24), (120, 40), (200, 50)]


@pytest.mark.parametrize("name", WORKSPACES)
@pytest.mark.parametrize(("width", "height"), ROOMS)
@pytest.mark.parametrize("ladders", [1, 2, 3, 4])
def test_shipped_workspaces_fill_the_room_without_overlaps(name: str, width: int, height: int, ladders: int) -> None:
    rects = placed(shipped(name, width, height, "ladders", ladders), Rect(0, 0, width, height))
    assert set(rects) <= set(PANES)
    cells = [(x, y) for r in rects.values() for x in range(r.x, r.x + r.width) for y in range(r.y, r.y + r.height)]
    assert len(cells) == len(set(cells))
    assert all(0 <= x < width and 0 <= y < height for x, y in cells)
    assert len(cells) >= width * height - 3 * height, "only gaps are blank"


@given(
    st.sampled_from(WORKSPACES),
    st.lists(st.tuples(st.sampled_from(PANES), st.sampled_from(["row", "column"]), st.integers(-9, 9)), max_size=12),
)
@example(
    "trade",
    [
        ("watchlist", "column", -1),
        ("watchlist", "column", -9),
        ("blotter", "column", 3),
        ("blotter", "column", 9),
        ("blotter", "column", 9),
    ],
)
def test_no_change_of_size_loses_a_pane_or_makes_one_vanish(name: str, changes: list[Any]) -> None:
    rect = Rect(0, 0, 200, 50)
    tree = shipped(name, 200, 50, "ladders", 1)
    before = set(panes(tree))
    for pane, axis, by in changes:
        tree = resized(tree, pane, axis, by, rect)
    rects = placed(tree, rect)
    assert set(rects) == before
    assert all(r.width > 0 and r.height > 0 for r in rects.values())


def test_panes_are_split_swapped_and_taken_away() -> None:
    tree = Split("row", (Leaf("watchlist", 40), Leaf("ladders")))
    tree = beside(tree, "ladders", "column", "chart")
    assert panes(tree) == ("watchlist", "ladders", "chart")
    assert placed(swapped(tree, "watchlist", "chart"), Rect(0, 0, 100, 20))["chart"] == Rect(0, 0, 40, 20)
    assert panes(without(tree, "ladders")) == ("watchlist", "chart")
    assert without(Leaf("chart"), "chart") == Leaf("chart"), "the last pane stays"


async def test_keys_show_every_workspace_and_it_is_there_at_the_next_start(still_link: None) -> None:
    async with app_of().run_test(size=(120, 40)) as pilot:
        screen = await filled(pilot)
        assert screen.workspaces.shown == "trade"
        await press(pilot, "f6")
        assert screen.workspaces.shown == "watch"
        assert "workspace: watch" in shown(pilot)
        await press(pilot, "alt+v")
        assert not screen.watchlist.is_on_screen
        assert screen.blotter.size.height > 15
        assert screen.focused is not None
        assert screen.focused.is_on_screen, "keys never go to a pane that is not seen"
    app = app_of()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert app._screen.workspaces.shown == "review"
        assert app._screen.blotter.is_on_screen


async def test_pane_is_resized_split_closed_and_reset_by_keys(still_link: None) -> None:
    async with app_of().run_test(size=(120, 40)) as pilot:
        screen = await filled(pilot)
        before = screen.chart.size.width
        await press(pilot, "f3", "ctrl+left", "ctrl+left")
        assert screen.chart.size.width == before - 4
        await press(pilot, "alt+x")
        assert not screen.chart.size
        await press(pilot, "f4", "alt+d")
        assert screen.chart.size.width == screen.tape.size.width
        await press(pilot, "alt+0")
        assert (screen.chart.size.width, screen.tape.size.height) == (before, 8)


async def test_focus_mode_gives_one_pane_the_place_and_takes_it_back(still_link: None) -> None:
    async with app_of().run_test(size=(120, 40)) as pilot:
        screen = await filled(pilot)
        await press(pilot, "f3", "alt+z")
        assert screen.chart.size.width == 120
        assert not screen.ladder.size
        await press(pilot, "alt+z")
        assert screen.ladder.size.width == ALONE
        await press(pilot, "alt+z", "f2")
        assert screen.focused is screen.ladder, "going to a hidden pane ends focus mode"
        assert screen.ladder.size


async def test_jump_mode_marks_panes_and_the_letter_focuses_or_swaps(still_link: None) -> None:
    async with app_of().run_test(size=(120, 40)) as pilot:
        screen = await filled(pilot)
        await press(pilot, "alt+j")
        assert all(f" {letter} " in shown(pilot) for letter in "asdfg")
        await press(pilot, "a")
        assert screen.focused is screen.watchlist
        place = screen.ladder.region.x
        await press(pilot, "alt+s", "s")
        assert screen.watchlist.region.x == place
        await press(pilot, "alt+j", "escape")
        assert screen.app.screen is screen


async def test_letters_with_alt_are_keys_even_where_typing_begins_a_search(still_link: None) -> None:
    async with app_of().run_test(size=(120, 40)) as pilot:
        screen = await filled(pilot)
        screen.watchlist.focus()
        await pilot.pause()
        screen.app.post_message(events.Key("alt+j", "j"))
        await pilot.pause()
        await pilot.pause()
        assert isinstance(screen.app.screen, Jump)


async def test_mouse_moves_a_gap_and_drops_a_pane_on_another(still_link: None) -> None:
    async with app_of().run_test(size=(120, 40)) as pilot:
        screen = await filled(pilot)
        arena, width = screen.workspaces.arena, screen.watchlist.size.width
        await pilot.mouse_down(arena, offset=(width, 10))
        await pilot.hover(arena, offset=(width + 4, 10))
        await pilot.mouse_up(arena, offset=(width + 4, 10))
        await pilot.pause()
        assert screen.watchlist.size.width == width + 4
        place = screen.chart.region.x
        await pilot.mouse_down(arena, offset=(5, 0))
        await pilot.mouse_up(arena, offset=(place + 5, 5))
        await pilot.pause()
        assert screen.watchlist.region.x == place


async def test_mouse_moves_the_rule_of_a_title_up_and_down(still_link: None) -> None:
    async with app_of().run_test(size=(120, 40)) as pilot:
        screen = await filled(pilot)
        arena, rects = screen.workspaces.arena, screen.workspaces.arena.rects
        top, tape = rects["blotter"].y, rects["tape"]
        behind = rects["blotter"].x + 60
        await dragged(pilot, (behind, top), (behind, top - 3))
        assert arena.rects["blotter"].y == top - 3, "the rule is the edge"
        assert arena.rects["tape"].y <= tape.y, "the edge above the blotter moved, not the one between chart and tape"
        tape = arena.rects["tape"]
        await dragged(pilot, (tape.x + 20, tape.y), (tape.x + 20, tape.y + 2))
        assert arena.rects["tape"].y == tape.y + 2
        await dragged(pilot, (rects["blotter"].x + 2, top - 3), (rects["watchlist"].x + 3, 3))
        assert arena.rects["blotter"].y == 0, "the words are the pane"


async def test_mouse_splits_a_pane_where_another_is_dropped_near_its_end(still_link: None) -> None:
    async with app_of().run_test(size=(200, 50)) as pilot:
        screen = await filled(pilot)
        arena = screen.workspaces.arena
        await dragged(
            pilot, (arena.rects["tape"].x + 2, arena.rects["tape"].y), end_of(arena.rects["watchlist"], "column")
        )
        tape, watchlist = arena.rects["tape"], arena.rects["watchlist"]
        assert (tape.x, tape.y, tape.width) == (watchlist.x, watchlist.y + watchlist.height, watchlist.width)
        await dragged(pilot, (tape.x + 2, tape.y), end_of(arena.rects["blotter"], "row"))
        tape, blotter = arena.rects["tape"], arena.rects["blotter"]
        assert (tape.x, tape.y) == (blotter.x + blotter.width + 1, blotter.y)
        assert set(arena.rects) == {"watchlist", "ladders", "chart", "tape", "blotter"}, "nothing is lost"


async def dragged(pilot: Pilot[Any], start: tuple[int, int], end: tuple[int, int]) -> None:
    arena = pilot.app.query_one("#arena")
    await pilot.mouse_down(arena, offset=start)
    await pilot.hover(arena, offset=end)
    await pilot.mouse_up(arena, offset=end)
    await pilot.pause()


def end_of(rect: Rect, axis: str) -> tuple[int, int]:
    """Give a cell in the last quarter of a pane along an axis, and in the first half along the other."""
    right, below = rect.x + rect.width - 1, rect.y + rect.height - 1
    return (right, rect.y + 1) if axis == "row" else (rect.x + 1, below)


async def test_damaged_file_of_workspaces_is_as_none(still_link: None) -> None:
    places().state.mkdir(parents=True, exist_ok=True)
    for text in (
        "{",
        '{"changed":' * 5000,
        '{"shown": "trade", "changed": {"trade wide": {"type": "pane", "pane": "nothing"}}}',
    ):
        (places().state / "workspaces.json").write_text(text)
        async with app_of().run_test(size=(120, 40)) as pilot:
            assert (await filled(pilot)).ladder.size.width == ALONE
    places().state.joinpath("workspaces.json").write_text("{")
    aside = places().state.joinpath("workspaces.json.damaged")
    assert keeping.read() == (keeping.Kept(), aside)
    keeping.write(keeping.Kept())
    assert aside.read_text() == "{", "put aside, not written over"


async def test_damaged_files_of_screens_and_of_the_desk_are_told_at_the_start_with_where_they_are(
    still_link: None,
) -> None:
    places().state.mkdir(parents=True, exist_ok=True)
    (places().state / "workspaces.json").write_text("{")
    async with app_of().run_test(size=(120, 40)) as pilot:
        screen = await filled(pilot)
        said = [message.text for message in screen.store.kept.messages]
        assert any(f"damaged, kept as {places().state / 'workspaces.json.damaged'}" in text for text in said)
        screen.messages.seen()
        screen.store.take_topics(topics(replace(health(), damaged="/there/shared.json.damaged")), 0)
        screen.flush(everything=True)
        screen.flush(everything=True)
        said = [message.text for message in screen.store.kept.messages]
        assert sum("damaged, kept as /there/shared.json.damaged" in text for text in said) == 1


async def press(pilot: Pilot[int], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()
        await pilot.pause()
