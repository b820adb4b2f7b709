"""The statement of a day as text, CSV or printable HTML, in the reader's language."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from termdesk.cli.money_shapes import AccountStatementShape, StatementShape
from termdesk.cli.shapes import FeeShape
from termdesk.core.model.text import sanitise
from termdesk.ui.locale import Catalogue

FORMATS = ("text", "csv", "html")
_COLUMNS = {
    "cash": ("currency", "what", "amount"),
    "fills": ("time", "order", "instrument", "side", "qty", "price", "amount", "fees"),
    "fees": ("currency", "what", "amount"),
    "positions": (
        "instrument",
        "qty",
        "settled",
        "average",
        "mark",
        "by",
        "unrealised",
        "realised",
        "fifo",
        "currency",
    ),
}
_NUMBERS = frozenset({"amount", "qty", "price", "settled", "average", "mark", "unrealised", "realised", "fifo", "fees"})
_STYLE = (
    "body{font:10pt sans-serif;margin:2em}table{border-collapse:collapse;margin:0 0 1.5em;width:100%}"
    "th,td{border-bottom:1px solid #ccc;padding:2px 6px;text-align:left}.n{text-align:right;font-family:monospace}"
    "h2{margin-top:1.5em}@page{size:A4 landscape;margin:1.5cm}tr{break-inside:avoid}"
)


class Section(msgspec.Struct, frozen=True):
    """A table of the statement."""

    account: str
    name: str
    """Key of its title."""
    columns: tuple[str, ...]
    """Keys of their titles."""
    rows: tuple[tuple[str, ...], ...]


def sections(statement: StatementShape, words: Catalogue) -> Iterator[Section]:
    """Lay a statement out: for each account cash, fills, fees and positions."""
    for one in statement.accounts:
        fees = tuple((fee.asset, words.word("fee", fee.kind), fee.amount) for fee in one.fees)
        tables = {
            "cash": tuple(_cash(one, words)),
            "fills": tuple(_fills(one, words)),
            "fees": fees,
            "positions": tuple(_positions(one)),
        }
        for name, rows in tables.items():
            yield Section(one.account, name, _COLUMNS[name], rows)


def as_csv(statement: StatementShape, words: Catalogue) -> str:
    """Write it as CSV: a block a table, each row led by account and table."""
    from termdesk.ui.blotter.export import safe  # loaded when it is asked for

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for section in sections(statement, words):
        title = words.tr(f"statement.{section.name}")
        lead = (section.account, title)
        writer.writerow(("account", words.tr("statement.section"), *_titles(section, words)))
        writer.writerows([*map(safe, (*lead, *row))] for row in section.rows)
    return out.getvalue()


def as_html(statement: StatementShape, words: Catalogue) -> str:
    """Write it as one page that prints well and needs nothing else."""
    title = html.escape(words.tr("statement.title", day=statement.day))
    parts = [
        f'<!doctype html><html lang="{words.language}"><meta charset="utf-8"><title>{title}</title>',
        f"<style>{_STYLE}</style><h1>{title}</h1>",
    ]
    if statement.still_open:
        parts.append(f"<p>{html.escape(still_open(statement, words))}</p>")
    account = None
    for section in sections(statement, words):
        if section.account != account:
            account = section.account
            parts.append(f"<h2>{html.escape(words.tr('statement.account', account=account))}</h2>")
        parts.append(_table(section, words))
    return "\n".join((*parts, "</html>\n"))


def still_open(statement: StatementShape, words: Catalogue) -> str:
    """Say which venues' days go on."""
    return words.tr("statement.still_open", venues=", ".join(statement.still_open))


def _table(section: Section, words: Catalogue) -> str:
    title = html.escape(words.tr(f"statement.{section.name}"))
    if not section.rows:
        return f"<h3>{title}</h3><p>{html.escape(words.tr('statement.none'))}</p>"
    kinds = [' class="n"' if name in _NUMBERS else "" for name in section.columns]
    titles = _titles(section, words)
    head = "".join(f"<th{kind}>{html.escape(text)}</th>" for kind, text in zip(kinds, titles, strict=True))
    rows = (
        "".join(f"<td{kind}>{html.escape(sanitise(cell))}</td>" for kind, cell in zip(kinds, row, strict=True))
        for row in section.rows
    )
    return f"<h3>{title}</h3><table><tr>{head}</tr>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _titles(section: Section, words: Catalogue) -> list[str]:
    return [words.tr(f"statement.{name}") for name in section.columns]


def titles(section: Section, words: Catalogue) -> list[tuple[str, bool]]:
    """The titles of its columns, and which hold numbers."""
    return [(text, name in _NUMBERS) for text, name in zip(_titles(section, words), section.columns, strict=True)]


def _cash(one: AccountStatementShape, words: Catalogue) -> Iterator[tuple[str, str, str]]:
    for line in one.cash:
        yield line.asset, words.tr("statement.opening"), line.opening
        for move in line.moves:
            cause, _, item = move.what.partition(" ")
            what = words.word("cause", cause)
            if item:
                what = f"{what}: {words.word('fee', words.word('cause', item))}"
            yield line.asset, what, move.amount
        yield line.asset, words.tr("statement.closing"), line.closing


def _fills(one: AccountStatementShape, words: Catalogue) -> Iterator[tuple[str, ...]]:
    for fill in one.fills:
        moment = datetime.fromtimestamp(fill.at_ns // 10**9, UTC).strftime("%Y-%m-%d %H:%M:%S")
        side = words.word("side", fill.side)
        fees = _told(fill.fees)
        yield moment, fill.order_id, fill.instrument, side, fill.qty, fill.price, fill.amount, fees


def _told(fees: tuple[FeeShape, ...]) -> str:
    return " + ".join(f"{fee.amount} {fee.asset}" for fee in fees) or "0"


def _positions(one: AccountStatementShape) -> Iterator[tuple[str, ...]]:
    for line in one.positions:
        by = f"{line.mark_source} {line.mark_day}".strip() or "-"
        yield (
            line.instrument,
            line.qty,
            line.settled,
            line.average,
            line.mark or "-",
            by,
            line.unrealised or "-",
            line.realised,
            line.fifo_realised,
            line.currency,
        )
