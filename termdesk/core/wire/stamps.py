"""Times as text: ISO 8601 with nanoseconds and ``Z``."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z")


def stamp_text(ns: int) -> str:
    """Write nanoseconds since 1970 UTC: ``stamp_text(1) == "1970-01-01T00:00:00.000000001Z"``.

    Raises:
        OverflowError: The year is not between 1 and 9999; 64 bits never get there.
    """
    seconds, part = divmod(ns, 10**9)
    moment = _EPOCH + timedelta(seconds=seconds)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{part:09d}Z"


def stamp_ns(text: str) -> int:
    """Read what ``stamp_text`` writes; fewer decimals or none are fine, another zone is not.

    Raises:
        ValueError: The text is no such time; says what was expected.
    """
    match = _STAMP.fullmatch(text)
    if match is None:
        raise ValueError(f"expected a time such as 2026-01-31T09:30:00.000000000Z, was {text[:40]!r}")
    seconds = (datetime.fromisoformat(match[1] + "+00:00") - _EPOCH) // timedelta(seconds=1)
    return seconds * 10**9 + int((match[2] or "").ljust(9, "0"))
