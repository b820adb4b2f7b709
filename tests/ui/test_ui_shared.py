"""Shared values end the same on every screen, whatever crossed on the way."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from termdesk.ui.shared import Shared, Told

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("choose"), st.integers(0, 2), st.sampled_from("XYZ")),
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
        self.shows = ""
        self.changes = 0

    def choose(self, value: str) -> None:
        self.shows = value
        self.shared.put("A", value)
        self.unsent["A"] = value

    def hear(self, told: list[Told[str]]) -> None:
        for one in self.shared.news(told, self.session, self.unsent):
            self.changes += one.value != self.shows
            self.shows = one.value


class Hub:
    def __init__(self) -> None:
        self.screens = [Screen(f"s{number}") for number in range(3)]
        self.line: Told[str] | None = None
        self.next_session = 3

    @property
    def told(self) -> list[Told[str]]:
        return [self.line] if self.line else []

    def do(self, what: str, number: int, value: Any) -> None:
        screen = self.screens[number]
        if what == "choose":
            screen.choose(value)
        elif what == "send" and screen.unsent:
            revision = self.line.revision + 1 if self.line else 1
            self.line = Told("A", screen.unsent.pop("A"), revision, screen.session)
        elif what == "tell":
            screen.hear(self.told)
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
    if hub.line is not None:
        assert {screen.shows for screen in hub.screens} == {hub.line.value}
    changes, line = [screen.changes for screen in hub.screens], hub.line
    hub.settle()
    assert ([screen.changes for screen in hub.screens], hub.line) == (changes, line), "nothing drives them on"


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
