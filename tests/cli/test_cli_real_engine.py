from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

from termdesk.cli.reference import shape_of_output
from termdesk.client.discovery import answers
from termdesk.config.paths import DeskPaths

Run = Callable[..., Any]

BTC = "BTCUSDT.DEMO"


def shown(run: Run, command: str, *words: str) -> Any:
    """Run a command with --json; its output must have the documented shape."""
    done = run(command, *words, "--json")
    assert (done.code, done.err) == (0, "")
    msgspec.json.decode(done.out, type=shape_of_output(command), strict=True)
    return json.loads(done.out)


def test_orders_placed_from_the_shell_rest_change_and_go(run: Run, demo_engine: DeskPaths) -> None:
    bid = float(shown(run, "quote", "BTCUSDT")["bid"])
    answer = shown(run, "order", f"buy 0.01 BTCUSDT @ {bid * 0.9:.2f}", "--command-id", "s-1")
    again = shown(run, "order", f"buy 0.01 BTCUSDT @ {bid * 0.9:.2f}", "--command-id", "s-1")
    assert again == answer
    (order_id,) = answer["order_ids"]
    shown(run, "amend", order_id, "--qty", "0.02", "--price", f"{bid * 0.8:.2f}")
    (order,) = shown(run, "orders", "--working")
    assert (order["order_id"], order["qty"], order["origin"]) == (order_id, "0.02000", "shell")
    why = shown(run, "why", order_id)
    assert why["steps"][0]["what"] == "order_submitted"
    assert why["waits"]["text"]
    cash = next(line for line in shown(run, "account", "--account", "cash")[0]["cash"] if line["currency"] == "USDT")
    assert float(cash["reserved"]) > 0
    assert shown(run, "cancel", "--all")["order_ids"] == [order_id]
    assert shown(run, "orders", "--working") == []


def test_a_market_order_makes_a_fill_and_a_position_in_the_named_account(run: Run, demo_engine: DeskPaths) -> None:
    shown(run, "order", "sell 0.01 BTCUSDT market", "--account", "margin")
    fills = shown(run, "fills", "--account", "margin")
    assert {(fill["side"], fill["liquidity"], fill["reason"]["code"]) for fill in fills} == {
        ("sell", "taker", "fill.take")
    }
    assert sum(Decimal(fill["qty"]) for fill in fills) == Decimal("0.01")
    (position,) = shown(run, "positions")
    assert (position["account"], position["qty"]) == ("margin", "-0.01000")
    assert shown(run, "fills", "--account", "cash") == []


def test_an_alert_armed_from_the_shell_fires_once(run: Run, demo_engine: DeskPaths) -> None:
    ask = Decimal(shown(run, "quote", "BTCUSDT")["ask"])
    armed = shown(run, "order", f"alert BTCUSDT >= {ask * 2}")
    (listed,) = shown(run, "conditions")
    assert ([listed["condition_id"]], listed["predicate"]) == (armed["condition_ids"], "last_at_or_above")
    assert shown(run, "order", f"disarm {listed['condition_id']}")["accepted"]
    assert shown(run, "conditions") == []
    shown(run, "order", f"alert BTCUSDT >= {ask / 2:.2f}")
    for _ in range(200):
        if not shown(run, "conditions"):
            break
    assert shown(run, "conditions") == []


def test_the_market_is_shown_as_the_desk_sees_it(run: Run, demo_engine: DeskPaths) -> None:
    book = shown(run, "book", "600519", "--depth", "5")
    assert len(book["bids"]) == len(book["asks"]) == 5
    assert float(book["bids"][0]["price"]) < float(book["asks"][0]["price"])
    status = shown(run, "status")
    assert (status["desk"], status["mode"], status["socket"]) == ("demo", "demo", str(demo_engine.socket))


def test_refusals_of_the_desk_name_the_rule_and_the_number(run: Run, demo_engine: DeskPaths) -> None:
    lot = run("order", "buy 150 600519 @ 1500")
    assert lot.code == 1
    assert "150" in lot.err
    assert "100" in lot.err
    assert "1500.001" in run("order", "buy 100 600519 @ 1500.001").err
    assert "sellable" in run("order", "sell 100 600519 market", "--account", "cash").err
    assert shown(run, "orders") == [] or all(order["reason"] for order in shown(run, "orders"))


def test_stop_ends_the_engine_and_its_journal_verifies(run: Run, demo_engine: DeskPaths) -> None:
    order = shown(run, "order", "buy 0.01 BTCUSDT market")
    assert run("stop").code == 0
    assert not answers(demo_engine.socket)
    checked = run("journal", "verify", "--json")
    assert json.loads(checked.out)["facts"] > 0
    exported = [json.loads(line) for line in run("journal", "export", "--desk", "demo").out.splitlines()]
    assert [record["seq"] for record in exported] == list(range(1, len(exported) + 1))
    assert any(record["fact"].get("order_id") == order["order_ids"][0] for record in exported)
