"""Several screens: a link group moves on all of them, and never under a hand that is about to trade."""

from __future__ import annotations

from typing import Any

import pytest
from desk_cases import BITCOIN, MOUTAI
from msgspec.structs import replace
from order_desk import stroke
from other_screen import Desk, desk_of
from pilot_words import shown, until

from termdesk.core.model.reason import Reason
from termdesk.core.wire.shared import ShowInGroup
from termdesk.core.wire.topics import ScreenLine
from termdesk.ui.watch.linking import LETTERS

pytestmark = pytest.mark.usefixtures("still_link")


async def test_ladder_ticket_chart_and_tape_follow_what_another_screen_chose(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        desk.attached(ScreenLine("s2", "tester", "termdesk screen", "tmux %7", armed=False, looks_on=False))
        desk.show_elsewhere(BITCOIN.id)
        screen = desk.screen
        assert screen.instrument_id == screen.watching.links.of_group("A") == BITCOIN.id
        assert screen.watching.shown("chart") == screen.watching.shown("tape") == BITCOIN.id
        assert "group A is now at BTCUSDT, chosen on tmux %7" in shown(desk.pilot)
        assert desk.deliver() == [], "to follow is not to choose"


@pytest.mark.parametrize("group", LETTERS)
async def test_own_choice_is_put_once_and_its_echo_moves_nothing(monkeypatch: Any, group: str) -> None:
    async with desk_of(monkeypatch) as desk:
        await desk.press("f2", *turns(group), "right_square_bracket")
        assert desk.screen.instrument_id == BITCOIN.id
        assert desk.deliver() == [ShowInGroup(group, BITCOIN.id)]
        await desk.press("left_square_bracket")
        desk.tell()
        desk.later(10)
        assert desk.screen.instrument_id == MOUTAI.id, "the echo of the choice before is no choice of another screen"
        desk.deliver()
        desk.tell()
        desk.later(10)
        assert desk.screen.instrument_id == MOUTAI.id


def turns(group: str) -> tuple[str, ...]:
    """The keys that turn a ladder of group A to another one."""
    return ("G",) * LETTERS.index(group)


HANDS = {
    "staged": ("b",),
    "typed": ("5",),
    "chosen order": ("o",),
    "picked up": ("o", "c"),
    "staged move": ("o", "right_parenthesis"),
    "order form": ("f7",),
    "command line": ("colon",),
    "finder": ("slash",),
    "help": ("question_mark",),
    "palette": ("ctrl+p",),
    "question": ("f",),
}


@pytest.mark.parametrize("group", ["A", "B"])
@pytest.mark.parametrize("keys", HANDS.values(), ids=HANDS)
async def test_group_waits_while_something_is_under_way_and_says_where_it_is(
    monkeypatch: Any, keys: tuple[str, ...], group: str
) -> None:
    async with desk_of(monkeypatch) as desk:
        screen = desk.screen
        await desk.press("f2", *turns(group), *keys)
        before = screen.entry.ticket.staged
        desk.later(60)
        desk.show_elsewhere(BITCOIN.id, group)
        desk.later(60)
        assert screen.instrument_id == screen.watching.links.of_group(group) == MOUTAI.id
        assert screen.entry.ticket.staged == before, "nothing staged is dropped"
        assert f"group {group} is at BTCUSDT on another screen" in desk.message()
        assert f"{group}→BTCUSDT" in str(screen.ladders.active.border_title)
        for _ in range(4):
            await desk.press("escape")
        if screen.entry.amending.is_holding:
            screen.entry.amending.forget()
        assert screen.instrument_id == MOUTAI.id, "the key that ended it may be followed by another"
        desk.later(3)
        assert screen.instrument_id == BITCOIN.id
        assert f"{group}→" not in str(screen.ladders.active.border_title)
        assert desk.engine.orders == []


@pytest.mark.parametrize("group", ["A", "B"])
async def test_order_that_is_sent_and_not_answered_holds_the_group(monkeypatch: Any, group: str) -> None:
    async with desk_of(monkeypatch) as desk:
        desk.engine.may_answer.clear()
        await desk.press("f2", *turns(group), "down", "b", "enter")
        assert desk.screen.entry.ticket.staged.is_sealed
        desk.later(60)
        desk.show_elsewhere(BITCOIN.id, group)
        assert desk.screen.instrument_id == MOUTAI.id
        desk.engine.may_answer.set()
        await until(desk.pilot, lambda: desk.screen.entry.ticket.staged is None)
        desk.later(0)
        assert desk.screen.instrument_id == BITCOIN.id
        assert [order.instrument for order in desk.engine.orders] == [MOUTAI.id]


@pytest.mark.parametrize("group", ["A", "B"])
async def test_ladder_that_had_a_key_stays_as_long_as_its_guard_holds(monkeypatch: Any, group: str) -> None:
    async with desk_of(monkeypatch) as desk:
        await desk.press("f2", *turns(group), "down")
        desk.later(1.9)
        desk.show_elsewhere(BITCOIN.id, group)
        assert desk.screen.instrument_id == MOUTAI.id
        desk.later(0.2)
        assert desk.screen.instrument_id == BITCOIN.id


async def test_click_holds_the_group_as_a_key_does(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        place = desk.screen.ladder.region
        await desk.mouse_down(place.x + 20, place.y + 8)
        desk.show_elsewhere(BITCOIN.id)
        assert desk.screen.instrument_id == MOUTAI.id


@pytest.mark.parametrize("group", ["A", "C"])
@pytest.mark.parametrize("keys", [("b",), ("B", "enter"), ("t",), ("x",), ("d",), ("f",), ("r",), ("X",), ("f7",)])
async def test_keys_that_were_meant_for_the_instrument_before_do_nothing_right_after_a_switch(
    monkeypatch: Any, keys: tuple[str, ...], group: str
) -> None:
    async with desk_of(monkeypatch) as desk:
        await desk.press("f2", *turns(group))
        desk.later(10)
        desk.show_elsewhere(BITCOIN.id, group)
        assert desk.screen.instrument_id == BITCOIN.id
        desk.later(0.5)
        await desk.press(*keys[:1])
        assert desk.screen.entry.ticket.staged is None
        assert desk.screen.app.screen is desk.screen
        assert "has just switched to BTCUSDT" in desk.message()
        await desk.press(*keys[1:])
        assert desk.engine.sent == []


async def test_keys_struck_right_after_a_switch_do_nothing_however_late_a_busy_screen_acts(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        desk.show_elsewhere(BITCOIN.id)
        struck_s = desk.clock_ns / 1e9 + 0.2
        desk.later(3)
        stroke(desk.pilot, "B", struck_s)
        await until(desk.pilot, lambda: "has just switched to BTCUSDT" in desk.message())
        assert desk.screen.entry.ticket.staged is None


async def test_a_moment_later_they_work_on_the_new_one(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        desk.show_elsewhere(BITCOIN.id)
        desk.later(1.1)
        await desk.press("B")
        assert desk.screen.entry.ticket.staged.instrument == BITCOIN.id


async def test_ways_out_of_everything_work_right_after_a_switch(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        desk.show_elsewhere(BITCOIN.id)
        await desk.press("ctrl+g")
        assert desk.engine.sent or desk.screen.app.screen is not desk.screen
        assert "has just switched" not in desk.message()


async def test_locked_ladder_never_follows_and_keeps_the_keys(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        screen = desk.screen
        await desk.press("f2", "L", "ctrl+n")
        await until(desk.pilot, lambda: len(screen.ladders.all) == 2)
        locked, linked = screen.ladders.all
        locked.surface.focus()
        await until(desk.pilot, lambda: screen.ladders.active is locked)
        desk.later(10)
        desk.show_elsewhere(BITCOIN.id)
        assert screen.ladders.instrument_of(locked) == screen.instrument_id == MOUTAI.id
        assert screen.ladders.instrument_of(linked) == BITCOIN.id
        assert screen.ladders.active is locked
        linked.surface.focus()
        await until(desk.pilot, lambda: screen.ladders.active is linked)
        assert screen.instrument_id == BITCOIN.id


async def test_keys_go_to_what_a_locked_ladder_shows_whatever_was_chosen_beside_it(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        screen = desk.screen
        await desk.press("f2", "L", "f1", "down")
        assert screen.instrument_id == BITCOIN.id, "a list moves chart and ticket"
        assert screen.ladders.instrument_of(screen.ladders.active) == MOUTAI.id
        await desk.press("f2", "B")
        assert screen.entry.ticket.staged.instrument == MOUTAI.id


async def test_choice_here_overtakes_one_that_still_waits(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        await desk.press("f2", "5")
        desk.show_elsewhere(BITCOIN.id)
        assert desk.screen.following.elsewhere == {"A": BITCOIN.id}
        desk.screen.navigation.choose(BITCOIN.id)
        desk.screen.navigation.choose(MOUTAI.id)
        assert not any(desk.screen.following.elsewhere.values())
        desk.later(10)
        assert desk.screen.instrument_id == MOUTAI.id
        assert desk.deliver() == [ShowInGroup("A", MOUTAI.id)]


async def test_choice_made_without_an_engine_is_put_when_it_is_back_and_wins(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        screen = desk.screen
        await desk.press("right_square_bracket")
        screen.store.attach(replace(screen.store.welcome, session="s9"), 0)
        desk.later(10)
        desk.show_elsewhere(MOUTAI.id)
        assert screen.instrument_id == BITCOIN.id
        assert desk.deliver() == [ShowInGroup("A", BITCOIN.id)]


async def two_groups(desk: Desk) -> tuple[Any, Any]:
    """Open a second ladder, turn it to group B, and give the keys back to the first, of group A."""
    screen = desk.screen
    await desk.press("f2", "ctrl+n")
    await until(desk.pilot, lambda: screen.focused is not None and screen.focused.id == "ladder-2")
    await desk.press("G")
    first, second = screen.ladders.all
    await give_keys(desk, first)
    desk.later(10)
    return first, second


async def give_keys(desk: Desk, pane: Any) -> None:
    pane.surface.focus()
    await until(desk.pilot, lambda: desk.screen.ladders.active is pane)


async def test_what_is_staged_on_one_ladder_stays_while_another_group_follows(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        first, second = await two_groups(desk)
        screen = desk.screen
        await desk.press("3", "0", "0", "b")
        staged = screen.entry.ticket.staged
        desk.show_elsewhere(BITCOIN.id, "B")
        assert screen.ladders.instrument_of(second) == BITCOIN.id, "nothing is under way in group B"
        assert "group B is now at BTCUSDT" in desk.message()
        assert screen.ladders.active is first
        assert screen.instrument_id == MOUTAI.id
        assert screen.entry.ticket.staged is staged
        await desk.press("enter")
        await until(desk.pilot, lambda: desk.engine.orders)
        assert [(order.instrument, order.qty) for order in desk.engine.orders] == [(MOUTAI.id, 300)]
        assert desk.deliver() == [], "to turn a ladder and to follow is not to choose"


async def test_ladder_that_gets_the_keys_right_after_its_group_followed_waits_too(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        first, second = await two_groups(desk)
        screen = desk.screen
        desk.show_elsewhere(BITCOIN.id, "B")
        desk.later(0.3)
        await desk.press("b")
        assert screen.entry.ticket.staged.instrument == MOUTAI.id, "the ladder of group A was not switched"
        await desk.press("escape")
        await give_keys(desk, second)
        await desk.press("b")
        assert screen.entry.ticket.staged is None
        assert "has just switched to BTCUSDT" in desk.message()
        desk.later(0.8)
        await desk.press("B")
        assert screen.entry.ticket.staged.instrument == BITCOIN.id
        desk.show_elsewhere(MOUTAI.id, "B")
        desk.show_elsewhere(BITCOIN.id, "A")
        desk.later(60)
        assert screen.entry.ticket.staged.instrument == screen.instrument_id == BITCOIN.id
        assert "B→600519" in str(second.border_title)
        assert "→" not in str(first.border_title)
        assert screen.ladders.instrument_of(first) == BITCOIN.id


async def test_ladder_turned_into_a_group_that_has_just_followed_waits_too(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        first, _ = await two_groups(desk)
        desk.show_elsewhere(BITCOIN.id, "B")
        desk.later(0.5)
        await desk.press("G", "b")
        assert desk.screen.instrument_id == BITCOIN.id
        assert desk.screen.ladders.active is first
        assert desk.screen.entry.ticket.staged is None
        assert "has just switched to BTCUSDT" in desk.message()


async def test_group_that_waits_follows_once_the_keys_are_on_a_ladder_of_another(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        first, second = await two_groups(desk)
        screen = desk.screen
        await give_keys(desk, second)
        await desk.press("b")
        desk.show_elsewhere(BITCOIN.id, "B")
        assert screen.ladders.instrument_of(second) == MOUTAI.id
        await give_keys(desk, first)
        desk.later(0)
        assert screen.ladders.instrument_of(second) == BITCOIN.id
        assert (screen.entry.ticket.staged, screen.instrument_id) == (None, MOUTAI.id)
        await give_keys(desk, second)
        await desk.press("b")
        assert screen.entry.ticket.staged is None, "it was switched a moment ago"


@pytest.mark.parametrize("group", LETTERS[1:])
async def test_locked_ladder_of_another_group_never_follows(monkeypatch: Any, group: str) -> None:
    async with desk_of(monkeypatch) as desk:
        screen = desk.screen
        await desk.press("f2", *turns(group), "L", "b")
        staged = screen.entry.ticket.staged
        desk.later(10)
        desk.show_elsewhere(BITCOIN.id, group)
        await desk.press("escape")
        desk.later(10)
        assert staged.instrument == MOUTAI.id
        assert screen.ladders.instrument_of(screen.ladders.active) == screen.instrument_id == MOUTAI.id
        assert screen.watching.links.of_group(group) == BITCOIN.id
        await desk.press("L")
        assert screen.instrument_id == BITCOIN.id


@pytest.mark.parametrize("group", LETTERS)
async def test_screens_that_choose_at_the_same_moment_end_alike_in_every_group(monkeypatch: Any, group: str) -> None:
    async with desk_of(monkeypatch) as desk:
        screen = desk.screen
        await desk.press("f2", *turns(group), "right_square_bracket")
        desk.later(10)
        desk.show_elsewhere(MOUTAI.id, group)
        assert desk.deliver() == [ShowInGroup(group, BITCOIN.id)]
        for _ in range(3):
            desk.tell()
            desk.later(10)
            assert desk.deliver() == [], "nothing drives the screens to and fro"
        assert screen.instrument_id == BITCOIN.id
        desk.show_elsewhere(MOUTAI.id, group)
        desk.later(10)
        assert screen.instrument_id == MOUTAI.id
        assert desk.deliver() == []


async def test_other_groups_follow_at_once_and_move_no_order(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        await desk.press("f3", "G")
        assert desk.screen.watching.links.letter("chart") == "B"
        await desk.press("f2", "b")
        staged = desk.screen.entry.ticket.staged
        desk.show_elsewhere(BITCOIN.id, "B")
        assert desk.screen.watching.shown("chart") == BITCOIN.id
        assert desk.screen.instrument_id == MOUTAI.id
        assert desk.screen.entry.ticket.staged is staged


async def test_choosing_in_a_list_of_another_group_is_put_for_that_group(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        await desk.press("f1", "G")
        desk.screen.watching.choose(BITCOIN.id)
        assert desk.deliver() == [ShowInGroup("B", BITCOIN.id)]


async def test_screen_that_only_looks_on_follows_and_never_puts(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch, read_only=True) as desk:
        desk.show_elsewhere(BITCOIN.id)
        assert desk.screen.instrument_id == BITCOIN.id
        desk.screen.navigation.choose(MOUTAI.id)
        assert desk.deliver() == []
        assert desk.screen.link._presence == {"armed": True, "looks_on": True}


@pytest.mark.parametrize("key", ["ctrl+k", "ctrl+g"])
async def test_screen_that_only_looks_on_says_at_once_that_it_stops_nothing(monkeypatch: Any, key: str) -> None:
    async with desk_of(monkeypatch, read_only=True) as desk:
        await desk.press(key)
        assert len(desk.screen.app.screen_stack) == 1, "nothing is asked"
        assert desk.screen.said.tr("news.read_only") in desk.message()


async def test_instrument_that_is_not_listed_yet_is_followed_once_it_is(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        late = replace(BITCOIN, id="SOLUSDT.DEMO")
        desk.show_elsewhere(late.id)
        assert desk.screen.instrument_id == MOUTAI.id
        desk.screen.store.list_instruments((MOUTAI, BITCOIN, late))
        desk.screen.flush()
        assert desk.screen.instrument_id == late.id


async def test_group_of_a_newer_version_is_left_alone(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        desk.show_elsewhere(BITCOIN.id, "Q")
        assert desk.screen.instrument_id == MOUTAI.id
        assert not desk.screen.following._waiting


async def test_refused_change_is_told(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        desk.screen.store.take_refusal(Reason("command.instrument_unknown", {"instrument": "X.DEMO"}))
        desk.screen.flush()
        assert "no instrument X.DEMO" in desk.message()


async def test_arming_is_told_when_it_changes(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch) as desk:
        desk.screen.flush()
        assert desk.screen.link._presence == {"armed": True, "looks_on": False}
        await desk.press("A")
        assert desk.screen.link._presence == {"armed": False, "looks_on": False}


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("also pts/2 ARMED", "pts/2 is no longer attached")), ("zh", ("另有 pts/2 已解锁", "pts/2 已断开"))],
)
async def test_status_line_names_who_else_is_attached_and_armed_until_it_goes(
    monkeypatch: Any, language: str, words: tuple[str, str]
) -> None:
    async with desk_of(monkeypatch, (80, 24), language=language) as desk:
        desk.attached()
        desk.attached(ScreenLine("s2", "tester", "termdesk screen", "pts/2", armed=True, looks_on=False))
        await until(desk.pilot, lambda: words[0] in shown(desk.pilot).split("\n")[-1])
        desk.attached()
        await until(desk.pilot, lambda: words[0] not in shown(desk.pilot).split("\n")[-1])
        assert words[1] in desk.message()


async def test_client_that_tells_nothing_is_unknown_and_comes_without_a_word(monkeypatch: Any) -> None:
    async with desk_of(monkeypatch, (200, 50)) as desk:
        desk.attached()
        before = desk.message()
        desk.attached(ScreenLine("s2", "bob", "my script", ""))
        await until(desk.pilot, lambda: "also bob@my script armed?" in shown(desk.pilot))
        assert desk.message() == before
        desk.attached(ScreenLine("s3", "tester", "termdesk screen", "web", armed=False, looks_on=True))
        await until(desk.pilot, lambda: "also web looks on" in shown(desk.pilot))
        desk.attached(*(ScreenLine(f"s{n}", "tester", "", "web", armed=False, looks_on=True) for n in (3, 4)))
        await until(desk.pilot, lambda: "also web s4 looks on" in shown(desk.pilot))
