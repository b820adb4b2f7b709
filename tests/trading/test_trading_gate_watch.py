"""Surveillance notices habits once a trading day, records them, and stops nothing."""

from __future__ import annotations

import pytest
from trading_world import BUY, MS, SELL, World, replayed, share

from termdesk.core.model.codes import CODES
from termdesk.core.model.command import CancelOrder
from termdesk.core.model.facts import SurveillanceNoticed
from termdesk.core.model.terms import AccountKind
from termdesk.core.trading.control.limits_read import limits_result


@pytest.fixture
def desk() -> World:
    made = World(share(lot="1"))
    made.open(("a", AccountKind.MARGIN, "1000000"), ("b", AccountKind.MARGIN, "1000000"))
    made.quote("100.00", "500", "100.02", "500")
    made.stale_link_ns = 1 << 60
    return made


def noticed(world: World) -> list[str]:
    found = world.facts(SurveillanceNoticed)
    assert all(set(one.reason.params) == set(CODES[one.reason.code]) for one in found)
    return [one.reason.code for one in found]


def submit(world: World, price: str, side=BUY, account: str = "a") -> str:
    answer = world.submit(side, "1", price, account=account)
    assert answer.accepted, answer
    world.now_ns += 100 * MS
    return answer.order_ids[0]


def test_cancelling_most_orders_of_a_day(desk) -> None:
    for n in range(20):
        order_id = submit(desk, f"{90 + n % 9}.00")
        assert noticed(desk) == []
        desk.give(CancelOrder(command_id=f"x{n}", order_id=order_id))
    assert noticed(desk) == ["risk.watch_cancels"]
    desk.give(CancelOrder(command_id="more", order_id=submit(desk, "90.00")))
    assert noticed(desk) == ["risk.watch_cancels"]
    (told,) = limits_result(desk.state).notices
    assert (told.account, told.reason.params) == ("a", {"cancels": "20", "orders": "20"})


def test_many_messages_within_a_second(desk) -> None:
    for n in range(50):
        submit(desk, f"{90 + n % 9}.00", account="ab"[n % 2])
    assert noticed(desk) == []
    for n in range(50):
        desk.now_ns -= 100 * MS - 1
        submit(desk, f"{90 + n % 9}.00")
    assert noticed(desk) == ["risk.watch_rate"]


def test_equal_orders_in_a_row(desk) -> None:
    for _ in range(9):
        submit(desk, "99.00")
    submit(desk, "98.00")
    assert noticed(desk) == []
    for _ in range(10):
        submit(desk, "99.00")
    assert noticed(desk) == ["risk.watch_identical"]


def test_a_simulated_account_that_always_wins(desk) -> None:
    for n in range(20):
        assert noticed(desk) == []
        desk.submit(BUY, "1", account="a")
        desk.quote("101.00", "500", "101.02", "500")
        desk.submit(SELL, "1", account="a")
        desk.quote("100.00", "500", "100.02", "500")
        desk.now_ns += 1000 * MS + n
    assert noticed(desk) == ["risk.watch_winning"]
    assert replayed(desk.records).snapshot() == desk.state.snapshot()


def test_a_new_day_notices_anew(desk, monkeypatch) -> None:
    for _ in range(10):
        submit(desk, "99.00")
    monkeypatch.setattr(desk, "trading_day", lambda _: "2026-11-23")
    submit(desk, "99.00")
    assert noticed(desk) == ["risk.watch_identical"] * 2
