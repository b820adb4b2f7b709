"""What the screens of one desk share, held for them: link groups and workspaces. No fact, and not in the journal."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from termdesk.core.model.errors import Refused
from termdesk.core.wire.shared import (
    MOST_ROOMS,
    ArrangeRoom,
    Change,
    GroupLine,
    LinksBody,
    RoomLine,
    ShowInGroup,
    WorkspacesBody,
    fault_of,
)
from termdesk.core.wire.topic_names import LinksTopic, Topic, WorkspacesTopic


class Held(msgspec.Struct, frozen=True):
    """The newest of both, as it is kept on disk."""

    links: LinksBody = LinksBody(0)
    workspaces: WorkspacesBody = WorkspacesBody(0)


class Sharing:
    """Takes changes, stamps them, and gives the bodies of their topics. Decides nothing about orders.

    Attributes:
        held: The newest of everything.
        on_change: Called with the kind of topic that a change was of.

    Args:
        held: What was kept.
        is_listed: Whether an instrument exists.
        damaged: Where the file of it is put aside, if that was damaged; empty if not.
    """

    def __init__(self, held: Held, is_listed: Callable[[str], bool], damaged: str = "") -> None:
        self.held = held
        self.damaged = damaged
        self.on_change: Callable[[type[Topic]], None]
        self._is_listed = is_listed

    def put(self, change: Change, session: str, actor: str) -> None:
        """Take a change; the last writer wins.

        Raises:
            Refused: ``wire.frame`` where it is none that can be held,
                ``command.instrument_unknown`` where there is no such instrument.
        """
        fault = fault_of(change)
        if fault is not None:
            raise Refused("wire.frame", {"detail": fault})
        if isinstance(change, ShowInGroup):
            self._show(change, session, actor)
        else:
            self._arrange(change, session, actor)

    def _show(self, change: ShowInGroup, session: str, actor: str) -> None:
        if not self._is_listed(change.instrument):
            raise Refused("command.instrument_unknown", {"instrument": change.instrument[:80]})
        links = self.held.links
        revision = links.revision + 1
        lines = {line.group: line for line in links.groups}
        lines[change.group] = GroupLine(change.group, change.instrument, revision, session, actor)
        body = LinksBody(revision, tuple(lines[group] for group in sorted(lines)))
        self.held = Held(body, self.held.workspaces)
        self.on_change(LinksTopic)

    def _arrange(self, change: ArrangeRoom, session: str, actor: str) -> None:
        workspaces = self.held.workspaces
        revision = workspaces.revision + 1
        lines = {line.room: line for line in workspaces.rooms}
        if change.room not in lines and len(lines) >= MOST_ROOMS:
            raise Refused("wire.frame", {"detail": f"room: expected at most {MOST_ROOMS} of them, was one more"})
        lines[change.room] = RoomLine(change.room, change.arrangement, revision, session, actor)
        body = WorkspacesBody(revision, tuple(lines[room] for room in sorted(lines)))
        self.held = Held(self.held.links, body)
        self.on_change(WorkspacesTopic)
