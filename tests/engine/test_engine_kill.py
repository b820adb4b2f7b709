"""``kill -9`` at random moments: what was acknowledged is there afterwards, nothing twice, nothing lost."""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any

import pytest
from engine_process import Attached, folded, journalled

from termdesk.core.model.command import AmendOrder, Answer, CancelOrder, SubmitOrder
from termdesk.core.model.errors import EngineUnreachable, OutcomeUnknown
from termdesk.core.model.facts import DeskResumed, Recorded
from termdesk.core.model.terms import OrdStatus, OrdType, Side
from termdesk.core.trading.read import fill_lines, order_lines
from termdesk.core.trading.state import DeskState
from termdesk.core.wire.queries import AccountsQuery, FillsQuery, OrdersQuery

BTC = "BTCUSDT.DEMO"
BOOK = f"book/{BTC}?depth=20"
DEPTH = 20
ROUNDS = 12
MANY_ROUNDS = 220
STOPPED_EVERY = 7
"""Rounds that end with a stop instead of a kill, so that starts from a snapshot are among them."""
LONGEST_S = 0.12


async def trade(attached: Attached, round_number: int, rng: Random, answered: list[tuple[Any, Answer]]) -> None:
    """Submit, take, amend and cancel as fast as answers come, until the engine dies."""
    await attached.client.subscribe(f"quote/{BTC}", 60.0)
    await attached.client.subscribe(BOOK, 60.0)
    quote = await attached.topic(f"quote/{BTC}", lambda body: body.bid and body.ask and body.last)
    book = await attached.topic(BOOK, lambda body: len(body.bids) == DEPTH)
    mine: list[str] = []
    number = 0
    while True:
        number += 1
        name = f"r{round_number}-{number}"
        far = rng.choice([quote.bid * rng.randint(60, 90) // 100, book.bids[rng.randrange(5, DEPTH)][0]])
        command: Any = SubmitOrder(
            command_id=name,
            account=rng.choice(["cash", "margin"]),
            instrument=BTC,
            side=Side.BUY,
            ord_type=OrdType.LIMIT,
            qty=rng.randint(1, 20),
            price=far,
        )
        if rng.random() < 0.15:
            command = SubmitOrder(
                command_id=name,
                account="margin",
                instrument=BTC,
                side=rng.choice([Side.BUY, Side.SELL]),
                ord_type=OrdType.MARKET,
                qty=rng.randint(1, 20),
            )
        elif mine and rng.random() < 0.6:
            command = CancelOrder(command_id=name, order_id=mine.pop(rng.randrange(len(mine))))
        elif mine and rng.random() < 0.3:
            command = AmendOrder(command_id=name, order_id=rng.choice(mine), price=far)
        try:
            answer = await attached.client.do(command)
        except (EngineUnreachable, OutcomeUnknown):
            return
        answered.append((command, answer))
        if isinstance(command, SubmitOrder) and command.price is not None:
            mine += answer.order_ids


def money(state: DeskState) -> dict[str, Any]:
    return {name: (account.places, account.positions, account.fees) for name, account in state.accounts.items()}


def start_of(records: list[Recorded]) -> int:
    """How many records there are when the newest start was decided."""
    last = max(index for index, record in enumerate(records) if isinstance(record.fact, DeskResumed))
    return next((index for index in range(last, len(records)) if records[index].cause != "start"), len(records))


async def check_after(attached: Attached, before: list[Recorded], heard: list[Recorded], answered: Any) -> None:
    """Hold the engine that came back against the journal of the one that died, and that against what it had said."""
    assert before[: len(heard)] == heard, "what the log had said is in the journal"
    was = folded(before)
    for command, answer in answered:
        assert was.answers[command.command_id] == answer
    await attached.until(lambda: attached.records and attached.records[-1].seq >= attached.client.welcome.cursor)
    assert attached.records[: len(before)] == before
    resumed = folded(attached.records[: start_of(attached.records)])
    assert money(resumed) == money(was)
    for order_id, order in was.orders.items():
        now = resumed.orders[order_id]
        assert (now.qty if order.in_flight else order.qty, order.cum_qty) == (now.qty, now.cum_qty)
        assert now.status is (settled(order)), order_id
    await check_queries(attached)


def settled(order: Any) -> OrdStatus:
    """What a simulated venue that forgot everything proves of an order."""
    if not order.status.is_open:
        return OrdStatus(order.status.value)
    if order.acknowledged and any(not sent.is_replace for sent in order.in_flight):
        return OrdStatus.CANCELED
    return OrdStatus.NEW if order.acknowledged else OrdStatus.NOT_SENT


async def check_queries(attached: Attached) -> None:
    """The state that the engine answers from is the fold of the log that it sent."""
    orders = await attached.client.ask(OrdersQuery())
    fills = await attached.client.ask(FillsQuery())
    newest = max(orders.cursor, fills.cursor)
    await attached.until(lambda: attached.records and attached.records[-1].seq >= newest)
    assert orders.orders == order_lines(folded(attached.records[: orders.cursor]))
    assert fills.fills == fill_lines(folded(attached.records[: fills.cursor]))


async def check_estimates(attached: Attached, before: DeskState) -> int:
    """Orders from before the restart stand at the back, marked; gives how many of them are in the visible book."""
    seen = 0
    for account in ("cash", "margin"):
        await attached.client.subscribe(f"queue/{account}")
        body = await attached.topic(f"queue/{account}")
        restored = [line for line in body.lines if line.order_id in before.working]
        assert all(line.restarted for line in restored)
        seen += len(restored)
    return seen


async def survive(start: Any, rounds: int) -> None:
    rng = Random(20_261_122)
    engine = start()
    attached = await engine.attach()
    moments_with_work = estimates = 0
    round_number = 0
    # How many estimates there are depends on how much the machine does before each kill: it goes on until there is one.
    while round_number < rounds or (not estimates and round_number < 5 * rounds):
        round_number += 1
        answered: list[tuple[Any, Answer]] = []
        trading = asyncio.create_task(trade(attached, round_number, rng, answered))
        await asyncio.wait([trading], timeout=0.04 + rng.random() * LONGEST_S)
        if round_number % STOPPED_EVERY:
            engine.kill()
        else:
            engine.terminate()
        async with asyncio.timeout(10):
            await attached.client.wait_lost()
        trading.cancel()
        await asyncio.wait([trading])
        before, _ = journalled(engine.paths)
        was = folded(before)
        moments_with_work += bool(was.working)
        heard = attached.records
        engine = start()
        attached = await engine.attach()
        await check_after(attached, before, heard, [(c, a) for c, a in answered if a.code != "desk.stopping"])
        estimates += await check_estimates(attached, was)
    assert moments_with_work >= round_number // 2
    assert estimates > 0
    accounts = (await attached.client.ask(AccountsQuery())).accounts
    assert {line.account for line in accounts} == {"cash", "margin"}


async def test_what_was_acknowledged_survives_a_kill_at_any_moment(start) -> None:
    await survive(start, ROUNDS)


@pytest.mark.long
async def test_what_was_acknowledged_survives_hundreds_of_kills(start) -> None:
    await survive(start, MANY_ROUNDS)
