"""Every screen that the product has, and how a test comes to it; what must be readable there, in both languages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
from desk_cases import BITCOIN, LAST, MOUTAI, NOW, app_of, fill_store, health, order, quote, topics
from pilot_words import until
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widgets import Input

from termdesk.core.model.command import Answer, Command
from termdesk.core.model.condition import LastAtOrAbove, Notify
from termdesk.core.model.facts import ConditionArmed, Recorded
from termdesk.core.model.reason import MarketSeen, Reason
from termdesk.core.model.terms import Link, Mode, OrdStatus, OrdType, Phase, Side
from termdesk.core.wire.frames import Log
from termdesk.core.wire.queries import OrdersResult, PreviewResult, WhyQuery, WhyResult, WhyStep
from termdesk.core.wire.topics import VolumeBody, VolumeRow
from termdesk.ui.app import TermdeskApp
from termdesk.ui.guide.steps import STEPS, begun
from termdesk.ui.lines.blotter import TABS
from termdesk.ui.store import EngineLink

Words = dict[str, tuple[str, ...]]
SEEN = MarketSeen(LAST - 1, 300, LAST + 1, 500, LAST, 0, 0, Phase.CONTINUOUS, "demo", NOW)


class Scene(NamedTuple):
    """One screen of the product.

    ``parts`` are the widgets of which the picture is taken, none is the whole
    screen; ``mode`` is the desk's, none leaves the store empty.
    """

    arrange: Callable[[Pilot[Any]], Awaitable[None]]
    words: Words
    parts: tuple[str, ...] = ()
    mode: Mode | None = Mode.DEMO
    read_only: bool = False
    sizes: tuple[str, ...] = ()
    """Other sizes than those of the product."""


class Engine:
    """Answers what a screen asks, always the same."""

    async def take(self, command: Command) -> Answer:
        return Answer(command_id=command.command_id, accepted=True)

    async def ask(self, query: Any) -> Any:
        if isinstance(query, WhyQuery):
            return _why()
        return PreviewResult(
            refusal=None, reserve_asset="CNY", reserve=Decimal("330212.00"), fee=Decimal("82.50"), fee_asset="CNY",
            position_after=300, available=Decimal("340256.75"), instrument=query.order.instrument,
        )  # fmt: skip


def _why() -> WhyResult:
    steps = (
        WhyStep(11, NOW - 90 * 10**9, "order_submitted", None, 300, Decimal("1650.07"), SEEN),
        WhyStep(12, NOW - 89 * 10**9, "order_accepted", Reason("queue.back", {"ahead": "900", "level": "900"})),
        WhyStep(
            15, NOW - 20 * 10**9, "order_filled",
            Reason("fill.queue", {"ahead": "400", "traded": "500", "filled": "100"}), 100, Decimal("1650.07"), SEEN,
        ),
    )  # fmt: skip
    line = order("O1", Side.BUY, LAST - 3, cum_qty=100, leaves_qty=200)
    return WhyResult(line, steps, Reason("wait.queue", {"ahead": "0", "price": "1650.07"}), recorded=True)


def screen_of(pilot: Pilot[Any]) -> Any:
    assert isinstance(pilot.app, TermdeskApp)
    return pilot.app._screen


async def opened(pilot: Pilot[Any], scene: Scene) -> None:
    """Bring a running app to a scene."""
    app, screen = pilot.app, screen_of(pilot)
    assert isinstance(app, TermdeskApp)
    await until(pilot, lambda: screen.is_running)
    if scene.mode is not None:
        fill_store(app.store, scene.mode)
        screen.flush(everything=True)
        await until(pilot, lambda: screen.navigation.cursor)
        screen.navigation.move(LAST - 4 - screen.navigation.cursor)
    await scene.arrange(pilot)
    await pilot.pause()
    screen.flush(everything=True)
    await pilot.pause()


def regions(pilot: Pilot[Any], scene: Scene) -> dict[str, Region]:
    """Give the rectangles that a scene is about."""
    if not scene.parts:
        return {"screen": pilot.app.screen.region}
    return {part: pilot.app.screen.query_one(part).region for part in scene.parts}


def press(*keys: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    async def arrange(pilot: Pilot[Any]) -> None:
        await pilot.press(*keys)

    return arrange


def opens(*keys: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Press keys that open a dialog, and wait for it."""

    async def arrange(pilot: Pilot[Any]) -> None:
        await pilot.press(*keys)
        await until(pilot, lambda: len(pilot.app.screen_stack) == 2)

    return arrange


