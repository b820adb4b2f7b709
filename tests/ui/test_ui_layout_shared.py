"""Arrangements of panes follow on every screen; the engine has the last word, a file only the first paint."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from other_screen import desk_of

from termdesk.config.paths import places
from termdesk.core.wire.shared import ArrangeRoom, Leaf, Split, panes

pytestmark = pytest.mark.usefixtures("still_link")
ROOM = "trade wide"
TREE = Split("row", (Leaf("chart", 30), Leaf("ladders")))
OTHER_TREE = Split("column", (Leaf("ladders"), Leaf("tape", 5)))


def kept() -> Any:
    return json.loads((places().state / "workspaces.json").read_text())


def keep(**rooms: Any) -> None:
    places().state.mkdir(parents=True, exist_ok=True)
    changed = {name.replace("_", " "): msgspec.to_builtins(with_ladder(pane)) for name, pane in rooms.items()}
    (places().state / "workspaces.json").write_text(json.dumps({"shown": "trade", "changed": changed}))


def with_ladder(pane: str) -> Split:
    return Split("row", (Leaf("ladders"), Leaf(pane)))


async def test_pane_split_elsewhere_is_split_here_in_the_same_room_alone(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        desk.elsewhere(ArrangeRoom("trade narrow", Leaf("tape")))
        assert len(panes(desk.screen.workspaces.tree)) == 5
        desk.elsewhere(ArrangeRoom(ROOM, TREE))
        await desk.pilot.pause()
        assert desk.screen.workspaces.tree == TREE
        assert desk.screen.chart.is_on_screen
        assert not desk.screen.blotter.is_on_screen
        assert desk.screen.focused is desk.screen.ladder
        assert desk.deliver() == [], "to follow is not to arrange"
        assert panes(desk.screen.workspaces.tree) == ("chart", "ladders")
        assert set(kept()["changed"]) == {ROOM, "trade narrow"}


async def test_workspace_that_is_shown_stays_each_screens_own(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        await desk.press("alt+w")
        assert desk.deliver() == []
        desk.elsewhere(ArrangeRoom(ROOM, TREE))
        assert desk.screen.workspaces.shown == "watch"


async def test_what_keys_arrange_here_is_put(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        await desk.press("f3", "alt+x")
        (change,) = desk.deliver()
        assert isinstance(change, ArrangeRoom)
        assert change.arrangement == desk.screen.workspaces.tree
        assert "chart" not in panes(change.arrangement)
        desk.tell()
        await desk.press("alt+0")
        assert desk.deliver() == [ArrangeRoom(ROOM, None)]
        await desk.press("alt+0")
        assert desk.deliver() == [], "what is as shipped is not given back again"


async def test_place_given_back_elsewhere_is_as_shipped_here(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        shipped = desk.screen.workspaces.tree
        desk.elsewhere(ArrangeRoom(ROOM, TREE))
        desk.elsewhere(ArrangeRoom(ROOM, None))
        assert desk.screen.workspaces.tree == shipped


async def test_arrangement_waits_while_an_order_is_staged(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        shipped = desk.screen.workspaces.tree
        await desk.press("f2", "b")
        desk.later(60)
        desk.elsewhere(ArrangeRoom(ROOM, Leaf("tape")))
        assert desk.screen.workspaces.tree == shipped
        await desk.press("escape")
        desk.later(3)
        assert desk.screen.workspaces.tree == Leaf("tape")


async def test_edge_that_is_dragged_here_does_not_jump_back_with_its_own_echo(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        await desk.press("f3", "ctrl+left")
        desk.deliver()
        await desk.press("ctrl+left", "ctrl+left")
        now = desk.screen.workspaces.tree
        desk.tell()
        desk.later(10)
        assert desk.screen.workspaces.tree == now


async def test_panes_that_this_screen_does_not_have_change_nothing(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        shipped = desk.screen.workspaces.tree
        desk.elsewhere(ArrangeRoom(ROOM, Split("row", (Leaf("ladders"), Leaf("news")))))
        assert desk.screen.workspaces.tree == shipped


async def test_engine_without_arrangements_gets_those_of_the_file(monkeypatch: Any) -> None:
    keep(trade_wide="tape", watch_wide="chart")
    async with desk_of(monkeypatch) as desk:
        assert desk.screen.workspaces.tree == with_ladder("tape"), "the first paint does not wait for an engine"
        assert sorted(desk.deliver(), key=lambda one: one.room) == [
            ArrangeRoom(ROOM, with_ladder("tape")),
            ArrangeRoom("watch wide", with_ladder("chart")),
        ]


async def test_engine_with_arrangements_wins_over_the_file(monkeypatch: Any) -> None:
    keep(trade_wide="tape", watch_wide="chart")
    from termdesk.engine import sharing

    begun = sharing.Sharing(sharing.Held(), bool)
    begun.on_change = lambda kind: None
    begun.put(ArrangeRoom(ROOM, OTHER_TREE), "", "ada")
    monkeypatch.setattr("other_screen.Held", lambda: begun.held)
    async with desk_of(monkeypatch) as desk:
        assert desk.screen.workspaces.tree == OTHER_TREE
        assert desk.deliver() == []
        assert set(kept()["changed"]) == {ROOM}, "the file keeps no truth of its own"


async def test_screen_that_only_looks_on_arranges_for_itself_alone(monkeypatch: Any) -> None:
    keep(trade_wide="tape")
    async with desk_of(monkeypatch, read_only=True) as desk:
        await desk.press("alt+d")
        assert desk.screen.workspaces.tree != with_ladder("tape")
        assert desk.deliver() == []
        desk.elsewhere(ArrangeRoom(ROOM, TREE))
        desk.later(3)
        assert desk.screen.workspaces.tree == TREE


async def test_arrangement_made_while_the_engine_was_away_is_put_and_wins(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        desk.elsewhere(ArrangeRoom("watch wide", TREE))
        await desk.press("f3", "alt+x")
        mine = desk.screen.workspaces.tree
        store = desk.screen.store
        store.attach(store.welcome, 0)
        desk.later(3)
        desk.tell()
        desk.later(3)
        assert desk.screen.workspaces.tree == mine
        assert desk.deliver() == [ArrangeRoom(ROOM, mine)]
