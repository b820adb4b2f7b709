"""The command line: what a typed line means, what could stand at its cursor, and the lines before it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from termdesk.core.language import Context, complete, parse
from termdesk.core.language.words import in_language
from termdesk.core.model.command import DeskCommand
from termdesk.core.model.errors import Refused, TextRefused
from termdesk.ui.locale import Catalogue

WHY = ("why", "为何")
"""Verb of the screen itself with an order behind it, beside those of the language."""
ACTS = {"limits": "desk.limits", "限额": "desk.limits", "resume": "desk.resume", "恢复": "desk.resume"}
"""Verbs that stand for an action of the registry."""
HELP = ("help", "帮助", "?", "？")
"""Ask for what can be typed."""
LONGEST_HISTORY = 200


class Reading(msgspec.Struct, frozen=True):
    """What a line means: a command, an order to explain, an action, a call for help, or what is wrong with it."""

    command: DeskCommand | None = None
    why: str = ""
    act: str = ""
    """Id of an action."""
    helps: bool = False
    error: str = ""
    at: int | None = None
    """Index of the first character that does not fit."""


def read_line(text: str, context: Context, said: Catalogue) -> Reading:
    """Read a line; never raises for what a person can type."""
    verb, _, rest = text.strip().partition(" ")
    if verb.casefold() in WHY:
        order_id = rest.strip()
        known = {name.casefold(): name for name in context.orders}.get(order_id.casefold(), "")
        return Reading(why=known) if known else Reading(error=said.tr("ui.why_which"), at=len(text))
    if not rest.strip() and verb.casefold() in ACTS:
        return Reading(act=ACTS[verb.casefold()])
    if not rest.strip() and verb.casefold() in HELP:
        return Reading(helps=True)
    try:
        return Reading(command=parse(text, context))
    except TextRefused as wrong:
        expected = ", ".join(in_language(word, said.language) for word in wrong.expected)
        params = {**wrong.params, "expected": expected} if expected else wrong.params
        return Reading(error=said.sentence(wrong.code, params), at=wrong.position)
    except Refused as refusal:
        return Reading(error=said.sentence(refusal.code, refusal.params))


def candidates(text: str, cursor: int, context: Context) -> list[str]:
    """Give the words that could stand at the cursor."""
    left = text[:cursor]
    verb, space, start = left.partition(" ")
    if space and verb.casefold() in WHY:
        return sorted(name for name in context.orders if name.casefold().startswith(start.casefold()))
    words = complete(text, cursor, context)
    verbs = (*WHY, *ACTS, *HELP[:2])
    own = [word for word in verbs if word.startswith(left.casefold()) and word.isascii() == left.isascii()]
    return words + own


def completed(text: str, cursor: int, word: str) -> tuple[str, int]:
    """Put a word in place of the one at the cursor; gives the line and the cursor behind it."""
    start = cursor
    while start and not text[start - 1].isspace() and text[start - 1] != "@":
        start -= 1
    tail = text[cursor:]
    left = f"{text[:start]}{word}" + ("" if tail.startswith(" ") else " ")
    return left + tail, len(left)


class History:
    """Lines that were sent, newest last; the line being typed stands behind them.

    Args:
        lines: Those that were kept.
    """

    def __init__(self, lines: Sequence[str] = ()) -> None:
        self._lines = list(lines)
        self._at = len(self._lines)
        self._typed = ""

    def add(self, line: str) -> None:
        """Keep a line; the same one again is kept once."""
        if line in self._lines:
            self._lines.remove(line)
        self._lines = [*self._lines, line][-LONGEST_HISTORY:]
        self.leave()

    def leave(self) -> None:
        """Stand behind the newest line again."""
        self._at, self._typed = len(self._lines), ""

    def step(self, by: int, typed: str) -> str:
        """Give the line before, or behind with 1; ``typed`` is kept to come back to."""
        if self._at == len(self._lines):
            self._typed = typed
        self._at = max(0, min(len(self._lines), self._at + by))
        return self._typed if self._at == len(self._lines) else self._lines[self._at]

    @property
    def lines(self) -> Sequence[str]:
        """Everything kept."""
        return self._lines
