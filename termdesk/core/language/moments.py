"""Moments in a line: ``2026-12-01``, ``2026-12-01T15:00``, ``2026-12-01T07:00:00Z``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from termdesk.core.model.errors import Refused
from termdesk.core.venues.days import utc_offset
from termdesk.core.venues.rulebook import rule_books

_SECOND_NS = 1_000_000_000
_DAY_NS = 86_400 * _SECOND_NS
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHAPE = "2026-12-01, 2026-12-01T15:00"
_LAST_YEAR = 2261
"""The last whole year whose nanoseconds fit 64 bits with a sign."""
_END_NS = (datetime(_LAST_YEAR + 1, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(seconds=1) * _SECOND_NS


def read_moment(text: str, instrument_id: str) -> int:
    """Read a moment as nanoseconds UTC.

    A date alone is its last moment. Without ``Z`` it is the time of the
    instrument's venue (UTC where the venue has no rule book).

    Raises:
        Refused: There is no such date or time.
    """
    plain, _, fraction = text.upper().removesuffix("Z").partition(".")
    try:
        read = datetime.fromisoformat(plain).replace(tzinfo=UTC)
    except ValueError:
        raise Refused("text.unexpected", {"found": text, "expected": _SHAPE}) from None
    at_ns = (read - _EPOCH) // timedelta(seconds=1) * _SECOND_NS + int(fraction.ljust(9, "0") or 0)
    if "T" not in plain:
        at_ns += _DAY_NS - 1
    if not 0 <= at_ns < _END_NS:
        raise Refused("text.unexpected", {"found": text, "expected": f"1970 … {_LAST_YEAR}"})
    return at_ns if text.upper().endswith("Z") else at_ns - _offset_ns(instrument_id, at_ns // _DAY_NS)


def moment_text(at_ns: int) -> str:
    """Write a moment in UTC, as it is read."""
    seconds, rest = divmod(at_ns, _SECOND_NS)
    text = (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{rest:09d}Z" if rest else f"{text}Z"


def _offset_ns(instrument_id: str, number: int) -> int:
    book = rule_books().get(instrument_id.rpartition(".")[2])
    return (utc_offset(book, number) if book is not None else 0) * 60 * _SECOND_NS
