"""Parts of the engine that need no process."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termdesk.adapters.contract import FeedCapabilities
from termdesk.core.market.market import Market
from termdesk.core.model.bar import Bar
from termdesk.core.model.errors import AdapterError, Refused
from termdesk.core.model.event import BarHistory, BookSnapshot, FeedHeard, FeedLink, InstrumentDefined, Trade
from termdesk.core.model.instrument import Instrument, Spot, TradingRule
from termdesk.core.model.terms import Link, Side
from termdesk.core.studies.macd import MacdStudy
from termdesk.core.wire.topic_names import parse_topic
from termdesk.core.wire.topics import BarsBody, QuoteBody, StudyBody, TapeBody, VolumeBody
from termdesk.engine.bodies import BODY_ROWS, Bodies
from termdesk.engine.clock import SystemClock
from termdesk.engine.conflation import Board, next_due
from termdesk.engine.feeds import Supervised, load_adapter
from termdesk.engine.meter import Measured, Meter
from termdesk.engine.outbox import Outbox, Waiting
from termdesk.engine.sequencer import ROOM, SLICE, YIELD_NS, LiveSequencer
from termdesk.engine.subscription import Subscription

ID = "ABC.TEST"
MINUTE = 60 * 10**9


def instrument() -> Instrument:
    return Instrument(
        id=ID,
        name="abc",
        currency="USDT",
        price_decimals=2,
        qty_decimals=2,
        rules=(TradingRule(first_day="", tick=1, lot=1, min_qty=1),),
        detail=Spot(base="ABC"),
    )


@pytest.fixture
def market() -> Market:
    market = Market(study=MacdStudy)
    market.apply(InstrumentDefined(1, instrument()), "f")
    market.apply(BookSnapshot(ID, 1, 1, 1, ((100, 5),), ((101, 6),)), "f")
    return market


class StubDesk:
    """A desk without accounts."""

    durable = True

    def now_ns(self) -> int:
        return 7

    def is_durable(self) -> bool:
        return self.durable

    def interests(self, account: str) -> set[str]:
        return {ID}

    def account_body(self, account: str) -> Any:
        return None

    def queue_body(self, account: str) -> Any:
        return None

    def health_body(self) -> Any:
        return None


class Client:
    """A subscriber that can be told to take nothing."""

    def __init__(self, *topics: str, rate: float = 60.0) -> None:
        self.subscriptions = {name: Subscription(name, parse_topic(name), rate) for name in topics}
        self.takes_topics = True
        self.got: list[tuple[str, Any]] = []

    def send_topics(self, desk_ns: int, updates: list[tuple[str, Any]]) -> None:
        assert desk_ns == 7
        self.got += updates

    def bodies(self) -> list[Any]:
        found = [body.body for _, body in self.got]
        self.got = []
        return found


class Ticks(SystemClock):
    """A clock that a test moves."""

    now = 10**12

    def ticks_ns(self) -> int:
        return self.now


def board_of(market: Market, *clients: Client) -> tuple[Board, Ticks]:
    clock = Ticks()
    board = Board(StubDesk(), Bodies(market, StubDesk()), {}, clock, Meter(clock))
    board.subscribers += clients
    return board, clock


def trade(market: Market, board: Board, price: int, number: int = 1, at_ns: int = 1) -> None:
    state, touched = market.apply(Trade(ID, at_ns, at_ns, number, price, 3, Side.BUY), "f")
    assert state is not None
    board.dirty[ID] = board.dirty.get(ID, 0) | touched


def tick(board: Board, clock: Ticks, seconds: float = 0.02) -> None:
    clock.now += int(seconds * 1e9)
    board.flush()


def test_the_latest_state_wins_and_is_encoded_once_for_all(market: Market) -> None:
    first, second = Client(f"quote/{ID}"), Client(f"quote/{ID}")
    board, clock = board_of(market, first, second)
    for price in (100, 101, 102):
        trade(market, board, price)
    tick(board, clock)
    assert first.got[0][1] is second.got[0][1]
    (body,) = first.bodies()
    assert isinstance(body, QuoteBody)
    assert (body.last, body.trades) == (102, 3)
    tick(board, clock)
    assert first.bodies() == [], "nothing moved"


def test_a_client_that_takes_nothing_gets_the_newest_when_it_can(market: Market) -> None:
    slow, quick = Client(f"quote/{ID}"), Client(f"quote/{ID}")
    board, clock = board_of(market, slow, quick)
    slow.takes_topics = False
    for price in (100, 101, 102):
        trade(market, board, price)
        tick(board, clock)
    assert [body.last for body in quick.bodies()] == [100, 101, 102]
    slow.takes_topics = True
    tick(board, clock)
    assert [body.last for body in slow.bodies()] == [102]


def test_a_subscription_is_served_at_its_rate(market: Market) -> None:
    client = Client(f"quote/{ID}", rate=5.0)
    board, clock = board_of(market, client)
    for number in range(120):
        trade(market, board, 100 + number)
        tick(board, clock, 1 / 60)
    assert 9 <= len(client.bodies()) <= 11


class Skipping(selectors.DefaultSelector):
    """Waits by moving a clock."""

    def __init__(self, clock: Ticks) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> Any:
        self._clock.now += int((timeout or 0) * 1e9) + 1
        return super().select(0)


class SkippingLoop(asyncio.SelectorEventLoop):
    """Goes by a clock that no wait costs time."""

    def __init__(self, clock: Ticks) -> None:
        super().__init__(Skipping(clock))
        self._clock = clock

    def time(self) -> float:
        return self._clock.now / 1e9


@pytest.mark.parametrize(
    ("rate", "cost_ms", "expected"), [(30.0, 0, 30), (30.0, 20, 30), (30.0, 40, 15), (60.0, 9, 60)]
)
def test_what_a_frame_costs_does_not_delay_the_next(market: Market, rate: float, cost_ms: int, expected: int) -> None:
    class Costly(Client):
        def send_topics(self, desk_ns: int, updates: list[tuple[str, Any]]) -> None:
            super().send_topics(desk_ns, updates)
            clock.now += cost_ms * 1_000_000
            if clock.now >= ended_ns:
                task.cancel()
            trade(market, board, 100, len(self.got) + 1)

    client = Costly(f"quote/{ID}", rate=rate)
    board, clock = board_of(market, client)
    ended_ns = clock.now + 4 * 10**9
    with asyncio.Runner(loop_factory=lambda: SkippingLoop(clock)) as runner, suppress(asyncio.CancelledError):
        task = runner.get_loop().create_task(board.run())
        runner.get_loop().run_until_complete(task)
    assert len(client.got) / 4 == pytest.approx(expected, abs=0.5)


def test_a_tick_that_is_to_come_waits_for_no_slower_rate_than_now() -> None:
    assert next_due(500, 100, 450) == 500
    assert next_due(900, 100, 450) == 550
    assert next_due(300, 100, 450) == 500, "those at 400 and before are left out"
    assert next_due(500, 100, 500) == 600


def test_another_rate_goes_on_from_where_it_was(market: Market) -> None:
    client = Client(f"tape/{ID}", rate=60.0)
    board, clock = board_of(market, client)
    trade(market, board, 100, 1)
    tick(board, clock)
    client.subscriptions[f"tape/{ID}"].rate = 2.0
    for number in range(2, 62):
        trade(market, board, 100, number)
        tick(board, clock, 1 / 60)
    bodies = client.bodies()
    assert 3 <= len(bodies) <= 4
    assert [each.trade_id for body in bodies for each in body.trades][:5] == [1, 2, 3, 4, 5]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=40))
def test_a_tape_gives_every_trade_once_in_order(pauses: list[int]) -> None:
    market = Market()
    market.apply(InstrumentDefined(1, instrument()), "f")
    client = Client(f"tape/{ID}")
    board, clock = board_of(market, client)
    number = 0
    for pause in pauses:
        for _ in range(pause):
            number += 1
            trade(market, board, 100, number)
        tick(board, clock)
    bodies = client.bodies()
    assert all(isinstance(body, TapeBody) and body.dropped == 0 for body in bodies)
    assert [each.trade_id for body in bodies for each in body.trades] == list(range(1, number + 1))


def test_long_bars_come_in_bodies_that_fit_and_then_only_what_is_new(market: Market) -> None:
    from decimal import Decimal

    bars = tuple(Bar(n * MINUTE, 100, 100, 100, 100, 1, Decimal(1), 1, 0) for n in range(1, 1_201))
    market.apply(BarHistory(ID, 1, 1, MINUTE, bars), "f")
    client = Client(f"bars/{ID}/1m", f"study/{ID}/1m/macd")
    board, clock = board_of(market, client)
    tick(board, clock)
    bodies = client.bodies()
    held = [body for body in bodies if isinstance(body, BarsBody)]
    assert [body.complete for body in held] == [True, False, False]
    assert [len(body.bars) for body in held] == [BODY_ROWS, BODY_ROWS, 200]
    assert sum(len(body.points) for body in bodies if isinstance(body, StudyBody)) == 1_200
    trade(market, board, 101, at_ns=1_201 * MINUTE + 5)
    tick(board, clock)
    (body, study) = client.bodies()
    assert [bar.start_ns for bar in body.bars] == [1_201 * MINUTE]
    assert not body.complete
    assert not study.complete


def test_what_is_not_known_yet_is_sent_once_it_is() -> None:
    market = Market()
    client = Client(f"quote/{ID}")
    board, clock = board_of(market, client)
    tick(board, clock)
    assert client.bodies() == []
    market.apply(InstrumentDefined(1, instrument()), "f")
    tick(board, clock)
    assert len(client.bodies()) == 1


def test_nothing_leaves_the_outbox_before_its_facts_are_durable() -> None:
    outbox = Outbox()
    for seq in (1, 2, 2, 5):
        outbox.put(Waiting(seq, [], ["request"], []))  # type: ignore[list-item]
    assert [waiting.seq for waiting in outbox.release(2)] == [1, 2, 2]
    assert outbox.holds_effects
    assert list(outbox.release(4)) == []
    assert [waiting.seq for waiting in outbox.drop()] == [5]
    assert outbox.empty
    assert not outbox.holds_effects


class Heedless:
    """A desk that takes everything and does nothing."""

    settled = True

    def next_deadline(self) -> int | None:
        return None

    def take_deadlines(self, to_ns: int) -> None:
        pass

    def take_event(self, feed: str, event: Any, now_ns: int) -> None:
        pass

    def take_command(self, item: Any) -> None:
        pass

    def take_durable(self, seq: int, now_ns: int) -> None:
        pass


async def test_live_inputs_are_taken_in_the_order_of_arrival_at_times_that_never_go_back() -> None:
    clock = SystemClock()
    sequencer = LiveSequencer(clock, Meter(clock))
    taken: list[tuple[str, int]] = []
    done = asyncio.Event()

    class Desk(Heedless):
        def take_event(self, feed: str, event: Any, now_ns: int) -> None:
            taken.append((f"event {event.recv_ns}", now_ns))

        def take_command(self, item: Any) -> None:
            taken.append((f"command {item.command}", item.at_ns))

        def take_durable(self, seq: int, now_ns: int) -> None:
            taken.append((f"durable {seq}", now_ns))

    sequencer.attach(Desk())
    sequencer.put_events("f", [FeedHeard("f", 1), FeedHeard("f", 2)])
    sequencer.put_command("c1", "me")  # type: ignore[arg-type]
    sequencer.put_durable(3)
    sequencer.put_events("f", [FeedHeard("f", 4)])
    sequencer.put_call(done.set)
    running = asyncio.create_task(sequencer.run())
    async with asyncio.timeout(5):
        await done.wait()
    running.cancel()
    assert [what for what, _ in taken] == ["event 1", "event 2", "command c1", "durable 3", "event 4"]
    stamps = [at_ns for _, at_ns in taken]
    assert stamps == sorted(stamps)


class DyingFeed:
    """Says one thing and dies."""

    name = "dying"
    capabilities = FeedCapabilities(depth_levels=0, trades=True, heartbeat_ns=1)

    async def stream(self) -> AsyncIterator[Sequence[Any]]:
        yield [FeedHeard("dying", 1)]
        raise ValueError("broken inside")


async def test_a_feed_that_dies_is_a_lost_link_and_starts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("termdesk.engine.feeds.FIRST_WAIT_S", 0.01)
    heard: list[Any] = []
    twice = asyncio.Event()

    def put(feed: str, events: Sequence[Any]) -> None:
        heard.extend(events)
        if len([event for event in heard if isinstance(event, FeedLink)]) == 2:
            twice.set()

    async def room() -> None:
        pass

    clock = SystemClock()
    supervised = Supervised(DyingFeed, put, room, clock, Meter(clock))
    running = asyncio.create_task(supervised.run(DyingFeed()))
    async with asyncio.timeout(5):
        await twice.wait()
    running.cancel()
    assert [type(event) for event in heard] == [FeedHeard, FeedLink, FeedHeard, FeedLink]
    assert (heard[1].link, "broken inside" in heard[1].detail) == (Link.DOWN, True)


async def test_a_source_waits_for_a_desk_that_falls_behind() -> None:
    class Eager(DyingFeed):
        async def stream(self) -> AsyncIterator[Sequence[Any]]:
            nonlocal said
            while True:
                said += 4
                yield [FeedHeard("f", said)] * 4 * SLICE
                await asyncio.sleep(0)

    class Slow(Heedless):
        def take_event(self, feed: str, event: Any, now_ns: int) -> None:
            nonlocal taken
            clock.now += YIELD_NS  # a slice is all that is taken before the loop is given back
            taken += 1
            behind.append(said - taken // SLICE)
            if taken == 4 * ROOM * SLICE:
                done.set()

    said = taken = 0
    behind: list[int] = []
    done = asyncio.Event()
    clock = Ticks()
    sequencer = LiveSequencer(clock, Meter(clock))
    sequencer.attach(Slow())
    supervised = Supervised(Eager, sequencer.put_events, sequencer.room, clock, Meter(clock))
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(sequencer.run()), tasks.create_task(supervised.run(Eager()))]
        await done.wait()
        for task in running:
            task.cancel()
    assert ROOM < max(behind) <= ROOM + 4


def test_an_adapter_that_is_not_installed_is_refused_with_those_that_are() -> None:
    with pytest.raises(AdapterError, match=r"nothing.*demo.*replay"):
        load_adapter("termdesk.feeds", "nothing")


async def test_a_meter_counts_work_and_not_waiting() -> None:
    clock = SystemClock()
    meter = Meter(clock)

    async def work() -> str:
        await asyncio.sleep(0.05)
        return "done"

    assert await Measured(work(), meter, "clients", clock) == "done"
    assert 0 < meter.clients < 20_000_000

    async def failing() -> None:
        await asyncio.sleep(0)
        raise Refused("desk.stopping")

    with pytest.raises(Refused):
        await Measured(failing(), meter, "clients", clock)


def test_after_a_step_back_of_the_system_clock_time_goes_on_until_it_is_met(monkeypatch: pytest.MonkeyPatch) -> None:
    system, ticks = 1_000, 0
    monkeypatch.setattr("time.time_ns", lambda: system)
    monkeypatch.setattr("time.perf_counter_ns", lambda: ticks)
    clock = SystemClock()
    assert (clock.wall_ns(), clock.ahead_ns) == (1_000, 0)
    system, ticks = 900, 100
    assert (clock.wall_ns(), clock.ahead_ns) == (1_050, 150)
    system, ticks = 1_300, 500
    assert (clock.wall_ns(), clock.ahead_ns) == (1_300, 0)
    clock.at_least(2_000)
    assert (clock.wall_ns(), clock.ahead_ns) == (2_000, 700)


async def test_a_source_that_speaks_is_not_stale_although_desk_time_is_ahead() -> None:
    clock = SystemClock()
    system_ns = clock.wall_ns()
    clock.at_least(system_ns + 3_600 * 10**9)
    sequencer = LiveSequencer(clock, Meter(clock))
    taken: asyncio.Future[tuple[Any, int]] = asyncio.get_running_loop().create_future()

    class Taking:
        def next_deadline(self) -> int | None:
            return None

        def take_deadlines(self, to_ns: int) -> None:
            del to_ns

        def take_event(self, feed: str, event: Any, now_ns: int) -> None:
            taken.set_result((event, now_ns))

    sequencer.attach(Taking())  # type: ignore[arg-type]
    sequencer.put_events("demo", [FeedLink("demo", system_ns, Link.UP)])
    running = asyncio.create_task(sequencer.run())
    async with asyncio.timeout(5):
        event, now_ns = await taken
    running.cancel()
    assert 0 <= now_ns - event.recv_ns < 10**9


def test_volume_at_price_comes_whole_and_then_only_for_prices_that_traded(market: Market) -> None:
    client = Client(f"volume/{ID}")
    board, clock = board_of(market, client)
    for number, price in enumerate((100, 101, 100), 1):
        trade(market, board, price, number)
    tick(board, clock)
    trade(market, board, 101, 4)
    tick(board, clock)
    whole, later = (body for body in client.bodies() if isinstance(body, VolumeBody))
    assert whole.complete
    assert {(row.price, row.qty) for row in whole.rows} == {(100, 6), (101, 3)}
    assert not later.complete
    assert [(row.price, row.qty, row.bought) for row in later.rows] == [(101, 6, 6)]
