"""What may stand at the cursor of a line that is being typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from termdesk.core.language.context import Context
from termdesk.core.language.grammar import parser
from termdesk.core.language.normal import normal
from termdesk.core.language.symbols import matching_ids
from termdesk.core.language.words import WORDS

_LAST_WORD = re.compile(r"[^\s@]*$")
_NAMES: dict[str, Callable[[str, Context], list[str]]] = {
    "SYMBOL": lambda start, context: matching_ids(start, context.instruments),
    "ID": lambda start, context: _starting(start, context.orders),
    "NAME": lambda start, context: _starting(start, context.accounts),
    "AT": lambda start, context: [] if start else ["@"],
}


def complete(text: str, cursor: int, context: Context) -> list[str]:
    """Give the words that could replace the one under the cursor, keywords first.

    Keywords come in English, or in Chinese where the word begins so. Numbers
    are never offered. Empty when what stands before does not parse.

    Args:
        text: The whole line; only what is left of the cursor counts.
        cursor: Index in ``text``.
        context: Known instruments, orders and accounts.
    """
    left = normal(text[:cursor]).text
    start = _LAST_WORD.findall(left)[0]
    accepted = _accepted(left[: len(left) - len(start)])
    keywords = [word for terminal, words in WORDS.items() if terminal in accepted for word in _fitting(start, words)]
    names = [name for terminal, find in _NAMES.items() if terminal in accepted for name in find(start, context)]
    return keywords + names


def _accepted(left: str) -> set[str]:
    """The terminals that may follow a finished beginning of a line."""
    from lark.exceptions import UnexpectedInput

    state = parser().parse_interactive(left)
    try:
        state.exhaust_lexer()
    except UnexpectedInput:
        return set()
    return set(state.accepts())  # type: ignore[no-untyped-call]


def _fitting(start: str, words: tuple[str, ...]) -> list[str]:
    language = [word for word in words if word.isascii() == start.isascii()]
    return [word for word in language if word.startswith(start.casefold())][:1]


def _starting(start: str, names: Iterable[str]) -> list[str]:
    wanted = start.casefold()
    return sorted(name for name in names if name.casefold().startswith(wanted))
