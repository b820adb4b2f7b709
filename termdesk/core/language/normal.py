"""Normal form of typed text: full-width digits, letters and punctuation become plain ones."""

from __future__ import annotations

import unicodedata

import msgspec

_STOPS = dict.fromkeys("。｡", ".")
"""What the full stop of a Chinese input method means between digits; NFKC leaves it alone."""


class NormalText(msgspec.Struct, frozen=True):
    """Text in compatibility form (NFKC, character by character) with the way back to what was typed."""

    text: str
    origins: tuple[int, ...]
    """For each character, the index of the typed one; one entry more, for the end."""


def normal(typed: str) -> NormalText:
    """Normalise a typed line."""
    pieces = [_STOPS.get(char) or unicodedata.normalize("NFKC", char) for char in typed]
    origins = [index for index, piece in enumerate(pieces) for _ in piece]
    return NormalText("".join(pieces), (*origins, len(typed)))
