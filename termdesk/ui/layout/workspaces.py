"""Shipped workspaces, by the room that there is and how many ladders stand side by side. Pure."""

from __future__ import annotations

from termdesk.core.wire.shared import Leaf, Node, Split

WORKSPACES = ("trade", "watch", "research", "review")
PANES = ("watchlist", "ladders", "chart", "tape", "blotter")
WIDE, VAST = 112, 168
"""Columns from which more stands side by side."""
TALL = 32
"""Rows from which the blotter is higher."""
ALONE, ROOMY = 51, 94
"""Cells of a ladder with the size of the last trade, and of one with all its columns."""
CHART = 30
"""Cells that a chart needs beside a ladder."""


def shipped(name: str, width: int, height: int, side: str, ladders: int, depth: int = 0) -> Node:
    """Give a workspace.

    Args:
        name: One of ``WORKSPACES``.
        width: Columns of the terminal.
        height: Rows of the terminal.
        side: What a narrow trade workspace shows beside the watchlist: a pane.
        ladders: How many ladders stand side by side.
        depth: Levels a side that stand above the tape.
    """
    match name:
        case "watch":
            beside = Split("column", (Leaf("chart", weight=2), Leaf("tape")), weight=2)
            return Leaf("watchlist") if width < WIDE else Split("row", (Leaf("watchlist", weight=3), beside))
        case "research":
            below = Split("row", (Leaf("watchlist"), Leaf("tape")), weight=2)
            return Split("column", (Leaf("chart", weight=3), below))
        case "review":
            blotter = Leaf("blotter", weight=2)
            return blotter if height < TALL else Split("column", (blotter, Leaf("chart")))
        case _:
            blotter = Leaf("blotter", 10 if height >= TALL else 7)
            return Split("column", (_market(width, side, ladders, depth), blotter))


def _market(width: int, side: str, ladders: int, depth: int) -> Node:
    if width < WIDE:
        shown = Leaf(side)
        return shown if ladders > 1 else Split("row", (Leaf("watchlist", 37), shown))
    parts: tuple[Node, ...] = (_wide if width < VAST else _vast)(width, ladders, depth)
    return parts[0] if len(parts) == 1 else Split("row", parts)


def _beside(depth: int) -> Node:
    if depth > 5:
        return Split("column", (Leaf("chart", 8), Leaf("tape")))
    return Split("column", (Leaf("chart"), Leaf("tape", 18 if depth else 9)))


def _wide(width: int, ladders: int, depth: int) -> tuple[Node, ...]:
    if ladders == 1:
        watchlist = min(46, width - ALONE - CHART - 2)
        return Leaf("watchlist", watchlist), Leaf("ladders", ALONE), _beside(depth)
    return (Leaf("watchlist", 37), Leaf("ladders")) if ladders == 2 else (Leaf("ladders"),)


def _vast(width: int, ladders: int, depth: int) -> tuple[Node, ...]:
    if ladders < 3:
        watchlist = 70 if ladders == 1 else 46
        cells = min(ROOMY if ladders == 1 else 2 * ROOMY, width - watchlist - CHART - 2)
        return Leaf("watchlist", watchlist), Leaf("ladders", cells), _beside(depth)
    return (Leaf("watchlist", 46), Leaf("ladders")) if ladders == 3 else (Leaf("ladders"),)
