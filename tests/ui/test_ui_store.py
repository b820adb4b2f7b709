"""Frames go in as they come; panes see the newest state and what changed."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from desk_cases import (
    BITCOIN,
    LAST,
    MINUTE,
    MOUTAI,
    NOW,
    SECOND,
    account,
    bars,
    fill_store,
    health,
    quote,
    topics,
    trade,
)

from termdesk.core.model.facts import DeskStopped, Recorded
from termdesk.core.model.terms import Link, Mode
from termdesk.core.wire.frames import Log, Topics, Update
from termdesk.core.wire.topics import BarsBody, BookBody, QueueBody, QueueLine, StudyBody, StudyPoint, TapeBody
from termdesk.ui.link import Link as EngineTie
from termdesk.ui.series import TAPE_TRADES
from termdesk.ui.store import EngineLink, Store

LIMIT = 3 * SECOND


@pytest.fixture
def store() -> Store:
    store = Store()
    fill_store(store)
    return store


def test_dirty_names_what_changed_once(store: Store) -> None:
    store.take_dirty()
    store.take_topics(topics(quote(MOUTAI, LAST + 1), account()), 0)
    dirty = store.take_dirty()
    assert (dirty.quotes, dirty.accounts, dirty.books, dirty.health) == ({MOUTAI.id}, {"cash"}, set(), False)
    assert not store.take_dirty()


def test_newest_quote_wins_however_many_came(store: Store) -> None:
    for last in range(LAST, LAST + 1000):
        store.take_topics(topics(quote(MOUTAI, last)), 0)
    assert store.quotes[MOUTAI.id].last == LAST + 999


def test_bars_grow_at_their_start_and_are_replaced_as_a_whole(store: Store) -> None:
    newest = bars(LAST)[-1]
    grown = msgspec.structs.replace(newest, close=LAST + 3)
    following = msgspec.structs.replace(newest, start_ns=newest.start_ns + MINUTE)
    store.take_body(BarsBody(MOUTAI.id, 1, MINUTE, (grown, following), complete=False))
    held = list(store.bars[MOUTAI.id].values())
    assert (len(held), held[-2], held[-1]) == (61, grown, following)
    store.take_body(BarsBody(MOUTAI.id, 1, MINUTE, (following,), complete=True))
    assert list(store.bars[MOUTAI.id].values()) == [following]


def test_study_points_follow_their_bars(store: Store) -> None:
    point = StudyPoint(NOW, (1.0, None, 0.5))
    store.take_body(StudyBody(MOUTAI.id, "macd", ("a", "b", "c"), (point,), complete=False, warming=3, warm_bars=35))
    study = store.studies[f"{MOUTAI.id}/macd"]
    assert (study.points[NOW], len(study.points), study.warming) == (point, 61, 3)


def test_tape_keeps_the_newest_and_counts_all(store: Store) -> None:
    for start in range(0, 1000, 100):
        trades = tuple(trade(start + number) for number in range(100))
        store.take_body(TapeBody(MOUTAI.id, 1, trades, 0))
    tape = store.tapes[MOUTAI.id]
    assert (len(tape.trades), tape.total, tape.trades[-1].trade_id) == (TAPE_TRADES, 1030, 999)


def test_queue_estimates_that_are_no_longer_sent_are_gone(store: Store) -> None:
    store.take_body(QueueBody("margin", {}, (QueueLine("O5", 1, 2, restarted=False),)))
    store.take_body(QueueBody("cash", {}, ()))
    assert store.queues.keys() == {"O5"}


def test_forgotten_topics_leave_nothing_behind(store: Store) -> None:
    store.forget(f"book/{MOUTAI.id}?depth=100")
    store.forget(f"tape/{MOUTAI.id}")
    assert (store.books, store.tapes) == ({}, {})
    assert store.bars
    assert store.studies
    store.forget(f"bars/{MOUTAI.id}/1m")
    store.forget(f"study/{MOUTAI.id}/1m/macd")
    assert (store.bars, store.studies) == ({}, {})


def test_new_connection_begins_the_tape_anew_but_keeps_orders(store: Store) -> None:
    assert store.welcome is not None
    store.attach(store.welcome, 0)
    assert store.tapes == {}
    assert len(store.orders) == 5


def test_records_already_in_the_snapshot_are_left_out(store: Store) -> None:
    def record(seq: int) -> Recorded:
        return Recorded(seq=seq, at_ns=0, wall_ns=0, trading_day="", cause="", actor="", fact=DeskStopped())

    fresh = store.take_log(Log(records=(record(4), record(5), record(6))))
    assert [one.seq for one in fresh] == [6]
    assert store.cursor == 6


def test_other_log_begins_from_nothing(store: Store) -> None:
    store.forget_log()
    assert (store.orders, store.fills, store.cursor) == ({}, [], 0)


def test_desk_time_runs_on_with_the_local_clock(store: Store) -> None:
    assert store.desk_ns(5 * SECOND) == NOW + 5 * SECOND


def test_desk_time_of_a_replay_stands_between_frames() -> None:
    store = Store()
    fill_store(store, Mode.REPLAY)
    assert store.desk_ns(5 * SECOND) == NOW


def test_silent_source_makes_its_prices_stale_and_a_word_makes_them_good(store: Store) -> None:
    assert not store.is_stale(MOUTAI.id, 0, LIMIT)
    assert store.is_stale(MOUTAI.id, 3 * SECOND, LIMIT)
    heard = msgspec.structs.replace(health().feeds[0], heard_ns=NOW + 3 * SECOND)
    store.take_topics(topics(msgspec.structs.replace(health(), feeds=(heard,)), desk_ns=NOW + 3 * SECOND), 3 * SECOND)
    assert not store.is_stale(MOUTAI.id, 3 * SECOND, LIMIT)


@pytest.mark.parametrize("link", [link for link in EngineLink if link is not EngineLink.UP])
def test_nothing_is_fresh_without_an_engine(store: Store, link: EngineLink) -> None:
    store.set_link(link)
    assert store.is_stale(MOUTAI.id, 0, LIMIT)


def test_source_that_is_down_is_stale_at_once_and_an_ended_one_is_not(store: Store) -> None:
    store.take_topics(topics(health(link=Link.DOWN)), 0)
    assert store.is_stale(MOUTAI.id, 0, LIMIT)
    store.take_topics(topics(health(link=Link.ENDED)), 60 * SECOND)
    assert not store.is_stale(MOUTAI.id, 60 * SECOND, LIMIT)


@pytest.mark.parametrize("mode", [Mode.DEMO, Mode.REPLAY])
def test_engine_that_says_nothing_is_silent_within_seconds_and_its_prices_are_stale(mode: Mode) -> None:
    store = Store()
    fill_store(store, mode)
    assert store.silent_ns(3 * SECOND) == 0
    assert store.silent_ns(4 * SECOND) == 4 * SECOND
    assert store.is_stale(MOUTAI.id, 4 * SECOND, 3600 * SECOND)
    store.take_log(Log(records=()), 4 * SECOND)
    assert store.silent_ns(5 * SECOND) == 0
    store.set_link(EngineLink.LOST)
    assert store.silent_ns(60 * SECOND) == 0, "a link that is lost is said to be lost"


def test_paused_replay_is_not_stale() -> None:
    store = Store()
    fill_store(store, Mode.REPLAY)
    store.read_clock(NOW, 3600 * SECOND)
    assert not store.is_stale(MOUTAI.id, 3600 * SECOND, LIMIT)


def test_working_orders_by_account_and_instrument(store: Store) -> None:
    assert [line.order_id for line in store.working()] == ["O1", "O2", "O5"]
    assert [line.order_id for line in store.working("margin", MOUTAI.id)] == ["O5"]
    assert store.working("cash", BITCOIN.id) == []


def test_position_is_signed_and_zero_where_none_is_known(store: Store) -> None:
    assert store.position("cash", MOUTAI.id) == 100
    assert store.position("margin", MOUTAI.id) == 0
    assert store.position("nobody", MOUTAI.id) == 0


def test_money_stays_exact(store: Store) -> None:
    assert store.accounts["cash"].cash[0].balance == Decimal("834956.75")


def test_instruments_stand_in_the_order_of_the_newest_list(store: Store) -> None:
    store.take_dirty()
    store.list_instruments((BITCOIN, MOUTAI))
    assert list(store.instruments) == [BITCOIN.id, MOUTAI.id]
    assert store.take_dirty().instruments
    store.list_instruments((BITCOIN, MOUTAI))
    assert not store.take_dirty().instruments


def test_source_of_a_racing_replay_is_as_old_as_the_engine_said(store: Store) -> None:
    racing = Store()
    fill_store(racing, Mode.REPLAY)
    racing.take_topics(topics(desk_ns=NOW + 600 * SECOND), 0)
    (feed,) = racing.health.feeds if racing.health else ()
    assert racing.feed_age_ns(feed, 0) == SECOND


def test_a_book_that_was_on_its_way_when_its_topic_was_let_go_is_not_kept() -> None:
    store = Store()
    link = EngineTie(store, lambda _: None, lambda: None)
    let_go = BookBody("OLD.DEMO", 1, (), (), 1, valid=True, recv_ns=1)
    held = BookBody("NEW.DEMO", 1, (), (), 1, valid=True, recv_ns=1)
    link._held["book/NEW.DEMO?depth=100"] = 30.0
    updates = (Update("book/OLD.DEMO?depth=100", let_go), Update("book/NEW.DEMO?depth=100", held))
    link._take(Topics(desk_ns=1, updates=updates))
    assert list(store.books) == ["NEW.DEMO"]
