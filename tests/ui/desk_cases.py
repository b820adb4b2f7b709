"""A desk as frames tell it, always the same: what the screen's own tests put into its store."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from termdesk.config.launch import LaunchOptions
from termdesk.core.model.bar import Bar
from termdesk.core.model.execution import FeeItem
from termdesk.core.model.facts import OrderFilled
from termdesk.core.model.instrument import Instrument, Share, Spot, TradingRule
from termdesk.core.model.reason import MarketSeen, Reason
from termdesk.core.model.terms import Link, Liquidity, Mode, OrdStatus, OrdType, Phase, Side, TimeInForce
from termdesk.core.wire.frames import Topics, Update, Welcome
from termdesk.core.wire.queries import FillLine, FillsResult, OrderLine, OrdersResult
from termdesk.core.wire.topics import (
    AccountBody,
    BarsBody,
    BookBody,
    CashLine,
    FeedHealth,
    HealthBody,
    PositionLine,
    QueueBody,
    QueueLine,
    QuoteBody,
    ReplayHealth,
    StudyBody,
    StudyPoint,
    TapeBody,
    TapeTrade,
)
from termdesk.ui.app import TermdeskApp
from termdesk.ui.store import EngineLink, Store

SECOND = 10**9
MINUTE = 60 * SECOND
NOW = 1_795_000_000 * SECOND
"""Desk time of everything here: 2026-11-18 11:06:40 UTC."""

MOUTAI = Instrument(
    id="600519.DEMO",
    name="Kweichow Moutai",
    name_zh="贵州茅台",
    currency="CNY",
    price_decimals=2,
    qty_decimals=0,
    rules=(TradingRule("", 1, 100, 100),),
    detail=Share(settlement_days=1),
)
BITCOIN = Instrument(
    id="BTCUSDT.DEMO",
    name="Bitcoin / Tether",
    name_zh="比特币",
    currency="USDT",
    price_decimals=2,
    qty_decimals=5,
    rules=(TradingRule("", 10, 1, 1),),
    detail=Spot(base="BTC"),
)


def quote(instrument: Instrument, last: int, **changes: Any) -> QuoteBody:
    values: dict[str, Any] = {
        "instrument": instrument.id, "version": 1, "bid": last - 1, "bid_qty": 300, "ask": last + 1, "ask_qty": 500,
        "last": last, "last_qty": 200, "aggressor": Side.BUY, "open": last - 40, "high": last + 8, "low": last - 60,
        "prev_close": last - 100, "volume": 1_234_500, "turnover": Decimal(0), "trades": 10,
        "phase": Phase.CONTINUOUS, "venue_ns": NOW, "recv_ns": NOW - 2 * SECOND, "feed": "demo", "book_valid": True,
    }  # fmt: skip
    return QuoteBody(**{**values, **changes})


def order(order_id: str, side: Side, price: int | None, **changes: Any) -> OrderLine:
    values: dict[str, Any] = {
        "order_id": order_id, "account": "cash", "instrument": MOUTAI.id, "version": 1, "side": side,
        "ord_type": OrdType.LIMIT if price else OrdType.MARKET, "qty": 300, "price": price,
        "time_in_force": TimeInForce.GTC, "status": OrdStatus.NEW, "cum_qty": 0, "leaves_qty": 300,
        "average": Decimal(0), "submitted_ns": NOW - 90 * SECOND, "updated_ns": NOW, "origin": "ladder",
    }  # fmt: skip
    return OrderLine(**{**values, **changes})


def fill() -> FillLine:
    values: dict[str, Any] = {
        "order_id": "O3",
        "exec_id": "E1",
        "account": "cash",
        "instrument": MOUTAI.id,
        "side": Side.BUY,
        "qty": 100,
        "price": Decimal("1650.02"),
        "amount": Decimal("165002.00"),
        "fees": (FeeItem("fee", "CNY", Decimal("41.2505")),),
        "liquidity": Liquidity.TAKER,
        "reason": Reason("fill.take", {"price": "1650.02", "displayed": "500", "consumed": "0", "filled": "100"}),
        "seen": MarketSeen(165001, 3, 165002, 5, 165001, 0, 0, Phase.CONTINUOUS, "demo", NOW),
        "reserve": Decimal(0),
    }
    fact = OrderFilled(**values)
    return FillLine(4, NOW - 60 * SECOND, "2026-11-18", fact)


def bars(last: int) -> tuple[Bar, ...]:
    closes = [last + (7 * i % 31) - 15 for i in range(60)]
    return tuple(
        Bar(
            NOW - NOW % MINUTE - (59 - i) * MINUTE,
            closes[i - 1] if i else close,
            close + 6,
            close - 6,
            close,
            1000 + 137 * i % 900,
            Decimal(0),
            5,
            400,
        )
        for i, close in enumerate(closes)
    )


def study(instrument: Instrument, all_bars: tuple[Bar, ...]) -> StudyBody:
    points = tuple(
        StudyPoint(bar.start_ns, ((i % 9 - 4) / 100, (i % 7 - 3) / 100, (i % 5 - 2) / 100))
        for i, bar in enumerate(all_bars)
    )
    return StudyBody(
        instrument.id, "macd", ("macd", "signal", "histogram"), points, complete=True, warming=0, warm_bars=35
    )


def account(name: str = "cash") -> AccountBody:
    held = PositionLine(
        MOUTAI.id, 1, 100, 0, Decimal("1650.02"), Decimal("1650.10"), "last", NOW, Decimal("8.00"), Decimal(0),
        Decimal("41.25"), "CNY",
    )  # fmt: skip
    cny = CashLine(
        "CNY", Decimal("834956.75"), Decimal("494700"), Decimal("340256.75"), Decimal(8), Decimal(0), Decimal("41.25")
    )
    usdt = CashLine("USDT", Decimal(100_000), Decimal(0), Decimal(100_000), Decimal(0), Decimal(0), Decimal(0))
    return AccountBody(name, name, (cny, usdt), (held,) if name == "cash" else ())


def health(mode: Mode = Mode.DEMO, link: Link = Link.UP, replay: ReplayHealth | None = None) -> HealthBody:
    feed = FeedHealth("demo", link, "", NOW - SECOND, 1000, 0, 0, delay_ns=0)
    return HealthBody(mode, mode.value, NOW, NOW, (feed,), (), replay, "", 5, {}, 0.1)


def topics(*bodies: Any, desk_ns: int = NOW) -> Topics:
    return Topics(desk_ns=desk_ns, updates=tuple(Update("", body) for body in bodies))


def welcome(mode: Mode = Mode.DEMO) -> Welcome:
    return Welcome(
        protocol=1,
        engine_version="1",
        desk=mode.value,
        mode=mode,
        base_currency="CNY",
        actor="tester",
        session="s1",
        cursor=5,
        desk_ns=NOW,
        accounts=("cash", "margin"),
    )


LAST = 165_010


def trade(number: int) -> TapeTrade:
    side = Side.BUY if number % 3 else Side.SELL
    return TapeTrade(LAST + number % 3, 100 * (number % 4 + 1), side, NOW - (30 - number) * SECOND, number)


def orders() -> OrdersResult:
    """Every order of the desk."""
    return OrdersResult(
        orders=(
            order("O1", Side.BUY, LAST - 3),
            order("O2", Side.SELL, LAST + 5, status=OrdStatus.PENDING_CANCEL),
            order("O3", Side.BUY, None, qty=100, status=OrdStatus.FILLED, cum_qty=100, leaves_qty=0,
                  average=Decimal("1650.02")),
            order("O4", Side.BUY, 600, status=OrdStatus.REJECTED, leaves_qty=0,
                  reason=Reason("risk.lot", {"qty": "50", "lot": "100"})),
            order("O5", Side.BUY, LAST - 2, account="margin"),
        ),
        cursor=5,
    )  # fmt: skip


def everything(mode: Mode = Mode.DEMO, **health_changes: Any) -> Topics:
    """All that topics tell of the desk."""
    history = bars(LAST)
    replay = (
        ReplayHealth(10.0, paused=True, ended=False, first_ns=NOW - MINUTE, last_ns=0) if mode is Mode.REPLAY else None
    )
    return topics(
        quote(MOUTAI, LAST),
        quote(BITCOIN, 9_267_850, volume=123_456_789, bid=9_267_840, ask=9_267_860, prev_close=9_300_000),
        BookBody(
            MOUTAI.id,
            1,
            tuple((LAST - 1 - i, 100 * (i % 7 + 1)) for i in range(20)),
            tuple((LAST + 1 + i, 100 * (i % 5 + 1)) for i in range(20)),
            9,
            valid=True,
            recv_ns=NOW,
        ),
        TapeBody(
            MOUTAI.id,
            1,
            tuple(map(trade, range(30))),
            0,
        ),
        BarsBody(MOUTAI.id, 1, MINUTE, history, complete=True),
        study(MOUTAI, history),
        account(),
        account("margin"),
        QueueBody("cash", {MOUTAI.id: 1}, (QueueLine("O1", 400, 900, restarted=False),)),
        health(mode, replay=replay, **health_changes),
    )


def fill_store(store: Store, mode: Mode = Mode.DEMO, **health_changes: Any) -> None:
    """Put a whole desk into a store whose clock stands at 0."""
    store.attach(welcome(mode), 0)
    store.load_orders(orders())
    store.load_fills(FillsResult(fills=(fill(),), cursor=5))
    store.list_instruments((MOUTAI, BITCOIN))
    store.take_topics(everything(mode, **health_changes), 0)
    store.set_link(EngineLink.UP)


def app_of(language: str = "en", theme: str = "dark", **options: Any) -> TermdeskApp:
    """Make an app whose clock stands at 0 and whose times are Shanghai's."""
    asked = LaunchOptions(language=language, theme=theme, **options)
    return TermdeskApp(asked, environment={}, offset_s=8 * 3600, clock_ns=lambda: 0)
