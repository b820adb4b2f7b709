"""Laws of the ledger, against a naive second opinion in exact fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from termdesk.core.model.execution import FeeItem
from termdesk.core.model.facts import DeskStopped, Recorded
from termdesk.core.model.instrument import Instrument, Share, TradingRule
from termdesk.core.model.posting import PLACES, Cause, Place, Settles
from termdesk.core.model.terms import AccountKind
from termdesk.core.trading.ledger import Account, Move, book_bust, book_fill, book_mark, book_scale, end_day

X = Instrument(
    id="X.TEST",
    name="X",
    currency="CNY",
    price_decimals=2,
    qty_decimals=1,
    rules=(TradingRule("", 1, 1, 1),),
    detail=Share(),
)
LATER = Settles("2026-11-24", "2026-11-24", "2026-11-24")
QUICK = settings(max_examples=120)

TRADES = st.lists(
    st.tuples(st.integers(-30, 30).filter(bool), st.integers(1, 500), st.integers(0, 9), st.booleans()),
    min_size=1,
    max_size=14,
)
"""Signed quantity, price in cents, fee in cents, whether it is taken back later."""
KINDS = st.sampled_from(AccountKind)


def record(seq: int) -> Recorded:
    """The ledger looks at its place only."""
    return Recorded(seq=seq, at_ns=0, wall_ns=0, trading_day="2026-11-23", cause="", actor="", fact=DeskStopped())


def account(kind: AccountKind) -> Account:
    return Account(name="a", kind=kind, broker="paper")


def trade(number: int, signed: int, cents: int, fee: int) -> tuple[Move, tuple[FeeItem, ...]]:
    amount = X.cash(Decimal(cents) / 100, abs(signed), "")
    fees = (FeeItem("commission", "CNY", Decimal(fee) / 100),) if fee else ()
    return Move(f"O{number}", "E1", signed, amount, LATER), fees


def naive_fifo(trades: list[tuple[int, int]]) -> tuple[int, Fraction]:
    """Quantity and realised profit with one lot per unit."""
    units: list[Fraction] = []
    sign, realised = 0, Fraction(0)
    for signed, cents in trades:
        price, step = Fraction(cents, 1000), 1 if signed > 0 else -1
        for _ in range(abs(signed)):
            if units and sign != step:
                realised += (price - units.pop(0)) * sign
            else:
                sign = step
                units.append(price)
    return sign * len(units), realised


def naive_average(trades: list[tuple[int, int]]) -> tuple[Fraction, Fraction]:
    """Cost and realised profit at average cost."""
    qty, cost, realised = 0, Fraction(0), Fraction(0)
    for signed, cents in trades:
        price = Fraction(cents, 1000)
        closed = min(abs(signed), abs(qty)) if signed * qty < 0 else 0
        step = 1 if signed > 0 else -1
        if closed:
            released = cost * closed / abs(qty)
            realised += -step * price * closed - released
            cost -= released
        cost += step * price * (abs(signed) - closed)
        qty += signed
    return cost, realised


def assert_sums_are_zero(of: Account) -> None:
    totals: dict[str, Decimal] = {}
    for held in of.places.values():
        for asset, amount in held.items():
            totals[asset] = totals.get(asset, Decimal(0)) + amount
    assert not any(totals.values())
    for posting in of.postings:
        own = Place.HOLDING if posting.asset == X.id else Place.CASH
        assert {posting.source, posting.target} <= {own, *PLACES[posting.cause]}


@QUICK
@given(trades=TRADES, kind=KINDS)
def test_both_methods_agree_with_a_naive_count(trades, kind) -> None:
    books = account(kind)
    for number, (signed, cents, fee, _) in enumerate(trades):
        book_fill(books, record(number), X, *trade(number, signed, cents, fee))
        assert_sums_are_zero(books)
    position = books.position(X.id)
    bare = [(signed, cents) for signed, cents, _, _ in trades]
    qty, fifo = naive_fifo(bare)
    cost, realised = naive_average(bare)
    assert position.qty == qty
    assert sum(lot.qty for lot in position.lots) == abs(qty)
    assert abs(Fraction(position.fifo_realised) - fifo) < Fraction(1, 10**9)
    assert abs(Fraction(position.cost) - cost) < Fraction(1, 10**9)
    assert abs(Fraction(position.realised) - realised) < Fraction(1, 10**9)
    held = books.places[Place.HOLDING][X.id]
    assert held == X.qty_decimal(qty)


@QUICK
@given(trades=TRADES, kind=KINDS, order=st.randoms(use_true_random=False))
def test_a_bust_leaves_what_would_be_without_the_trade(trades, kind, order) -> None:
    books, without = account(kind), account(kind)
    for number, (signed, cents, fee, busted) in enumerate(trades):
        book_fill(books, record(number), X, *trade(number, signed, cents, fee))
        if not busted:
            book_fill(without, record(number), X, *trade(number, signed, cents, fee))
    gone = [number for number, row in enumerate(trades) if row[3]]
    order.shuffle(gone)
    for number in gone:
        signed, cents, fee, _ = trades[number]
        book_bust(books, record(1000 + number), X, *trade(number, signed, cents, fee))
        assert_sums_are_zero(books)
    assert books.cash("CNY") == without.cash("CNY")
    assert books.qty(X.id) == without.qty(X.id)
    for asset in ("CNY", X.id):
        for place in Place:
            zero = Decimal(0)
            assert books.places.get(place, {}).get(asset, zero) == without.places.get(place, {}).get(asset, zero)
    assert books.settled_cash("CNY", "2026-11-23") == without.settled_cash("CNY", "2026-11-23")
    left, right = books.position(X.id), without.position(X.id)
    if right is not None:
        assert (left.qty, left.cost, left.realised, left.fifo_realised) == (
            right.qty,
            right.cost,
            right.realised,
            right.fifo_realised,
        )
        assert left.lots == right.lots
        assert left.fees == right.fees
        assert left.sellable("2026-11-23") == right.sellable("2026-11-23")


@QUICK
@given(trades=TRADES, kind=KINDS)
def test_an_older_trade_is_taken_back_at_its_own_price(trades, kind) -> None:
    books = account(kind)
    for number, (signed, cents, fee, _) in enumerate(trades):
        book_fill(books, record(number), X, *trade(number, signed, cents, fee))
    end_day(books, "TEST", "2026-11-23", "2026-11-24")
    for number, (signed, cents, fee, _) in enumerate(trades):
        book_bust(books, record(1000 + number), X, *trade(number, signed, cents, fee))
        assert_sums_are_zero(books)
    assert books.cash("CNY") == 0
    assert books.qty(X.id) == 0
    assert not books.position(X.id).lots
    assert sum(books.fees.get("CNY", {}).values()) == 0


@QUICK
@given(trades=TRADES, factor=st.fractions(Fraction(1, 10), 5), cents=st.integers(1, 500))
def test_splits_and_marks_keep_lots_units_and_profit_together(trades, factor, cents) -> None:
    books = account(AccountKind.MARGIN)
    for number, (signed, price, fee, _) in enumerate(trades):
        book_fill(books, record(number), X, *trade(number, signed, price, fee))
    position = books.position(X.id)
    if not position.qty:
        return
    cost = position.cost
    after = int(position.qty * factor)
    if after:
        book_scale(books, record(500), X, after)
        assert position.cost == cost
        assert position.qty == after
    book_mark(books, record(501), X, Decimal(cents) / 100)
    assert sum(lot.qty for lot in position.lots) == abs(position.qty)
    assert sum(lot.cost for lot in position.lots) == position.cost
    assert books.places[Place.HOLDING][X.id] == X.qty_decimal(position.qty)
    assert books.cash("CNY") + sum(books.fees.get("CNY", {}).values()) == position.settled
    assert_sums_are_zero(books)


@pytest.mark.parametrize("kind", AccountKind)
def test_a_fee_in_another_asset_is_owed_in_that_asset(kind) -> None:
    books = account(kind)
    move, _ = trade(1, 10, 100, 0)
    fees = (FeeItem("commission", "BNB", Decimal("0.01")), FeeItem("rebate", "CNY", Decimal("-0.02")))
    book_fill(books, record(1), X, move, fees)
    assert books.cash("BNB") == Decimal("-0.01")
    assert books.fees == {"BNB": {"commission": Decimal("0.01")}, "CNY": {"rebate": Decimal("-0.02")}}
    assert books.position(X.id).fees == Decimal("-0.02")
    assert_sums_are_zero(books)
    book_bust(books, record(2), X, move, fees)
    assert (books.cash("BNB"), books.cash("CNY"), books.qty(X.id)) == (0, 0, 0)


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_its_places(cause) -> None:
    assert PLACES[cause]
    assert not {Place.CASH, Place.HOLDING} & set(PLACES[cause])
