"""The market as the desk sees it: book and quote."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Annotated

import typer

from termdesk.cli import options as o
from termdesk.cli.failure import DONE, console

if TYPE_CHECKING:
    from termdesk.cli.shapes import BookShape, QuoteShape
    from termdesk.client import EngineClient


@console
def book(
    symbol: o.Symbol,
    depth: Annotated[int, typer.Option("--depth", min=1, max=100, help="Levels a side.")] = 10,
    desk: o.Desk = "",
    json: o.Json = False,
) -> int:
    """Show the best levels of a book now."""
    from termdesk.cli.desk import fetch_instruments, talk
    from termdesk.cli.output import clock_text, print_json, print_line, print_table
    from termdesk.cli.shown import show_book
    from termdesk.core.language.symbols import resolve_symbol
    from termdesk.core.wire.queries import BookQuery

    async def asked(client: EngineClient) -> BookShape:
        instrument = resolve_symbol(symbol, await fetch_instruments(client))
        return show_book((await client.ask(BookQuery(instrument.id, depth))).book, instrument)

    found = talk(desk, asked)
    if json:
        print_json(found)
        return DONE
    print_line(
        f"{found.instrument} {clock_text(found.recv_ns)}{'' if found.valid else ' not valid: waits for a snapshot'}"
    )
    print_table(
        ">size >bid >ask >size",
        [
            (bid and bid.qty, bid and bid.price, ask and ask.price, ask and ask.qty)
            for bid, ask in zip_longest(found.bids, found.asks)
        ],
        empty="no orders in the book",
    )
    return DONE


@console
def quote(symbol: o.Symbol, desk: o.Desk = "", json: o.Json = False) -> int:
    """Show the quote line of an instrument now."""
    from termdesk.cli.desk import fetch_instruments, talk
    from termdesk.cli.output import clock_text, print_json, print_table
    from termdesk.cli.shown import show_quote
    from termdesk.core.language.symbols import resolve_symbol
    from termdesk.core.wire.queries import QuoteQuery

    async def asked(client: EngineClient) -> QuoteShape:
        instrument = resolve_symbol(symbol, await fetch_instruments(client))
        return show_quote(await client.ask(QuoteQuery(instrument.id)), instrument)

    line = talk(desk, asked)
    if json:
        print_json(line)
        return DONE
    age = f"{max(0, line.desk_ns - line.recv_ns) / 1e9:.1f}s" if line.recv_ns else None
    delay = None if line.delay_ns is None else f"{line.delay_ns / 1e9:g}s"
    print_table(
        "instrument >last >bid_size >bid >ask >ask_size >volume phase >age >delay time",
        [
            (
                line.instrument,
                line.last,
                line.bid_qty,
                line.bid,
                line.ask,
                line.ask_qty,
                line.volume,
                line.phase.value,
                age,
                delay,
                clock_text(line.venue_ns),
            )
        ],
    )
    return DONE
