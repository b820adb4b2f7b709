"""Text from outside can only be shown, never obeyed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termdesk.core.model.text import REPLACED, sanitise

HOSTILE = {
    "clear screen": "a\x1b[2Jb",
    "cursor report": "a\x1b[6nb",
    "clipboard": "a\x1b]52;c;ZXZpbA==\x07b",
    "clipboard, long terminator": "a\x1b]52;c;ZXZpbA==\x1b\\b",
    "title": "a\x1b]0;owned\x07b",
    "eight-bit control sequence": "a\x9b2Jb",
    "eight-bit string": "a\x9d0;owned\x9cb",
    "device control": "a\x1bP1$r0m\x1b\\b",
    "lone escape": "a\x1bcb",
    "bell": "a\x07b",
    "right to left override": "a\u202eb",
    "isolate": "a\u2066b",
    "zero width": "a\u200bb",
    "byte order mark": "a\ufeffb",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_leaves_only_a_visible_mark(text: str) -> None:
    assert sanitise(text) == f"a{REPLACED}b"


def test_unterminated_string_swallows_the_rest() -> None:
    assert sanitise("a\x1b]52;c;ZXZpbA==") == f"a{REPLACED}"


def test_line_breaks_become_one_space() -> None:
    assert sanitise("贵州\r\n茅台\t股份") == "贵州 茅台 股份"


def test_honest_text_stays() -> None:
    for text in ("600519", "贵州茅台", "[bold]not markup[/]", "Æther – 50 %"):
        assert sanitise(text) == text


def test_length_is_capped() -> None:
    assert sanitise("x" * 500, limit=40) == "x" * 40
    assert len(sanitise("茅" * 500)) == 200


@given(st.text())
def test_result_is_printable_composed_and_stable(text: str) -> None:
    once = sanitise(text)
    assert sanitise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in once)
    assert "\x1b" not in once
