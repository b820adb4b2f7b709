"""A demo desk behind its socket: orders, accounts, restarts, who holds it."""

from __future__ import annotations

import getpass
import stat
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from engine_process import Attached, EngineProcess, journalled

from termdesk.core.model.command import CancelAll, CancelOrder, StopEngine, SubmitOrder
from termdesk.core.model.facts import (
    DeskResumed,
    DeskStopped,
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderSubmitted,
)
from termdesk.core.model.terms import Mode, OrdStatus, OrdType, Side
from termdesk.core.wire.queries import (
    AccountsQuery,
    BookQuery,
    FillsQuery,
    InstrumentsQuery,
    OrdersQuery,
    PreviewQuery,
    QuoteQuery,
    StatusQuery,
    WhyQuery,
)

BTC = "BTCUSDT.DEMO"


def buy(command_id: str, *, price: int | None = None, qty: int = 1_000, account: str = "cash", **more: Any) -> Any:
    ord_type = OrdType.MARKET if price is None else OrdType.LIMIT
    given = {"instrument": BTC, "side": Side.BUY, "ord_type": ord_type, "qty": qty, "price": price} | more
    return SubmitOrder(command_id=command_id, account=account, **given)


async def quoted(attached: Attached) -> Any:
    """The quote line once both sides are there; what an order needs to pass the gate."""
    await attached.client.subscribe(f"quote/{BTC}")
    return await attached.topic(f"quote/{BTC}", lambda body: body.bid and body.ask and body.last)


