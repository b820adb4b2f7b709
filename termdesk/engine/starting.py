"""Bringing a desk up: its state out of the journal, then what its first or next start asks of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from termdesk.config.settings import Settings
from termdesk.core.market.market import Market
from termdesk.core.model.errors import AdapterError
from termdesk.core.model.event import DayReference, MarketEvent, Trade
from termdesk.core.model.terms import Link, Mode
from termdesk.core.trading.inputs import DepositCash, OpenAccount, OpenDesk, ResumeDesk
from termdesk.engine.brokers import Brokers
from termdesk.engine.desk import Desk
from termdesk.engine.emergency import EmergencyFile
from termdesk.engine.halting import asked_again
from termdesk.engine.sequencer import CommandInput
from termdesk.journal import replayed

__all__ = ["ask_again", "begin", "recorded_commands", "replayed", "restore_market", "resume"]


def begin(desk: Desk, settings: Settings, *, name: str, mode: Mode, seed: int, at_ns: int) -> None:
    """Open a new desk with the accounts of the configuration."""
    opening = OpenDesk(
        desk=name, mode=mode, seed=seed, base_currency=settings.desk.base_currency, limits=settings.limits.first()
    )
    desk.take_input(opening, at_ns, "start")
    for account, wanted in settings.accounts.items():
        opened = OpenAccount(account=account, kind=wanted.kind, broker=wanted.broker, fidelity=wanted.fidelity)
        desk.take_input(opened, at_ns, "start")
        for asset, amount in wanted.deposits.items():
            desk.take_input(DepositCash(account=account, asset=asset, amount=amount), at_ns, "start")


def name_routes(desk: Desk, brokers: Brokers, at_ns: int) -> None:
    """Let the desk know its brokers outside the engine before anything can be sent to them."""
    for route in brokers.routes.values():
        desk.take_reports([route.link(Link.DOWN, "not connected yet")], at_ns)


def resume(desk: Desk, emergency: EmergencyFile, *, version: str, broker: str, at_ns: int) -> None:
    """Go on with a desk: what brokers said unheard, then what was on its way."""
    clean = not desk.state.running
    desk.take_reports(emergency.left, at_ns)
    desk.take_input(ResumeDesk(clean=clean, engine_version=version, simulated=(broker,)), at_ns, "start")


def ask_again(desk: Desk, emergency: EmergencyFile, at_ns: int) -> None:
    """Ask what was carried out while nothing could be made durable: a person's word outlives the engine.

    Comes when brokers have their orders again. A cancel whose order has ended meanwhile is done.
    """
    for asked in emergency.asked:
        order = desk.state.orders.get(getattr(asked.command, "order_id", ""))
        if order is None or order.status.is_open:
            desk.take_command(CommandInput(at_ns, asked.actor, asked_again(asked.command)))


def restore_market(market: Market, saved: Iterable[tuple[str, MarketEvent]]) -> list[MarketEvent]:
    """Put saved bars back; gives what a feed that generates goes on from."""
    known: list[MarketEvent] = []
    for feed, event in saved:
        if isinstance(event, Trade):
            known.append(event)
            continue
        if isinstance(event, DayReference):
            known.append(event)
        market.apply(event, feed)
    return known


def recorded_commands(path: Path) -> list[CommandInput]:
    """Read recorded inputs, one JSON object a line: ``at_ns``, ``actor``, ``command``; other fields are ignored.

    Raises:
        AdapterError: The file can't be read, or a line is no input; names the line.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise AdapterError(f"recorded commands {path} can't be read: {error.strerror}") from error
    decoder = msgspec.json.Decoder(CommandInput)
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(decoder.decode(line))
        except msgspec.DecodeError as error:
            raise AdapterError(f"{path}:{number}: is no recorded command: {error}") from None
    return found