def told(*bodies: Any, orders: tuple[Any, ...] = (), keys: tuple[str, ...] = ()) -> Callable[..., Awaitable[None]]:
    """Let the engine say more, then press keys."""

    async def arrange(pilot: Pilot[Any]) -> None:
        store = screen_of(pilot).store
        store.take_topics(topics(*bodies), 0)
        if orders:
            store.load_orders(OrdersResult(orders=orders, cursor=5))
        screen_of(pilot).flush(everything=True)
        await pilot.press(*keys)

    return arrange


def recorded(seq: int, fact: Any) -> Recorded:
    return Recorded(seq=seq, at_ns=NOW, wall_ns=NOW, trading_day="2026-11-18", cause="command:c", actor="t", fact=fact)


OWN = (
    *(
        order(f"B{n}", Side.BUY, LAST - 3 - n, status=status)
        for n, status in enumerate((OrdStatus.NEW, OrdStatus.HELD, OrdStatus.PENDING_NEW, OrdStatus.UNKNOWN))
    ),
    *(
        order(f"S{n}", Side.SELL, LAST + 3 + n, status=status)
        for n, status in enumerate((OrdStatus.NEW, OrdStatus.PENDING_REPLACE, OrdStatus.PENDING_CANCEL))
    ),
    order("B7", Side.BUY, LAST - 7, cum_qty=100, leaves_qty=200),
    order("B8", Side.BUY, LAST - 8, group="G1"),
    order("S8", Side.SELL, None, ord_type=OrdType.STOP, trigger_price=LAST - 5, emulated=True),
)
ROWS = tuple(VolumeRow(LAST - 10 + n, 1000 * (n % 7 + 1), 500, 300) for n in range(20))


async def own_orders(pilot: Pilot[Any]) -> None:
    store = screen_of(pilot).store
    for name in tuple(store.orders):
        del store.orders[name]
    await told(VolumeBody(MOUTAI.id, 1, ROWS, complete=True, since_ns=NOW), orders=OWN)(pilot)
    armed = ConditionArmed(
        command_id="c", condition_id="A1", predicate=LastAtOrAbove(MOUTAI.id, LAST + 7), action=Notify(), origin="key",
        seen=SEEN,
    )  # fmt: skip
    store.take_log(Log(records=(recorded(6, armed),)))


async def two_ladders(pilot: Pilot[Any]) -> None:
    screen = screen_of(pilot)
    await pilot.press("f2", "L", "ctrl+n")
    await until(pilot, lambda: screen.focused is not None and screen.focused.id == "ladder-2")
    screen.navigation.choose(BITCOIN.id)
    await until(pilot, lambda: screen.navigation.cursor > LAST * 2)


async def lost(pilot: Pilot[Any]) -> None:
    screen = screen_of(pilot)
    screen.store.set_link(EngineLink.LOST, "connection closed")
    screen.flush()


async def typed_line(pilot: Pilot[Any]) -> None:
    await opens("colon")(pilot)
    field = pilot.app.screen.query_one(Input)
    field.value = "buy 200 600519 at 1650"
    field.cursor_position = len(field.value)