async def test_an_order_fills_another_rests_and_is_cancelled(start) -> None:
    attached = await start().attach()
    quote = await quoted(attached)
    taken = await attached.client.do(buy("c1"))
    assert taken.accepted
    await attached.until(lambda: sum(fill.qty for fill in attached.facts(OrderFilled)) == 1_000)
    for fill in attached.facts(OrderFilled):
        assert (fill.order_id, fill.side, fill.reason.code) == (taken.order_ids[0], Side.BUY, "fill.take")
        assert fill.seen.ask > 0
    resting = await attached.client.do(buy("c2", price=quote.bid * 9 // 10))
    await attached.fact(OrderAccepted, order_id=resting.order_ids[0])
    why = await attached.client.ask(WhyQuery(resting.order_ids[0]))
    assert why.waits is not None
    await attached.client.do(CancelOrder(command_id="c3", order_id=resting.order_ids[0]))
    await attached.fact(OrderCanceled, order_id=resting.order_ids[0])
    orders = (await attached.client.ask(OrdersQuery())).orders
    assert [(order.status, order.cum_qty) for order in orders] == [
        (OrdStatus.FILLED, 1_000),
        (OrdStatus.CANCELED, 0),
    ]
    fills = (await attached.client.ask(FillsQuery())).fills
    assert [line.fill for line in fills] == attached.facts(OrderFilled)


async def test_two_accounts_trade_on_one_engine_and_share_nothing(start) -> None:
    attached = await start().attach()
    await quoted(attached)
    await attached.client.subscribe("account/margin")
    bought = await attached.client.do(buy("c1", account="cash"))
    short = await attached.client.do(buy("c2", account="margin", side=Side.SELL))
    refused = await attached.client.do(buy("c3", account="cash", side=Side.SELL, qty=2_000))
    assert (bought.accepted, short.accepted, refused.accepted, refused.code) == (True, True, False, "risk.holding")
    await attached.topic("account/margin", lambda body: body.positions)
    cash, margin = (await attached.client.ask(AccountsQuery())).accounts
    assert [(line.instrument, line.qty) for line in cash.positions] == [(BTC, 1_000)]
    assert [(line.instrument, line.qty) for line in margin.positions] == [(BTC, -1_000)]
    spent = {line.currency: line.balance for line in cash.cash}
    assert spent["CNY"] == Decimal(1_000_000)
    assert spent["USDT"] < Decimal(100_000)


async def test_the_same_command_gets_its_first_answer_again_also_after_a_restart(start) -> None:
    engine = start()
    attached = await engine.attach()
    await quoted(attached)
    first = await attached.client.do(buy("c1"))
    assert await attached.client.do(buy("c1")) == first
    engine.kill()
    attached = await start().attach()
    assert await attached.client.do(buy("c1")) == first
    assert len(attached.facts(OrderSubmitted)) <= 1
    assert len((await attached.client.ask(OrdersQuery())).orders) == 1


async def test_the_actor_is_told_by_the_kernel_and_the_socket_is_private(start) -> None:
    engine = start()
    attached = await engine.attach()
    await quoted(attached)
    await attached.client.do(buy("c1"))
    assert attached.client.welcome.actor == getpass.getuser()
    await attached.fact(OrderFilled)
    actors = {record.actor for record in attached.records if isinstance(record.fact, OrderSubmitted | OrderFilled)}
    assert actors == {getpass.getuser(), "paper"}
    assert stat.S_IMODE(engine.paths.socket.stat().st_mode) == 0o600


async def test_every_query_is_answered(start) -> None:
    attached = await start().attach()
    quote = await quoted(attached)
    ask = attached.client.ask
    assert len((await ask(InstrumentsQuery())).instruments) == 8
    assert [each.id for each in (await ask(InstrumentsQuery((BTC,)))).instruments] == [BTC]
    book = (await ask(BookQuery(BTC, 5))).book
    assert (len(book.bids), len(book.asks)) == (5, 5)
    assert (await ask(QuoteQuery(BTC))).quote.instrument == BTC
    preview = await ask(PreviewQuery(buy("p", price=quote.bid)))
    assert (preview.refusal, preview.reserve_asset, preview.position_after) == (None, "USDT", 1_000)
    status = await ask(StatusQuery())
    assert (status.instruments, status.accounts, status.health.mode) == (8, ("cash", "margin"), Mode.DEMO)


@pytest.mark.parametrize("how", ["signal", "command"])
async def test_a_stop_is_recorded_and_the_next_start_is_clean(start, how: str) -> None:
    engine = start()
    attached = await engine.attach()
    if how == "command":
        assert (await attached.client.do(StopEngine(command_id="s"))).accepted
        assert engine.ended() == 0
    else:
        assert engine.terminate() == 0
    assert "desk.stopping" in await attached.client.wait_lost()
    assert isinstance(attached.records[-1].fact, DeskStopped), "the last record comes before the goodbye"
    assert not engine.paths.socket.exists()
    attached = await start().attach()
    assert (await attached.fact(DeskResumed)).clean


async def test_the_chart_goes_on_where_it_was(start) -> None:
    engine = start()
    attached = await engine.attach()
    quote = await quoted(attached)
    await attached.client.subscribe(f"bars/{BTC}/1m")
    await attached.topic(f"bars/{BTC}/1m")
    engine.terminate()
    before = attached.first[f"bars/{BTC}/1m"]
    attached = await start().attach()
    again = await quoted(attached)
    await attached.client.subscribe(f"bars/{BTC}/1m")
    await attached.topic(f"bars/{BTC}/1m")
    after = attached.first[f"bars/{BTC}/1m"]
    assert before.complete
    assert len(before.bars) > 200
    closed = len(before.bars) - 1
    assert before.bars[:closed] == after.bars[:closed]
    assert abs(again.last - quote.last) < quote.last // 50


async def test_a_second_engine_says_who_holds_the_desk(start) -> None:
    engine = await start().ready()
    second = start()
    assert second.ended() == 1
    assert f"pid {engine.process.pid}" in second.stderr
    assert engine.process.is_alive()


async def test_a_journal_is_not_opened_in_another_mode(start, recording: Path) -> None:
    first = await start(desk="mine").ready()
    first.terminate()
    second = start(desk="mine", replay=(recording,))
    assert second.ended() == 1
    assert "mode demo" in second.stderr
    assert "replay" in second.stderr
    assert [type(record.fact) for record in journalled(first.paths)[0]].count(DeskResumed) == 0


async def test_an_unknown_feed_symbol_or_file_is_named(start, home: Path) -> None:
    for options, named in (
        ({"feed": "nofeed"}, "nofeed"),
        ({"symbols": ("XYZ",)}, "XYZ"),
        ({"replay": (home / "none.gz",)}, "none.gz"),
    ):
        engine: EngineProcess = start(**options)
        assert engine.ended() == 1
        assert named in engine.stderr
        assert "Traceback" not in engine.stderr


async def test_a_journal_that_fails_halts_trading_and_nothing_else(start) -> None:
    engine = start(file_bytes=200_000)
    attached = await engine.attach()
    quote = await quoted(attached)
    await attached.client.subscribe("engine/health")
    resting = await attached.client.do(buy("rest", price=quote.bid * 9 // 10))
    await attached.fact(OrderAccepted, order_id=resting.order_ids[0])
    for number in range(2_000):
        answer = await attached.client.do(buy(f"c{number}", price=quote.bid * 8 // 10, qty=100))
        if not answer.accepted:
            break
    assert answer.code == "desk.halted", answer
    await attached.topic("engine/health", lambda body: body.halted)
    stamp = attached.topics[f"quote/{BTC}"].recv_ns
    await attached.topic(f"quote/{BTC}", lambda body: body.recv_ns > stamp)
    cancel = await attached.client.do(CancelOrder(command_id="x", order_id=resting.order_ids[0]))
    assert cancel.accepted, "cancels always pass"
    assert (await attached.client.do(buy("last"))).code == "desk.halted"
    engine.kill()
    attached = await start().attach()
    orders = {order.order_id: order for order in (await attached.client.ask(OrdersQuery())).orders}
    assert orders[resting.order_ids[0]].status is OrdStatus.CANCELED, "the emergency file was reconciled"
    await quoted(attached)
    assert (await attached.client.do(CancelAll(command_id="all"))).accepted
