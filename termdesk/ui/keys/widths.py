"""Keys that a Chinese input method delivers in full width, read as the keys that were pressed. Pure."""

from __future__ import annotations

import unicodedata

_CHINESE = {"。": ".", "｡": ".", "、": "/", "【": "[", "】": "]", "《": "<", "》": ">"}
"""Punctuation of Chinese input methods that has no compatibility form, by the key it comes from."""


def plain(character: str) -> str:
    """Give the plain character of a key, ``a`` for ``ａ`` and ``:`` for ``：``; empty where it has none."""
    is_full = len(character) == 1 and unicodedata.east_asian_width(character) == "F"
    narrow = _CHINESE.get(character) or (unicodedata.normalize("NFKC", character) if is_full else "")
    return narrow if len(narrow) == 1 and narrow.isascii() and narrow.isprintable() else ""


def is_foreign(character: str) -> bool:
    """Whether a key delivered a character that no key of the screen has, such as a word an input method put in."""
    return len(character) == 1 and not character.isascii() and character.isprintable() and not plain(character)
