"""How much text a command may bring along: it is kept for ever, and sent to every client in one frame."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from termdesk.core.model.command import Command

LONGEST = 4_000
"""Characters of all texts of a command together, each counted with one for its end."""


def fault_of(command: Command) -> str | None:
    """Say what is wrong with a command's texts: too long, or no id, which would make two commands one."""
    if not command.command_id:
        return "command_id: expected text, was empty; every command needs an id of its own"
    length = sum(len(text) + 1 for text in _texts(command))
    return f"expected at most {LONGEST} characters of text in a command, was {length}" if length > LONGEST else None


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from _texts(getattr(value, field))
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)
