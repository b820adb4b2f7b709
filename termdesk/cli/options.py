"""Options and arguments that several console commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Desk = Annotated[
    str, typer.Option("--desk", metavar="NAME", help="Desk to speak to; the only running one if left out.")
]
Account = Annotated[
    str, typer.Option("--account", metavar="NAME", help="Account; all, or the desk's first for orders.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
CommandId = Annotated[
    str,
    typer.Option(
        "--command-id",
        metavar="ID",
        help="Id of the command. The same id again repeats nothing and gives the first answer.",
    ),
]
Symbol = Annotated[str, typer.Argument(metavar="SYMBOL", help="Instrument id, or its code where only one has it.")]
OrderId = Annotated[str, typer.Argument(metavar="ORDER", help="Order id, as termdesk orders shows it.")]
