"""Key reports that Textual 8.2.8 can't read, or takes for other keys.

Of the kitty protocol: kinds of event and other key codes, which nobody asks for. A terminal, or a program that left it
so, may send them all the same, and Textual ends the screen over one (``ESC [ 13 ; 1 : 2 u``). Rules: the kitty
keyboard protocol, "Progressive enhancement", read 2026-11-29.

Of all other terminals: ``ESC 1``, which is Alt and a digit (xterm's ``metaSendsEscape``), and which Textual takes for
the ``¡`` that one keyboard layout of one terminal means by it. Alt and a letter followed at once by another sequence (a
slow line delivers them together) Textual takes for ``^`` and the letter alone, which is another key, maybe an order's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser

_REPORT = re.compile(r"\x1b\[([\d:;]*)([u~ABCDEFHPQRS])")
_RELEASE = "3"
_INTRODUCERS = frozenset("[]OPX^_")
"""What begins a longer sequence behind ``ESC`` (ECMA-48, 5.3 and 5.6; SS3 of the VT100's keypad)."""
_textual = XTermParser._parse_extended_key
_textual_keys = XTermParser._sequence_to_key_events


def read_all_reports() -> None:
    """Teach Textual's parser these reports, once for the process: a repeat is a key again, a release is none."""
    for digit in "0123456789":
        ANSI_SEQUENCES_KEYS.pop(f"\x1b{digit}", None)  # type: ignore[attr-defined]
    XTermParser._parse_extended_key = _read  # type: ignore[assignment, method-assign]
    XTermParser._sequence_to_key_events = _keys  # type: ignore[method-assign]


def plain_report(sequence: str) -> str | None:
    """Give a report without what Textual can't read; None for the release of a key, and what is no report as it is."""
    match = _REPORT.fullmatch(sequence)
    if match is None or ":" not in match[1]:
        return sequence
    code, modifiers, *text = match[1].split(";")[:3] + [""] * (2 - match[1].count(";"))
    held, _, kind = modifiers.partition(":")
    if kind == _RELEASE:
        return None
    parts = [code.partition(":")[0], held, *(one for one in text if one)]
    return f"\x1b[{';'.join(parts)}{match[2]}"


def _read(self: XTermParser, sequence: str) -> list[events.Key] | None:
    plain = plain_report(sequence)
    try:
        return [] if plain is None else _textual(self, plain)
    except (ValueError, OverflowError):
        return []  # numbers that no key has


def _keys(self: XTermParser, sequence: str, alt: bool = False) -> Iterable[events.Key]:
    """Read Alt and a character as soon as both are there, and not when nothing has followed for a while."""
    if len(sequence) == 2 and sequence[0] == "\x1b" and sequence not in ANSI_SEQUENCES_KEYS:
        character = sequence[1]
        if character.isprintable() and character not in _INTRODUCERS:
            return _textual_keys(self, character, alt=True)
    return _textual_keys(self, sequence, alt)
