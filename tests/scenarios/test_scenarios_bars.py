"""Groups, brackets, ends, restarts and latency, run as scenarios against the desk and its exchange."""

from __future__ import annotations

import pytest

from termdesk.testing.scenario.file import Scenario
from termdesk.testing.scenario.report import run_scenario

STOCK = {
    "id": "US-EQ",
    "tick": "0.01",
    "lot": "1",
    "multiplier": "1",
    "maker_fee_rate": "0",
    "taker_fee_rate": "0",
}


def check(policy, steps, expect):
    scenario = Scenario(
        id="test",
        title="test",
        group="bar",
        tier="policy",
        instrument=STOCK,
        steps=steps,
        expect=expect,
        policy=policy,
    )
    outcome = run_scenario(scenario)
    assert (outcome.unsupported, outcome.differences) == ("", ())


def bar(t, o, h, low, c, v=1_000_000):
    return {"op": "bar", "o": str(o), "h": str(h), "l": str(low), "c": str(c), "v": str(v), "t": t}


def submit(t, **order):
    return {"op": "submit", "order": {"tif": "GTC", "qty": "10", **order}, "t": t}


def held(qty):
    return {"op": "seed_position", "qty": qty, "avg_px": "100"}


START = bar(0, 100, 100, 100, 100)
SPAN = bar(2, 100, 106, 94, 101)


@pytest.mark.parametrize(("path", "first"), [("ohlc", "TP"), ("olhc", "SL"), ("adaptive", "SL"), ("pessimistic", "SL")])
def test_one_of_two_exits_is_filled_and_the_other_cancelled_within_the_bar(path, first):
    exits = [
        submit(1, id="SL", side="SELL", type="STOP_MARKET", trigger_px="95", oco="g"),
        submit(1, id="TP", side="SELL", type="LIMIT", px="105", oco="g"),
    ]
    check({"bar_path": path}, [START, held("10"), *exits, SPAN], {"fill_order": [first], "position": {"qty": "0"}})


@pytest.mark.parametrize(("path", "first"), [("ohlc", "SL"), ("olhc", "TP"), ("pessimistic", "SL")])
def test_a_short_position_meets_them_the_other_way_round(path, first):
    exits = [
        submit(1, id="SL", side="BUY", type="STOP_MARKET", trigger_px="105", oco="g", reduce_only=True),
        submit(1, id="TP", side="BUY", type="LIMIT", px="95", oco="g", reduce_only=True),
    ]
    check({"bar_path": path}, [START, held("-10"), *exits, SPAN], {"fill_order": [first], "position": {"qty": "0"}})


@pytest.mark.parametrize(("path", "first"), [("ohlc", "TP"), ("olhc", "SL"), ("pessimistic", "SL")])
def test_exits_of_a_bracket_work_in_the_rest_of_the_bar_of_the_entry(path, first):
    common = {"side": "SELL", "qty": "10", "tif": "GTC", "reduce_only": True}
    bracket = {
        "op": "submit_bracket",
        "entry": {"id": "E", "side": "BUY", "type": "MARKET", "qty": "10", "tif": "GTC"},
        "stop_loss": {"id": "SL", "type": "STOP_MARKET", "trigger_px": "95", **common},
        "take_profit": {"id": "TP", "type": "LIMIT", "px": "105", **common},
        "trigger_mode": "full",
        "t": 1,
    }
    check({"bar_path": path}, [START, bracket, SPAN], {"fill_order": ["E", first], "position": {"qty": "0"}})


def test_a_fill_of_one_exit_reduces_the_other_before_the_bar_goes_on():
    exits = [
        submit(1, id="SL", side="SELL", type="STOP_MARKET", trigger_px="95", ouo="g"),
        submit(1, id="TP", side="SELL", type="LIMIT", px="105", qty="6", ouo="g"),
    ]
    fills = [{"order": "TP", "px": "105", "qty": "6"}, {"order": "SL", "px": "95", "qty": "4"}]
    check({"bar_path": "ohlc"}, [START, held("10"), *exits, SPAN], {"fills": fills})


def test_an_order_that_ended_before_the_bar_came_is_not_filled():
    order = submit(1, id="A", side="BUY", type="LIMIT", px="99", tif="GTD", expire_t=5)
    check({}, [START, order, bar(10, 100, 110, 97, 108)], {"fills": [], "orders": {"A": {"status": "EXPIRED"}}})


def test_a_stop_limit_goes_on_after_a_crash():
    order = submit(1, id="A", side="BUY", type="STOP_LIMIT", px="106", trigger_px="105")
    steps = [START, order, {"op": "restart", "mode": "crash", "t": 2}, bar(10, 100, 107, 97, 105)]
    check({}, steps, {"fill_totals": {"A": {"qty": "10", "avg_px": "106"}}})


def test_a_trailing_trigger_shows_where_it_stands():
    trail = {"kind": "percent", "value": "10"}
    order = submit(1, id="A", side="SELL", type="TRAILING_STOP_MARKET", trail=trail, trigger_by="last")
    seen = {"op": "check", "expect": {"orders": {"A": {"trigger_px": "99"}}}}
    policy = {"bar_trail": "from_extreme", "bar_trail_fill": "worse_of_stop_and_close"}
    steps = [START, order, bar(2, 100, 110, 97, 108), seen, bar(3, 108, 108, 97, 98)]
    check(policy, steps, {"fill_totals": {"A": {"qty": "10", "avg_px": "98"}}})


DELAYED = {"latency_entry_ms": "100", "latency_response_ms": "50"}


def test_a_fill_has_the_time_of_the_exchange_and_that_of_the_desk():
    steps = [
        {"op": "level", "side": "ask", "px": "100", "qty": "10", "t": 0},
        submit(10, id="A", side="BUY", type="LIMIT", px="100"),
        {"op": "clock", "t": 120},
        {"op": "check", "expect": {"orders": {"A": {"status": "SUBMITTED"}}}},
        {"op": "clock", "t": 200},
    ]
    check(DELAYED, steps, {"fill_times": {"A": {"exchange": 110, "local": 160}}})


def test_a_cancel_on_its_way_loses_against_a_fill():
    steps = [
        {"op": "level", "side": "bid", "px": "98", "qty": "1", "t": 0},
        submit(0, id="A", side="BUY", type="LIMIT", px="100"),
        {"op": "clock", "t": 200},
        {"op": "cancel", "id": "A", "t": 200},
        {"op": "trade", "px": "99", "qty": "50", "aggressor": "sell", "t": 250},
        {"op": "clock", "t": 500},
    ]
    check(DELAYED, steps, {"orders": {"A": {"status": "FILLED"}}, "fill_times": {"A": {"exchange": 250, "local": 300}}})
