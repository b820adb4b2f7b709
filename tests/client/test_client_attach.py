from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest
from fake_engine import WELCOME, FakeEngine, Peer

from termdesk.client import Attachment, AttachmentChange, PushFrame, Session
from termdesk.core.model.command import Answer, CancelOrder
from termdesk.core.model.errors import EngineUnreachable, OutcomeUnknown
from termdesk.core.model.facts import DeskStopped, Recorded
from termdesk.core.wire import frames as f

CANCEL = CancelOrder(command_id="c1", order_id="o1")


def log(*seqs: int) -> f.Log:
    return f.Log(
        records=tuple(
            Recorded(seq=n, at_ns=n, wall_ns=n, trading_day="", cause="", actor="", fact=DeskStopped()) for n in seqs
        )
    )


class Watcher:
    """What a session told, with a way to wait for it."""

    def __init__(self) -> None:
        self.frames: list[PushFrame] = []
        self.changes: list[AttachmentChange] = []
        self._moved = asyncio.Event()

    def frame(self, frame: PushFrame) -> None:
        self.frames.append(frame)
        self._moved.set()

    def change(self, change: AttachmentChange) -> None:
        self.changes.append(change)
        self._moved.set()

    def seqs(self) -> list[int]:
        return [record.seq for frame in self.frames if isinstance(frame, f.Log) for record in frame.records]

    def states(self) -> list[Attachment]:
        return [change.state for change in self.changes]

    async def until(self, count: int, state: Attachment) -> None:
        while self.states().count(state) < count:
            self._moved.clear()
            await self._moved.wait()

    async def until_seq(self, seq: int) -> None:
        while seq not in self.seqs():
            self._moved.clear()
            await self._moved.wait()


@asynccontextmanager
async def attached(engine: FakeEngine) -> AsyncIterator[tuple[Session, Watcher]]:
    watcher = Watcher()
    session = Session(engine.path, client="test", screen="s", on_frame=watcher.frame, on_change=watcher.change)
    task = asyncio.create_task(session.run())
    yield session, watcher
    await session.close()
    await task


async def idle(peer: Peer) -> None:
    await peer.socket.wait_closed()


async def test_a_session_comes_back_with_its_topics_and_goes_on_with_the_log(engine: FakeEngine) -> None:
    async def first(peer: Peer) -> None:
        assert await peer.hear() == f.Subscribe(topic="quote/A.B", rate=2.0)
        assert await peer.hear() == f.FollowLog(cursor=0)
        await peer.say(log(1, 2), log(3))
        await peer.hear()

    async def second(peer: Peer) -> None:
        assert await peer.hear() == f.Subscribe(topic="quote/A.B", rate=2.0)
        assert await peer.hear() == f.FollowLog(cursor=3)
        await peer.say(log(3, 4))
        await idle(peer)

    engine.scripts = [first, second]
    engine.welcome = msgspec.structs.replace(WELCOME, cursor=4)
    async with attached(engine) as (session, watcher):
        await watcher.until(1, Attachment.UP)
        await session.subscribe("quote/A.B", 2.0)
        await session.follow(0)
        await watcher.until_seq(3)
        await session.subscribe("quote/C.D")
        await session.unsubscribe("quote/C.D")
        await watcher.until_seq(4)
        assert watcher.seqs() == [1, 2, 3, 4]
    up, down = Attachment.UP, Attachment.DOWN
    assert [state for state in watcher.states() if state in (up, down)] == [up, down, up, down]
    assert watcher.changes[1].welcome == engine.welcome


async def test_a_session_waits_for_an_engine_that_is_not_there_yet(engine: FakeEngine) -> None:
    engine.scripts = [idle]
    late = engine.path.rename(engine.path.with_suffix(".later"))
    async with attached(engine) as (session, watcher):
        await watcher.until(1, Attachment.DOWN)
        with pytest.raises(EngineUnreachable):
            await session.do(CANCEL)
        late.rename(engine.path)
        await watcher.until(1, Attachment.UP)


async def test_a_hole_in_the_log_is_not_handed_over_but_asked_for_again(engine: FakeEngine) -> None:
    async def holed(peer: Peer) -> None:
        await peer.hear()
        await peer.say(log(1), log(3))
        await idle(peer)

    async def whole(peer: Peer) -> None:
        assert await peer.hear() == f.FollowLog(cursor=1)
        await peer.say(log(2, 3))
        await idle(peer)

    engine.scripts = [holed, whole]
    engine.welcome = msgspec.structs.replace(WELCOME, cursor=3)
    async with attached(engine) as (session, watcher):
        await session.follow(0)
        await watcher.until_seq(3)
        assert watcher.seqs() == [1, 2, 3]
        assert "expected log record 2 next, was 3" in watcher.changes[2].reason


async def test_another_journal_is_told_and_followed_from_its_start(engine: FakeEngine) -> None:
    async def fresh(peer: Peer) -> None:
        assert await peer.hear() == f.FollowLog(cursor=0)
        await peer.say(log(1))
        await idle(peer)

    engine.scripts = [fresh]
    async with attached(engine) as (session, watcher):
        await session.follow(9)
        await watcher.until_seq(1)
        assert watcher.changes[1].log_restarted


async def test_an_unanswered_command_is_unknown_and_sent_again_only_when_told(engine: FakeEngine) -> None:
    async def deaf(peer: Peer) -> None:
        assert await peer.hear() == f.Do(command=CANCEL)

    async def good(peer: Peer) -> None:
        assert await peer.hear() == f.Do(command=CANCEL)
        await peer.say(f.Answered(answer=Answer(command_id="c1", accepted=True)))
        await idle(peer)

    engine.scripts = [deaf, good]
    async with attached(engine) as (session, watcher):
        await watcher.until(1, Attachment.UP)
        with pytest.raises(OutcomeUnknown):
            await session.do(CANCEL)
        await watcher.until(2, Attachment.UP)
        assert (await session.resend(CANCEL)).accepted


async def test_a_session_turned_away_does_not_try_again(engine: FakeEngine) -> None:
    engine.scripts = [idle]
    engine.welcome = msgspec.structs.replace(WELCOME, protocol=9)
    async with attached(engine) as (_, watcher):
        await watcher.until(1, Attachment.TURNED_AWAY)
    assert "protocol 9" in watcher.changes[-1].reason
