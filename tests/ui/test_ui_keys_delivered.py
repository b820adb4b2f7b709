"""Every key of every preset arrives from the bytes that an ordinary terminal sends, one without the kitty protocol."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser

from termdesk.ui.keys.check import keys_to_check
from termdesk.ui.keys.presets import PRESETS, chosen_keymap
from termdesk.ui.keys.reports import read_all_reports

CURSOR = {"up": "A", "down": "B", "right": "C", "left": "D", "end": "F", "home": "H"}
TILDE = {
    "insert": 2, "delete": 3, "pageup": 5, "pagedown": 6,
    "f5": 15, "f6": 17, "f7": 18, "f8": 19, "f9": 20, "f10": 21, "f11": 23, "f12": 24,
}  # fmt: skip
PLAIN = {"enter": "\r", "tab": "\t", "escape": "\x1b", "backspace": "\x7f", "space": " ", "shift+tab": "\x1b[Z"}
FUNCTION = {"f1": "P", "f2": "Q", "f3": "R", "f4": "S"}
MODIFIERS = {"shift+": 2, "alt+": 3, "ctrl+": 5}
"""Parameters of xterm's control sequences ("PC-Style Function Keys", ctlseqs, patch 390 of 2024-02-19)."""
CHARACTERS = {
    "plus": "+", "minus": "-", "underscore": "_", "slash": "/", "full_stop": ".", "comma": ",", "colon": ":",
    "less_than_sign": "<", "greater_than_sign": ">", "question_mark": "?", "apostrophe": "'",
    "left_parenthesis": "(", "right_parenthesis": ")", "left_square_bracket": "[", "right_square_bracket": "]",
    "left_curly_bracket": "{", "right_curly_bracket": "}",
}  # fmt: skip


def sent(key: str) -> str:
    """Give what xterm and tmux send for a key."""
    if key in PLAIN:
        return PLAIN[key]
    modifier = next((name for name in MODIFIERS if key.startswith(name)), "")
    base = key.removeprefix(modifier)
    if base in CURSOR:
        return f"\x1b[1;{MODIFIERS[modifier]}{CURSOR[base]}" if modifier else f"\x1b[{CURSOR[base]}"
    if base in TILDE and not modifier:
        return f"\x1b[{TILDE[base]}~"
    if base in FUNCTION and not modifier:
        return f"\x1bO{FUNCTION[base]}"
    character = CHARACTERS.get(base, base)
    assert len(character) == 1, f"nobody said what a terminal sends for {key}"
    if modifier == "ctrl+":
        assert character not in "im[hj", f"{key} is another key in a terminal"
        return chr(ord(character) & 0x1F)
    return f"\x1b{character}" if modifier == "alt+" else character


def read(text: str) -> Iterator[str]:
    parser = XTermParser()
    for token in [*parser.feed(text), *parser.feed("")]:
        assert isinstance(token, events.Key)
        yield token.key


@pytest.fixture
def _reports(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("_parse_extended_key", "_sequence_to_key_events"):
        monkeypatch.setattr(XTermParser, name, getattr(XTermParser, name))
    before = dict(ANSI_SEQUENCES_KEYS)
    read_all_reports()
    yield
    ANSI_SEQUENCES_KEYS.update(before)


@pytest.mark.usefixtures("_reports")
@pytest.mark.parametrize("preset", PRESETS)
def test_every_key_of_a_preset_arrives_from_an_ordinary_terminal(preset: str) -> None:
    keys = keys_to_check(chosen_keymap(preset, {}))
    wrong = {key: found for key in keys if (found := list(read(sent(key)))) != [key]}
    assert wrong == {}


@pytest.mark.usefixtures("_reports")
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("other", ["alt+p", "f1", "up", "escape", "b"])
def test_every_key_is_itself_though_another_one_comes_with_it(preset: str, other: str) -> None:
    keys = [key for key in keys_to_check(chosen_keymap(preset, {})) if key != "escape"]  # with a letter it is Alt
    after = {key: found for key in keys if (found := list(read(sent(key) + sent(other)))) != [key, other]}
    assert after == {}
    behind = [key for key in keys if other != "escape" or sent(key).startswith("\x1b")]
    before = {key: found for key in behind if (found := list(read(sent(other) + sent(key)))) != [other, key]}
    assert before == {}
