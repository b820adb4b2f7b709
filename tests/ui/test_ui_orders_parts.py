"""The pure parts of order entry: prices, sizes, exits, arming, the form, the line, why."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from desk_cases import BITCOIN, LAST, MOUTAI, NOW, order, quote
from hypothesis import given
from hypothesis import strategies as st

from termdesk.config.paths import places
from termdesk.config.settings import OrderSettings
from termdesk.core.language import Context
from termdesk.core.model.command import CancelAll, SubmitBracket, SubmitOrder
from termdesk.core.model.reason import MarketSeen, Reason
from termdesk.core.model.terms import OrdType, Phase, Side, TimeInForce, TrailUnit
from termdesk.core.wire.queries import WhyResult, WhyStep
from termdesk.ui.locale import catalogue
from termdesk.ui.orders import line_history, sizes
from termdesk.ui.orders.arming import Arming
from termdesk.ui.orders.command_line import History, candidates, completed, read_line
from termdesk.ui.orders.confirming import effect_words
from termdesk.ui.orders.prices import Pricing, away_ticks, cursor_type, priced
from termdesk.ui.orders.ticket_form import CHOICES, FIELDS, read_form, wanted
from termdesk.ui.screens.why import why_lines

EN, ZH = catalogue("en"), catalogue("zh")
DAY = "2026-11-18"


# -- prices -------------------------------------------------------------------


@given(bid=st.integers(1000, 2000), spread=st.integers(1, 60), tick=st.sampled_from([1, 5, 10]))
def test_improving_never_crosses_and_mid_lies_between(bid: int, spread: int, tick: int) -> None:
    bid, ask = bid * tick, (bid + spread) * tick
    seen = quote(MOUTAI, LAST, bid=bid, ask=ask)
    for side, own, other in ((Side.BUY, bid, ask), (Side.SELL, ask, bid)):
        better = priced(Pricing.IMPROVE, side, seen, tick)
        assert better == (own + side.sign * tick if spread > 1 else own)
        middle = priced(Pricing.MID, side, seen, tick)
        assert middle is not None
        assert middle % tick == 0
        assert 0 <= (middle - own) * side.sign < (other - own) * side.sign
        assert priced(Pricing.TAKE, side, seen, tick) == other


def test_no_price_follows_from_a_book_with_a_gap_or_an_empty_side() -> None:
    assert priced(Pricing.JOIN, Side.BUY, quote(MOUTAI, LAST, book_valid=False), 1) is None
    assert priced(Pricing.TAKE, Side.BUY, quote(MOUTAI, LAST, ask=0), 1) is None
    assert priced(Pricing.JOIN, Side.BUY, None, 1) is None
    assert cursor_type(Side.BUY, LAST, None) is OrdType.LIMIT


def test_cursor_order_takes_at_the_touch_and_stops_beyond_it() -> None:
    seen = quote(MOUTAI, LAST)
    assert [cursor_type(Side.BUY, LAST + by, seen) for by in (0, 1, 2)] == [OrdType.LIMIT, OrdType.LIMIT, OrdType.STOP]
    assert [cursor_type(Side.SELL, LAST - by, seen) for by in (1, 2)] == [OrdType.LIMIT, OrdType.STOP]
    assert away_ticks(Side.BUY, LAST - 3, seen, 1) == 4
    assert away_ticks(Side.SELL, LAST - 3, seen, 1) == -2


# -- sizes --------------------------------------------------------------------


@given(money=st.decimals(1, 10**8, places=2), price=st.integers(1, 10**6))
def test_money_buys_whole_lots_and_no_more(money: Decimal, price: int) -> None:
    qty = sizes.by_notional(MOUTAI, DAY, money, price)
    each = MOUTAI.price_decimal(price)
    assert qty % 100 == 0
    assert qty * each <= money < (qty + 100) * each


@given(money=st.decimals(1, 10**6, places=2), entry=st.integers(1, 10**5), distance=st.integers(1, 10**4))
def test_risk_to_a_stop_is_never_more_than_asked(money: Decimal, entry: int, distance: int) -> None:
    qty = sizes.by_risk(MOUTAI, DAY, money, entry, entry - distance)
    assert qty * MOUTAI.price_decimal(distance) <= money


def test_presets_are_multiples_of_the_smallest_order_or_the_instruments_own() -> None:
    assert sizes.presets(OrderSettings(), MOUTAI, DAY)[:5] == (100, 200, 300, 500, 1000)
    own = OrderSettings(instrument_presets={BITCOIN.id: (Decimal("0.01"), Decimal("0.5"))})
    assert sizes.presets(own, BITCOIN, DAY) == (1000, 50_000)


def test_a_share_of_a_position_is_whole_lots_and_all_is_all() -> None:
    assert sizes.by_share(MOUTAI, DAY, Decimal(50), -750) == 300
    assert sizes.by_share(MOUTAI, DAY, Decimal(100), 150) == 150


@pytest.mark.parametrize("text", ["", "x", "-1", "5 @", "1e9", "@ 5"])
def test_what_is_no_amount_is_none(text: str) -> None:
    assert sizes.read_amount(text) is None
    assert sizes.read_risk(text) is None


def test_effect_is_named() -> None:
    cases = ((100, 0), (100, 300), (500, 300), (100, -300))
    named = [effect_words(Side.SELL, qty, held, 0, MOUTAI, EN) for qty, held in cases]
    assert named == [("opens", ""), ("closes", ""), ("closes 300, opens 200", ""), ("opens", "")]


def test_effect_beside_orders_that_close_the_position_already_is_not_said_to_close_it_again() -> None:
    cases = ((300, 300), (100, 200), (100, 250), (500, 100), (100, 900))
    named = [effect_words(Side.SELL, qty, 300, taken, MOUTAI, EN) for qty, taken in cases]
    beside = "working orders close {} already".format
    assert named == [
        ("may open 300", beside(300)),
        ("closes", ""),
        ("closes 50, may open 50", beside(250)),
        ("closes 200, may open 300", beside(100)),
        ("may open 100", beside(900)),
    ]
    assert effect_words(Side.BUY, 100, 300, 300, MOUTAI, EN) == ("opens", "")


def test_idle_screen_disarms_once() -> None:
    arming = Arming(armed=True, idle_ns=10)
    arming.touch(5)
    assert [arming.expire(now) for now in (14, 15, 16)] == [False, True, False]
    assert not arming.is_armed
    assert not Arming(armed=True, idle_ns=0).expire(10**18)


# -- the form -----------------------------------------------------------------


def form(**given_fields: str) -> Any:
    fields = {name: CHOICES[name][0] if name in CHOICES else "" for name in FIELDS} | given_fields
    return read_form(fields, MOUTAI, "cash")


def test_form_makes_every_order_type() -> None:
    more = {"qty": "200", "price": "1650", "trigger_price": "1660", "trail": "2%", "until": "2026-12-01"}
    for kind in OrdType:
        made = form(ord_type=kind.value, **more)
        assert made.wrong == {}
        assert made.order.ord_type is kind
        assert (made.order.trail is not None) is kind.value.startswith("trailing")
    for time in TimeInForce:
        assert form(time_in_force=time.value, **more).order.time_in_force is time


def test_form_says_what_is_wrong_by_field() -> None:
    wrong = form(ord_type="stop_limit", qty="1.5", price="abc", stop="1640.001").wrong
    assert wrong["qty"].code == "number.decimals"
    assert wrong["price"].code == "number.invalid"
    assert wrong["stop"].code == "number.decimals"
    assert wrong["trigger_price"] is None
    assert form(qty="100", price="1650", time_in_force="gtd", until="tomorrow").wrong["until"].code == "number.invalid"


def test_form_reads_full_width_numbers() -> None:
    made = form(qty="２００", price="１６５０。５").order
    assert (made.qty, made.price) == (200, 165_050)
    assert form(qty="１，０００", price="1650").wrong["qty"].code == "number.invalid"


def test_form_with_exits_is_a_bracket() -> None:
    made = form(qty="200", price="1650", stop="1640", target="1670").command
    assert isinstance(made, SubmitBracket)
    assert [(one.trigger_price, one.price) for one in made.exits] == [(164_000, None), (None, 167_000)]


def test_form_shows_only_fields_that_matter() -> None:
    fields = {name: CHOICES[name][0] if name in CHOICES else "" for name in FIELDS}
    assert "trail" not in wanted(fields)
    assert "price" not in wanted(fields | {"ord_type": "market"})
    assert "until" in wanted(fields | {"time_in_force": "gtd"})


@given(st.dictionaries(st.sampled_from([name for name in FIELDS if name not in CHOICES]), st.text(max_size=12)))
def test_whatever_is_typed_into_the_form_is_an_order_or_said_to_be_wrong(texts: dict[str, str]) -> None:
    for kind in ("limit", "trailing_stop_limit", "stop_limit"):
        made = form(ord_type=kind, time_in_force="gtd", **texts)
        assert (made.command is None) is bool(made.wrong)


def test_trail_is_read_with_its_unit() -> None:
    trail = form(ord_type="trailing_stop", qty="100", trail="25bp", activation="1660").order.trail
    assert (trail.unit, trail.value, trail.activation_price) == (TrailUnit.BPS, Decimal(25), 166_000)


# -- the line -----------------------------------------------------------------

CONTEXT = Context(
    instruments={MOUTAI.id: MOUTAI, BITCOIN.id: BITCOIN},
    account="cash",
    command_id="typed",
    origin="line",
    orders={"O1": MOUTAI.id, "O12": MOUTAI.id},
    accounts=("cash", "margin"),
)


def test_line_is_a_command_or_says_where_it_breaks() -> None:
    bought = read_line("buy 200 600519 @ 1680", CONTEXT, EN).command
    assert isinstance(bought, SubmitOrder)
    assert (bought.qty, bought.price) == (200, 168_000)
    assert isinstance(read_line("撤 全部", CONTEXT, ZH).command, CancelAll)
    broken = read_line("buy 200 600519 at 1680", CONTEXT, EN)
    assert broken.at == len("buy 200 600519 ")
    assert "market" in broken.error
    assert read_line("buy 1 NOSUCH market", CONTEXT, EN).error


def test_line_says_what_it_expects_in_the_readers_words() -> None:
    assert "market" in read_line("buy 200 600519", CONTEXT, EN).error
    assert read_line("买 200 600519", CONTEXT, ZH).error == "指令不完整，还需 市价, 市转限, 止损, 触价, 跟踪, @"
    assert "数量" in read_line("买", CONTEXT, ZH).error


def test_screen_has_words_of_its_own_in_the_line() -> None:
    assert [read_line(text, CONTEXT, EN).act for text in ("limits", "限额", "Resume")] == [
        "desk.limits",
        "desk.limits",
        "desk.resume",
    ]
    assert read_line("?", CONTEXT, EN).helps
    assert candidates("li", 2, CONTEXT) == ["limits"]
    assert candidates("帮", 1, CONTEXT) == ["帮助"]


def test_why_is_a_word_of_the_line() -> None:
    assert read_line("why o12", CONTEXT, EN).why == "O12"
    assert read_line("为何 O1", CONTEXT, ZH).why == "O1"
    assert read_line("why O99", CONTEXT, EN).error == "which order? why ID"
    assert candidates("why O", 5, CONTEXT) == ["O1", "O12"]


@given(st.text(max_size=40))
def test_whatever_is_typed_into_the_line_is_read(text: str) -> None:
    reading = read_line(text, CONTEXT, EN)
    meanings = (reading.error, reading.why, reading.act, reading.helps, reading.command)
    assert sum(map(bool, meanings)) == 1


def test_completion_replaces_the_word_at_the_cursor() -> None:
    assert "buy" in candidates("b", 1, CONTEXT)
    assert completed("b", 1, "buy") == ("buy ", 4)
    assert completed("buy 200 6005 @ 5", 12, "600519.DEMO") == ("buy 200 600519.DEMO @ 5", 19)


def test_history_comes_back_to_what_was_being_typed() -> None:
    history = History()
    for line in ("a", "b", "a"):
        history.add(line)
    assert list(history.lines) == ["b", "a"]
    assert [history.step(-1, "typed"), history.step(-1, ""), history.step(-1, "")] == ["a", "b", "b"]
    assert [history.step(1, ""), history.step(1, "")] == ["a", "typed"]


def test_explanation_tells_each_step_and_what_it_waits_for() -> None:
    seen = MarketSeen(165001, 300, 165002, 500, 165001, 0, 0, Phase.CONTINUOUS, "demo", NOW)
    steps = (
        WhyStep(1, NOW, "order_submitted", None, 300, Decimal("1650.07"), seen),
        WhyStep(2, NOW, "order_rejected", Reason("risk.lot", {"qty": "50", "lot": "100"})),
    )
    waits = Reason("wait.phase", {"phase": "break"})
    result = WhyResult(order("O1", Side.BUY, LAST - 3), steps, waits, recorded=True)
    text = "\n".join(why_lines(result, MOUTAI, EN, 0))
    for words in ("O1 · cash · buy 300 600519 @ 1650.07", "submitted 300", "quantity 50", "1650.01 ×300", "recorded"):
        assert words in text
    assert "行情" in "\n".join(why_lines(result, MOUTAI, ZH, 0))


def test_a_damaged_line_of_the_history_takes_no_other_along() -> None:
    line_history.write(["buy 100 600519 @ 1650", "orders"])
    kept = places().state / "lines.txt"
    kept.write_bytes(b"sell \xff\xfe 100\n" + kept.read_bytes() + "买 100 600519 市价\n".encode())
    assert line_history.read() == ["buy 100 600519 @ 1650", "orders", "买 100 600519 市价"]
