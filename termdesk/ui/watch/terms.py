"""Filters and colour rules in words: ``percent > 2, name ~ bank`` and ``percent < -5 : danger``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

import msgspec

from termdesk.core.model.errors import ConfigError
from termdesk.ui.lines.column_names import column_called, narrow, unknown_column
from termdesk.ui.lines.palette import INKS
from termdesk.ui.lines.watchlist_columns import CHOICES, KEYS, WatchItem
from termdesk.ui.locale import Catalogue, catalogue

_TERM = re.compile(r"\s*([^<>=~]+?)\s*(>=|<=|>|<|=|~)\s*(.+?)\s*$")
_COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "=": operator.eq,
}


class Misread(ConfigError):
    """Words of a person that are no filter or rule."""

    def __init__(self, kind: Literal["column", "term", "number", "rule"], got: str, after: str = "") -> None:
        self.kind, self.got, self.after = kind, got.strip(), after
        super().__init__(self.words(catalogue("en")))

    def words(self, said: Catalogue) -> str:
        """Say in the reader's language what was expected, and what came."""
        match self.kind:
            case "column":
                return unknown_column(self.got, KEYS, said)
            case "term":
                return said.tr("dialog.no_term", got=self.got)
            case "number":
                return said.tr("dialog.no_number", after=self.after, got=self.got)
            case "rule":
                return said.tr("dialog.no_rule", inks=", ".join(INKS), got=self.got)


class Term(msgspec.Struct, frozen=True):
    """A column compared with a number, or looked into for a text (``~``)."""

    column: str
    operator: str
    number: Decimal | None
    text: str

    def holds(self, item: WatchItem) -> bool:
        """Whether it is true of an instrument; of a value that is not known nothing is."""
        value = CHOICES[self.column].value(item)
        if value is None:
            return False
        if isinstance(value, Decimal) and self.number is not None and self.operator in _COMPARE:
            return _COMPARE[self.operator](value, self.number)
        found = str(value).lower()
        return self.text in found if self.operator == "~" else self.operator == "=" and found == self.text


class Rule(msgspec.Struct, frozen=True):
    """An ink for the columns of terms that all hold."""

    terms: tuple[Term, ...]
    ink: str


def parse_terms(text: str) -> tuple[Term, ...]:
    """Read terms parted by commas; nothing gives none. Columns go by name or title, signs may be full-width.

    Raises:
        Misread: A column is unknown, or a term is none.
    """
    return tuple(_term(part) for part in narrow(text).split(",") if part.strip())


def _term(text: str) -> Term:
    match = _TERM.match(text)
    if match is None:
        raise Misread("term", text)
    called, sign, value = match.groups()
    column = column_called(called, KEYS)
    if column is None:
        raise Misread("column", called)
    number = _number(value)
    if number is None and sign not in ("~", "="):
        raise Misread("number", value, after=f"{called} {sign}")
    return Term(column, sign, number, value.lower())


def _number(text: str) -> Decimal | None:
    text = text.removesuffix("%")
    return Decimal(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?", text) else None


def rules_of(text: str) -> tuple[str, ...]:
    """Part colour rules as they are typed, parted by semicolons."""
    return tuple(part.strip() for part in narrow(text).split(";") if part.strip())


def parse_rules(texts: Iterable[str]) -> tuple[Rule, ...]:
    """Read colour rules, ``TERMS : INK`` each.

    Raises:
        Misread: Terms can't be read, or there is no such ink.
    """
    return tuple(map(_rule, texts))


def _rule(text: str) -> Rule:
    terms, colon, ink = narrow(text).rpartition(":")
    ink = ink.strip()
    if not colon or ink not in INKS:
        raise Misread("rule", text)
    return Rule(parse_terms(terms), ink)


def inks(rules: Sequence[Rule], item: WatchItem) -> Mapping[str, str]:
    """Give the inks that rules lend to columns of an instrument; of several the first rule counts."""
    given: dict[str, str] = {}
    for rule in rules:
        if all(term.holds(item) for term in rule.terms):
            for term in rule.terms:
                given.setdefault(term.column, rule.ink)
    return given
