"""Where in a TOML text a key stands, for messages. ``tomllib`` does not say."""

from __future__ import annotations

import re

_PART = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*\[\[?\s*({_DOTTED})\s*\]")
_ASSIGNMENT = re.compile(rf"\s*({_DOTTED})\s*=")


def line_of(text: str, key: str) -> int | None:
    """Give the line, from 1, that assigns a dotted key or opens its table.

    Does not look into inline tables: there it gives the line of the table
    that holds the key, or None where it finds neither.
    """
    table = ""
    holder = None
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            here = table = _plain(header[1])
        elif assignment := _ASSIGNMENT.match(line):
            here = ".".join(filter(None, (table, _plain(assignment[1]))))
        else:
            continue
        if here == key or here.startswith(f"{key}."):
            return number
        if header is None and key.startswith(f"{here}."):
            holder = number
    return holder


def _plain(dotted: str) -> str:
    return re.sub(r"""["'\s]""", "", dotted)
