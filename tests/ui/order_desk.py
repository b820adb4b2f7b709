"""A screen whose engine only notes what it is sent, with hands that can be set."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from desk_cases import MOUTAI, app_of, fill_store, topics
from pilot_words import until
from textual.events import Key
from textual.pilot import Pilot

from termdesk.core.model.command import Answer, Command, SubmitBracket, SubmitOrder
from termdesk.core.wire.queries import (
    AccountsQuery,
    AccountsResult,
    OrdersResult,
    PreviewAmendQuery,
    PreviewQuery,
    PreviewResult,
    WhyQuery,
    WhyResult,
)
from termdesk.core.wire.topics import AccountBody
from termdesk.ui.app import TermdeskApp
from termdesk.ui.link import Link
from termdesk.ui.store import Store

TRADES = (SubmitOrder, SubmitBracket)


class Engine:
    """What the screen sent, and the answer it gets once it may have it."""

    def __init__(self) -> None:
        self.sent: list[Command] = []
        self.asked: list[Any] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.outcome: Answer | Exception | None = None
        self.preview: dict[str, Any] = {}
        self.store = Store()

    async def take(self, command: Command) -> Answer:
        self.sent.append(command)
        await self.may_answer.wait()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome or Answer(command_id=command.command_id, accepted=True)

    async def ask(self, query: Any) -> Any:
        self.asked.append(query)
        if isinstance(query, AccountsQuery):
            return AccountsResult(accounts=tuple(self.store.accounts.values()), cursor=0)
        if isinstance(query, WhyQuery):
            return WhyResult(self.store.orders[query.order_id], (), None)
        assert isinstance(query, PreviewQuery | PreviewAmendQuery)
        values: dict[str, Any] = {
            "refusal": None, "reserve_asset": "CNY", "reserve": Decimal(1000), "fee": Decimal(5), "fee_asset": "CNY",
            "position_after": 300, "available": Decimal(10_000), "instrument": MOUTAI.id,
        }  # fmt: skip
        return PreviewResult(**{**values, **self.preview})

    @property
    def orders(self) -> list[Any]:
        return [command for command in self.sent if isinstance(command, TRADES)]


def screen_of(pilot: Pilot[int]) -> Any:
    assert isinstance(pilot.app, TermdeskApp)
    return pilot.app._screen


def load(pilot: Pilot[int], *lines: Any) -> None:
    """Let these be the orders that the desk knows."""
    screen = screen_of(pilot)
    screen.store.load_orders(OrdersResult(orders=lines, cursor=5))
    screen.flush(everything=True)


@asynccontextmanager
async def order_desk(
    monkeypatch: Any,
    engine: Engine,
    config: Path | None = None,
    size: tuple[int, int] = (120, 40),
    language: str = "en",
) -> AsyncIterator[Pilot[int]]:
    monkeypatch.setattr(Link, "do", lambda _, command: engine.take(command))
    monkeypatch.setattr(Link, "asking", property(lambda _: engine))
    app = app_of(language, config=config)
    async with app.run_test(size=size) as pilot:
        fill_store(app.store)
        engine.store = app.store
        app._screen.flush(everything=True)
        await until(pilot, lambda: screen_of(pilot).navigation.cursor)
        yield pilot


def stroke(pilot: Pilot[int], key: str, at_s: float) -> None:
    """Let a key be read from the terminal at a moment."""
    character = {"enter": "\r", "tab": "\t", "space": " ", "colon": ":"}.get(key, key if len(key) == 1 else None)
    event = Key(key, character)
    event.time = at_s
    event.set_sender(pilot.app)
    driver = pilot.app._driver
    assert driver is not None
    driver.send_message(event)


def hold(pilot: Pilot[int], qty: int, account: str = "cash", **changes: Any) -> None:
    """Let an account hold so much of the first instrument."""
    store = screen_of(pilot).store
    body = store.accounts["cash"]
    line = body.positions[0] if body.positions else None
    assert line is not None
    fields = {name: getattr(line, name) for name in line.__struct_fields__} | {"qty": qty} | changes
    lines = (type(line)(**fields),) if qty else ()
    store.take_topics(topics(AccountBody(account, account, body.cash, lines)), 0)
