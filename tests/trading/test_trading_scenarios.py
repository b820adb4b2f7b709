"""Scenarios of matching and order handling, taken from documentation and tests of other engines."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from trading_world import MS, World, share

from termdesk.core.model.command import AmendOrder, CancelOrder
from termdesk.core.model.facts import CommandRefused
from termdesk.core.model.terms import AccountKind, OrdStatus, Side, TimeInForce
from termdesk.core.trading.ledger import book_fill
from termdesk.core.venues.fees import FeeRate

FILE = Path(__file__).resolve().parents[3] / "shared" / "scenarios" / "scenarios.json"
GROUPS = ("queue", "taker", "passive", "modify", "tif", "pnl")
POLICY = {"queue": {"trade_only"}, "consumption": {"tracked"}, "cross_fill": {"displayed"}, "trade_execution": {"on"}}
TIF = {"GTC": TimeInForce.GTC, "DAY": TimeInForce.DAY, "IOC": TimeInForce.IOC}
SIDES = {"BUY": Side.BUY, "SELL": Side.SELL, "bid": Side.BUY, "ask": Side.SELL, "buy": Side.BUY, "sell": Side.SELL}
UNSUPPORTED = {
    "M-09": "time in force FOK",
    "M-10": "time in force FOK",
    "M-14": "post_only",
    "M-16": "order type MARKET_TO_LIMIT",
    "M-18": "policy price_protection_points=100",
    "P-01": "policy queue=off",
    "P-02": "policy queue=off",
    "P-14": "policy trade_execution=off",
    "Q-17": "policy queue=prob_power",
    "Q-21": "policy queue=risk_averse",
    "Q-22": "policy queue=l3_fifo",
    "G-01": "time in force GTD",
    "G-04": "time in force GTD",
    "X-03": "post_only",
}
STATUS = {
    OrdStatus.PENDING_NEW: "SUBMITTED",
    OrdStatus.NEW: "ACCEPTED",
    OrdStatus.PENDING_REPLACE: "PENDING_MODIFY",
    OrdStatus.PENDING_CANCEL: "PENDING_CANCEL",
    OrdStatus.FILLED: "FILLED",
    OrdStatus.CANCELED: "CANCELED",
    OrdStatus.REJECTED: "REJECTED",
    OrdStatus.EXPIRED: "EXPIRED",
}


@cache
def scenarios() -> dict[str, dict]:
    if not FILE.is_file():
        return {}
    known = json.loads(FILE.read_text(encoding="utf-8"))["scenarios"]
    return {scenario["id"]: scenario for scenario in known if scenario["group"] in GROUPS}


def what_is_missing(scenario: dict) -> str:
    """The first feature that a scenario needs and this desk does not have; empty where it has all."""
    for key, value in scenario.get("policy", {}).items():
        if value not in POLICY.get(key, ()):
            return f"policy {key}={value}"
    for step in scenario["steps"]:
        order = step.get("order", {})
        if order.get("type", "LIMIT") not in ("LIMIT", "MARKET"):
            return f"order type {order['type']}"
        if order.get("tif", "GTC") not in TIF:
            return f"time in force {order['tif']}"
        if order.get("post_only"):
            return "post_only"
    return ""


class Run:
    """One scenario on a world; names orders as the scenario does."""

    def __init__(self, scenario: dict) -> None:
        listing = scenario["instrument"]
        rate = FeeRate(Decimal(listing["maker_fee_rate"]), Decimal(listing["taker_fee_rate"]))
        instrument = share(listing["lot"], listing["tick"], "USD", listing["multiplier"])
        self.world = World(instrument, rate)
        account = next((s for s in scenario["steps"] if s["op"] == "account"), {"kind": "margin", "cash": "1e15"})
        self.world.open(("a", AccountKind(account["kind"]), account["cash"]), currency="USD")
        self.ids: dict[str, str] = {}
        self.denied: set[str] = set()
        self.cancel_rejected: list[str] = []
        self.modify_rejected: list[str] = []

    def step(self, step: dict) -> None:
        self.world.now_ns = max(self.world.now_ns, step.get("t", 0) * MS + 2 * MS)
        getattr(self, "op_" + step["op"])(step)

    def op_account(self, step: dict) -> None:
        """Opened before the first step."""

    def op_clock(self, step: dict) -> None:
        """Time alone does nothing here."""

    def op_check(self, step: dict) -> None:
        self.expect(step["expect"])

    def op_level(self, step: dict) -> None:
        self.world.level(SIDES[step["side"]], step["px"], step["qty"])

    def op_quote(self, step: dict) -> None:
        self.world.quote(step["bid"], step["bid_qty"], step["ask"], step["ask_qty"])

    def op_trade(self, step: dict) -> None:
        self.world.trade(step["px"], step["qty"], SIDES.get(step["aggressor"]))

    def op_submit(self, step: dict) -> None:
        order = step["order"]
        price = order["px"] if order["type"] == "LIMIT" else None
        answer = self.world.submit(SIDES[order["side"]], order["qty"], price, account="a", tif=TIF[order["tif"]])
        if answer.accepted:
            self.ids[order["id"]] = answer.order_ids[0]
        else:
            self.denied.add(order["id"])

    def op_modify(self, step: dict) -> None:
        x = self.world.x
        command = AmendOrder(
            command_id=f"m{len(self.world.records)}",
            order_id=self.ids[step["id"]],
            price=x.price(step["px"]) if "px" in step else None,
            qty=x.qty(step["qty"]) if "qty" in step else None,
        )
        if not self.world.give(command).answers[0].accepted:
            self.modify_rejected.append(step["id"])

    def op_cancel(self, step: dict) -> None:
        command = CancelOrder(command_id=f"k{len(self.world.records)}", order_id=self.ids.get(step["id"], step["id"]))
        if not self.world.give(command).answers[0].accepted:
            self.cancel_rejected.append(step["id"])

    def op_fill(self, step: dict) -> None:
        x, account = self.world.x, self.world.state.accounts["a"]
        qty = x.qty(step["qty"])
        book_fill(account, 0, x, SIDES[step["side"]], qty, x.cash(Decimal(step["px"]), qty, ""), ())
        self.world.state.instruments[x.id] = x

    def status(self, name: str) -> str:
        if name in self.denied:
            return "DENIED"
        order = self.world.order(self.ids[name])
        part = order.status is OrdStatus.NEW and 0 < order.cum_qty < order.qty
        return "PARTIALLY_FILLED" if part else STATUS[order.status]

    def expect(self, expect: dict) -> None:
        self.tolerance = Decimal(expect.get("tolerance", "0"))
        for key, wanted in expect.items():
            if key != "tolerance":
                getattr(self, "is_" + key)(wanted)

    def same(self, got: Decimal, wanted: str) -> None:
        assert abs(got - Decimal(wanted)) <= self.tolerance, (got, wanted)

    def all_fills(self) -> list:
        return [record.fact for record in self.world.state.fills]

    def is_fills(self, wanted: list) -> None:
        fills = self.all_fills()
        assert len(fills) == len(wanted)
        for fill, want in zip(fills, wanted, strict=True):
            assert fill.order_id == self.ids[want["order"]]
            self.same(fill.price, want["px"])
            self.same(self.world.x.qty_decimal(fill.qty), want["qty"])
            if "liquidity" in want:
                assert fill.liquidity.name == want["liquidity"]

    def is_orders(self, wanted: dict) -> None:
        x = self.world.x
        for name, want in wanted.items():
            if "status" in want:
                assert self.status(name) == want["status"]
            if "status_in" in want:
                assert self.status(name) in want["status_in"]
            if name in self.denied:
                continue
            order = self.world.order(self.ids[name])
            leaves = order.leaves_qty if order.status.is_open else 0
            values = {
                "filled": x.qty_decimal(order.cum_qty),
                "leaves": x.qty_decimal(leaves),
                "qty": x.qty_decimal(order.qty),
                "px": x.price_decimal(order.price or 0),
                "avg_px": order.average,
            }
            for key in want.keys() - {"status", "status_in"}:
                self.same(values[key], want[key])

    def is_open_orders(self, wanted: list) -> None:
        assert set(self.world.state.working) == {self.ids[name] for name in wanted}

    def is_queue_ahead(self, wanted: dict) -> None:
        lines = {line.order_id: line.ahead for line in self.world.exchange.queue_lines("a")}
        for name, ahead in wanted.items():
            self.same(self.world.x.qty_decimal(lines[self.ids[name]]), ahead)

    def is_position(self, wanted: dict) -> None:
        line = self.world.position("a")
        values = {"qty": self.world.x.qty_decimal(line.qty), "avg_px": line.average, "realized_pnl": line.realised}
        for key, want in wanted.items():
            # An average is given rounded.
            self.same(values[key].quantize(Decimal(want)) if key == "avg_px" else values[key], want)

    def is_balance(self, wanted: str) -> None:
        self.same(self.world.cash("a").balance, wanted)

    def is_cancel_rejected(self, wanted: list) -> None:
        assert self.cancel_rejected == wanted

    def is_modify_rejected(self, wanted: list) -> None:
        assert self.modify_rejected == wanted


@pytest.fixture
def known(shared_scenarios) -> dict[str, dict]:
    return scenarios()


def test_what_is_not_supported_yet_is_listed(known) -> None:
    missing = {name: what_is_missing(scenario) for name, scenario in known.items()}
    assert {name: why for name, why in missing.items() if why} == UNSUPPORTED


@pytest.mark.parametrize("name", sorted(set(scenarios()) - set(UNSUPPORTED)) or ["none here"])
def test_scenario(name, known) -> None:
    run = Run(known[name])
    for step in known[name]["steps"]:
        run.step(step)
    run.expect(known[name]["expect"])


def test_an_unknown_market_refuses_with_a_code(known) -> None:
    run = Run(known["M-15"])
    run.step(known["M-15"]["steps"][0])
    assert run.world.facts(CommandRefused)[0].reason.code == "risk.no_market"
