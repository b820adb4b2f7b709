"""Which engine a console command speaks to, and speaking to it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from termdesk.cli.failure import BadUsage
from termdesk.client import DeskAddress, EngineClient, find, running
from termdesk.core.model.errors import EngineUnreachable
from termdesk.core.model.instrument import Instrument
from termdesk.core.wire.queries import InstrumentsQuery

T = TypeVar("T")

Instruments = dict[str, Instrument]
"""By id."""


def choose_desk(desk: str) -> DeskAddress:
    """Give the named desk, or the only running one.

    Raises:
        BadUsage: None was named and several run; the text lists them.
        EngineUnreachable: The named one, or none at all, runs.
    """
    if desk:
        return find(desk)
    found = running()
    if not found:
        raise EngineUnreachable("no engine runs; start one with: termdesk engine, or with its screen: termdesk")
    if len(found) > 1:
        raise BadUsage(f"several desks run, choose one with --desk: {', '.join(one.desk for one in found)}")
    return found[0]


def talk(desk: str, conversation: Callable[[EngineClient], Awaitable[T]]) -> T:
    """Connect to a desk, have a conversation, disconnect.

    Raises:
        BadUsage: See ``choose_desk``.
        EngineUnreachable: See ``choose_desk``; or the link was lost.
        Refused: The engine refused a query.
    """
    address = choose_desk(desk)

    async def had() -> T:
        client = await EngineClient.connect(address.socket, client="termdesk console")
        try:
            return await conversation(client)
        finally:
            await client.close()

    return asyncio.run(had())


async def fetch_instruments(client: EngineClient) -> Instruments:
    """Ask for every known instrument."""
    result = await client.ask(InstrumentsQuery())
    return {instrument.id: instrument for instrument in result.instruments}
