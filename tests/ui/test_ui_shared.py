"""Shared values end the same on every screen, whatever crossed on the way."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from termdesk.ui.sharing.shared import Shared, Told
from termdesk.ui.watch.linking import LETTERS

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("choose"), st.integers(0, 2), st.tuples(st.sampled_from(LETTERS), st.sampled_from("XYZ"))),
        st.tuples(st.just("send"), st.integers(0, 2), st.none()),
        st.tuples(st.just("tell"), st.integers(0, 2), st.none()),
        st.tuples(st.just("lose"), st.integers(0, 2), st.none()),
    ),
    max_size=40,
)


class Screen:
    def __init__(self, session: str) -> None:
        self.session = session
        self.shared: Shared[str] = Shared()
        self.unsent: dict[str, str] = {}
        self.shows: dict[str, str] = {}
        self.changes = 0

    def choose(self, group: str, value: str) -> None:
        self.shows[group] = value
        self.shared.put(group, value)
        self.unsent[group] = value

    def hear(self, told: list[Told[str]]) -> None:
        for one in self.shared.news(told, self.session, self.unsent):
            self.changes += one.value != self.shows.get(one.name)
            self.shows[one.name] = one.value


class Hub:
    def __init__(self) -> None:
        self.screens = [Screen(f"s{number}") for number in range(3)]
        self.lines: dict[str, Told[str]] = {}
        self.next_session = 3

    def do(self, what: str, number: int, value: Any) -> None:
        screen = self.screens[number]
        if what == "choose":
            screen.choose(*value)
        elif what == "send":
            for group, chosen in screen.unsent.items():
                revision = self.lines[group].revision + 1 if group in self.lines else 1
                self.lines[group] = Told(group, chosen, revision, screen.session)
            screen.unsent.clear()
        elif what == "tell":
            screen.hear([*self.lines.values()])
        elif what == "lose":
            screen.session, self.next_session = f"s{self.next_session}", self.next_session + 1
            screen.shared.begin_anew()

    def settle(self) -> None:
        for what in ("send", "tell"):
            for number in range(3):
                self.do(what, number, None)


@given(STEPS)
def test_all_screens_end_with_the_last_word_and_then_rest(steps: list[tuple[str, int, Any]]) -> None:
    hub = Hub()
    for step in steps:
        hub.do(*step)
    hub.settle()
    for screen in hub.screens:
        assert screen.shows == {group: line.value for group, line in hub.lines.items()}
    changes, lines = [screen.changes for screen in hub.screens], dict(hub.lines)
    hub.settle()
    assert ([screen.changes for screen in hub.screens], hub.lines) == (changes, lines), "nothing drives them on"


def test_echo_of_an_earlier_change_moves_nothing_back() -> None:
    shared: Shared[str] = Shared()
    shared.put("A", "X")
    shared.put("A", "Y")
    assert shared.news([Told("A", "X", 1, "me")], "me", ()) == []
    assert [one.value for one in shared.news([Told("A", "Y", 2, "me")], "me", ())] == ["Y"]


def test_value_from_before_is_no_word_of_this_screen_although_the_sessions_are_named_alike() -> None:
    shared: Shared[str] = Shared()
    shared.put("A", "X")
    shared.begin_anew()
    assert [one.value for one in shared.news([Told("A", "Y", 7, "s1")], "s1", ())] == ["Y"]
