"""A second opinion on the money: rebuilds accounts from exported facts. Imports nothing of termdesk."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction

ENDS = {"order_canceled", "order_rejected", "order_expired", "order_not_sent"}
SIGN = {"buy": 1, "sell": -1}
UNITS = {"CNY": Decimal("0.01"), "USDT": Decimal("0.00000001")}


@dataclass
class Held:
    """A position at average cost, in exact fractions."""

    currency: str
    qty: Fraction = Fraction(0)
    cost: Fraction = Fraction(0)
    realised: Fraction = Fraction(0)

    def trade(self, sign: int, qty: Fraction, money: Fraction) -> None:
        closed = min(qty, abs(self.qty)) if self.qty * sign < 0 else Fraction(0)
        if closed:
            released = self.cost * closed / abs(self.qty)
            self.realised += -sign * money * closed / qty - released
            self.cost -= released
        self.cost += sign * money * (qty - closed) / qty
        self.qty += sign * qty


@dataclass
class Book:
    """An account."""

    kind: str
    cash: dict[str, Fraction] = field(default_factory=dict)
    positions: dict[str, Held] = field(default_factory=dict)

    def receive(self, asset: str, money: Fraction) -> None:
        self.cash[asset] = self.cash.get(asset, Fraction(0)) + money


@dataclass
class Placed:
    """An order."""

    account: str
    instrument: str
    side: str
    qty: int
    price: int | None
    fee_terms: list[dict]
    asset: str
    reserve: Decimal
    filled: int = 0
    open: bool = True
    amounts: Fraction = Fraction(0)
    fees: Fraction = Fraction(0)


class Checker:
    """Feed it facts in order; it fails at the first that does not add up."""

    def __init__(self) -> None:
        self.seq = 0
        self.books: dict[str, Book] = {}
        self.orders: dict[str, Placed] = {}
        self.instruments: dict[str, dict] = {}
        self.seen: set[tuple[str, str]] = set()

    def take_lines(self, lines: bytes, until: int | None = None) -> None:
        for line in lines.splitlines():
            record = json.loads(line, parse_float=Decimal)
            if record["seq"] > self.seq and (until is None or record["seq"] <= until):
                self.take(record)

    def take(self, record: dict) -> None:
        assert record["seq"] == self.seq + 1
        self.seq = record["seq"]
        fact = record["fact"]
        kind = fact["type"].rpartition(".")[0]
        self.once(kind, fact)
        if kind == "account_opened":
            self.books[fact["account"]] = Book(fact["kind"])
        elif kind == "cash_deposited" or kind == "cash_posted":
            self.books[fact["account"]].receive(fact["asset"], Fraction(fact["amount"]))
        elif kind in ("units_posted", "units_scaled"):
            self.units_fact(kind, fact)
        elif kind == "instrument_listed":
            self.instruments[fact["instrument"]["id"]] = fact["instrument"]
        elif kind == "order_submitted":
            self.submitted(fact)
        elif "order_id" in fact and kind != "command_refused":
            self.order_fact(kind, fact)

    def units_fact(self, kind: str, fact: dict) -> None:
        """Units that no order moved: with money like a trade, in at their cost, out at the average, or split."""
        book, name = self.books[fact["account"]], fact["instrument"]
        held = book.positions.setdefault(name, Held(self.instruments[name]["currency"]))
        units = self.units(name, fact["qty"])
        if kind == "units_scaled":
            held.qty = units
            return
        money, sign = Fraction(fact["amount"]), 1 if units > 0 else -1
        if fact["cause"] in ("allocation", "expiry", "fill"):
            before = held.realised
            held.trade(sign, abs(units), money)
            book.receive(held.currency, -sign * money if book.kind == "cash" else held.realised - before)
        elif held.qty * sign < 0:
            assert abs(units) <= abs(held.qty)
            held.cost -= held.cost * abs(units) / abs(held.qty)
            held.qty += units
        else:
            held.cost += sign * money
            held.qty += units

    def once(self, kind: str, fact: dict) -> None:
        """No command gives two orders, no execution is booked twice."""
        key = (kind, fact["command_id"]) if kind == "order_submitted" else ("exec", fact.get("exec_id", ""))
        if key[1]:
            assert key not in self.seen, key
            self.seen.add(key)

    def submitted(self, fact: dict) -> None:
        assert fact["order_id"] not in self.orders
        self.orders[fact["order_id"]] = Placed(
            account=fact["account"],
            instrument=fact["instrument"],
            side=fact["side"],
            qty=fact["qty"],
            price=fact["price"],
            fee_terms=fact["fee_terms"],
            asset=fact["reserve_asset"],
            reserve=Decimal(fact["reserve"]),
        )

    def order_fact(self, kind: str, fact: dict) -> None:
        order = self.orders[fact["order_id"]]
        assert order.open or kind == "cancel_rejected", (kind, fact)
        if kind == "order_replaced":
            order.qty, order.price = fact["qty"], fact["price"]
        if kind == "order_filled":
            self.filled(order, fact)
        if "reserve" in fact:
            order.reserve = Decimal(fact["reserve"])
        if kind in ENDS or order.filled >= order.qty:
            order.open, order.reserve = False, Decimal(0)
        if kind in ("order_accepted", "order_filled", "order_replaced") and order.open:
            self.check_reserve(order)

    def filled(self, order: Placed, fact: dict) -> None:
        listed = self.instruments[order.instrument]
        book, sign = self.books[order.account], SIGN[order.side]
        money, qty = Fraction(fact["amount"]), self.units(order.instrument, fact["qty"])
        price = Fraction(fact["price"])
        assert fact["qty"] > 0
        assert price > 0
        assert (fact["account"], fact["side"], fact["instrument"]) == (order.account, order.side, order.instrument)
        assert money == price * qty * Fraction(listed["multiplier"])
        if order.price is not None:
            assert sign * price <= sign * Fraction(order.price, 10 ** listed["price_decimals"])
        order.filled += fact["qty"]
        assert order.filled <= order.qty
        held = book.positions.setdefault(order.instrument, Held(listed["currency"]))
        before = held.realised
        held.trade(sign, qty, money)
        book.receive(held.currency, -sign * money if book.kind == "cash" else held.realised - before)
        order.amounts += money
        for fee in fact["fees"]:
            book.receive(fee["asset"], -Fraction(fee["amount"]))
            order.fees += Fraction(fee["amount"])
        most = sum(
            max(order.amounts * Fraction(term["rate"]), Fraction(term.get("minimum", 0)))
            + Fraction(UNITS[held.currency])
            for term in order.fee_terms
        )
        assert 0 <= order.fees <= most
        assert book.kind == "margin" or held.qty >= 0

    def check_reserve(self, order: Placed) -> None:
        """Orders of a cash account hold back exactly what their rest can cost."""
        left = self.units(order.instrument, order.qty - order.filled)
        if self.books[order.account].kind != "cash":
            return
        if order.side == "sell":
            assert order.reserve == left
        elif order.price is not None:
            listed = self.instruments[order.instrument]
            cost = Decimal(order.price).scaleb(-listed["price_decimals"]) * Decimal(order.qty - order.filled).scaleb(
                -listed["qty_decimals"]
            )
            unit = UNITS[listed["currency"]]
            least = [Decimal(0) if order.filled else Decimal(term.get("minimum", 0)) for term in order.fee_terms]
            dues = [max(cost * Decimal(term["rate"]), low) for term, low in zip(order.fee_terms, least, strict=True)]
            most = cost + sum(due.quantize(unit, ROUND_CEILING) for due in dues)
            assert order.reserve == most, order

    def units(self, instrument: str, scaled: int) -> Fraction:
        return Fraction(scaled, 10 ** self.instruments[instrument]["qty_decimals"])

    def compare(self, accounts: list[dict]) -> None:
        """Hold what ``termdesk account --json`` says against the facts.

        A margin account's profit is moved into cash rounded as money, per position.
        """
        for told in accounts:
            book = self.books[told["account"]]
            for line in told["cash"]:
                asset = line["currency"]
                mine = [held for held in book.positions.values() if held.currency == asset]
                slack = 0 if book.kind == "cash" else Fraction(UNITS[asset]) * len(mine)
                reserved = sum(
                    Fraction(order.reserve)
                    for order in self.orders.values()
                    if order.account == told["account"] and order.asset == asset
                )
                margin = sum(abs(held.cost) for held in mine) if book.kind == "margin" else 0
                assert abs(Fraction(line["balance"]) - book.cash[asset]) <= slack, (told["account"], asset)
                assert Fraction(line["reserved"]) == reserved, (told["account"], asset)
                available = Fraction(line["balance"]) - reserved - margin
                assert abs(Fraction(line["available"]) - available) < Fraction(1, 10**6)
                assert abs(Fraction(line["realised"]) - sum(held.realised for held in mine)) < Fraction(1, 10**6)
                if book.kind == "cash":
                    assert Fraction(line["available"]) >= 0
            positions = {line["instrument"]: line for line in told["positions"]}
            assert set(positions) == set(book.positions)
            for name, held in book.positions.items():
                assert Fraction(positions[name]["qty"]) == held.qty
