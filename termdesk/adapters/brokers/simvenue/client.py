"""The connection to a simulated venue."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect

from termdesk.adapters.brokers.simvenue.decode import Translator, UnknownSymbol
from termdesk.adapters.brokers.simvenue.messages import Login
from termdesk.adapters.contract import BrokerCapabilities, NotSent
from termdesk.core.model.errors import AdapterError
from termdesk.core.model.venue import ToBroker, VenueReport

NAME = "simvenue"
CAPABILITIES = BrokerCapabilities(
    ord_types=("limit", "market"),
    times_in_force=("gtc", "ioc", "fok"),
    replace="in_place",
    lookup_by_client_id=True,
    simulated=True,
    absent_after_ns=2_000_000_000,
    history_ns=1 << 62,
    answer_within_ns=2_000_000_000,
)
"""No stops, no trailing, no icebergs, no DAY: what this venue lacks is carried out in the engine."""

_CONNECT_WITHIN_S = 5.0
_LARGEST_FRAME = 8_000_000


class SimVenueSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table ``[brokers.simvenue]``."""

    url: str = "ws://127.0.0.1:7788"
    """Where ``python -m termdesk.testing.venue`` listens."""
    token: str = ""
    """What the venue asks for at log-in; empty where it asks for nothing."""
    answer_within_ms: int = 2000
    """A request without an answer for so long has an unknown outcome."""


class SimVenueSession:
    """One connection; logged in."""

    def __init__(self, connection: ClientConnection, translator: Translator) -> None:
        self._connection = connection
        self._translator = translator

    async def send(self, message: ToBroker) -> None:
        """Hand a message over."""
        try:
            frame = self._translator.encode(message)
        except UnknownSymbol as error:
            raise NotSent(str(error)) from None
        if frame is not None:
            await self._connection.send(frame)

    async def reports(self) -> AsyncIterator[Sequence[VenueReport]]:
        """Give what the venue says until the connection ends."""
        async for frame in self._connection:
            report = self._translator.decode(frame if isinstance(frame, bytes) else frame.encode())
            if report is not None:
                yield [report]

    async def close(self) -> None:
        """End the connection."""
        await self._connection.close()


class SimVenueBroker:
    """A broker whose venue is a simulated one in another process. Trades no real money."""

    name = NAME

    def __init__(self, settings: SimVenueSettings, accounts: Sequence[str]) -> None:
        within_ns = settings.answer_within_ms * 1_000_000
        self.capabilities = msgspec.structs.replace(CAPABILITIES, answer_within_ns=within_ns, absent_after_ns=within_ns)
        self._settings = settings
        self._accounts = tuple(accounts)

    async def connect(self) -> SimVenueSession:
        """Connect and log in."""
        connection = await connect(
            self._settings.url,
            open_timeout=_CONNECT_WITHIN_S,
            max_size=_LARGEST_FRAME,
            compression=None,
            ping_interval=2,
            ping_timeout=2,
        )
        translator = Translator(self.name)
        try:
            await connection.send(msgspec.msgpack.encode(Login(self._settings.token, self._accounts)))
            greeting = await connection.recv()
            translator.decode(greeting if isinstance(greeting, bytes) else greeting.encode())
        except BaseException:
            await connection.close()
            raise
        return SimVenueSession(connection, translator)


class SimVenueFactory:
    """Entry point of ``termdesk.brokers`` and ``termdesk.brokers.simulated``."""

    name = NAME
    capabilities = CAPABILITIES
    settings: type[msgspec.Struct] = SimVenueSettings

    def open(self, settings: Any, accounts: Sequence[str]) -> SimVenueBroker:  # noqa: ANN401  # SimVenueSettings
        """Make a broker for these accounts.

        Raises:
            AdapterError: The URL is none of a websocket on this machine.
        """
        if not settings.url.startswith(("ws://127.0.0.1:", "ws://[::1]:", "ws://localhost:", "wss://")):
            raise AdapterError(f"[brokers.simvenue] url: expected ws:// on this machine or wss://, was {settings.url}")
        return SimVenueBroker(settings, accounts)


BROKER = SimVenueFactory()
