"""What a ladder counts: recent trades, added and pulled orders, how fresh the last trade is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lines_cases import MOUTAI, book, quote

from termdesk.core.model.terms import Side
from termdesk.core.wire.topics import BookBody, TapeTrade
from termdesk.ui.ladder.flow import Flow
from termdesk.ui.lines.ladder_rows import FADE_NS, FLASH_NS, flash
from termdesk.ui.series import Tape

SECOND = 10**9
NOW = 1_000 * SECOND


def flow_of(depth: int = 100) -> Flow:
    return Flow(traded_ns=60 * SECOND, flow_ns=10 * SECOND, depth=depth)


def traded(tape: Tape, price: int, qty: int, side: Side | None = Side.BUY, at_ns: int = NOW) -> Tape:
    tape.trades.append(TapeTrade(price, qty, side, at_ns, tape.total))
    tape.total += 1
    return tape


def test_recent_trades_are_counted_by_price_and_side_and_forgotten_in_time() -> None:
    flow, tape = flow_of(), Tape()
    traded(traded(tape, 1000, 300), 1000, 200, Side.SELL)
    flow.take(None, None, tape, NOW, 0)
    assert flow.traded == {1000: (200, 300)}
    traded(tape, 1001, 100, at_ns=NOW + 50 * SECOND)
    flow.take(None, None, tape, NOW + 61 * SECOND, 0)
    assert flow.traded == {1001: (0, 100)}


def test_no_trade_is_counted_twice_when_the_tape_begins_anew() -> None:
    flow = flow_of()
    flow.take(None, None, traded(Tape(), 1000, 300), NOW, 0)
    flow.take(None, None, traded(traded(Tape(), 1000, 300), 1000, 100), NOW, 0)
    assert flow.traded == {1000: (0, 400)}


def test_what_was_traded_is_not_what_was_pulled() -> None:
    flow, tape = flow_of(), traded(Tape(), 1002, 1)
    flow.take(None, book(asks=((1001, 500),)), tape, NOW, 0)
    traded(tape, 1001, 200)
    flow.take(None, book(asks=((1001, 250),)), tape, NOW, 0)
    assert flow.flow == {1001: -50}


def test_stacking_counts_up_pulling_down_and_both_fade_from_the_window() -> None:
    flow = flow_of()
    flow.take(None, book(bids=((999, 300), (997, 1200))), None, NOW, 0)
    flow.take(None, book(bids=((999, 700), (996, 50))), None, NOW + SECOND, SECOND)
    assert flow.flow == {999: 400, 997: -1200, 996: 50}
    assert not flow.is_due(NOW + 11 * SECOND, 11 * SECOND)
    assert flow.is_due(NOW + 12 * SECOND, 12 * SECOND), "a quiet market forgets too"
    flow.take(None, book(bids=((999, 700), (996, 50))), None, NOW + 12 * SECOND, 12 * SECOND)
    assert flow.flow == {}
    assert not flow.is_due(NOW + 12 * SECOND, 12 * SECOND)


def test_hours_that_a_replay_jumps_over_are_not_added_or_pulled_now() -> None:
    flow = flow_of()
    flow.take(None, book(bids=((999, 300),)), None, NOW, 0)
    flow.take(None, book(bids=((990, 900),)), None, NOW + 7200 * SECOND, SECOND)
    assert flow.flow == {}
    flow.take(None, book(bids=((990, 950),)), None, NOW + 7201 * SECOND, 2 * SECOND)
    assert flow.flow == {990: 50}


def test_a_level_that_only_left_the_depth_was_not_pulled() -> None:
    flow = flow_of(depth=2)
    flow.take(None, book(bids=((999, 300), (997, 1200))), None, NOW, 0)
    flow.take(None, book(bids=((1000, 10), (999, 300))), None, NOW, 0)
    assert flow.flow == {1000: 10}


LEVELS = st.dictionaries(st.integers(980, 999), st.integers(1, 500), min_size=1, max_size=8)


@given(st.lists(LEVELS, min_size=2, max_size=8))
def test_added_less_pulled_is_what_the_book_gained(books: list[dict[int, int]]) -> None:
    flow = flow_of()
    for levels in books:
        flow.take(None, book(bids=tuple(sorted(levels.items(), reverse=True))), None, NOW, 0)
    gained = sum(books[-1].values()) - sum(books[0].values())
    assert sum(flow.flow.values()) == gained


def test_a_book_after_a_gap_is_not_compared() -> None:
    flow = flow_of()
    gap = BookBody(MOUTAI.id, 1, ((999, 1),), (), seq=1, valid=False, recv_ns=0)
    for body in (book(), gap, book(bids=((999, 5),))):
        flow.take(None, body, None, NOW, 0)
    assert flow.flow == {}


def test_a_new_trade_lights_up_and_fades_and_the_past_does_not() -> None:
    flow, tape = flow_of(), traded(Tape(), 1000, 300)
    flow.take(quote(trades=5), None, tape, NOW, 0)
    last = flow.last(0)
    assert last is not None
    assert flash(last) == 0
    traded(tape, 1000, 100)
    flow.take(quote(trades=6), None, tape, NOW, SECOND)
    ages = [flash(flow.last(SECOND + age)) for age in (0, FLASH_NS, FADE_NS)]
    assert ages == [2, 1, 0]
    assert flow.is_due(NOW, SECOND + FADE_NS)
    assert not flow.is_due(NOW, 3 * SECOND + FADE_NS)


def test_all_at_the_last_price_is_counted_until_another_price_trades() -> None:
    flow, tape = flow_of(), traded(traded(Tape(), 1000, 300), 1000, 100)
    flow.take(quote(trades=2, last=1000), None, tape, NOW, 0)
    assert flow.last(0).at_price == 400  # type: ignore[union-attr]
    flow.take(quote(trades=3, last=1001), None, traded(tape, 1001, 50), NOW, 0)
    assert flow.last(0).at_price == 50  # type: ignore[union-attr]


def test_counts_begin_anew_when_they_are_cleared() -> None:
    flow = flow_of()
    flow.take(None, book(), traded(Tape(), 1000, 300), NOW, 0)
    flow.take(None, book(bids=()), None, NOW, 0)
    flow.clear()
    assert (flow.traded, flow.flow) == ({}, {})
