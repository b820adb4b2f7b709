"""Engines: start one in the foreground, attach a screen, look at it, stop it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from termdesk.cli import options as o
from termdesk.cli.failure import DONE, FAILED, BadUsage, complain, console
from termdesk.cli.root import ROOT_OPTIONS, speed_of, symbols_of

if TYPE_CHECKING:
    from termdesk.client import EngineClient
    from termdesk.core.wire.queries import StatusResult

STOPS_WITHIN_S = 15.0

Feed = Annotated[str, typer.Option("--feed", metavar="NAME", help=ROOT_OPTIONS["feed"].help)]
Symbols = Annotated[str, typer.Option("--symbols", metavar="A,B", help=ROOT_OPTIONS["symbols"].help)]
Config = Annotated[Path | None, typer.Option("--config", metavar="FILE", help=ROOT_OPTIONS["config"].help)]
Theme = Annotated[str, typer.Option("--theme", metavar="NAME|FILE", help=ROOT_OPTIONS["theme"].help)]
Language = Annotated[str, typer.Option("--language", metavar="en|zh", help=ROOT_OPTIONS["language"].help)]


@console
def engine(
    desk: Annotated[str, typer.Option("--desk", metavar="NAME", help="Desk to run; made if there is none.")] = "",
    feed: Feed = "",
    symbols: Symbols = "",
    config: Config = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Seed of what is generated.")] = None,
    replay: Annotated[
        list[Path] | None, typer.Option("--replay", metavar="FILE", help="Recording to play; may be repeated.")
    ] = None,
    speed: Annotated[str, typer.Option("--speed", metavar="N|max", help=ROOT_OPTIONS["speed"].help)] = "1",
    paused: Annotated[bool, typer.Option("--paused", help="Begin a replay paused.")] = False,
    jump_to: Annotated[
        str, typer.Option("--jump-to", metavar="TIME", help="Play up to this time at full speed first.")
    ] = "",
    until: Annotated[str, typer.Option("--until", metavar="TIME", help="End the recording after this time.")] = "",
    commands: Annotated[
        Path | None, typer.Option("--commands", metavar="FILE", help="Recorded inputs to give again at their times.")
    ] = None,
    exit_at_end: Annotated[bool, typer.Option("--exit-at-end", help="Stop when all is played.")] = False,
    screen_started: Annotated[bool, typer.Option("--screen-started", hidden=True)] = False,
) -> int:
    """Run an engine in the foreground until it is stopped. Times are ISO 8601 in UTC or nanoseconds since 1970."""
    from termdesk.engine.main import run_engine
    from termdesk.engine.options import EngineOptions

    options = EngineOptions(
        desk=desk,
        feed=feed,
        symbols=symbols_of(symbols),
        seed=seed,
        config=config,
        replay=tuple(replay or ()),
        speed=speed_of(speed),
        paused=paused,
        jump_to_ns=_time("--jump-to", jump_to),
        until_ns=_time("--until", until),
        commands=commands,
        exit_at_end=exit_at_end,
        screen_started=screen_started,
    )
    return run_engine(options)


@console
def attach(
    desk: o.Desk = "",
    theme: Theme = "",
    language: Language = "",
    config: Config = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Only look on: this screen sends nothing.")] = False,
    profile: Annotated[str, typer.Option("--profile", metavar="auto|full|low", help=ROOT_OPTIONS["profile"].help)] = "",
    no_mouse: Annotated[bool, typer.Option("--no-mouse", help=ROOT_OPTIONS["no_mouse"].help)] = False,
) -> int:
    """Open a screen on a running engine; starts none."""
    from termdesk.cli.desk import choose_desk
    from termdesk.config.launch import LaunchOptions
    from termdesk.ui.launch import run

    address = choose_desk(desk)
    return run(
        LaunchOptions(
            desk=address.desk,
            config=config,
            language=language,
            theme=theme,
            profile=profile,
            mouse=False if no_mouse else None,
            may_start_engine=False,
            read_only=read_only,
        )
    )


@console
def status(desk: o.Desk = "", json: o.Json = False) -> int:
    """Show how an engine is: feeds, screens, journal, load."""
    from termdesk.cli.desk import choose_desk, talk
    from termdesk.cli.output import print_json
    from termdesk.cli.shown import show_status
    from termdesk.core.wire.queries import StatusQuery

    async def asked(client: EngineClient) -> StatusResult:
        return await client.ask(StatusQuery())

    address = choose_desk(desk)
    found = show_status(talk(address.desk, asked), str(address.socket))
    if json:
        print_json(found)
        return DONE
    from termdesk.cli.status_page import print_status

    print_status(found)
    return DONE


@console
def stop(desk: o.Desk = "", json: o.Json = False) -> int:
    """Stop an engine. Working orders stay in its journal and work again when it starts."""
    import asyncio

    from termdesk.cli.desk import choose_desk, talk
    from termdesk.cli.output import print_json, print_line
    from termdesk.cli.shapes import StoppedShape
    from termdesk.client import new_command_id
    from termdesk.client.discovery import answers
    from termdesk.core.model.command import StopEngine
    from termdesk.core.model.errors import OutcomeUnknown, Refused

    address = choose_desk(desk)

    async def stopped(client: EngineClient) -> bool:
        try:
            async with asyncio.timeout(STOPS_WITHIN_S):
                answer = await client.do(StopEngine(command_id=new_command_id()))
                if not answer.accepted:
                    raise Refused(answer.code, answer.params)
                await client.wait_lost()
                await _silent(address.socket)
        except OutcomeUnknown:
            return not answers(address.socket)
        except TimeoutError:
            return False
        return True

    if not talk(address.desk, stopped):
        complain(f"desk {address.desk} still runs; see termdesk status --desk {address.desk}")
        return FAILED
    if json:
        print_json(StoppedShape(desk=address.desk))
    else:
        print_line(f"desk {address.desk} has stopped")
    return DONE


async def _silent(socket: Path) -> None:
    """Wait until nobody listens; the engine closes its journal before its socket."""
    import asyncio

    from termdesk.client.discovery import answers

    while answers(socket):  # noqa: ASYNC110 another process can't set an event of ours
        await asyncio.sleep(0.02)


def _time(option: str, text: str) -> int | None:
    from termdesk.core.wire.stamps import stamp_ns

    if not text:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        return stamp_ns(text)
    except ValueError as error:
        raise BadUsage(f"{option}: {error}, or nanoseconds since 1970") from None
