"""Text from outside, made safe once, where it enters.

A terminal obeys what it is shown: an escape sequence in an instrument's name
could write the clipboard, or make the terminal answer as if keys were
pressed. Adapters pass every piece of text through ``sanitise`` before it
becomes part of an event.
"""

from __future__ import annotations

import re
import unicodedata

REPLACED = "\N{REPLACEMENT CHARACTER}"
"""Stands where something was taken out, so that it is seen."""

_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # control sequence, also cut short
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f]).*?(?:\x07|\x1b\\|\x9c|\Z)"  # string sequences up to their end
    r"|\x1b[ -/]*[0-~]?",
    re.DOTALL,
)
_BREAKS = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
_CONTROLS = re.compile(
    r"[\x00-\x1f\x7f-\x9f"
    r"\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # zero width, direction marks
    r"\ud800-\udfff\U000e0000-\U000e007f]"  # surrogates, tags
)


def sanitise(text: str, limit: int = 200) -> str:
    """Give text that a terminal only shows: one line, composed (NFC), at most ``limit`` characters.

    Escape sequences, C0 and C1 controls, direction marks and zero-width
    characters become a replacement character; line breaks and tabs a space.
    Does not touch markup characters: whoever shows text must not parse it.
    """
    if text.isascii() and text.isprintable():
        return text[:limit]
    text = _SEQUENCE.sub(REPLACED, text[: 20 * limit])
    text = _CONTROLS.sub(REPLACED, _BREAKS.sub(" ", text))
    return unicodedata.normalize("NFC", text)[:limit]
