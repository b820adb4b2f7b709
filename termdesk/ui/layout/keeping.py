"""Where a person's workspaces are kept between two starts of the screen."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec

from termdesk.config.paths import places
from termdesk.core.wire.shared import Node, panes
from termdesk.ui.layout.workspaces import PANES, WORKSPACES


class Kept(msgspec.Struct, frozen=True):
    """The workspace that was shown last, and every one that was changed, by name and room: ``trade wide``."""

    shown: str = WORKSPACES[0]
    changed: dict[str, Node] = {}


def read() -> Kept:
    """Give what was kept; a file that is damaged or of a newer kind counts as none."""
    try:
        kept = msgspec.json.decode(_file().read_bytes(), type=Kept)
    except (OSError, msgspec.MsgspecError):
        return Kept()
    changed = {name: tree for name, tree in kept.changed.items() if _is_whole(tree)}
    return Kept(kept.shown if kept.shown in WORKSPACES else WORKSPACES[0], changed)


def write(kept: Kept) -> None:
    """Keep it; without a place to write the workspaces live as long as the screen."""
    with suppress(OSError):
        _file().parent.mkdir(parents=True, exist_ok=True)
        _file().write_bytes(msgspec.json.format(msgspec.json.encode(kept)))


def _is_whole(tree: Node) -> bool:
    names = panes(tree)
    return bool(names) and len(set(names)) == len(names) and set(names) <= set(PANES)


def _file() -> Path:
    return places().state / "workspaces.json"