async def filled_form(pilot: Pilot[Any]) -> None:
    await opens("f7")(pilot)
    dialog = pilot.app.screen
    dialog.query_one("#field-qty", Input).value = "200"
    dialog.query_one("#field-price", Input).value = "1650.05"
    await until(pilot, lambda: dialog.form.order is not None and dialog.form.order.price == LAST - 5)  # type: ignore[attr-defined]
    await pilot.pause()
    preview = {"en": "position after", "zh": "成交后持仓"}[screen_of(pilot).said.language]
    await until(pilot, lambda: preview in str(dialog.query_one("#told").content))  # type: ignore[attr-defined]


async def staged(pilot: Pilot[Any]) -> None:
    await pilot.press("f2", "2", "0", "0", "b")
    await until(pilot, lambda: screen_of(pilot).entry.previewing.answer is not None)


async def fill_news(pilot: Pilot[Any]) -> None:
    await pilot.press("f5", *["right"] * 5)
    fact = next(iter(screen_of(pilot).store.fills)).fill
    screen_of(pilot).store.take_log(Log(records=(recorded(6, fact),)))


def guide(number: int) -> Callable[[Pilot[Any]], Awaitable[None]]:
    async def arrange(pilot: Pilot[Any]) -> None:
        await pilot.press("f9")
        screen = screen_of(pilot)
        screen.guide.progress = begun(screen.guide._seen(), STEPS[number])
        screen.guide.speak()

    return arrange


def both(*words: str) -> Words:
    return {"en": words, "zh": words}


TAB_WORDS: Words = {
    "en": ("working", "1650.02", "1650.02", "no conditions armed", "balance", "filled", "message"),
    "zh": ("撤单中", "1650.02", "1650.02", "没有布防的条件单", "余额", "成交", "消息"),
}
LADDER = ("#ladders",)
BARS = ("#ticket", "#messages", "#status")

