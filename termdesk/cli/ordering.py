"""Commands to the desk: order, cancel, amend."""

from __future__ import annotations

from typing import Annotated

import typer

from termdesk.cli import options as o
from termdesk.cli.failure import DONE, FAILED, BadUsage, complain, console
from termdesk.client import EngineClient
from termdesk.core.model.command import AmendOrder, Answer, CancelAll, CancelOrder, DeskCommand

ORIGIN = "shell"
ANSWER_WITHIN_S = 10.0


@console
def order(
    words: Annotated[
        list[str],
        typer.Argument(metavar="TEXT", help='Such as "buy 0.01 BTCUSDT.BINANCE @ 61000"; < > and * need the quotes.'),
    ],
    account: o.Account = "",
    desk: o.Desk = "",
    command_id: o.CommandId = "",
    json: o.Json = False,
) -> int:
    """Send one line of the order language: SIDE QTY SYMBOL HOW [TIME] [post] [reduce], or alert SYMBOL >= PRICE.

    HOW is @ PRICE, market, mtl (what is left rests at the price got), stop PRICE or touch PRICE (with @ LIMIT),
    or trail 5%|25bp|3t|DIFFERENCE [stop PRICE] [from PRICE] [limit DIFFERENCE]; the last three take by last, bidask,
    mid or last2. TIME is gtc, day, ioc, fok, at-open, at-close or gtd 2026-12-01[T15:00] in the venue's time.
    post is refused rather than taking, reduce closes at most what is open, show QTY shows so much at a time.
    EXITS are sl PRICE and tp PRICE [oto full|partial]; oco NAME and ouo NAME make orders depend on each other.
    """
    from termdesk.cli.desk import fetch_instruments, talk
    from termdesk.core.language.context import Context
    from termdesk.core.language.parse import parse
    from termdesk.core.wire.queries import OrdersQuery

    async def sent(client: EngineClient) -> Answer:
        orders = await client.ask(OrdersQuery(working_only=True))
        context = Context(
            instruments=await fetch_instruments(client),
            account=account or client.welcome.accounts[0],
            command_id=command_id_of(command_id),
            origin=ORIGIN,
            orders={line.order_id: line.instrument for line in orders.orders},
            accounts=client.welcome.accounts,
        )
        return await answered(client, parse(" ".join(words), context))

    return told(talk(desk, sent), json=json)


@console
def cancel(
    order_id: Annotated[str, typer.Argument(metavar="[ORDER]", help="Order id.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Cancel every working order.")] = False,
    symbol: Annotated[str, typer.Option("--symbol", metavar="SYMBOL", help="With --all: of this instrument.")] = "",
    account: o.Account = "",
    desk: o.Desk = "",
    command_id: o.CommandId = "",
    json: o.Json = False,
) -> int:
    """Cancel one working order, or with --all every one."""
    from termdesk.cli.desk import fetch_instruments, talk
    from termdesk.core.language.symbols import resolve_symbol

    if bool(order_id) == every:
        raise BadUsage("expected an order id or --all: termdesk cancel ORDER, termdesk cancel --all")
    if (symbol or account) and not every:
        raise BadUsage("--symbol and --account go with --all; an order id names its order alone")

    async def sent(client: EngineClient) -> Answer:
        if not every:
            return await answered(
                client, CancelOrder(command_id=command_id_of(command_id), order_id=order_id, origin=ORIGIN)
            )
        instrument = resolve_symbol(symbol, await fetch_instruments(client)).id if symbol else None
        command = CancelAll(
            command_id=command_id_of(command_id), account=account or None, instrument=instrument, origin=ORIGIN
        )
        return await answered(client, command)

    return told(talk(desk, sent), json=json)


