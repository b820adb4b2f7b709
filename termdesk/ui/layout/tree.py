"""Arrangements of panes as trees of rows and columns. Pure; sizes are cells of the terminal."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from termdesk.core.wire.shared import Axis, Leaf, Node, Split, panes

GAP = 1
"""Blank cells between two parts of a row; in a column the title rule parts them."""
LEAST = {"row": 12, "column": 3}
"""Cells below which nothing is made smaller by hand."""


class Rect(NamedTuple):
    """Where something stands."""

    x: int
    y: int
    width: int
    height: int


def placed(node: Node, rect: Rect) -> dict[str, Rect]:
    """Give every pane its place; together they fill the rectangle but for the gaps."""
    if isinstance(node, Leaf):
        return {node.pane: rect}
    found: dict[str, Rect] = {}
    for part, share in zip(node.parts, _shares(node, rect), strict=True):
        found |= placed(part, _inner(node.axis, rect, share))
    return found


def _inner(axis: Axis, rect: Rect, share: tuple[int, int]) -> Rect:
    start, length = share
    if axis == "row":
        return Rect(rect.x + start, rect.y, length, rect.height)
    return Rect(rect.x, rect.y + start, rect.width, length)


def _shares(split: Split, rect: Rect) -> list[tuple[int, int]]:
    """Give start and length of every part: fixed ones as far as there is room, the rest shared by weight."""
    gap = GAP if split.axis == "row" else 0
    left = max(0, (rect.width if split.axis == "row" else rect.height) - gap * (len(split.parts) - 1))
    fixed = [part.cells for part in split.parts]
    if all(fixed):
        fixed[-1] = 0
    lengths, others = [], len(fixed)  # parts without a place yet: each keeps a cell while there are so many
    for cells in fixed:
        others -= bool(cells)
        lengths.append(min(cells, max(0, left - others)))
        left -= lengths[-1]
    weights = sum(part.weight for part, cells in zip(split.parts, fixed, strict=True) if not cells)
    for index, (part, cells) in enumerate(zip(split.parts, fixed, strict=True)):
        if not cells:
            others -= 1
            lengths[index] = max(min(1, left), min(left * part.weight // weights, left - others))
            left, weights = left - lengths[index], weights - part.weight
    starts = [sum(lengths[:index]) + gap * index for index in range(len(lengths))]
    return list(zip(starts, lengths, strict=True))


def without(node: Node, pane: str) -> Node:
    """Take a pane away; what stood beside it takes its place. The last pane stays."""
    if isinstance(node, Leaf):
        return node
    parts = tuple(without(part, pane) for part in node.parts if panes(part) != (pane,))
    if not parts:
        return node
    if len(parts) == 1:
        return msgspec.structs.replace(parts[0], cells=node.cells, weight=node.weight)
    return msgspec.structs.replace(node, parts=parts)


def beside(node: Node, at: str, axis: Axis, pane: str) -> Node:
    """Split the place of a pane, and put another into the second half."""
    if isinstance(node, Leaf):
        return Split(axis, (Leaf(at), Leaf(pane)), node.cells, node.weight) if node.pane == at else node
    return msgspec.structs.replace(node, parts=tuple(beside(part, at, axis, pane) for part in node.parts))


def swapped(node: Node, first: str, second: str) -> Node:
    """Let two panes change places; the places keep their sizes."""
    if isinstance(node, Leaf):
        return msgspec.structs.replace(node, pane={first: second, second: first}.get(node.pane, node.pane))
    return msgspec.structs.replace(node, parts=tuple(swapped(part, first, second) for part in node.parts))


def resized(node: Node, pane: str, axis: Axis, by: int, rect: Rect, *, at_its_end: bool = False) -> Node:
    """Make a pane larger or smaller along an axis, at the cost of what stands beside it.

    The sizes of that row or column become shares, so that they follow the terminal's.

    Args:
        node: The arrangement.
        pane: Which pane.
        axis: Along which it grows.
        by: Cells, negative to make it smaller.
        rect: Where the arrangement stands.
        at_its_end: Only the edge right of it or below it moves, never the one before it.
    """
    if isinstance(node, Leaf):
        return node
    index = next((i for i, part in enumerate(node.parts) if pane in panes(part)), None)
    if index is None:
        return node
    shares = _shares(node, rect)
    part = node.parts[index]
    deeper = resized(part, pane, axis, by, _inner(node.axis, rect, shares[index]), at_its_end=at_its_end)
    if deeper is not part:
        return msgspec.structs.replace(node, parts=(*node.parts[:index], deeper, *node.parts[index + 1 :]))
    moves = node.axis == axis and not (at_its_end and index + 1 == len(node.parts))
    return _shifted(node, index, by, [cells for _, cells in shares]) if moves else node


def _least(node: Node, axis: Axis) -> int:
    """Give the cells along an axis below which a part is not made smaller by hand, for what stands in it."""
    if isinstance(node, Leaf):
        return LEAST[axis]
    each = [_least(part, axis) for part in node.parts]
    gaps = GAP * (len(each) - 1) if axis == "row" else 0
    return sum(each) + gaps if node.axis == axis else max(each)


def _shifted(split: Split, index: int, by: int, lengths: list[int]) -> Split:
    other = index + 1 if index + 1 < len(lengths) else index - 1
    spare, given = (lengths[at] - _least(split.parts[at], split.axis) for at in (other, index))
    by = max(min(by, max(0, spare)), min(0, -given))
    lengths[index], lengths[other] = lengths[index] + by, lengths[other] - by
    parts = zip(split.parts, lengths, strict=True)
    shared = tuple(msgspec.structs.replace(part, cells=0, weight=max(1, cells)) for part, cells in parts)
    return msgspec.structs.replace(split, parts=shared)
