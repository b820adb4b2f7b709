"""Quotes that are late by design: a warning with the number, and no market order that adds risk at a real venue."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from trading_world import BUY, SELL, World, replayed, share

from termdesk.core.model.command import SubmitOrder
from termdesk.core.model.facts import OrderFilled, OrderSubmitted
from termdesk.core.model.reason import MarketSeen
from termdesk.core.model.terms import AccountKind, Link, OrdType
from termdesk.core.model.venue import BrokerLink, BrokerRules, VenuePosition, VenueSnapshot
from termdesk.core.trading.preview import preview

SECOND = 1_000_000_000


def desk(delay_ns: int | None, *, simulated: bool | None = None) -> World:
    """Give a desk on quotes of a declared delay; at a venue outside the engine unless ``simulated`` is None."""
    made = World(share(lot="0.1"))
    made.market.feeds["test"].delay_ns = delay_ns
    made.open(("cash", AccountKind.MARGIN, "100000"))
    made.quote("100.00", "50.0", "100.02", "50.0")
    if simulated is not None:
        bind(made, simulated=simulated)
    return made


def bind(made: World, *, simulated: bool) -> None:
    """Let the account trade at a venue outside the engine, of which nothing more is heard."""
    made.hold_requests = True
    rules = BrokerRules(simulated=simulated)
    made.give(BrokerLink(broker="paper", at_ns=made.now_ns, link=Link.UP, rules=rules))
    told = VenuePosition(
        account="cash", instrument=made.x.id, qty=made.state.accounts["cash"].qty(made.x.id), average=Decimal(100)
    )
    common = {"broker": "paper", "accounts": ("cash",), "at_ns": made.now_ns}
    made.give(VenueSnapshot(**common, orders=(), fills=(), positions=(told,)))


def order(made: World, price: str | None = None, **more) -> SubmitOrder:
    return SubmitOrder(
        command_id=f"asked {more}",
        account="cash",
        instrument=made.x.id,
        side=more.pop("side", BUY),
        ord_type=more.pop("ord_type", OrdType.MARKET if price is None else OrdType.LIMIT),
        qty=made.x.qty("1.0"),
        price=None if price is None else made.x.price(price),
        **more,
    )


def test_a_preview_on_delayed_quotes_warns_with_the_number() -> None:
    made = desk(900 * SECOND)
    (warning,) = preview(made.state, made, order(made, "99.00")).warnings
    assert (warning.code, warning.params) == ("risk.delayed", {"delay": "900"})


@pytest.mark.parametrize("delay_ns", [0, None])
def test_real_time_and_unknown_delays_warn_of_nothing(delay_ns: int | None) -> None:
    made = desk(delay_ns, simulated=False)
    asked = preview(made.state, made, order(made))
    assert (asked.warnings, asked.refusals) == ((), ())


@pytest.mark.parametrize("ord_type", [OrdType.MARKET, OrdType.STOP])
def test_a_market_order_that_adds_risk_on_delayed_quotes_is_refused_at_a_real_venue(ord_type: OrdType) -> None:
    made = desk(900 * SECOND, simulated=False)
    trigger = made.x.price("101.00") if ord_type is OrdType.STOP else None
    answer = made.give(order(made, ord_type=ord_type, trigger_price=trigger)).answers[0]
    assert (answer.code, answer.params) == ("risk.delayed_market", {"delay": "900"})
    assert made.submit(BUY, "1.0", "99.00").accepted


@pytest.mark.parametrize("simulated", [None, True])
def test_a_simulated_venue_takes_it_since_it_fills_at_the_same_quotes(simulated: bool | None) -> None:
    assert desk(900 * SECOND, simulated=simulated).submit(BUY, "1.0").accepted


def test_closing_at_the_market_on_delayed_quotes_is_never_refused() -> None:
    made = desk(900 * SECOND)
    made.submit(BUY, "1.0")
    bind(made, simulated=False)
    assert made.give(order(made, side=SELL)).answers[0].accepted


def test_facts_keep_the_delay_that_was_seen_and_replay_to_the_same_desk() -> None:
    made = desk(900 * SECOND)
    made.submit(BUY, "1.0")
    seen = [made.facts(kind)[0].seen.delay_ns for kind in (OrderSubmitted, OrderFilled)]
    assert seen == [900 * SECOND, 900 * SECOND]
    assert replayed(made.records).orders == made.state.orders


def test_what_was_seen_before_delays_were_told_says_that_it_is_not_known() -> None:
    made = desk(0)
    made.submit(BUY, "1.0")
    stored = msgspec.to_builtins(made.facts(OrderSubmitted)[0].seen)
    del stored["delay_ns"]
    assert msgspec.convert(stored, MarketSeen).delay_ns == -1
