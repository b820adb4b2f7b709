"""What belongs to a user rather than to a desk's journal: link groups and workspaces, shared by all screens.

A client changes one thing at a time with ``put``: what a link group shows, or
how the panes of one room of a workspace are arranged. The engine stamps who
changed it, the last writer wins, and everybody gets it as a topic. Nothing of
it is a fact, and nothing of it is trusted: a screen decides itself whether it
follows.
"""

from __future__ import annotations

import re
from typing import Literal, Union

import msgspec

Axis = Literal["row", "column"]
"""Parts of a ``row`` stand side by side, those of a ``column`` one above the other."""

MOST_ROOMS = 64
MOST_PANES = 16
DEEPEST = 8
LARGEST_CELLS = 10_000
"""Cells of a fixed size, and weight of a share."""

_GROUP = re.compile(r"[A-Z]")
_NAME = re.compile(r"[a-z0-9_.-]+(?: [a-z0-9_.-]+)*", re.ASCII)
_LONGEST_NAME = 40
_LONGEST_ID = 80


class Leaf(msgspec.Struct, frozen=True, tag="pane"):
    """One pane. ``cells`` is a fixed size along the axis that it stands on; 0 takes a share by ``weight``."""

    pane: str
    cells: int = 0
    weight: int = 1


class Split(msgspec.Struct, frozen=True, tag="split"):
    """Parts along an axis, from the left or the top."""

    axis: Axis
    parts: tuple[Union[Leaf, Split], ...]  # noqa: UP007 the text is evaluated before the class has a name
    cells: int = 0
    weight: int = 1


Node = Leaf | Split


class ShowInGroup(msgspec.Struct, frozen=True, tag="show_in_group"):
    """Let a link group, a letter from A to Z, show an instrument. Panes begin in group A."""

    group: str
    instrument: str


class ArrangeRoom(msgspec.Struct, frozen=True, tag="arrange_room"):
    """Arrange the panes of a workspace in one size of room, as in ``trade wide``; null is the shipped arrangement."""

    room: str
    arrangement: Node | None


Change = ShowInGroup | ArrangeRoom


class GroupLine(msgspec.Struct, frozen=True, array_like=True):
    """What a link group shows, and who chose it."""

    group: str
    instrument: str
    revision: int
    session: str
    """Empty where the engine has been started anew since."""
    actor: str


class LinksBody(msgspec.Struct, frozen=True, array_like=True, tag="links"):
    """Every link group for which something was chosen. Panes carry letters of groups; which, is each screen's own."""

    revision: int
    """Counts the changes; 0 before the first."""
    groups: tuple[GroupLine, ...] = ()


class RoomLine(msgspec.Struct, frozen=True, array_like=True):
    """How the panes of one room are arranged, and who arranged them; null is as shipped."""

    room: str
    arrangement: Node | None
    revision: int
    session: str
    """Empty where the engine has been started anew since."""
    actor: str


class WorkspacesBody(msgspec.Struct, frozen=True, array_like=True, tag="workspaces"):
    """Every room that was arranged by hand. Which workspace is shown is each screen's own."""

    revision: int
    """Counts the changes; 0 before the first."""
    rooms: tuple[RoomLine, ...] = ()


def panes(node: Node) -> tuple[str, ...]:
    """Give the panes in reading order."""
    return (node.pane,) if isinstance(node, Leaf) else tuple(name for part in node.parts for name in panes(part))


def fault_of(change: Change) -> str | None:
    """Say what is wrong with a change by itself; whether the instrument exists is not looked at."""
    if isinstance(change, ShowInGroup):
        if not _GROUP.fullmatch(change.group):
            return f"group: expected a letter from A to Z, was {change.group!r:.50}"
        is_id = 0 < len(change.instrument) <= _LONGEST_ID and change.instrument.isprintable()
        return None if is_id else f"instrument: expected the id of one, was {change.instrument!r:.50}"
    fault = _fault_of_name("room", change.room)
    if fault is not None or change.arrangement is None:
        return fault
    fault = _fault_of_node(change.arrangement, 1)
    if fault is not None:
        return fault
    names = panes(change.arrangement)
    if len(names) > MOST_PANES:
        return f"arrangement: expected at most {MOST_PANES} panes, was {len(names)}"
    twice = next((name for name in names if names.count(name) > 1), None)
    return None if twice is None else f"arrangement: expected every pane once, was {twice!r} again"


def _fault_of_node(node: Node, depth: int) -> str | None:
    for name, value, least in (("cells", node.cells, 0), ("weight", node.weight, 1)):
        if not least <= value <= LARGEST_CELLS:
            return f"{name}: expected a whole number from {least} to {LARGEST_CELLS}, was {value}"
    if isinstance(node, Leaf):
        return _fault_of_name("pane", node.pane)
    if depth >= DEEPEST:
        return f"arrangement: expected at most {DEEPEST} splits inside each other"
    if not 1 <= len(node.parts) <= MOST_PANES:
        return f"parts: expected from 1 to {MOST_PANES}, was {len(node.parts)}"
    return next((fault for part in node.parts if (fault := _fault_of_node(part, depth + 1)) is not None), None)


def _fault_of_name(what: str, name: str) -> str | None:
    if len(name) <= _LONGEST_NAME and _NAME.fullmatch(name):
        return None
    return f"{what}: expected a name of at most {_LONGEST_NAME} small letters and digits, was {name!r:.50}"
