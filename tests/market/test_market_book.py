"""The book against a plain dict, under any sequence of changes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from termdesk.core.market.book import Book
from termdesk.core.market.order_book import OrderBook
from termdesk.core.model.event import OrderAdded, OrderMatched, OrderRemoved
from termdesk.core.model.terms import Side

levels = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 5)), max_size=12)
step = st.one_of(
    st.tuples(st.just("apply"), levels, levels),
    st.tuples(st.just("replace"), levels, levels),
    st.tuples(st.just("change"), st.sampled_from(list(Side)), st.integers(1, 40), st.integers(-4, 4)),
)


class PlainBook:
    """What a book is by definition: two dicts, sorted when read."""

    def __init__(self) -> None:
        self.sides: dict[Side, dict[int, int]] = {Side.BUY: {}, Side.SELL: {}}

    def put(self, side: Side, price: int, qty: int) -> None:
        self.sides[side].pop(price, None)
        if qty > 0:
            self.sides[side][price] = qty

    def levels(self, side: Side) -> tuple[tuple[int, int], ...]:
        return tuple(sorted(self.sides[side].items(), reverse=side is Side.BUY))


def test_an_empty_book_has_no_best_and_no_levels() -> None:
    book = Book()
    assert book.best(Side.BUY) is None
    assert book.best(Side.SELL) is None
    assert book.top() == (0, 0, 0, 0)
    assert book.levels(Side.BUY, 5) == ()


@given(st.lists(step, max_size=25))
def test_a_book_equals_a_plain_dict_under_any_changes(steps: list[tuple]) -> None:
    book, plain = Book(), PlainBook()
    for kind, *rest in steps:
        if kind == "change":
            side, price, by = rest
            book.change(side, price, by)
            plain.put(side, price, plain.sides[side].get(price, 0) + by)
            continue
        bids, asks = rest
        if kind == "replace":
            plain = PlainBook()
            # a level named twice in one snapshot counts once, as last said
            bids, asks = list(dict(bids).items()), list(dict(asks).items())
        (book.apply if kind == "apply" else book.replace)(bids, asks)
        for side, changed in ((Side.BUY, bids), (Side.SELL, asks)):
            for price, qty in changed:
                plain.put(side, price, qty)
    for side in Side:
        wanted = plain.levels(side)
        assert book.levels(side, 100) == wanted
        assert book.levels(side, 3) == wanted[:3]
        assert book.levels(side, 0) == ()
        assert book.count(side) == len(wanted)
        assert book.best(side) == (wanted[0] if wanted else None)
        assert all(book.size(side, price) == qty for price, qty in wanted)
    assert book.top()[:2] == (plain.levels(Side.BUY) or ((0, 0),))[0]
    assert book.top()[2:] == (plain.levels(Side.SELL) or ((0, 0),))[0]


def added(number: int, side: Side, price: int, qty: int) -> OrderAdded:
    return OrderAdded("X.TEST", 1, 1, number, number, side, price, qty)


def matched(qty: int, aggressor: Side | None, buy: int, sell: int) -> OrderMatched:
    return OrderMatched("X.TEST", 1, 1, 9, 9, 100, qty, aggressor, buy, sell)


def test_a_trade_reduces_the_passive_order_only() -> None:
    book = Book()
    orders = OrderBook(book)
    orders.add(added(1, Side.BUY, 100, 5))
    orders.match(matched(2, Side.SELL, buy=1, sell=77))
    assert book.size(Side.BUY, 100) == 3
    assert orders.unmatched == 0


def test_an_auction_trade_reduces_both_orders() -> None:
    book = Book()
    orders = OrderBook(book)
    orders.add(added(1, Side.BUY, 101, 5))
    orders.add(added(2, Side.SELL, 99, 3))
    orders.match(matched(3, None, buy=1, sell=2))
    assert book.top() == (101, 2, 0, 0)


def test_a_removal_takes_size_off_at_the_orders_own_price() -> None:
    book = Book()
    orders = OrderBook(book)
    orders.add(added(1, Side.SELL, 105, 5))
    orders.add(added(2, Side.SELL, 105, 4))
    orders.remove(OrderRemoved("X.TEST", 2, 2, 3, 1, Side.SELL, 5))
    assert book.levels(Side.SELL, 5) == ((105, 4),)


def test_an_order_never_seen_is_counted_and_changes_nothing() -> None:
    book = Book()
    orders = OrderBook(book)
    orders.remove(OrderRemoved("X.TEST", 2, 2, 3, 1, Side.SELL, 5))
    assert orders.unmatched == 1
    assert book.count(Side.SELL) == 0


order_step = st.tuples(st.sampled_from(["add", "remove", "match"]), st.integers(1, 6), st.integers(1, 9))


@given(st.lists(order_step, max_size=40))
def test_levels_are_the_sum_of_their_orders(steps: list[tuple[str, int, int]]) -> None:
    book = Book()
    orders = OrderBook(book)
    open_orders: dict[int, int] = {}
    next_no = 0
    for kind, pick, qty in steps:
        if kind == "add":
            next_no += 1
            orders.add(added(next_no, Side.BUY, 100 + next_no % 3, qty))
            open_orders[next_no] = qty
        elif open_orders:
            number = sorted(open_orders)[pick % len(open_orders)]
            if kind == "remove":
                orders.remove(OrderRemoved("X.TEST", 1, 1, 1, number, Side.BUY, qty))
            else:
                orders.match(matched(qty, Side.SELL, buy=number, sell=0))
            open_orders[number] -= min(qty, open_orders[number])
            if not open_orders[number]:
                del open_orders[number]
    sums: dict[int, int] = {}
    for number, left in open_orders.items():
        sums[100 + number % 3] = sums.get(100 + number % 3, 0) + left
    assert book.bids == sums
