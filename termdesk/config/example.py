"""``config.example.toml``: every key with its default and what it means, made from the structs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import Enum

import msgspec

from termdesk.config.docs import field_docs
from termdesk.config.settings import Settings

HEADER = """\
# Configuration of termdesk: every key with its default. Put what you change into ~/.config/termdesk/config.toml
# (macOS: ~/Library/Application Support/termdesk/config.toml), or into any file and start with --config FILE.
"""
WIDTH = 118


def render_example() -> str:
    """Give the text of ``config.example.toml``."""
    return "\n".join([HEADER.rstrip("\n"), *_table(Settings(), ""), ""])


def _table(section: msgspec.Struct, name: str) -> Iterator[str]:
    docs = field_docs(type(section))
    values = {key: getattr(section, key) for key in section.__struct_fields__}
    inner = {key: value for key, value in values.items() if _holds_structs(value)}
    if name:
        yield f"[{name}]"
    for key, value in values.items():
        if key not in inner:
            yield from _comment(docs[key])
            yield f"{key} = {_toml(value)}"
    for key, value in inner.items():
        yield ""
        yield from _comment(docs[key])
        below = [f"{name}.{key}"] if name else [key]
        members = value.items() if isinstance(value, Mapping) else [("", value)]
        for number, (member, struct) in enumerate(members):
            yield from [""] if number else []
            yield from _table(struct, ".".join([*below, member] if member else below))


def _holds_structs(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(map(_holds_structs, value.values()))
    return isinstance(value, msgspec.Struct)


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def _toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case Enum():
            return _toml(value.value)
        case int() | Decimal():
            return str(value)
        case tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case Mapping() if value:
            return f"{{ {', '.join(f'{key} = {_toml(inner)}' for key, inner in value.items())} }}"
        case Mapping():
            return "{}"
        case _:
            return f'"{value}"'
