"""What a screen starts with before an engine answers: the workspace shown last, and arrangements as last seen.

Arrangements belong to the engine; this file is a cache of them, taken over by
a desk that has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from termdesk.config.paths import places
from termdesk.config.whole_file import put_aside, write_whole
from termdesk.core.wire.shared import Node, panes
from termdesk.ui.layout.workspaces import PANES, WORKSPACES


class Kept(msgspec.Struct, frozen=True):
    """The workspace that was shown last, and every one that was changed, by name and room: ``trade wide``."""

    shown: str = WORKSPACES[0]
    changed: dict[str, Node] = {}

    def arranged(self, arrangements: Mapping[str, Node | None]) -> Kept:
        """Give it with rooms arranged otherwise; None is the shipped arrangement."""
        changed = {room: tree for room, tree in {**self.changed, **arrangements}.items() if tree is not None}
        return Kept(self.shown, changed)


def read() -> tuple[Kept, Path | None]:
    """Give what was kept, and where it is put aside if it is damaged or of a newer kind, which counts as none."""
    try:
        kept = msgspec.json.decode(_file().read_bytes(), type=Kept)
    except OSError:
        return Kept(), None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Kept(), put_aside(_file())
    changed = {name: tree for name, tree in kept.changed.items() if is_whole(tree)}
    return Kept(kept.shown if kept.shown in WORKSPACES else WORKSPACES[0], changed), None


def write(kept: Kept) -> None:
    """Keep it, whole also where several screens do; without a place to write it lives as long as the screen."""
    with suppress(OSError):
        write_whole(_file(), msgspec.json.format(msgspec.json.encode(kept)))


def is_whole(tree: Node) -> bool:
    """Whether this screen has every pane of an arrangement, and has it once."""
    names = panes(tree)
    return bool(names) and len(set(names)) == len(names) and set(names) <= set(PANES)


def _file() -> Path:
    return places().state / "workspaces.json"
