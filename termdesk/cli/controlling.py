"""What may trade: kill switch, halts and limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from termdesk.cli import options as o
from termdesk.cli.failure import DONE, BadUsage, console
from termdesk.cli.ordering import ORIGIN, answered, command_id_of, told
from termdesk.core.model.command import Answer, DeskCommand, KillSwitch, SetLimits, SetTradingState
from termdesk.core.model.limits import TradingState

if TYPE_CHECKING:
    from termdesk.client import EngineClient
    from termdesk.core.wire.queries import LimitsResult

Scope = Annotated[
    str,
    typer.Option("--instrument", metavar="SYMBOL", help="Only this instrument, or this segment such as SSE; else all."),
]
ScopeAccount = Annotated[str, typer.Option("--account", metavar="NAME", help="Only this account; else all.")]
Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is recorded.")]


@console
def kill(
    reason: Why,
    account: ScopeAccount = "",
    instrument: Scope = "",
    flatten: Annotated[bool, typer.Option("--flatten", help="Close the positions at the market after that.")] = False,
    desk: o.Desk = "",
    command_id: o.CommandId = "",
    json: o.Json = False,
) -> int:
    """Stop trading at once: no new orders, and every working one is cancelled. Lasts until termdesk resume."""

    def made(scope: str) -> DeskCommand:
        return KillSwitch(
            command_id=command_id_of(command_id),
            account=account,
            instrument=scope,
            note=reason,
            flatten=flatten,
            origin=ORIGIN,
        )

    return _do(desk, instrument, made, json=json)


@console
def halt(
    reason: Why,
    account: ScopeAccount = "",
    instrument: Scope = "",
    desk: o.Desk = "",
    command_id: o.CommandId = "",
    json: o.Json = False,
) -> int:
    """Take no new and no amended orders; working ones stay, cancels pass."""
    return _set(TradingState.HALTED, desk, account, instrument, reason, command_id, json=json)


@console
def reduce(
    reason: Why,
    account: ScopeAccount = "",
    instrument: Scope = "",
    desk: o.Desk = "",
    command_id: o.CommandId = "",
    json: o.Json = False,
) -> int:
    """Take only orders that make a position smaller."""
    return _set(TradingState.REDUCING, desk, account, instrument, reason, command_id, json=json)


@console
def resume(
    reason: Why,
    account: ScopeAccount = "",
    instrument: Scope = "",
    desk: o.Desk = "",
    command_id: o.CommandId = "",
    json: o.Json = False,
) -> int:
    """Trade again in a scope that was halted, reduced or killed; other scopes stay as they are."""
    return _set(TradingState.ACTIVE, desk, account, instrument, reason, command_id, json=json)


@console
def limits(
    changes: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME=VALUE]...", help="Limits to change; 0 takes one away.")
    ] = None,
    account: ScopeAccount = "",
    instrument: Scope = "",
    desk: o.Desk = "",
    command_id: o.CommandId = "",
    json: o.Json = False,
) -> int:
    """Show the limits in force and what is stopped, or change limits of a scope: max_qty=500 max_submits=10."""
    if changes:
        pairs = dict(_pair(text) for text in changes)

        def made(scope: str) -> DeskCommand:
            return SetLimits(
                command_id=command_id_of(command_id), account=account, instrument=scope, changes=pairs, origin=ORIGIN
            )

        return _do(desk, instrument, made, json=json)
    if account or instrument:
        raise BadUsage("expected NAME=VALUE with --account and --instrument; without them all limits are shown")
    return _show(desk, json=json)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise BadUsage(f"expected NAME=VALUE such as max_qty=500, was {text}")
    return name.replace("-", "_"), value


def _show(desk: str, *, json: bool) -> int:
    from termdesk.cli.desk import talk
    from termdesk.cli.output import print_json
    from termdesk.cli.shown import show_limits
    from termdesk.cli.status_page import print_limits
    from termdesk.core.wire.queries import LimitsQuery

    async def asked(client: EngineClient) -> LimitsResult:
        return await client.ask(LimitsQuery())

    found = show_limits(talk(desk, asked))
    if json:
        print_json(found)
    else:
        print_limits(found)
    return DONE


def _set(
    state: TradingState, desk: str, account: str, instrument: str, note: str, command_id: str, *, json: bool
) -> int:
    def made(scope: str) -> DeskCommand:
        return SetTradingState(
            command_id=command_id_of(command_id),
            state=state,
            account=account,
            instrument=scope,
            note=note,
            origin=ORIGIN,
        )

    return _do(desk, instrument, made, json=json)


def _do(desk: str, instrument: str, made: Callable[[str], DeskCommand], *, json: bool) -> int:
    from termdesk.cli.desk import fetch_instruments, talk
    from termdesk.core.language.symbols import resolve_symbol

    async def sent(client: EngineClient) -> Answer:
        known = await fetch_instruments(client) if instrument else {}
        segments = {one.segment for one in known.values()}
        scope = instrument if not instrument or instrument in segments else resolve_symbol(instrument, known).id
        return await answered(client, made(scope))

    return told(talk(desk, sent), json=json)
