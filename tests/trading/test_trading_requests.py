"""The journal's part of the session log: who asked for what, when, what answered it, and how long that took."""

from __future__ import annotations

import pytest
from trading_world import BUY, MS, World

from termdesk.core.model.command import AmendOrder, CancelOrder, SubmitBracket, SubmitOrder
from termdesk.core.model.execution import ExecType, OrderCancelReject
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdType
from termdesk.core.wire.requests import RequestLine, Requests


@pytest.fixture
def venue(world: World) -> World:
    """Reports are made by hand; the account's own orders come from a command each."""
    world.hold_requests = True
    return world


def ask(world: World, command) -> None:
    world.give(command, f"command:{command.command_id}")


def order(world: World, command_id: str = "c1", **more) -> SubmitOrder:
    common = {"account": "cash", "instrument": world.x.id, "side": BUY, "ord_type": OrdType.LIMIT, "origin": "ladder"}
    return SubmitOrder(
        **{
            **common,
            "command_id": command_id,
            "qty": world.x.qty("10.0"),
            "price": world.x.price("100.00"),
            **more,
        }
    )


def requests(world: World) -> list[RequestLine]:
    folded = Requests()
    for record in world.records:
        folded.fold(record)
    return list(folded.lines.values())


def test_a_submit_is_answered_by_the_venues_first_word_and_only_that(venue: World) -> None:
    ask(venue, order(venue))
    (line,) = requests(venue)
    assert (line.what, line.actor, line.origin, line.order_id, line.venue) == ("submit", "tester", "ladder", "O1", "")
    assert line.round_trip_ns is None
    venue.now_ns += 3 * MS
    venue.execution("O1", ExecType.NEW, "e1")
    venue.now_ns += 5 * MS
    venue.execution("O1", ExecType.TRADE, "e2", "3.0", "100")
    (line,) = requests(venue)
    assert (line.venue, line.round_trip_ns) == ("order_accepted", 3 * MS)
    assert venue.records[line.venue_seq - venue.records[0].seq].fact.exec_id == "e1"


def test_amend_and_cancel_are_answered_each_by_their_own(venue: World) -> None:
    ask(venue, order(venue))
    venue.execution("O1", ExecType.NEW, "e1")
    ask(venue, AmendOrder(command_id="c2", order_id="O1", qty=venue.x.qty("5.0")))
    ask(venue, CancelOrder(command_id="c3", order_id="O1"))
    venue.now_ns += MS
    told = {"order_id": "O1", "account": "cash", "instrument": venue.x.id, "at_ns": venue.now_ns}
    reason = Reason("venue.order_unknown", {"venue_order_id": "V1"})
    venue.give(OrderCancelReject(exec_id="r1", cl_ord_id="O1.2", is_replace=True, reason=reason, **told))
    assert [line.venue for line in requests(venue)] == ["order_accepted", "cancel_rejected", ""]
    venue.now_ns += MS
    venue.execution("O1", ExecType.CANCELED, "e2")
    submit, amend, cancel = requests(venue)
    assert (amend.what, amend.instrument, amend.side, amend.qty) == ("amend", venue.x.id, BUY, venue.x.qty("5.0"))
    assert amend.reason is not None
    assert (cancel.what, cancel.venue, cancel.round_trip_ns, cancel.qty) == ("cancel", "order_canceled", 2 * MS, None)
    assert submit.venue == "order_accepted"


def test_a_refusal_is_a_request_without_a_venue(venue: World) -> None:
    ask(venue, order(venue, price=venue.x.price("-1.00")))
    (line,) = requests(venue)
    assert (line.what, line.account, line.venue, line.round_trip_ns) == ("refused", "cash", "", None)
    assert line.reason is not None
    assert line.reason.code == "risk.price_positive"


def test_a_refusal_carries_what_the_order_or_its_change_named(venue: World) -> None:
    x = venue.x
    ask(venue, order(venue, price=x.price("-1.00")))
    entry = order(venue, "c2", price=x.price("-2.00"))
    ask(venue, SubmitBracket(command_id="c2", entry=entry, exits=(entry,)))
    ask(venue, order(venue, "c3"))
    ask(venue, AmendOrder(command_id="c4", order_id="O1", qty=x.qty("5.0"), price=x.price("-3.00")))
    lines = [line for line in requests(venue) if line.what == "refused"]
    assert [(line.instrument, line.side, line.qty, line.price) for line in lines] == [
        (x.id, BUY, entry.qty, x.price("-1.00")),
        (x.id, BUY, entry.qty, x.price("-2.00")),
        (x.id, BUY, x.qty("5.0"), x.price("-3.00")),
    ]


def test_an_order_that_the_engine_holds_is_timed_from_its_trigger(world: World) -> None:
    ask(world, order(world, ord_type=OrdType.STOP_LIMIT, trigger_price=world.x.price("100.03")))
    (line,) = requests(world)
    assert line.sent_ns == 0
    assert line.round_trip_ns is None


def test_what_the_desk_asks_by_itself_is_no_request(venue: World) -> None:
    venue.give(order(venue), "trigger:O0")
    assert requests(venue) == []


def test_only_the_newest_are_kept_and_old_answers_change_nothing(venue: World) -> None:
    folded = Requests(2)
    for number in range(4):
        ask(venue, order(venue, f"c{number}", qty=venue.x.qty("1.0")))
    for number in range(4):
        venue.execution(f"O{number + 1}", ExecType.NEW, f"e{number}")
    for record in venue.records:
        folded.fold(record)
    assert [line.order_id for line in folded.lines.values()] == ["O3", "O4"]
    assert {line.venue for line in folded.lines.values()} == {"order_accepted"}
    assert folded.submit_of("O1") is None
    kept = folded.submit_of("O4")
    assert kept is not None
    assert kept.order_id == "O4"
