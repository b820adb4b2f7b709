"""One registry makes bindings, hints and the key sheet; keys never have two meanings."""

from __future__ import annotations

import pytest

from termdesk.ui.actions import ACTIONS, Action, Context, keymap, shown_keys, together
from termdesk.ui.locale import catalogue


def test_ids_are_unique_and_keyed() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    assert all(action.keys for action in ACTIONS)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_action_has_a_label_and_a_help_text(language: str) -> None:
    texts = catalogue(language).texts
    expected = {key for action in ACTIONS for key in (action.label_key, action.help_key)}
    assert {key for key in texts if key.startswith("action.")} == expected
    assert {f"context.{context.value}" for context in Context} <= texts.keys()


def test_default_keys_have_no_conflict() -> None:
    assert keymap({}).conflicts == ()


def test_own_key_replaces_the_default() -> None:
    assert keymap({"order.cancel_all": "ctrl+x, f9"}).keys["order.cancel_all"] == ("ctrl+x", "f9")


def test_empty_own_key_takes_the_key_away() -> None:
    assert keymap({"order.cancel_all": ""}).keys["order.cancel_all"] == ()


def test_unknown_action_names_the_nearest() -> None:
    assert keymap({"order.cancelall": "f9"}).unknown == {"order.cancelall": "order.cancel_all"}


def test_key_with_two_meanings_is_reported_with_both_actions() -> None:
    (conflict,) = keymap({"order.cancel_all": "b"}).conflicts
    assert (conflict.key, {conflict.first, conflict.second}) == ("b", {"order.buy", "order.cancel_all"})


def test_keys_of_panes_that_never_hold_the_focus_together_do_not_conflict() -> None:
    assert not together(Context.LADDER, Context.WATCHLIST)
    assert together(Context.LADDER, Context.STAGED)
    assert together(Context.DESK, Context.BLOTTER)


def test_dangerous_actions_are_on_no_key_that_also_moves() -> None:
    moving = {key for action in ACTIONS if action.id.startswith(("ladder.", "watchlist.")) for key in action.keys}
    assert not [a.id for a in ACTIONS if a.danger.value != "none" and set(a.keys) & moving]


def test_keys_are_written_as_people_know_them() -> None:
    def shown(name: str) -> str:
        return shown_keys(next(action for action in ACTIONS if action.id == name).keys)

    assert shown("order.digit") == "0-9"
    assert shown("desk.quit") == "q Ctrl+Q"
    assert shown("pane.ladder") == "F2"
    assert shown("ladder.page_up") == "PgUp"


def test_action_is_frozen() -> None:
    action: Action = ACTIONS[0]
    with pytest.raises(AttributeError):
        action.id = "other"  # type: ignore[misc]
