"""An order does not meet an own one at the same broker: the new one is refused, or the resting one makes way."""

from __future__ import annotations

import pytest
from trading_world import BUY, SELL, World, share

from termdesk.core.model.codes import CODES
from termdesk.core.model.command import AmendOrder, SetLimits
from termdesk.core.model.facts import CancelRequested
from termdesk.core.model.terms import AccountKind, OrdStatus


@pytest.fixture
def desk() -> World:
    """Bid 99.00 x 10; account ``a`` offers 5 at 100.00 and 5 at 101.00."""
    made = World(share(lot="1"))
    made.open(("a", AccountKind.MARGIN, "1000000"), ("b", AccountKind.MARGIN, "1000000"))
    made.quote("99.00", "10", "0", "0")
    made.submit(SELL, "5", "100.00", account="a")
    made.submit(SELL, "5", "101.00", account="a")
    return made


def policy(world: World, value: str, account: str = "") -> None:
    command = SetLimits(command_id=f"p{value}{account}", account=account, changes={"self_trade": value})
    assert world.give(command).answers[0].accepted


@pytest.mark.parametrize("account", ["a", "b"])
def test_the_new_order_is_refused_unless_said_otherwise(desk, account) -> None:
    answer = desk.submit(BUY, "5", "100.00", account=account)
    assert (answer.code, answer.params) == ("risk.self_trade", {"order_id": "O1", "price": "100.00", "account": "a"})
    assert set(answer.params) == set(CODES[answer.code])
    assert desk.submit(BUY, "5", "99.99", account=account).accepted


def test_an_amend_that_would_meet_an_own_order_is_refused(desk) -> None:
    desk.submit(BUY, "5", "99.00", account="b")
    amend = AmendOrder(command_id="up", order_id="O3", price=desk.x.price("100.00"))
    assert desk.give(amend).answers[0].code == "risk.self_trade"


def test_the_resting_orders_in_reach_make_way(desk) -> None:
    policy(desk, "expire_maker")
    answer = desk.submit(BUY, "5", "100.50", account="b")
    assert answer.accepted
    (asked,) = desk.facts(CancelRequested)
    assert (asked.order_id, asked.reason.code) == ("O1", "reduce.self_trade")
    assert [desk.order(name).status for name in ("O1", "O2", "O3")] == [
        OrdStatus.CANCELED,
        OrdStatus.NEW,
        OrdStatus.NEW,
    ]


def test_the_narrowest_scope_decides(desk) -> None:
    policy(desk, "expire_maker")
    policy(desk, "allow", "b")
    assert desk.submit(BUY, "5", "100.00", account="b").accepted
    assert desk.facts(CancelRequested) == []


def test_a_better_price_of_others_that_is_large_enough_keeps_it_away(desk) -> None:
    desk.level(SELL, "99.50", "5")
    assert desk.submit(BUY, "5", "100.00", account="b").accepted
    desk.level(SELL, "99.50", "8")
    assert desk.submit(BUY, "4", account="b").code == "risk.self_trade" or desk.position("b").qty >= 5


def test_accounts_of_different_brokers_may_meet(desk) -> None:
    desk.state.accounts["b"].broker = "elsewhere"
    assert desk.submit(BUY, "5", "100.00", account="b").accepted
