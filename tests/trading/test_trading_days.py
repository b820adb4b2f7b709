"""Ends of trading days, on the calendars of real venues: facts in a fixed order, missed days one by one."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from trading_world import BUY, SELL, World, replayed

from termdesk.core import venues
from termdesk.core.matching.exchange import SimulatedExchange
from termdesk.core.model.command import CloseDay, MoveCash, SetInterest, SubmitOrder
from termdesk.core.model.event import BookSnapshot, InstrumentDefined
from termdesk.core.model.facts import (
    CashPosted,
    DayClosed,
    DayOpened,
    OrderExpired,
    OrdersArchived,
    PositionMarked,
    SettlementPriced,
    StatementMade,
)
from termdesk.core.model.instrument import Convertible, Future, Instrument, Share, Spot, TradingRule
from termdesk.core.model.posting import Cause
from termdesk.core.model.terms import AccountKind, OrdStatus, OrdType, TimeInForce
from termdesk.core.trading.day.statement import days, statement
from termdesk.core.trading.inputs import ResumeDesk
from termdesk.core.trading.invariants import check_all
from termdesk.core.trading.orders.deadlines import due, next_deadline, over
from termdesk.core.trading.read import order_lines, restorable
from termdesk.core.venues.day_end import day_end
from termdesk.core.venues.day_over import day_over

D = Decimal


def listing(instrument_id: str, detail, currency: str = "CNY", qty_decimals: int = 0, multiplier: str = "1"):
    return Instrument(
        id=instrument_id,
        name=instrument_id,
        currency=currency,
        price_decimals=2,
        qty_decimals=qty_decimals,
        multiplier=D(multiplier),
        rules=(TradingRule("", 1, 1, 1),),
        detail=detail,
    )


SHARE = listing("600519.SSE", Share(settlement_days=1))
BOND = listing("113050.SSE", Convertible())
COIN = listing("BTCUSDT.BINANCE", Spot(base="BTC"), "USDT", 3)
FUTURE = listing("rb2701.SHFE", Future(), multiplier="10")


def at(text: str) -> int:
    """A moment by the clock of Shanghai."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() - 8 * 3600) * 10**9


class Calendar(World):
    """A world in which days are the venues' own."""

    def trading_day(self, instrument_id):
        return venues.trading_day(instrument_id, self.now_ns)

    def settles(self, instrument_id):
        return venues.settles(self.instrument(instrument_id), self.trading_day(instrument_id))

    def day_end_ns(self, instrument_id):
        return day_end(instrument_id, self.now_ns)

    def list(self, instrument: Instrument) -> None:
        self.market.apply(InstrumentDefined(self.now_ns, instrument), "test")
        self.x = instrument
        self.event(BookSnapshot(instrument.id, self.now_ns, self.now_ns, 0, (), ()))

    def go_to(self, text: str) -> None:
        """Let time pass as the engine does: what is due happens at its own time."""
        to_ns = at(text)
        while (due_ns := next_deadline(self.state)) is not None and due_ns <= to_ns:
            self.now_ns = max(self.now_ns, due_ns)
            while (met := due(self.state, self.now_ns)) is not None:
                self.give(met)
        self.now_ns = to_ns

    def restart(self, text: str) -> None:
        """The engine was off until then: replay, go on, close what was missed, let the exchange take up the rest."""
        self.now_ns = at(text)
        self.state = replayed(self.records)
        self.exchange = SimulatedExchange(self.market, lambda _: self.schedule)
        self.give(ResumeDesk(clean=False, engine_version="1"))
        while (met := over(self.state, self.now_ns, forgotten=("paper",), missed=True)) is not None:
            self.give(met)
        self.exchange.restore(restorable(self.state, "paper"), self.now_ns)

    def gtd(self, side, qty: str, price: str, until: str) -> str:
        self.commands += 1
        command = SubmitOrder(
            command_id=f"gtd{self.commands}",
            account="cash",
            instrument=self.x.id,
            side=side,
            ord_type=OrdType.LIMIT,
            qty=self.x.qty(qty),
            price=self.x.price(price),
            time_in_force=TimeInForce.GTD,
            expire_ns=at(until),
            origin="test",
        )
        return self.give(command).answers[0].order_ids[0]


@pytest.fixture
def world() -> Calendar:
    world = Calendar(SHARE)
    world.now_ns = at("2026-09-30 10:00")
    world.open(("cash", AccountKind.CASH, "1000000"), ("margin", AccountKind.MARGIN, "1000000"))
    return world


def closed(world) -> list[tuple[str, str]]:
    return [(fact.venue, fact.day) for fact in world.facts(DayClosed)]


