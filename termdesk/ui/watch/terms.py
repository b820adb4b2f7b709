"""Filters and colour rules in words: ``percent > 2, name ~ bank`` and ``percent < -5 : danger``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

import msgspec

from termdesk.core.model.errors import ConfigError
from termdesk.ui.lines.palette import INKS
from termdesk.ui.lines.watchlist_columns import CHOICES, WatchItem

_TERM = re.compile(r"\s*(\w+)\s*(>=|<=|>|<|=|~)\s*(.+?)\s*$")
_COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "=": operator.eq,
}


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
    """Read terms parted by commas; nothing gives none.

    Raises:
        ConfigError: A column is unknown, or a term is none.
    """
    return tuple(_term(part) for part in text.split(",") if part.strip())


def _term(text: str) -> Term:
    match = _TERM.match(text)
    if match is None:
        raise ConfigError(
            f'expected a column, one of > < >= <= = ~ and a value, such as "percent > 2", got "{text.strip()}"'
        )
    column, sign, value = match.groups()
    if column not in CHOICES:
        raise ConfigError(f"unknown column {column}; there are {', '.join(CHOICES)}")
    number = _number(value)
    if number is None and sign not in ("~", "="):
        raise ConfigError(f"expected a number after {column} {sign}, got {value}")
    return Term(column, sign, number, value.lower())


def _number(text: str) -> Decimal | None:
    text = text.removesuffix("%")
    return Decimal(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?", text) else None


def parse_rules(texts: Iterable[str]) -> tuple[Rule, ...]:
    """Read colour rules, ``TERMS : INK`` each.

    Raises:
        ConfigError: Terms can't be read, or there is no such ink.
    """
    return tuple(map(_rule, texts))


def _rule(text: str) -> Rule:
    terms, colon, ink = text.rpartition(":")
    ink = ink.strip()
    if not colon or ink not in INKS:
        raise ConfigError(f'expected "percent > 5 : warning" with one of {", ".join(INKS)}, got "{text}"')
    return Rule(parse_terms(terms), ink)


def inks(rules: Sequence[Rule], item: WatchItem) -> Mapping[str, str]:
    """Give the inks that rules lend to columns of an instrument; of several the first rule counts."""
    given: dict[str, str] = {}
    for rule in rules:
        if all(term.holds(item) for term in rule.terms):
            for term in rule.terms:
                given.setdefault(term.column, rule.ink)
    return given
