"""What a screen tells its engine: once, again after a lost link, and nothing that an older engine would take amiss."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from termdesk.client.attach import Attachment, AttachmentChange
from termdesk.core.model.errors import EngineUnreachable, ProtocolError
from termdesk.core.model.reason import Reason
from termdesk.core.wire.frames import Goodbye
from termdesk.core.wire.shared import ArrangeRoom, Change, Leaf, ShowInGroup
from termdesk.ui.link import Link
from termdesk.ui.store import EngineLink, Store

A, B = ShowInGroup("A", "X.DEMO"), ShowInGroup("A", "Y.DEMO")
ROOM = ArrangeRoom("trade wide", Leaf("ladders"))


class Session:
    """Takes what it is told, or fails as it is set to."""

    def __init__(self) -> None:
        self.fault: Exception | None = None
        self.told: list[Any] = []
        self.calls = 0
        self._called = asyncio.Event()

    async def put(self, change: Change) -> None:
        self._take(change)

    async def be_present(self, **presence: bool) -> None:
        self._take(presence)

    def _take(self, what: Any) -> None:
        self.calls += 1
        self._called.set()
        if self.fault is not None:
            raise self.fault
        self.told.append(what)

    async def until(self, calls: int) -> None:
        async with asyncio.timeout(10):
            while self.calls < calls:
                self._called.clear()
                await self._called.wait()


@asynccontextmanager
async def telling(link: Link) -> AsyncIterator[Session]:
    session = Session()
    task = asyncio.create_task(link._keep_telling(session))  # type: ignore[arg-type]
    try:
        yield session
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_newest_change_of_each_thing_is_told_once() -> None:
    link = Link(Store(), lambda records: None, lambda: None)
    link.be_present(armed=False, looks_on=False)
    for change in (A, ROOM, B):
        link.put(change)
    async with telling(link) as session:
        await session.until(3)
        assert session.told == [{"armed": False, "looks_on": False}, B, ROOM]
        link.be_present(armed=False, looks_on=False)
        link.be_present(armed=True, looks_on=False)
        await session.until(4)
        assert session.told[3:] == [{"armed": True, "looks_on": False}]
        assert not link.unsent


async def test_what_a_lost_link_did_not_take_is_told_when_it_is_back() -> None:
    link = Link(Store(), lambda records: None, lambda: None)
    async with telling(link) as session:
        session.fault = EngineUnreachable("away")
        link.put(A)
        await session.until(1)
        assert list(link.unsent) == [A]
        session.fault = None
        link._untold.set()
        await session.until(2)
        assert session.told == [A]


async def test_engine_of_an_older_version_is_not_asked_again_and_again() -> None:
    link = Link(Store(), lambda records: None, lambda: None)
    async with telling(link) as session:
        session.fault = ProtocolError("takes no 'presence'")
        link.put(A)
        link.be_present(armed=True, looks_on=False)
        await session.until(1)
        await asyncio.sleep(0)
        assert session.calls == 1
        assert not link.unsent


async def test_screen_that_only_looks_on_has_nothing_to_tell_but_that() -> None:
    link = Link(Store(), lambda records: None, lambda: None, is_read_only=True)
    link.put(A)
    link.be_present(armed=False, looks_on=True)
    async with telling(link) as session:
        await session.until(1)
        assert session.told == [{"armed": False, "looks_on": True}]


async def test_why_an_engine_says_goodbye_is_kept_in_words_of_the_screen() -> None:
    link = Link(Store(), lambda records: None, lambda: None)
    link._take(Goodbye(reason=Reason("desk.stopping", {})))
    link._changed(AttachmentChange(Attachment.DOWN, "the engine closed the link: desk.stopping {}"))
    link._changed(AttachmentChange(Attachment.CONNECTING))
    assert link.store.link is EngineLink.LOST
    assert link.store.link_detail == Reason("desk.stopping", {})
    link.store.set_link(EngineLink.UP)
    link._changed(AttachmentChange(Attachment.DOWN, "the engine went away without a word"))
    assert link.store.link_detail == "the engine went away without a word"