SCENES: dict[str, Scene] = {
    "trade": Scene(
        press("f2"),
        {
            "en": ("DEMO · generated prices", "watchlist", "ladder", "blotter", "1650.10", "600519", "working", "cash"),
            "zh": ("演示 · 生成的价格", "自选", "盘口", "委托栏", "1650.10", "贵州茅台", "已报", "撤单中"),
        },
    ),
    "trade-chart": Scene(press("f3"), {"en": ("chart", "MACD"), "zh": ("图表", "MACD")}),
    "trade-tape": Scene(press("f4"), {"en": ("tape",), "zh": ("逐笔",)}, ("#tape-pane",)),
    "trade-depth": Scene(press("f4", "d"), {"en": ("1650.11",), "zh": ("卖五", "买一", "委比")}, ("#tape-pane",)),
    "watch": Scene(press("alt+w"), {"en": ("watchlist", "BTCUSDT"), "zh": ("自选", "比特币")}),
    "research": Scene(press("alt+e"), {"en": ("chart", "watchlist"), "zh": ("图表", "自选")}),
    "review": Scene(press("alt+v"), {"en": ("blotter",), "zh": ("委托栏",)}),
    "ladder-own-orders": Scene(own_orders, both("●300", "◇300"), LADDER),
    "ladder-staged": Scene(
        staged,
        {"en": ("200 600519 @ 1650.06", "position after 300"), "zh": ("200 600519 @ 1650.06", "成交后持仓 300")},
        (*LADDER, *BARS),
    ),
    "ladder-compressed": Scene(press("f2", "underscore"), {"en": ("COMPACT",), "zh": ("压缩视图",)}, LADDER),
    "ladder-grouped": Scene(press("f2", "plus"), {"en": ("a row",), "zh": ("每行",)}, LADDER),
    "ladder-held": Scene(press("f2", "z"), {"en": ("HELD",), "zh": ("已冻结",)}, LADDER),
    "ladder-frozen": Scene(
        told(health(link=Link.DOWN), keys=("f2",)), {"en": ("STALE",), "zh": ("行情中断",)}, (*LADDER, *BARS)
    ),
    "ladder-closed": Scene(
        told(quote(MOUTAI, LAST, phase=Phase.CLOSED), keys=("f2",)), {"en": ("closed",), "zh": ("闭市",)}, LADDER
    ),
    "halted": Scene(
        told(msgspec.structs.replace(health(), halted="no disk")),
        {"en": ("HALTED",), "zh": ("停止交易",)},
        (*LADDER, *BARS),
    ),
    "live": Scene(press("f2"), {"en": ("LIVE",), "zh": ("实盘",)}, (*LADDER, *BARS), mode=Mode.LIVE),
    "ladders": Scene(two_ladders, {"en": ("locked", "BTCUSDT"), "zh": ("锁定", "BTCUSDT")}),
    **{
        f"blotter-{tab}": Scene(
            press("f5", *["right"] * at) if tab != "events" else fill_news,
            {language: (words[at],) for language, words in TAB_WORDS.items()},
            ("#blotter-pane",),
        )
        for at, tab in enumerate(TABS)
    },
    "form": Scene(
        filled_form, {"en": ("1650.05", "position after 300"), "zh": ("1650.05", "成交后持仓 300")}, ("TicketForm > *",)
    ),
    "line": Scene(typed_line, {"en": ("does not fit here",), "zh": ("at",)}, ("LineScreen > Vertical",)),
    "why": Scene(opens("f2", "up", "y"), {"en": ("queue ahead 400",), "zh": ("400",)}, ("Why > *",)),
    "finder": Scene(opens("slash", "m"), {"en": ("Kweichow Moutai",), "zh": ("贵州茅台",)}, ("Finder > *",)),
    "palette": Scene(opens("ctrl+p"), {"en": ("recentre",), "zh": ("居中",)}, ("Palette > *",)),
    "keys": Scene(opens("question_mark"), {"en": ("one row up",), "zh": ("上移一行",)}, ("KeySheet > *",)),
    "key-check": Scene(opens("f8"), {"en": ("have not arrived",), "zh": ("未收到",)}, ("KeyCheck > *",)),
    "quit": Scene(opens("q"), {"en": ("Orders still working: 3",), "zh": ("有 3 笔未结委托",)}, ("Question > *",)),
    "confirm": Scene(opens("X"), {"en": ("cash", "DEMO"), "zh": ("撤销账户 cash", "演示")}, ("Question > *",)),
    "ladder-columns": Scene(opens("f2", "w"), {"en": ("[x]",), "zh": ("[x]",)}, ("ColumnChooser > *",)),
    "list-columns": Scene(opens("f1", "C"), {"en": ("[x]",), "zh": ("[x]",)}, ("ColumnChooser > *",)),
    "list-sort": Scene(opens("f1", "S"), {"en": ("percent",), "zh": ("涨幅",)}, ("LineInput > *",)),
    "jump": Scene(opens("alt+j"), both(" a ", " s ")),
    **{
        f"guide-{step.value}": Scene(
            guide(number), {"en": (f"{number + 1}/6",), "zh": (f"{number + 1}/6",)}, ("#guide",)
        )
        for number, step in enumerate(STEPS)
    },
    "replay": Scene(
        press("f2"),
        {"en": ("REPLAY 10× paused", "2026-11-18 19:06:40"), "zh": ("2026-11-18 19:06:40",)},
        mode=Mode.REPLAY,
    ),
    "looking-on": Scene(press("f2"), {"en": ("LOOKING ON",), "zh": ("只读",)}, BARS, read_only=True),
    "lost": Scene(lost, {"en": ("ENGINE LINK LOST",), "zh": ("引擎",)}, BARS),
    "connecting": Scene(press(), {"en": ("connecting …",), "zh": ("连接中 …",)}, mode=None),
    "too-small": Scene(press(), {"en": ("50×12, needs 64×18",), "zh": ("50×12",)}, mode=None, sizes=("50x12",)),
}


def scene_app(scene: Scene, language: str) -> TermdeskApp:
    return app_of(language, read_only=scene.read_only)
