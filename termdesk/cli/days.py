"""Trading days: which are open, closing one, and the statement of a day."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from termdesk.cli import options as o
from termdesk.cli.failure import DONE, BadUsage, console
from termdesk.cli.ordering import ORIGIN, answered, command_id_of, told
from termdesk.core.model.command import Answer, CloseDay

if TYPE_CHECKING:
    from termdesk.cli.desk import Instruments
    from termdesk.cli.money_shapes import DayShape, StatementShape
    from termdesk.client import EngineClient

Day = Annotated[str, typer.Argument(metavar="DAY", help="Trading day as YYYY-MM-DD.")]


@console
def status(desk: o.Desk = "", json: o.Json = False) -> int:
    """List the venues whose days are counted: the open trading day, when it ends, and the one closed before."""
    from termdesk.cli.desk import talk
    from termdesk.cli.money_shown import show_days
    from termdesk.cli.output import clock_text, print_json, print_table
    from termdesk.core.wire.queries import DaysQuery

    async def asked(client: EngineClient) -> list[DayShape]:
        return show_days(await client.ask(DaysQuery()))

    found = talk(desk, asked)
    if json:
        print_json(found)
        return DONE
    print_table(
        "venue open ends closed at missed",
        [
            (
                line.venue or "desk",
                line.day,
                clock_text(line.ends_ns),
                line.closed_day or None,
                clock_text(line.closed_ns),
                "yes" if line.missed else None,
            )
            for line in found
        ],
        empty="no trading days are counted: nothing was traded yet",
    )
    return DONE


@console
def close(
    venue: Annotated[str, typer.Argument(metavar="VENUE", help="Segment such as SSE; desk for the desk's own days.")],
    day: Annotated[str, typer.Argument(metavar="[DAY]", help="Refused where another day is open.")] = "",
    desk: o.Desk = "",
    command_id: o.CommandId = "",
    json: o.Json = False,
) -> int:
    """Close a venue's trading day once its sessions are over. Else the calendar does it when the next day begins."""
    from termdesk.cli.desk import talk

    async def sent(client: EngineClient) -> Answer:
        segment = "" if venue == "desk" else venue
        command = CloseDay(command_id=command_id_of(command_id), venue=segment, day=day, origin=ORIGIN)
        return await answered(client, command)

    return told(talk(desk, sent), json=json)


@console
def statement(
    day: Day,
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="text, csv or html; html prints well.")
    ] = "text",
    account: o.Account = "",
    desk: o.Desk = "",
    json: o.Json = False,
) -> int:
    """Print what moved on a trading day: cash, fills, fees by item, and positions with their marks."""
    from termdesk.cli.desk import fetch_instruments, talk
    from termdesk.cli.money_shown import show_statement, statement_for_people
    from termdesk.cli.output import print_json
    from termdesk.cli.statement_page import FORMATS, as_csv, as_html
    from termdesk.cli.voice import language
    from termdesk.core.wire.queries import FillsQuery, StatementQuery
    from termdesk.ui.locale import catalogue

    if form not in FORMATS:
        raise BadUsage(f"{form} is no format; expected one of {', '.join(FORMATS)}")
    if not _is_day(day):
        raise BadUsage(f"{day} is no day; expected one such as 2026-09-30")

    async def asked(client: EngineClient) -> tuple[Instruments, StatementShape]:
        result = await client.ask(StatementQuery(day, account))
        fills, instruments = await client.ask(FillsQuery(account)), await fetch_instruments(client)
        return instruments, show_statement(result, fills.fills, instruments)

    instruments, made = talk(desk, asked)
    words = catalogue(language())
    if json:
        print_json(made)
    elif form == "csv":
        sys.stdout.write(as_csv(made, words))
    elif form == "html":
        sys.stdout.write(as_html(statement_for_people(made, instruments), words))
    else:
        _print(statement_for_people(made, instruments))
    return DONE


def _print(made: StatementShape) -> None:
    from termdesk.cli.output import print_line, print_titled_table
    from termdesk.cli.statement_page import sections, still_open, titles
    from termdesk.cli.voice import language
    from termdesk.ui.locale import catalogue

    words = catalogue(language())
    print_line(words.tr("statement.title", day=made.day))
    if made.still_open:
        print_line(still_open(made, words))
    account = None
    for section in sections(made, words):
        if section.account != account:
            account = section.account
            print_line("")
            print_line(words.tr("statement.account", account=account))
        print_line("")
        print_line(words.tr(f"statement.{section.name}"))
        print_titled_table(titles(section, words), section.rows, empty=words.tr("statement.none"))


def _is_day(text: str) -> bool:
    from datetime import date

    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
