"""The money of a real engine, held against a second opinion rebuilt from its exported facts."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
from collections import deque
from decimal import Decimal
from typing import Any

import pytest
from engine_process import Attached, EngineProcess
from ledger_checker import Checker

from termdesk.core.model.command import AmendOrder, CancelAll, CancelOrder, MoveCash, MoveUnits, SubmitOrder
from termdesk.core.model.facts import CashPosted, OrderAccepted, OrderFilled, UnitsPosted
from termdesk.core.model.posting import Cause
from termdesk.core.model.terms import OrdType, Side, TimeInForce

SYMBOLS = ("BTCUSDT.DEMO", "ETHUSDT.DEMO", "600519.DEMO")
ACCOUNTS = ("cash", "margin")


def told(*words: str) -> bytes:
    """What the console prints; it finds the desk by ``$TERMDESK_HOME``."""
    return subprocess.run([sys.executable, "-m", "termdesk", *words], check=True, capture_output=True).stdout


class Trader:
    """Sends random commands from a seed: at the touch, far off, too large, twice, to orders that are gone."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._recent: deque[str] = deque(maxlen=12)
        self._sent: list[Any] = []
        self._names = (f"r{number}" for number in range(10**6))

    async def trade(self, attached: Attached, count: int) -> None:
        for symbol in SYMBOLS:
            await attached.client.subscribe(f"quote/{symbol}")
            await attached.topic(f"quote/{symbol}", lambda body: body.bid and body.ask)
        for _ in range(count // 10):
            await asyncio.gather(*(self._one(attached) for _ in range(10)))

    async def _one(self, attached: Attached) -> None:
        if self._sent and self._dice.random() < 0.1:
            await attached.client.do(self._dice.choice(self._sent))
            return
        command = self._make(attached)
        self._sent.append(command)
        answer = await attached.client.do(command)
        if isinstance(command, SubmitOrder):
            self._recent.extend(answer.order_ids)

    def _make(self, attached: Attached) -> Any:
        dice, name = self._dice, next(self._names)
        kinds = (("submit", "cancel", "amend", "all", "cash", "units"), (12, 3, 4, 0.3, 1, 1))
        kind = dice.choices(*kinds)[0] if self._recent else "submit"
        if kind in ("cash", "units"):
            return self._book(kind, name)
        if kind == "all":
            return CancelAll(command_id=name, account=dice.choice(ACCOUNTS))
        if kind == "cancel":
            return CancelOrder(command_id=name, order_id=dice.choice(self._recent))
        if kind == "amend":
            return AmendOrder(command_id=name, order_id=dice.choice(self._recent), **self._new_terms(attached))
        return self._submit(attached, name)

    def _book(self, kind: str, name: str) -> Any:
        """Money and units that no order moves, as often refused as not."""
        dice, account = self._dice, self._dice.choice(ACCOUNTS)
        if kind == "cash":
            amount = Decimal(dice.randint(-300_000, 200_000)) / 100
            return MoveCash(command_id=name, account=account, asset=dice.choice(("CNY", "USDT")), amount=amount)
        return MoveUnits(
            command_id=name,
            account=account,
            instrument=dice.choice(SYMBOLS),
            qty=dice.choice((-200, -100, 100, 300)),
            price=Decimal(dice.randint(1, 99_999)) / 100,
            cause=dice.choice((Cause.OPENING, Cause.TRANSFER, Cause.ALLOCATION, Cause.EXPIRY, Cause.FILL)),
            to_account=dice.choice(ACCOUNTS),
        )

    def _new_terms(self, attached: Attached) -> dict[str, int]:
        quote = attached.topics[f"quote/{self._dice.choice(SYMBOLS)}"]
        return self._dice.choice(({"qty": self._dice.choice((1, 100, 700, 30_000))}, {"price": quote.bid}))

    def _submit(self, attached: Attached, name: str) -> SubmitOrder:
        dice, symbol = self._dice, self._dice.choice(SYMBOLS)
        quote = attached.topics[f"quote/{symbol}"]
        side = dice.choice((Side.BUY, Side.SELL))
        touch = quote.ask if side is Side.BUY else quote.bid
        market = dice.random() < 0.25
        return SubmitOrder(
            command_id=name,
            account=dice.choice(ACCOUNTS),
            instrument=symbol,
            side=side,
            ord_type=OrdType.MARKET if market else OrdType.LIMIT,
            qty=dice.choice((100, 200, 300, 1_000, 20_000, 400_000)),
            price=None if market else touch - side.sign * dice.choice((0, 0, 1, 5, 500)),
            time_in_force=dice.choice((TimeInForce.GTC, TimeInForce.GTC, TimeInForce.IOC)),
        )


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_accounts_equal_what_the_exported_facts_add_up_to(start, seed: int) -> None:
    trader, checker = Trader(seed), Checker()
    engine: EngineProcess = start(seed=seed)
    attached = await engine.attach()
    await trader.trade(attached, 300)
    engine.kill()
    await attached.client.close()
    engine = start()
    attached = await engine.attach()
    await trader.trade(attached, 300)
    while len(attached.facts(OrderFilled)) <= 40:  # the market decides how many there are
        await trader.trade(attached, 30)
    await attached.client.do(CancelAll(command_id="end"))
    checker.take_lines(told("journal", "export"))
    assert len(attached.facts(OrderAccepted)) > 100
    assert len(attached.facts(CashPosted)) > 5
    assert len(attached.facts(UnitsPosted)) > 5
    assert not any(order.open for order in checker.orders.values())
    checker.compare(json.loads(told("account", "--json")))
    await attached.client.close()
