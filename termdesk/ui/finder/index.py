"""What the finder finds: instruments by code, name and initials, best match first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from termdesk.core.model.instrument import Instrument
from termdesk.ui.finder.initials import Spelling

MOST = 200
"""Matches that are worth listing."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One instrument as it can be asked for."""

    instrument: Instrument
    code: str
    """In lower case, as are the others."""
    id: str
    words: str
    """Names of both languages."""
    letters: tuple[str, ...]
    """Of each character of the Chinese name, the usual one first."""
    usual: str
    """First letters as usually read."""
    every: str
    """All letters that can begin the name."""


class Index:
    """Instruments in their order, ready to be searched."""

    def __init__(self, instruments: Iterable[Instrument], spelling: Spelling) -> None:
        self.entries = tuple(_entry(one, spelling) for one in instruments)

    def find(self, query: str, most: int = MOST) -> Sequence[Instrument]:
        """Give the instruments that match, best first; those that match equally well in their order.

        A code that is equal comes first, then a code's beginning, initials as
        usually read, initials of any reading, a name's beginning, and what is
        inside a code, a name or initials.
        """
        asked = "".join(query.lower().split())
        words = " ".join(query.lower().split())
        if not asked:
            return [entry.instrument for entry in self.entries[:most]]
        ranked = []
        for place, entry in enumerate(self.entries):
            rank = _rank(entry, asked, words)
            if rank is not None:
                ranked.append((rank, place))
        ranked.sort()
        return [self.entries[place].instrument for _, place in ranked[:most]]


def _entry(instrument: Instrument, spelling: Spelling) -> Entry:
    letters = spelling.spell(instrument.name_zh)
    return Entry(
        instrument,
        instrument.code.lower(),
        instrument.id.lower(),
        f"{instrument.name_zh.lower()}\n{instrument.name.lower()}",
        letters,
        "".join(each[0] for each in letters),
        letters[0] if letters else "",
    )


def _rank(entry: Entry, asked: str, words: str) -> int | None:
    """Say how well an entry matches, 0 best; None not at all."""
    if asked in (entry.code, entry.id):
        return 0
    if entry.id.startswith(asked):
        return 1
    if entry.usual.startswith(asked):
        return 2
    letters = entry.letters
    if asked[0] in entry.every and _reads(letters, asked, 0):
        return 3
    place = entry.words.find(words)
    if place >= 0 and (place == 0 or entry.words[place - 1] == "\n"):
        return 4
    if place >= 0 or asked in entry.code:
        return 5
    if asked in entry.usual:
        return 6
    return 7 if any(_reads(letters, asked, start) for start in range(1, len(letters) - len(asked) + 1)) else None


def _reads(letters: Sequence[str], asked: str, start: int) -> bool:
    """Whether letters can be read as asked from a place on."""
    if len(letters) - start < len(asked):
        return False
    return all(asked[at] in letters[start + at] for at in range(len(asked)))