def test_the_holiday_week_goes_by_while_the_engine_is_off(world) -> None:
    world.quote("10.00", "1000", "10.01", "1000")
    world.submit(BUY, "100", "10.01")
    day = world.submit(BUY, "100", "9.90", tif=TimeInForce.DAY).order_ids[0]
    good = world.submit(BUY, "100", "9.80").order_ids[0]
    soon, later = world.gtd(BUY, "100", "9.70", "2026-10-05 12:00"), world.gtd(BUY, "100", "9.60", "2026-10-20 12:00")
    reserved = world.state.accounts["cash"].reserved["CNY"]
    world.restart("2026-10-12 09:00")
    status = {name: world.order(name).status for name in (day, good, soon, later)}
    assert status == {
        day: OrdStatus.EXPIRED,
        good: OrdStatus.NEW,
        soon: OrdStatus.EXPIRED,
        later: OrdStatus.NEW,
    }
    assert closed(world) == [("SSE", "2026-09-30"), ("SSE", "2026-10-08"), ("SSE", "2026-10-09")]
    assert all(fact.missed for fact in world.facts(DayClosed))
    assert world.state.days["SSE"].day == "2026-10-12"
    kinds = [type(record.fact) for record in world.records]
    assert kinds.index(OrderExpired) < kinds.index(SettlementPriced) < kinds.index(StatementMade)
    assert kinds.index(StatementMade) < kinds.index(OrdersArchived) < kinds.index(DayClosed)
    expired = [(fact.order_id, record.seq) for record in world.records if isinstance(fact := record.fact, OrderExpired)]
    first_close = next(record.seq for record in world.records if isinstance(record.fact, DayClosed))
    assert [order_id for order_id, seq in expired if seq < first_close] == [day]
    assert world.state.accounts["cash"].reserved["CNY"] < reserved
    world.trade("9.55", "5000", SELL)
    assert {record.fact.order_id for record in world.state.fills[1:]} == {good, later}
    check_all(world.state)
    assert_books_balance_of_open_days(world)
    assert replayed(world.records).snapshot() == world.state.snapshot()


def assert_books_balance_of_open_days(world) -> None:
    for account in world.state.accounts.values():
        for asset in account.currencies():
            moved = sum(sum(assets.get(asset, {}).values(), D(0)) for assets in account.days.values())
            for posting in account.postings:
                if posting.asset == asset:
                    moved += posting.amount if posting.target.value == "cash" else -posting.amount
            assert account.cash(asset) == moved


def test_shares_are_sold_the_next_trading_day_and_their_money_leaves_the_one_after(world) -> None:
    world.quote("10.00", "1000", "10.01", "1000")
    world.submit(BUY, "100", "10.01")
    refused = world.submit(SELL, "100", "10.00")
    assert (refused.code, refused.params["day"]) == ("risk.sellable", "2026-10-08")
    world.go_to("2026-10-08 10:00")
    assert world.state.accounts["cash"].position(SHARE.id).due == []
    assert world.submit(SELL, "100", "10.00").accepted
    account = world.state.accounts["cash"]
    assert account.available("CNY") - account.withdrawable("CNY", "2026-10-08") == 1000
    command = {"account": "cash", "asset": "CNY", "instrument": SHARE.id}
    free = account.withdrawable("CNY", "2026-10-08")
    assert world.give(MoveCash(command_id="w", amount=-(free + 1), **command)).answers[0].code == "command.withdraw"
    world.go_to("2026-10-09 10:00")
    assert world.give(MoveCash(command_id="x", amount=-(free + 1), **command)).answers[0].accepted


def test_a_bond_bought_today_is_sold_today(world) -> None:
    world.list(BOND)
    world.quote("110.00", "1000", "110.10", "1000")
    world.submit(BUY, "100", "110.10")
    assert world.submit(SELL, "100", "110.00").accepted
    assert world.state.accounts["cash"].qty(BOND.id) == 0


def test_days_of_a_coin_end_every_midnight_and_those_of_a_share_only_after_sessions(world) -> None:
    world.quote("10.00", "1000", "10.01", "1000")
    world.submit(BUY, "100", "10.01")
    world.list(COIN)
    world.quote("50000", "1", "50001", "1")
    world.give(MoveCash(command_id="d", account="cash", asset="USDT", amount=D(100000)))
    world.submit(BUY, "0.5", "50001")
    world.go_to("2026-10-03 12:00")
    assert [day for venue, day in closed(world) if venue == "BINANCE"] == ["2026-09-30", "2026-10-01", "2026-10-02"]
    assert [day for venue, day in closed(world) if venue == "SSE"] == ["2026-09-30"]
    assert next_deadline(world.state) == at("2026-10-04 08:00")


def test_a_night_session_begins_the_next_day_and_futures_are_marked(world) -> None:
    world.now_ns = at("2026-11-19 14:00")
    world.list(FUTURE)
    world.quote("3000", "100", "3001", "100")
    world.trade("3001", "1", None)
    assert world.submit(BUY, "2", "3001", account="margin").accepted
    world.trade("3011", "1", None)
    before = world.state.accounts["margin"].cash("CNY")
    assert day_over(FUTURE.id, "2026-11-19") <= at("2026-11-19 21:00")
    world.go_to("2026-11-19 21:30")
    assert closed(world) == [("SHFE", "2026-11-19")]
    marked = world.facts(PositionMarked)[0]
    assert (marked.price, marked.day, marked.source) == (D(3011), "2026-11-19", "last")
    account = world.state.accounts["margin"]
    assert account.cash("CNY") - before == 10 * 2 * 10
    assert account.position(FUTURE.id).cost == 3011 * 2 * 10
    assert account.days["2026-11-19"]["CNY"]["mark"] == 200
    assert world.trading_day(FUTURE.id) == "2026-11-20"
    world.submit(SELL, "1", "3000", account="margin")
    assert world.state.fills[-1].trading_day == "2026-11-20"
    check_all(world.state)


