"""Depth updates and snapshots: what is dropped, applied, a gap."""

from __future__ import annotations

import pytest

from termdesk.core.market.book import Book
from termdesk.core.market.depth_sync import DepthSync
from termdesk.core.market.market import Market
from termdesk.core.market.state import Touched
from termdesk.core.model.event import BestQuote, BookDelta, BookSnapshot, FeedLink
from termdesk.core.model.terms import Link, Side

SPOT = -1


def snapshot(seq: int) -> BookSnapshot:
    return BookSnapshot("COIN.TEST", 1, 1, seq, ((100, 1),), ((101, 1),))


def delta(first: int, last: int, prev: int = SPOT, qty: int = 2) -> BookDelta:
    return BookDelta("COIN.TEST", 2, 2, first, last, prev, ((100, qty),), ())


@pytest.fixture
def sync() -> DepthSync:
    return DepthSync(Book())


def test_spot_drops_what_the_snapshot_holds_and_begins_at_the_update_that_spans_the_next_number(
    sync: DepthSync,
) -> None:
    for first, last in ((1, 5), (6, 10), (11, 15)):
        assert not sync.delta(delta(first, last))
    sync.snapshot(snapshot(8))
    assert (sync.applied, sync.dropped, sync.gaps, sync.seq, sync.valid) == (2, 1, 0, 15, True)


def test_spot_drops_an_update_that_ends_at_the_snapshot(sync: DepthSync) -> None:
    sync.snapshot(snapshot(8))
    assert not sync.delta(delta(5, 8))
    assert sync.delta(delta(9, 9))
    assert (sync.applied, sync.dropped) == (1, 1)


def test_futures_keep_an_update_that_ends_at_the_snapshot_and_follow_pu(sync: DepthSync) -> None:
    sync.snapshot(snapshot(8))
    assert not sync.delta(delta(3, 7, prev=2))
    assert sync.delta(delta(5, 8, prev=4))
    assert sync.delta(delta(12, 20, prev=8))
    assert not sync.delta(delta(30, 40, prev=21))
    assert (sync.applied, sync.dropped, sync.gaps, sync.valid) == (2, 1, 1, False)


@pytest.mark.parametrize(("after", "prev"), [(delta(17, 18), SPOT), (delta(15, 18), SPOT)])
def test_spot_takes_any_break_of_the_sequence_as_a_gap(sync: DepthSync, after: BookDelta, prev: int) -> None:
    sync.snapshot(snapshot(8))
    sync.delta(delta(9, 15, prev=prev))
    assert not sync.delta(after)
    assert (sync.gaps, sync.valid, sync.missing) == (1, False, (16, after.first_seq))


def test_a_first_update_beyond_the_snapshot_is_a_gap(sync: DepthSync) -> None:
    sync.snapshot(snapshot(8))
    assert not sync.delta(delta(10, 12))
    assert (sync.gaps, sync.valid) == (1, False)


def test_after_a_gap_updates_wait_for_the_next_snapshot_and_are_then_applied(sync: DepthSync) -> None:
    sync.snapshot(snapshot(8))
    sync.delta(delta(20, 25, qty=7))
    sync.delta(delta(26, 30, qty=9))
    assert sync.applied == 0
    sync.snapshot(snapshot(22))
    assert (sync.applied, sync.gaps, sync.seq, sync.valid) == (2, 1, 30, True)


def test_a_snapshot_older_than_what_waits_leaves_the_book_invalid_and_keeps_the_updates(sync: DepthSync) -> None:
    sync.delta(delta(20, 25))
    sync.delta(delta(26, 30))
    sync.snapshot(snapshot(8))
    assert (sync.valid, sync.gaps) == (False, 1)
    sync.snapshot(snapshot(20))
    assert (sync.valid, sync.applied, sync.seq) == (True, 2, 30)


def test_a_gap_marks_the_book_and_is_counted_for_the_source(market: Market) -> None:
    market.apply(snapshot(8), "test")
    state, touched = market.apply(delta(20, 25), "test")
    assert state is not None
    assert touched & Touched.GAP
    assert not state.book_valid
    assert market.feeds["test"].gaps == 1
    market.apply(delta(26, 26), "test")
    assert market.feeds["test"].gaps == 1
    market.apply(snapshot(22), "test")
    assert state.book_valid
    assert state.book.size(Side.BUY, 100) == 2


def test_the_quote_is_the_newer_of_depth_and_best_quote(market: Market) -> None:
    market.apply(snapshot(8), "test")
    state, _ = market.apply(BestQuote("COIN.TEST", 3, 3, 12, 99, 5, 102, 6), "test")
    assert state is not None
    assert (state.bid, state.ask) == (99, 102)
    market.apply(delta(9, 11), "test")
    assert (state.bid, state.ask) == (99, 102)
    market.apply(delta(12, 12), "test")
    assert (state.bid, state.bid_qty, state.ask, state.ask_qty) == (100, 2, 101, 1)
    assert market.apply(BestQuote("COIN.TEST", 3, 3, 11, 1, 1, 2, 2), "test")[1] == 0


def test_a_lost_link_makes_the_book_wait_for_a_snapshot_and_an_ended_one_does_not(market: Market) -> None:
    market.apply(snapshot(8), "test")
    state = market.states["COIN.TEST"]
    market.apply(FeedLink("test", 5, Link.ENDED), "test")
    assert state.book_valid
    market.apply(FeedLink("test", 5, Link.DOWN), "test")
    assert not state.book_valid
    market.apply(snapshot(3), "test")
    assert state.book_valid
    assert state.bid == 100
