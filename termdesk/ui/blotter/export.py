"""Rows as CSV and JSON, and as text for a clipboard: exact numbers, safe cells."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from termdesk.config.paths import places
from termdesk.core.model.instrument import Instrument
from termdesk.core.wire.projection import Json, shape_for
from termdesk.core.wire.queries import OrderLine
from termdesk.core.wire.scales import Surroundings
from termdesk.ui.lines.blotter_tables import Entry
from termdesk.ui.lines.format import clean

_NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d+)?%?")
_FORMULA = frozenset("=+-@\N{MINUS SIGN}")


class Known(msgspec.Struct, frozen=True):
    """Instruments and orders that give numbers their decimals."""

    instruments: Mapping[str, Instrument]
    orders: Mapping[str, OrderLine]

    def instrument(self, instrument_id: str) -> Instrument | None:
        """Give an instrument."""
        return self.instruments.get(instrument_id)

    def order_instrument(self, order_id: str) -> str | None:
        """Give an order's instrument."""
        line = self.orders.get(order_id)
        return line.instrument if line is not None else None


def safe(cell: str) -> str:
    """Make a cell that no spreadsheet takes for a formula and no terminal for a command; numbers stay numbers."""
    cell = clean(cell).strip()
    if len(cell) > 1 and _narrow(cell[0]) in _FORMULA and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def _narrow(character: str) -> str:
    """Give what a spreadsheet takes a full-width or small form for."""
    return unicodedata.normalize("NFKC", character)


def records(entries: Iterable[Entry], notes: Sequence[str], known: Known) -> list[dict[str, Json]]:
    """Give entries as the JSON protocol shows them, flat, each with its notes; texts are made safe to print."""
    rows = []
    for entry, note in zip(entries, notes, strict=True):
        shown = shape_for(type(entry)).show(entry, Surroundings(known))
        rows.append({**_flat(_clean(shown), ""), "notes": clean(note)})
    return rows


def _clean(value: Json) -> Json:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        return {clean(name): _clean(one) for name, one in value.items()}
    return value


def _flat(value: Json, prefix: str) -> dict[str, Json]:
    if isinstance(value, dict):
        rows: dict[str, Json] = {}
        for name, inner in value.items():
            rows |= _flat(inner, f"{prefix}.{name}" if prefix else name)
        return rows
    return {prefix: value}


def csv_text(rows: Sequence[Mapping[str, Json]]) -> str:
    """Write rows as CSV; columns are those of all rows, in the order in which they come."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(map(safe, names))
    writer.writerows([_cell(row.get(name)) for name in names] for row in rows)
    return written.getvalue()


def _cell(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return safe(value if isinstance(value, str) else str(msgspec.json.encode(value), "utf-8"))


def json_text(rows: Sequence[Mapping[str, Json]]) -> str:
    """Write rows as a JSON list."""
    return str(msgspec.json.format(msgspec.json.encode(rows), indent=2), "utf-8") + "\n"


def write_export(name: str, text: str) -> Path:
    """Write a file into the folder of exports, for this user's eyes; gives where it is.

    Raises:
        OSError: It can't be written.
    """
    folder = places().state / "exports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path
