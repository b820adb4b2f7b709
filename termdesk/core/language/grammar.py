"""The parser: built once, on the first line that is parsed."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from termdesk.core.language.words import keyword_terminals

if TYPE_CHECKING:
    from lark import Lark


@cache
def parser() -> Lark:
    """The LALR parser of the order language. Imports lark."""
    from lark import Lark

    grammar = (resources.files(__package__) / "grammar.lark").read_text(encoding="utf-8")
    return Lark(f"{grammar}\n{keyword_terminals()}\n", parser="lalr", lexer="contextual", maybe_placeholders=False)
