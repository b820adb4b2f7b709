from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest

from termdesk.core.language import Context, parse, resolve_symbol
from termdesk.core.language.moments import read_moment
from termdesk.core.model.command import AmendOrder, CancelAll, CancelOrder, SubmitOrder
from termdesk.core.model.errors import NumberRefused, Refused, TextRefused
from termdesk.core.model.terms import OrdType, PositionEffect, Side, TimeInForce

BUY_BTC = SubmitOrder(
    command_id="c1",
    account="cash",
    instrument="BTCUSDT.BINANCE",
    side=Side.BUY,
    ord_type=OrdType.LIMIT,
    qty=1000,
    price=6_100_000,
    origin="line",
)


AFTER_TIME = ("post", "reduce", "open", "close", "show", "sl", "tp", "oco", "ouo", "account", "⏎")


@pytest.mark.parametrize(
    "text",
    [
        "buy 0.01 BTCUSDT.BINANCE @ 61000",
        "BUY 0.01 btcusdt @61000.00 gtc",
        "buy .01 x BTCUSDT @ 61000",
        "买 0.01 BTCUSDT.BINANCE @ 61000",
        "买入0.01 BTCUSDT@61000 account cash",
        "　买０．０１　ＢＴＣＵＳＤＴ　＠　６１０００",
    ],
)
def test_one_order_has_many_spellings(text: str, context: Context) -> None:
    assert parse(text, context) == BUY_BTC


def test_quantity_and_code_may_be_joined_by_an_x(context: Context) -> None:
    order = parse("sell 100x600519.DEMO market ioc close account margin", context)
    assert order == SubmitOrder(
        command_id="c1",
        account="margin",
        instrument="600519.DEMO",
        side=Side.SELL,
        ord_type=OrdType.MARKET,
        qty=100,
        time_in_force=TimeInForce.IOC,
        position_effect=PositionEffect.CLOSE,
        origin="line",
    )
    assert parse("卖 100 × 600519.demo 市价 即成剩撤 平仓 账户 margin", context) == order


def test_all_or_nothing_and_post_only_are_words_of_the_line(context: Context) -> None:
    assert parse("buy 1 X1 @ 3 fok", context).time_in_force is TimeInForce.FOK
    assert parse("买 1 X1 @ 3 全成或撤", context).time_in_force is TimeInForce.FOK
    resting = parse("sell 1 X1 @ 3 day post account margin", context)
    assert (resting.time_in_force, resting.post_only) == (TimeInForce.DAY, True)
    assert parse("卖 1 X1 @ 3 只挂单", context).post_only


def test_reduce_only_is_a_word_of_the_line(context: Context) -> None:
    assert parse("sell 1 X1 @ 3 gtc post reduce", context).reduce_only
    assert parse("卖 1 X1 市价 只减仓", context).reduce_only


@pytest.mark.parametrize("code", ["X1", "XRPUSDT", "x1.load"])
def test_a_code_that_begins_with_x_stays_whole(code: str, context: Context) -> None:
    order = parse(f"buy 5 {code} market", context)
    assert isinstance(order, SubmitOrder)
    assert order.instrument.startswith(code.partition(".")[0].upper())


def test_cancels_name_an_order_or_a_scope(context: Context) -> None:
    assert parse("cancel demo-7", context) == CancelOrder(command_id="c1", order_id="demo-7", origin="line")
    assert parse("撤12", context) == CancelOrder(command_id="c1", order_id="12", origin="line")
    everything = CancelAll(command_id="c1", account="cash", origin="line")
    assert parse("cancel all", context) == parse("撤全部", context) == everything
    assert parse("cancel all account *", context) == msgspec.structs.replace(everything, account=None)
    assert parse("撤全部 卖 600519.SSE @ 1500.5", context) == msgspec.structs.replace(
        everything, side=Side.SELL, instrument="600519.SSE", price=150050
    )


@pytest.mark.parametrize("text", ["cancel all buy {}", "cancel all buy {} @ 1500.5", "撤 全部 买 {}", "撤全部买{}"])
def test_a_bare_code_behind_a_side_is_a_code_and_no_quantity(text: str, context: Context) -> None:
    alone = {name: one for name, one in context.instruments.items() if name != "600519.DEMO"}
    context = msgspec.structs.replace(context, instruments=alone)
    cancel = parse(text.format("600519"), context)
    assert isinstance(cancel, CancelAll)
    assert (cancel.side, cancel.instrument) == (Side.BUY, "600519.SSE")
    assert cancel == parse(text.format("600519.SSE"), context)


@pytest.mark.parametrize("text", ["buy 600519 200 @ 1458", "buy 600519 200 market", "买 600519 200 市价"])
def test_a_code_before_its_quantity_is_said_to_be_the_wrong_way_round(text: str, context: Context) -> None:
    with pytest.raises(Refused) as refused:
        parse(text, context)
    assert (refused.value.code, refused.value.params) == ("symbol.swapped", {"symbol": "600519", "qty": "200"})


def test_a_bare_code_behind_a_quantity_is_a_code(context: Context) -> None:
    with pytest.raises(TextRefused) as refused:
        parse("buy 200 600519", context)
    assert (refused.value.code, refused.value.position) == ("text.incomplete", 14)


def test_orders_are_named_in_any_case(context: Context) -> None:
    assert parse("cancel DEMO-7", context) == parse("cancel demo-7", context)
    assert parse("amend DEMO-7 @ 61000.1", context) == parse("amend demo-7 @ 61000.1", context)
    assert parse("cancel O99", context) == CancelOrder(command_id="c1", order_id="O99", origin="line")


