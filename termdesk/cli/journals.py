"""Commands on a desk's journal, which need no engine."""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated

import typer

from termdesk.cli import options as o
from termdesk.cli.failure import DONE, BadUsage, console

if TYPE_CHECKING:
    from termdesk.cli.journal_shapes import JournalMonthShape
    from termdesk.journal import SqliteJournal

Desk = Annotated[str, typer.Option("--desk", metavar="NAME", help="Desk whose journal; the only one if left out.")]


@console
def verify(desk: Desk = "", json: o.Json = False) -> int:
    """Check every fact and the whole chain of a desk's journal, sealed months included.

    An engine may hold the desk meanwhile.
    """
    from termdesk.cli.journal_shapes import JournalShape
    from termdesk.cli.output import print_json, print_line
    from termdesk.config.paths import DeskPaths
    from termdesk.journal import open_journal

    paths = DeskPaths.of(desk_or_only(desk))
    journal = open_journal(paths.folder, desk=paths.desk, mode=None, read_only=True, whole=True)
    try:
        for sealed in journal.sealed:
            sealed.verify()
        shape = JournalShape(
            desk=paths.desk,
            mode=journal.opened.mode if journal.opened else None,
            facts=journal.head,
            file=str(paths.journal),
            head_hash=journal.chain_head.hash.hex(),
            first=min(journal.removed + 1, journal.head),
            months=tuple(_months(journal)),
        )
    finally:
        journal.close()
    if json:
        print_json(shape)
        return DONE
    for month in shape.months:
        print_line(f"{month.month}: facts {month.first} to {month.last}, {month.state}")
    print_line(f"{shape.file}: {shape.facts} facts, the chain verifies")
    return DONE


def _months(journal: SqliteJournal) -> list[JournalMonthShape]:
    from termdesk.cli.journal_shapes import JournalMonthShape

    sealed = {each.month: str(each.file) for each in journal.sealed}
    starts = [(month.name, month.after.seq) for month in journal.months]
    ends = [after.after for _, after in pairwise(journal.months)] + [journal.chain_head]
    shapes = []
    for (name, after), end in zip(starts, ends, strict=True):
        state = "open" if end is ends[-1] else "closed"
        if end.seq <= journal.removed:
            state = "removed"
        elif name in sealed:
            state = "sealed"
        shapes.append(
            JournalMonthShape(
                month=name,
                first=after + 1,
                last=end.seq,
                head_hash=end.hash.hex(),
                state=state,  # type: ignore[arg-type]  # one of the four above
                file="" if state == "removed" else sealed.get(name, str(journal.file)),
            )
        )
    return shapes


@console
def export(
    desk: Desk = "",
    after: Annotated[int, typer.Option("--after", metavar="SEQ", help="Only facts above this number.")] = 0,
) -> int:
    """Write a desk's journal as JSON lines, a fact a line, sealed months included."""
    from termdesk.config.paths import DeskPaths
    from termdesk.journal import open_journal
    from termdesk.journal.export import export_facts

    paths = DeskPaths.of(desk_or_only(desk))
    journal = open_journal(paths.folder, desk=paths.desk, mode=None, read_only=True)
    try:
        export_facts(journal, sys.stdout.buffer, after)
        sys.stdout.buffer.flush()
    finally:
        journal.close()
    return DONE


@console
def quarantine(desk: Desk = "", json: o.Json = False) -> int:
    """Put a damaged journal aside whole and go on with the facts before the damage.

    What was decided after them is forgotten by the desk, though brokers may know of it.
    """
    from termdesk.cli.journal_shapes import QuarantineShape
    from termdesk.cli.output import print_json, print_line
    from termdesk.config.paths import DeskPaths
    from termdesk.engine.clock import SystemClock
    from termdesk.journal.quarantine import quarantine as put_aside

    paths = DeskPaths.of(desk_or_only(desk))
    done = put_aside(paths.folder, paths.desk, SystemClock().wall_ns())
    if json:
        print_json(
            QuarantineShape(
                desk=paths.desk,
                place=str(done.place),
                damage=done.damage,
                kept=done.kept,
                acknowledged=done.acknowledged,
            )
        )
        return DONE
    print_line(done.damage)
    print_line(f"the damaged files are in {done.place}, as they were")
    print_line(f"kept: facts up to {done.kept}; acknowledged were facts up to {done.acknowledged}")
    if done.acknowledged > done.kept:
        print_line("compare orders and positions with the broker before you trade: the desk knows nothing of the rest")
    return DONE


def desk_or_only(desk: str) -> str:
    """Give the desk that was named, or the only one that has a journal.

    Raises:
        BadUsage: None was named and there are several, or none.
    """
    from termdesk.config.paths import list_desks

    if desk:
        return desk
    found = [paths.desk for paths in list_desks() if paths.journal.exists()]
    if len(found) != 1:
        raise BadUsage(f"choose a desk with --desk; there are: {', '.join(found) or 'none'}")
    return found[0]
