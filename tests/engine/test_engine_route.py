"""The route to a broker outside the engine, on a session made by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from termdesk.adapters.brokers.simvenue.client import CAPABILITIES
from termdesk.core.model.instrument import Instrument, Spot, TradingRule
from termdesk.core.model.venue import SnapshotRequest, TellInstrument, VenueSnapshot
from termdesk.engine.brokers import Route

X = Instrument(
    id="X.TEST",
    name="X",
    currency="USDT",
    price_decimals=0,
    qty_decimals=0,
    rules=(TradingRule("", 1, 1, 1),),
    detail=Spot("X"),
)
ASK = SnapshotRequest(broker="hand", accounts=("a",))
ANSWER = VenueSnapshot(broker="hand", at_ns=0, accounts=("a",))


class Session:
    """A venue that answers when the test says so; also the broker that connects to it."""

    name = "hand"
    capabilities = CAPABILITIES

    def __init__(self) -> None:
        self.sent = []
        self.told_before_hearing = None
        self.news: asyncio.Queue = asyncio.Queue()

    async def connect(self) -> Session:
        return self

    async def send(self, message) -> None:
        self.sent.append(message)

    async def reports(self) -> AsyncIterator:
        self.told_before_hearing = list(self.sent)
        while True:
            yield (await self.news.get(),)

    async def close(self) -> None:
        pass


class Desk:
    def __init__(self, session: Session, review_s: float = 0) -> None:
        self.now_ns = 0
        self.said = []
        self.route = Route(session, self.said.extend, lambda: self.now_ns, lambda _: (), lambda: {X.id: X}, review_s)
        self.task = asyncio.create_task(self.route.run())

    async def until(self, holds) -> None:
        async with asyncio.timeout(5):
            while not holds():  # noqa: ASYNC110  # the route has no event to wait for
                await asyncio.sleep(0)


@pytest.fixture
async def session():
    return Session()


@pytest.fixture
async def desks():
    made = []
    yield made
    for desk in made:
        desk.task.cancel()
        await asyncio.gather(desk.task, return_exceptions=True)


async def test_every_instrument_is_told_before_the_venue_is_heard(session, desks) -> None:
    desks.append(desk := Desk(session))
    await desk.until(lambda: session.told_before_hearing is not None)
    assert session.told_before_hearing == [TellInstrument(instrument=X)]


async def test_an_answer_was_true_when_the_first_open_question_was_asked(session, desks) -> None:
    desks.append(desk := Desk(session))
    await desk.until(lambda: desk.said)
    for desk.now_ns in (100, 200):
        desk.route.on_request(ASK, desk.now_ns)
        await desk.until(lambda: sum(one == ASK for one in session.sent) == desk.now_ns // 100)
    for _ in range(3):
        session.news.put_nowait(ANSWER)
    await desk.until(lambda: len(desk.said) == 4)
    assert [one.at_ns for one in desk.said[1:]] == [100, 200, 0]


async def test_a_steady_link_is_asked_for_everything_again(session, desks) -> None:
    desks.append(desk := Desk(session, review_s=0.01))
    await desk.until(lambda: desk.said)
    assert ASK not in session.sent, "the desk asks first"
    desk.route.on_request(ASK, 0)
    await desk.until(lambda: sum(one == ASK for one in session.sent) >= 3)