def test_a_chinese_full_stop_is_a_decimal_point(context: Context) -> None:
    assert parse("买 ０。０１ BTCUSDT ＠ ６１０００｡０", context) == BUY_BTC


def test_reaching_is_also_written_with_one_sign(context: Context) -> None:
    assert parse("alert X1 ≥ 5", context) == parse("alert X1 >= 5", context)
    assert parse("预警 X1 ≤ 5", context) == parse("alert X1 <= 5", context)


def test_without_an_account_a_cancel_all_is_about_every_account(context: Context) -> None:
    assert parse("cancel all", msgspec.structs.replace(context, account="")) == CancelAll(
        command_id="c1", origin="line"
    )


def test_an_amendment_takes_its_decimals_from_the_order(context: Context) -> None:
    amended = AmendOrder(command_id="c1", order_id="demo-7", qty=50_000, price=6_100_010, origin="line")
    assert parse("amend demo-7 qty 0.5 @ 61000.1", context) == amended
    assert parse("改 demo-7 @ 61000.1 数量 0.5", context) == amended
    with pytest.raises(Refused) as refused:
        parse("amend 99 @ 1", context)
    assert refused.value.code == "command.order_unknown"


@pytest.mark.parametrize(
    ("text", "code", "position", "expected"),
    [
        ("", "text.incomplete", 0, ("buy", "sell", "cancel", "amend", "alert", "disarm")),
        ("  hello", "text.unexpected", 2, ("buy", "sell", "cancel", "amend", "alert", "disarm")),
        ("buy", "text.incomplete", 3, ("QTY",)),
        ("buy ten 600519", "text.unexpected", 4, ("QTY",)),
        ("buy 1,000 X1 @ 1", "text.unexpected", 4, ("QTY",)),
        ("buy 1e3 X1 @ 1", "text.unexpected", 4, ("QTY",)),
        ("buy 1", "text.incomplete", 5, ("SYMBOL",)),
        ("buy 1 X1", "text.incomplete", 8, ("market", "mtl", "stop", "touch", "trail", "@")),
        ("buy 1 X1 @", "text.incomplete", 10, ("PRICE",)),
        ("buy 1 X1 @ cheap", "text.unexpected", 11, ("PRICE",)),
        ("buy 1 X1 @ 1 ioc gtc", "text.unexpected", 17, AFTER_TIME),
        ("sell 1 X1 trail far", "text.unexpected", 16, ("DISTANCE",)),
        ("sell 1 X1 stop", "text.incomplete", 14, ("PRICE",)),
        ("sell 1 X1 @ 5 gtd soon", "text.unexpected", 18, ("DATE",)),
        ("amend 12 trigger x", "text.unexpected", 17, ("PRICE",)),
        ("buy 1 X1 market account", "text.incomplete", 23, ("NAME",)),
        ("买１ X1 ＠ 1 account *", "text.unexpected", 18, ("NAME",)),
        ("cancel", "text.incomplete", 6, ("all", "ID")),
        ("amend 12", "text.incomplete", 8, ("qty", "trigger", "@")),
    ],
)
def test_what_does_not_fit_is_pointed_at(
    text: str, code: str, position: int, expected: tuple[str, ...], context: Context
) -> None:
    with pytest.raises(TextRefused) as refused:
        parse(text, context)
    assert (refused.value.code, refused.value.position, refused.value.expected) == (code, position, expected)
    assert refused.value.params["expected"] == ", ".join(expected)


def test_positions_count_in_what_was_typed_not_in_its_normal_form(context: Context) -> None:
    # One typed character becomes two plain ones.
    with pytest.raises(TextRefused) as refused:
        parse("buy 1 ㎏ ?", context)
    assert refused.value.position == 8


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [("buy 1.5 X1 @ 1", "1.5", "0"), ("buy 1 600519.SSE @ 1.005", "1.005", "2")],
)
def test_a_number_finer_than_the_instrument_is_refused(text: str, value: str, decimals: str, context: Context) -> None:
    with pytest.raises(NumberRefused) as refused:
        parse(text, context)
    assert (refused.value.code, refused.value.params) == ("number.decimals", {"value": value, "decimals": decimals})


def test_a_bare_code_listed_twice_names_the_candidates(context: Context) -> None:
    with pytest.raises(Refused) as refused:
        resolve_symbol("600519", context.instruments)
    assert refused.value.code == "symbol.ambiguous"
    assert refused.value.params["candidates"] == "600519.DEMO, 600519.SSE"


def test_an_unknown_symbol_names_the_nearest(context: Context) -> None:
    with pytest.raises(Refused) as refused:
        resolve_symbol("btcusd", context.instruments)
    assert refused.value.code == "symbol.unknown"
    assert refused.value.params == {"symbol": "btcusd", "nearest": "BTCUSDT.BINANCE"}


def test_importing_the_language_does_not_load_the_parser_generator() -> None:
    code = "import sys, termdesk.core.language; assert 'lark' not in sys.modules and 'difflib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("moment", ["2026-13-45", "9999-12-31", "1969-12-31"])
def test_a_moment_that_no_clock_of_the_desk_reaches_is_refused(moment) -> None:
    with pytest.raises(Refused, match=r"text\.unexpected") as refused:
        read_moment(moment, "X.SSE")
    assert refused.value.params["found"] == moment