@console
def amend(
    order_id: o.OrderId,
    qty: Annotated[str, typer.Option("--qty", metavar="QTY", help="New total quantity, filled part included.")] = "",
    price: Annotated[str, typer.Option("--price", metavar="PRICE", help="New limit price.")] = "",
    trigger: Annotated[str, typer.Option("--trigger", metavar="PRICE", help="New trigger of a waiting order.")] = "",
    desk: o.Desk = "",
    command_id: o.CommandId = "",
    json: o.Json = False,
) -> int:
    """Change price, total quantity or trigger of a working order. It may lose its place in the queue."""
    from termdesk.cli.desk import fetch_instruments, talk
    from termdesk.core.wire.queries import WhyQuery

    if not (qty or price or trigger):
        raise BadUsage("expected --qty, --price or --trigger, or several of them")

    async def sent(client: EngineClient) -> Answer:
        line = (await client.ask(WhyQuery(order_id))).order
        instrument = (await fetch_instruments(client))[line.instrument]
        command = AmendOrder(
            command_id=command_id_of(command_id),
            order_id=order_id,
            qty=instrument.qty(qty) if qty else None,
            price=instrument.price(price) if price else None,
            trigger_price=instrument.price(trigger) if trigger else None,
            origin=ORIGIN,
        )
        return await answered(client, command)

    return told(talk(desk, sent), json=json)


@console
def resolve(
    order_id: o.OrderId,
    outcome: Annotated[
        str, typer.Option("--as", metavar="OUTCOME", help="working, filled, canceled, rejected, expired or not_sent.")
    ],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why you know; recorded with your name.")],
    qty: Annotated[str, typer.Option("--qty", metavar="QTY", help="What was filled beyond what is shown.")] = "",
    price: Annotated[str, typer.Option("--price", metavar="PRICE", help="Average price of that.")] = "",
    venue_id: Annotated[str, typer.Option("--venue-id", metavar="ID", help="The venue's id of the order.")] = "",
    desk: o.Desk = "",
    command_id: o.CommandId = "",
    json: o.Json = False,
) -> int:
    """Settle by your word what became of an order whose outcome is unknown.

    Sends nothing to the venue. Whatever the venue says later still counts.
    """
    from termdesk.cli.desk import fetch_instruments, talk
    from termdesk.core.model.command import ResolveOrder
    from termdesk.core.model.terms import Outcome
    from termdesk.core.wire.queries import WhyQuery

    words = [one.value for one in Outcome]
    if outcome not in words:
        raise BadUsage(f"--as: expected one of {', '.join(words)}, was {outcome}")

    async def sent(client: EngineClient) -> Answer:
        line = (await client.ask(WhyQuery(order_id))).order
        instrument = (await fetch_instruments(client))[line.instrument]
        command = ResolveOrder(
            command_id=command_id_of(command_id),
            order_id=order_id,
            outcome=Outcome(outcome),
            note=reason,
            qty=instrument.qty(qty) if qty else None,
            price=instrument.price(price) if price else None,
            venue_order_id=venue_id,
            origin=ORIGIN,
        )
        return await answered(client, command)

    return told(talk(desk, sent), json=json)


def command_id_of(given: str) -> str:
    """Give the id that was asked for, or a new one."""
    from termdesk.client import new_command_id

    return given or new_command_id()


async def answered(client: EngineClient, command: DeskCommand) -> Answer:
    """Send a command and wait for its answer; says how to learn it where none came."""
    from termdesk.core.model.errors import OutcomeUnknown

    try:
        return await client.do(command, ANSWER_WITHIN_S)
    except OutcomeUnknown as unknown:
        complain(f"repeat it with --command-id {unknown.command_id} to learn its answer: nothing is then done twice")
        raise


def told(answer: Answer, *, json: bool) -> int:
    """Print an answer; gives the exit code."""
    from termdesk.cli.output import print_json, print_line
    from termdesk.cli.shown import show_answer

    shown = show_answer(answer)
    if json:
        print_json(shown)
    elif shown.reason is not None:
        complain(shown.reason.text)
    else:
        print_line(" ".join(("accepted", *shown.order_ids, *shown.condition_ids)))
    return DONE if shown.accepted else FAILED