def test_idle_cash_earns_and_owed_cash_costs_only_where_it_is_switched_on(world) -> None:
    world.quote("10.00", "1000", "10.01", "1000")
    world.submit(BUY, "100", "10.01")
    world.go_to("2026-10-12 10:00")
    assert not world.facts(CashPosted)
    answer = world.give(SetInterest(command_id="i", account="margin", asset="CNY", idle_rate=D("0.036"))).answers[0]
    assert answer.accepted
    world.go_to("2026-10-14 10:00")
    assert [(f.cause, f.amount, f.day) for f in world.facts(CashPosted)] == [
        (Cause.INTEREST, D("100.00"), "2026-10-12"),
        (Cause.INTEREST, D("100.01"), "2026-10-13"),
    ]
    assert world.give(SetInterest(command_id="j", account="margin", asset="CNY", idle_rate=D(2))).answers[0].code


def test_a_person_closes_a_day_once_its_sessions_are_over(world) -> None:
    refused = world.give(CloseDay(command_id="a", venue="SSE")).answers[0]
    assert refused.code == "command.venue_unknown"
    world.quote("10.00", "1000", "10.01", "1000")
    world.submit(BUY, "100", "10.01")
    assert world.facts(DayOpened)[0].day == "2026-09-30"
    assert world.give(CloseDay(command_id="b", venue="SSE")).answers[0].code == "command.day_goes_on"
    world.now_ns = at("2026-09-30 16:00")
    wrong = world.give(CloseDay(command_id="c", venue="SSE", day="2026-09-29")).answers[0]
    assert (wrong.code, wrong.params["open"]) == ("command.day_not_open", "2026-09-30")
    assert world.give(CloseDay(command_id="d", venue="SSE", day="2026-09-30")).answers[0].accepted
    assert world.give(CloseDay(command_id="d", venue="SSE")).answers[0].accepted
    assert closed(world) == [("SSE", "2026-09-30")]
    assert world.give(CloseDay(command_id="e", venue="SSE")).answers[0].code == "command.day_goes_on"
    assert days(world.state, world.now_ns).days[0].day == "2026-10-08"


def test_the_statement_adds_up_from_day_to_day(world) -> None:
    world.quote("10.00", "1000", "10.01", "1000")
    world.submit(BUY, "300", "10.01")
    world.trade("10.20", "1", None)
    opened = statement(world.state, "2026-09-30", "cash", world)
    assert opened.still_open == ("SSE",)
    world.go_to("2026-10-08 10:00")
    made = statement(world.state, "2026-09-30", "cash", world)
    assert made.still_open == ()
    account = made.accounts[0]
    assert account.positions[0].qty == 300
    assert (account.positions[0].mark, account.positions[0].mark_source) == (D("10.2"), "last")
    assert account.positions[0].unrealised == D("57")
    assert account.positions[0].settled == 300
    assert opened.accounts[0].positions[0].settled == 0
    world.quote("10.30", "1000", "10.31", "1000")
    world.submit(SELL, "100", "10.30")
    world.go_to("2026-10-09 10:00")
    following = statement(world.state, "2026-10-08", "cash", world).accounts[0]
    assert following.cash[0].opening == account.cash[0].closing
    assert account.cash[0].opening + sum(move.amount for move in account.cash[0].moves) == account.cash[0].closing
    assert {move.what for move in following.cash[0].moves} == {"fill", "fee commission"}
    assert following.fees[0].amount > 0
    assert following.positions[0].qty == 200
    assert following.cash[0].closing == world.state.accounts["cash"].cash("CNY")


def test_ended_orders_of_closed_days_are_listed_only_when_asked_for(world) -> None:
    world.quote("10.00", "1000", "10.01", "1000")
    filled = world.submit(BUY, "100", "10.01").order_ids[0]
    working = world.submit(BUY, "100", "9.00").order_ids[0]
    world.go_to("2026-10-08 10:00")
    assert [line.order_id for line in order_lines(world.state, archived=False)] == [working]
    assert [line.order_id for line in order_lines(world.state)] == [filled, working]


def test_a_quiet_venue_is_closed_too_and_time_goes_on(world) -> None:
    world.quote("10.00", "1000", "10.01", "1000")
    world.submit(BUY, "100", "9.00", tif=TimeInForce.DAY)
    world.go_to("2026-12-31 23:00")
    assert len(closed(world)) == len(set(closed(world))) == 61
    assert world.state.day_ends_ns > world.now_ns
    check_all(world.state)
