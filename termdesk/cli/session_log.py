"""The session log: what people asked of a desk's orders and what came back, from its journal. Needs no engine."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from termdesk.cli import options as o
from termdesk.cli.failure import DONE, BadUsage, console
from termdesk.cli.journals import Desk, desk_or_only

if TYPE_CHECKING:
    from termdesk.cli.journal_shapes import ActorShape, RequestShape
    from termdesk.core.model.instrument import Instrument
    from termdesk.core.wire.requests import RequestLine

_PAGE = 1000


@console
def log(
    desk: Desk = "",
    order_id: Annotated[str, typer.Option("--order", metavar="ORDER", help="Only requests of this order.")] = "",
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV instead of a table.")] = False,
    json: o.Json = False,
) -> int:
    """List every order, amend, cancel and refusal that a person or program asked for, oldest first.

    From the journal: who, when, from where, the answer, and the time from the desk's decision to the venue's word. When
    a key was struck only the screen knows; it exports that from the log of its blotter.
    """
    from termdesk.cli.output import clock_text, print_json, print_table

    if csv and json:
        raise BadUsage("choose one of --csv and --json")
    shapes = [shape for shape in _shapes(desk_or_only(desk)) if order_id in ("", shape.order_id)]
    if json:
        print_json(shapes)
        return DONE
    if csv:
        _print_csv(shapes)
        return DONE
    print_table(
        "time actor origin what side >qty instrument >price >trigger order answer >answer_ms why",
        [
            (
                clock_text(one.asked_ns),
                one.actor,
                one.origin,
                one.what,
                one.side.value if one.side else "",
                one.qty or "",
                one.instrument,
                one.price or "",
                " ".join(filter(None, (one.trigger_price, one.trail and f"~{one.trail}"))),
                one.order_id,
                one.venue,
                None if one.round_trip_ns is None else f"{one.round_trip_ns / 1e6:.1f}",
                one.reason.text if one.reason else "",
            )
            for one in shapes
        ],
        empty="nothing was asked",
    )
    if shapes:
        print_table(
            "actor account >orders >amends >cancels >refused >cancel_rate",
            [
                (who.actor, who.account, who.submits, who.amends, who.cancels, who.refused, who.cancel_rate)
                for who in _by_actor(shapes)
            ],
        )
    return DONE


def _shapes(desk: str) -> list[RequestShape]:
    """Fold a journal's facts into requests, sealed months included."""
    from termdesk.config.paths import DeskPaths
    from termdesk.core.model.facts import InstrumentListed
    from termdesk.core.wire.requests import Requests
    from termdesk.journal import open_journal

    paths = DeskPaths.of(desk)
    journal = open_journal(paths.folder, desk=paths.desk, mode=None, read_only=True)
    requests, instruments, after = Requests(), {}, 0
    try:
        while page := journal.read(after, _PAGE):
            for record in page:
                if isinstance(record.fact, InstrumentListed):
                    instruments[record.fact.instrument.id] = record.fact.instrument
                requests.fold(record)
            after = page[-1].seq
    finally:
        journal.close()
    return [_shape(line, instruments.get(line.instrument)) for line in requests.lines.values()]


def _shape(line: RequestLine, instrument: Instrument | None) -> RequestShape:
    from termdesk.cli.journal_shapes import RequestShape
    from termdesk.cli.shown import show_reason
    from termdesk.core.model.trigger import distance_text

    def price(value: int | None) -> str | None:
        return None if instrument is None or value is None else instrument.price_text(value)

    return RequestShape(
        seq=line.seq,
        command_id=line.command_id,
        what=line.what,
        actor=line.actor,
        origin=line.origin,
        account=line.account,
        instrument=line.instrument,
        order_id=line.order_id,
        side=line.side,
        qty=None if instrument is None or line.qty is None else instrument.qty_text(line.qty),
        price=price(line.price),
        ord_type=line.ord_type,
        trigger_price=price(line.trigger_price),
        trail=None if line.trail is None else distance_text(line.trail),
        asked_ns=line.asked_ns,
        venue=line.venue,
        venue_ns=line.venue_ns,
        venue_seq=line.venue_seq,
        round_trip_ns=line.round_trip_ns,
        reason=show_reason(line.reason),
    )


def _by_actor(shapes: Iterable[RequestShape]) -> Iterable[ActorShape]:
    """Count by actor and account: how much of what somebody sent was taken back."""
    from termdesk.cli.journal_shapes import ActorShape

    groups: dict[tuple[str, str], list[str]] = {}
    for one in shapes:
        groups.setdefault((one.actor, one.account), []).append(one.what)
    for (actor, account), asked in groups.items():
        submits, cancels = asked.count("submit"), asked.count("cancel")
        yield ActorShape(
            actor=actor,
            account=account,
            submits=submits,
            amends=asked.count("amend"),
            cancels=cancels,
            refused=asked.count("refused"),
            cancel_rate=f"{cancels / submits:.0%}" if submits else None,
        )


def _print_csv(shapes: Iterable[RequestShape]) -> None:
    import msgspec

    from termdesk.ui.blotter.export import csv_text

    rows = []
    for one in shapes:
        row = {name: msgspec.to_builtins(getattr(one, name)) for name in one.__struct_fields__ if name != "reason"}
        why = (one.reason.code, one.reason.text) if one.reason else (None, None)
        rows.append({**row, "reason_code": why[0], "reason": why[1]})
    sys.stdout.write(csv_text(rows))
