from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from termdesk.core.language import Context, parse, render
from termdesk.core.language.exits import exit_of
from termdesk.core.model.command import (
    AmendOrder,
    ArmCondition,
    CancelAll,
    CancelOrder,
    DeskCommand,
    DisarmCondition,
    SubmitBracket,
    SubmitOrder,
)
from termdesk.core.model.condition import LastAtOrAbove, LastAtOrBelow, Notify
from termdesk.core.model.errors import Refused
from termdesk.core.model.terms import (
    Contingency,
    OrdType,
    PositionEffect,
    ReleaseMode,
    Side,
    TimeInForce,
    TrailUnit,
    TriggerBy,
)
from termdesk.core.model.trigger import Trail

NAMES = [
    "600519.DEMO",
    "600519.SSE",
    "BTCUSDT.BINANCE",
    "XRPUSDT.BINANCE",
    "X1.LOAD",
    "BUY.DEMO",
    "ALL.DEMO",
    "BRK.B.NYSE",
]
ACCOUNTS = st.sampled_from(["cash", "margin", "buy", "gtc", "模拟", "a-1"])
NUMBERS = st.integers(0, 10**15)
MAYBE_SIDE = st.none() | st.sampled_from(Side)


DISTANCES = st.decimals("0.0001", 99, places=4)


def trails(ord_type: OrdType) -> st.SearchStrategy[Trail]:
    offset = NUMBERS if ord_type is OrdType.TRAILING_STOP_LIMIT else st.none()
    return st.builds(
        Trail,
        unit=st.sampled_from(TrailUnit),
        value=DISTANCES,
        activation_price=st.none() | NUMBERS,
        limit_offset=offset,
    )


@st.composite
def submits(draw: st.DrawFn, *, alone: bool = True) -> SubmitOrder:
    ord_type = draw(st.sampled_from(OrdType))
    trailing = ord_type in (OrdType.TRAILING_STOP, OrdType.TRAILING_STOP_LIMIT)
    time_in_force = draw(st.sampled_from(TimeInForce))
    contingency = draw(st.none() | st.sampled_from(Contingency)) if alone else None
    return SubmitOrder(
        command_id="c1",
        account=draw(ACCOUNTS),
        instrument=draw(st.sampled_from(NAMES)),
        side=draw(st.sampled_from(Side)),
        ord_type=ord_type,
        qty=draw(NUMBERS),
        price=draw(NUMBERS | NUMBERS.map(lambda number: -number)) if ord_type.has_limit and not trailing else None,
        time_in_force=time_in_force,
        trigger_price=draw(st.none() | NUMBERS) if trailing else draw(NUMBERS) if ord_type.has_trigger else None,
        trigger_by=draw(st.sampled_from(TriggerBy)) if ord_type.has_trigger else TriggerBy.LAST,
        trail=draw(trails(ord_type)) if trailing else None,
        display_qty=draw(st.none() | NUMBERS),
        expire_ns=draw(st.integers(0, 4 * 10**18)) if time_in_force is TimeInForce.GTD else None,
        contingency=contingency,
        group="" if contingency is None else draw(ACCOUNTS),
        post_only=draw(st.booleans()),
        reduce_only=draw(st.booleans()),
        position_effect=draw(st.sampled_from(PositionEffect)),
        origin="line",
    )


@st.composite
def brackets(draw: st.DrawFn) -> SubmitBracket:
    entry = draw(submits(alone=False))
    stop = exit_of(entry, OrdType.STOP, price=None, trigger_price=draw(NUMBERS))
    limited = exit_of(entry, OrdType.STOP_LIMIT, price=draw(NUMBERS), trigger_price=draw(NUMBERS))
    target = exit_of(entry, OrdType.LIMIT, price=draw(NUMBERS))
    return SubmitBracket(
        command_id="c1",
        entry=entry,
        exits=draw(st.sampled_from([(stop,), (limited,), (target,), (stop, target), (limited, target)])),
        release=draw(st.sampled_from(ReleaseMode)),
        contingency=draw(st.sampled_from(Contingency)),
        origin="line",
    )


@st.composite
def cancel_alls(draw: st.DrawFn) -> CancelAll:
    instrument = draw(st.none() | st.sampled_from(NAMES))
    return CancelAll(
        command_id="c1",
        account=draw(st.none() | ACCOUNTS),
        instrument=instrument,
        side=draw(MAYBE_SIDE),
        price=None if instrument is None else draw(st.none() | NUMBERS),
        origin="line",
    )


CANCELS = st.sampled_from(["12", "demo-7", "O.1:2", "buy"]).map(
    lambda order_id: CancelOrder(command_id="c1", order_id=order_id, origin="line")
)
AMENDS = st.builds(
    lambda order_id, price, qty, trigger: AmendOrder(
        command_id="c1",
        order_id=order_id,
        price=price,
        qty=1 if price is None and qty is None and trigger is None else qty,
        trigger_price=trigger,
        origin="line",
    ),
    st.sampled_from(["12", "demo-7"]),
    st.none() | NUMBERS,
    st.none() | NUMBERS,
    st.none() | NUMBERS,
)
ALERTS = st.builds(
    lambda reach, name, price: ArmCondition(
        command_id="c1", predicate=reach(name, price), action=Notify(), origin="line"
    ),
    st.sampled_from([LastAtOrAbove, LastAtOrBelow]),
    st.sampled_from(NAMES),
    NUMBERS,
)
DISARMS = st.just(DisarmCondition(command_id="c1", condition_id="C3", origin="line"))


@settings(max_examples=300)
@given(command=submits() | brackets() | cancel_alls() | CANCELS | AMENDS | ALERTS | DISARMS)
def test_what_is_rendered_parses_to_the_same_command(command: DeskCommand, context: Context) -> None:
    assert parse(render(command, context.instruments, context.orders), context) == command


@settings(max_examples=300)
@given(
    text=st.text(st.sampled_from("buysel 买卖撤改all全部@xX19.0cantmkd＠１\t\n*-"), max_size=30) | st.text(max_size=20)
)
def test_any_text_parses_or_is_refused_with_a_position_inside(text: str, context: Context) -> None:
    position = 0
    try:
        parse(text, context)
    except Refused as refused:
        position = getattr(refused, "position", 0)
    assert 0 <= position <= len(text)


def test_an_order_reads_as_a_trader_writes_it(context: Context) -> None:
    command = parse("买0.01 BTCUSDT＠61000 当日有效", context)
    assert render(command, context.instruments) == "buy 0.01000 BTCUSDT.BINANCE @ 61000.00 day account cash"


def test_an_alert_needs_no_spaces_and_has_chinese_words(context: Context) -> None:
    plain = parse("alert BTCUSDT>=61000", context)
    assert plain == parse("预警 BTCUSDT 不低于 61000", context)
    assert render(plain, context.instruments) == "alert BTCUSDT.BINANCE >= 61000.00"


def test_an_unknown_instrument_cannot_be_rendered(context: Context) -> None:
    with pytest.raises(Refused) as refused:
        render(parse("buy 1 X1 market", context), {})
    assert refused.value.code == "command.instrument_unknown"


def test_an_amendment_of_an_unknown_order_cannot_be_rendered(context: Context) -> None:
    with pytest.raises(Refused) as refused:
        render(AmendOrder(command_id="c1", order_id="12", qty=1), context.instruments)
    assert refused.value.code == "command.order_unknown"
