"""An engine's end of the socket with canned answers, in a thread, so that commands run as they are."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from decimal import Decimal

from websockets.asyncio.server import ServerConnection, unix_serve

from termdesk.config.paths import DeskPaths
from termdesk.core.model.command import Answer, Command, StopEngine
from termdesk.core.model.condition import LastAtOrAbove, Notify
from termdesk.core.model.errors import Refused
from termdesk.core.model.execution import FeeItem
from termdesk.core.model.facts import OrderFilled
from termdesk.core.model.facts.day import StatedPosition
from termdesk.core.model.instrument import Instrument, Spot, TradingRule
from termdesk.core.model.limits import ScopedLimits, TradingLimits, TradingState, TradingStop
from termdesk.core.model.reason import MarketSeen, Reason
from termdesk.core.model.terms import (
    Link,
    Liquidity,
    Mode,
    OrdStatus,
    OrdType,
    Phase,
    Side,
    TimeInForce,
)
from termdesk.core.wire import frames as f
from termdesk.core.wire import queries as q
from termdesk.core.wire import topics as t
from termdesk.core.wire.codec import decode_client_frame, encode_engine_frame

NS = 1_769_851_800_123_000_000


def instrument(instrument_id: str) -> Instrument:
    return Instrument(
        id=instrument_id,
        name="BTC [bold]\x1b[31mred",
        currency="USDT",
        price_decimals=2,
        qty_decimals=5,
        rules=(TradingRule(first_day="", tick=1, lot=1, min_qty=1),),
        detail=Spot(base="BTC"),
    )


INSTRUMENTS = (instrument("BTCUSDT.DEMO"), instrument("ETHUSDT.DEMO"), instrument("ETHUSDT.OTHER"))
BTC = INSTRUMENTS[0].id

EXACT = Decimal("61000.12345678901234567890123")
ORDER = q.OrderLine(
    order_id="o-1",
    account="cash",
    instrument=BTC,
    version=1,
    side=Side.BUY,
    ord_type=OrdType.LIMIT,
    qty=1_000,
    price=6_100_000,
    time_in_force=TimeInForce.GTC,
    status=OrdStatus.NEW,
    cum_qty=500,
    leaves_qty=500,
    average=EXACT,
    submitted_ns=NS,
    updated_ns=NS,
    origin="[red]shell\x1b]0;owned\x07",
)
SEEN = MarketSeen(6_100_000, 1, 6_100_010, 2, 0, 5, 6, Phase.CONTINUOUS, "demo", NS)
REASON = Reason("fill.queue", {"ahead": "1.20", "traded": "1.35", "filled": "0.15"})
FILL = OrderFilled(
    order_id="o-1",
    exec_id="x-1",
    account="cash",
    instrument=BTC,
    side=Side.BUY,
    qty=500,
    price=Decimal("61000.00"),
    amount=Decimal("305.0000"),
    fees=(FeeItem("commission", "USDT", Decimal("0.305")),),
    liquidity=Liquidity.MAKER,
    reason=REASON,
    seen=SEEN,
)
ACCOUNT = t.AccountBody(
    "cash",
    "cash",
    (t.CashLine("USDT", Decimal(100_000), Decimal(305), Decimal(99_695), None, Decimal(0), Decimal("0.305")),),
    (
        t.PositionLine(
            BTC,
            1,
            500,
            500,
            EXACT,
            Decimal(61_001),
            "last",
            NS,
            Decimal("0.005"),
            Decimal(0),
            Decimal(0),
            "USDT",
        ),
    ),
)
BOOK = t.BookBody(BTC, 1, ((6_100_000, 120_000),), ((6_100_010, 5), (6_100_020, 7)), 9, valid=False, recv_ns=NS)
QUOTE = t.QuoteBody(
    instrument=BTC,
    version=1,
    bid=6_100_000,
    bid_qty=1,
    ask=0,
    ask_qty=0,
    last=6_100_000,
    last_qty=1,
    aggressor=None,
    open=0,
    high=0,
    low=0,
    prev_close=0,
    volume=7,
    turnover=Decimal("1E+3"),
    trades=1,
    phase=Phase.CONTINUOUS,
    venue_ns=NS,
    recv_ns=NS,
    feed="demo",
    book_valid=True,
)
STOP = TradingStop(state=TradingState.HALTED, note="[red]why\x1b[31m", actor="me", at_ns=NS, killed=True)
LIMITS = q.LimitsResult(
    (ScopedLimits(account="cash", limits=TradingLimits(max_qty=Decimal(5), restricted=True)),),
    (STOP,),
    (q.Notice("cash", BTC, "2026-11-22", Reason("risk.watch_rate", {"messages": "50"})),),
)

HEALTH = t.HealthBody(
    mode=Mode.DEMO,
    desk="demo",
    desk_ns=NS,
    wall_ns=NS,
    feeds=(t.FeedHealth("demo", Link.UP, "", NS, 10, 1, 0, delay_ns=0),),
    screens=(t.ScreenLine("s1", "ada", "termdesk screen", "pts/3", armed=True, looks_on=False),),
    replay=t.ReplayHealth(0.0, paused=False, ended=True, first_ns=NS, last_ns=0),
    halted="the disk is full",
    durable_seq=7,
    shares={"feeds": 0.125},
    loop_lag_ms=0.5,
)
WHY = q.WhyResult(
    ORDER,
    (q.WhyStep(3, NS, "order_submitted", None, 1_000, None, SEEN), q.WhyStep(4, NS, "order_filled", REASON, 500)),
    Reason("wait.queue", {"ahead": "1.2", "price": "61000.00"}),
)


STATEMENT = q.StatementResult(
    "2026-01-31",
    (
        q.AccountStatement(
            "cash",
            "cash",
            (
                q.CashStatement(
                    "USDT",
                    Decimal(100_000),
                    (q.CashMove("fill", Decimal("-305")), q.CashMove("fee commission", Decimal("-0.305"))),
                    Decimal("99694.695"),
                ),
            ),
            (FeeItem("commission", "USDT", Decimal("0.305")),),
            (StatedPosition(BTC, 500, 500, EXACT, None, "", "", None, Decimal(0), Decimal(0), "＝cmd|' /C calc'!A0"),),
        ),
    ),
    ("BINANCE",),
    7,
)


def answer_query(query: q.Query) -> q.Result:
    match query:
        case q.InstrumentsQuery():
            return q.InstrumentsResult(INSTRUMENTS)
        case q.OrdersQuery():
            return q.OrdersResult((ORDER,), 7)
        case q.ConditionsQuery():
            line = q.ConditionLine("C1", BTC, 1, LastAtOrAbove(BTC, 6_200_000), Notify(), NS, "shell")
            return q.ConditionsResult((line,), 9)
        case q.FillsQuery():
            return q.FillsResult((q.FillLine(5, NS, "2026-01-31", FILL),), 7)
        case q.AccountsQuery(account=account) if account in ("", "cash"):
            return q.AccountsResult((ACCOUNT,), 7)
        case q.AccountsQuery(account=account):
            raise Refused("command.account_unknown", {"account": account, "accounts": "cash"})
        case q.BookQuery():
            return q.BookResult(BOOK)
        case q.QuoteQuery():
            return q.QuoteResult(QUOTE, NS + 1_500_000_000)
        case q.WhyQuery(order_id="o-1"):
            return WHY
        case q.WhyQuery(order_id=order_id):
            raise Refused("command.order_unknown", {"order_id": order_id})
        case q.LimitsQuery():
            return LIMITS
        case q.DaysQuery():
            return q.DaysResult((q.DayLine("DEMO", "2026-11-21", NS, "2026-11-20", NS, missed=False),), NS + 1)
        case q.StatementQuery():
            return STATEMENT
        case q.StatusQuery():
            return q.StatusResult(HEALTH, 4711, "0.1.0", NS, 1, ("cash", "margin"), 3)
    raise AssertionError(query)


def accept(command: Command) -> Answer | None:
    return Answer(command_id=command.command_id, accepted=True, order_ids=("o-2",))


class CannedEngine:
    """Serves one desk until closed; keeps the commands that it heard."""

    def __init__(self, desk: str) -> None:
        self.paths = DeskPaths.of(desk)
        self.commands: list[Command] = []
        self.answer: Callable[[Command], Answer | None] = accept
        """None closes the connection instead of answering."""
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))

    def __enter__(self) -> CannedEngine:
        self.paths.make()
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join(10)
        self._loop.close()

    async def _serve(self) -> None:
        self._done = asyncio.Event()
        async with unix_serve(self._handle, str(self.paths.socket), compression=None):
            self._ready.set()
            await self._done.wait()
        # A connection that came in while the server closed still has its handler.
        late = asyncio.all_tasks() - {asyncio.current_task()}
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        self.paths.socket.unlink(missing_ok=True)

    async def _handle(self, socket: ServerConnection) -> None:
        assert isinstance(decode_client_frame(await socket.recv(decode=False)), f.Hello)
        welcome = f.Welcome(
            protocol=f.PROTOCOL,
            engine_version="0.1.0",
            desk=self.paths.desk,
            mode=Mode.DEMO,
            base_currency="CNY",
            actor="ada",
            session="s1",
            cursor=7,
            desk_ns=NS,
            accounts=("cash", "margin"),
        )
        await socket.send(encode_engine_frame(welcome))
        async for message in socket:
            assert isinstance(message, bytes)
            reply = self._reply(decode_client_frame(message))
            if reply is None:
                socket.transport.abort()
                return
            await socket.send(encode_engine_frame(reply))
            if isinstance(self.commands[-1:][0:1] and self.commands[-1], StopEngine):
                self._done.set()

    def _reply(self, frame: f.ClientFrame) -> f.EngineFrame | None:
        if isinstance(frame, f.Do):
            self.commands.append(frame.command)
            answer = self.answer(frame.command)
            return None if answer is None else f.Answered(answer=answer)
        assert isinstance(frame, f.Ask)
        try:
            result = answer_query(frame.query)
        except Refused as refused:
            return f.Refusal(request_id=frame.request_id, topic="", reason=Reason(refused.code, refused.params))
        return f.Reply(request_id=frame.request_id, page=0, more=False, result=result)
