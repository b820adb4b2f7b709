"""The console: every command, and the root options in its help."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from inspect import getdoc
from typing import Annotated, Any

import typer

from termdesk.cli import (
    booking,
    comparing,
    controlling,
    days,
    files,
    journals,
    keys,
    listing,
    market,
    ordering,
    running,
    scenarios,
    session_log,
    simulation,
    web,
)
from termdesk.cli.root import ROOT_OPTIONS

HELP = """A trading workstation for the terminal.

Without a command it opens the screen: the demo desk, or what the options below say.
"""


_TAG = re.compile(r"\[(?=[a-z#/@])")
"""What the library that paints the help takes for the beginning of a style."""


def build_app() -> typer.Typer:
    """Make the console with all its commands."""
    app = typer.Typer(
        name="termdesk",
        help=HELP,
        no_args_is_help=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        pretty_exceptions_enable=False,
    )
    app.callback()(_root)
    for command in (
        running.engine,
        running.attach,
        running.status,
        running.stop,
        ordering.order,
        ordering.cancel,
        ordering.amend,
        ordering.resolve,
        controlling.kill,
        controlling.halt,
        controlling.reduce,
        controlling.resume,
        controlling.limits,
        listing.orders,
        listing.conditions,
        listing.fills,
        listing.positions,
        listing.account,
        listing.why,
        session_log.log,
        comparing.profiles,
        market.book,
        market.quote,
        keys.keys,
        web.web,
        files.replay,
        simulation.simulate,
    ):
        app.command(help=plain_help(command))(command)
    journal = typer.Typer(help="Look into a desk's journal.", no_args_is_help=True)
    for look in (journals.verify, journals.export, journals.quarantine):
        journal.command(help=plain_help(look))(look)
    app.add_typer(journal, name="journal")
    cash = typer.Typer(help="Move money that no order moves.", no_args_is_help=True)
    for money in (booking.deposit, booking.withdraw, booking.post, booking.interest):
        cash.command(help=plain_help(money))(money)
    app.add_typer(cash, name="cash")
    position = typer.Typer(help="Move units that no order moves.", no_args_is_help=True)
    position.command("open")(booking.open_position)
    for units in (booking.transfer, booking.allocate, booking.expire, booking.action):
        position.command(help=plain_help(units))(units)
    app.add_typer(position, name="position")
    day = typer.Typer(help="Trading days and their statements.", no_args_is_help=True)
    for of_day in (days.status, days.close, days.statement):
        day.command(help=plain_help(of_day))(of_day)
    app.add_typer(day, name="day")
    scenario = typer.Typer(help="Run scenarios of matching and order handling.", no_args_is_help=True)
    scenario.callback()(_scenario)
    scenario.command()(scenarios.run)
    app.add_typer(scenario, name="scenario")
    return app


def plain_help(command: Callable[..., Any]) -> str:
    """Give a command's docstring so that the help shows brackets as they stand instead of taking them for styles."""
    return _TAG.sub(r"\\[", getdoc(command) or "")


def run_console(words: Sequence[str]) -> int:
    """Run a console command; gives the exit code."""
    try:
        build_app()(list(words), prog_name="termdesk")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def _scenario() -> None:
    """Keep ``run`` a word of its own although it stands alone."""


def _option(name: str) -> Any:  # noqa: ANN401 typer's own options have no public type
    option = ROOT_OPTIONS[name]
    return typer.Option(option.flag, metavar=option.metavar or None, help=option.help, rich_help_panel="Screen")


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"termdesk {version('termdesk')}")
        raise typer.Exit


def _root(
    desk: Annotated[str, _option("desk")] = "",
    feed: Annotated[str, _option("feed")] = "",
    symbols: Annotated[str, _option("symbols")] = "",
    config: Annotated[str, _option("config")] = "",
    replay: Annotated[str, _option("replay")] = "",
    speed: Annotated[str, _option("speed")] = "",
    theme: Annotated[str, _option("theme")] = "",
    language: Annotated[str, _option("language")] = "",
    profile: Annotated[str, _option("profile")] = "",
    no_mouse: Annotated[bool, _option("no_mouse")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options of the screen; they are read by ``cli.root`` and stand here for the help."""
