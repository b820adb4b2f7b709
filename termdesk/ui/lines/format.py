"""Numbers and names to cells of a fixed width.

Width is always counted in terminal cells, never in characters. A number that
does not fit is never cut: it is written shorter or shown as ``###``. Unknown
is ``–``, never 0.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from rich.cells import cell_len, set_cell_size

from termdesk.core.model.number import to_text, trimmed

UNKNOWN = "–"
Units = tuple[tuple[int, str], ...]
"""Steps of compact numbers, largest first: (factor, suffix)."""

ENGLISH_UNITS: Units = ((10**9, "B"), (10**6, "M"), (10**3, "K"))
CHINESE_UNITS: Units = ((10**8, "亿"), (10**4, "万"))
UNITS = {"en": ENGLISH_UNITS, "zh": CHINESE_UNITS}

_SECOND = 10**9
_AGES = ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))


def clean(text: str) -> str:
    """Make outside text safe to print: no escapes, no controls, no direction marks; spaces stay."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text)


def width_of(text: str) -> int:
    """Count the cells of a text."""
    return len(text) if text.isascii() else cell_len(text)


def left(text: str, width: int) -> str:
    """Fit a text into ``width`` cells, cut at the right."""
    text = clean(text)
    return text[:width].ljust(width) if text.isascii() else set_cell_size(text, width)


def cut(text: str, width: int) -> str:
    """Fit words into ``width`` cells; where some are cut off, the last cell says so."""
    return left(text, width) if width_of(clean(text)) <= width or width < 1 else left(text, width - 1) + "…"


def right(text: str, width: int) -> str:
    """Fit a text into ``width`` cells, pushed to the right, cut at the right when too long."""
    cells = width_of(text)
    return " " * (width - cells) + text if cells <= width else left(text, width)


def number(text: str, width: int) -> str:
    """Push a number to the right; one that does not fit becomes ``###``, never another number."""
    cells = width_of(text)
    return " " * (width - cells) + text if cells <= width else "#" * width


def split(text: str, cells: int) -> tuple[str, str]:
    """Part a text after ``cells`` cells; a wide character on the border goes to the second part."""
    if text.isascii():
        return text[:cells], text[cells:]
    used = 0
    for index, character in enumerate(text):
        used += cell_len(character)
        if used > cells:
            return text[:index], text[index:]
    return text, ""


def broken(text: str, width: int) -> tuple[str, str]:
    """Part a text that is longer than ``width`` cells; the rest is empty if it fits.

    Not within a word or a number, unless more can be read that way.
    """
    text = clean(text)
    if width_of(text) <= width:
        return text, ""
    most = at = len(split(text, width)[0])
    while at and text[at - 1 : at + 1].isascii() and " " not in text[at - 1 : at + 1]:
        at -= 1
    if not text[:at].strip() or width_of(text[at:]) >= width:
        at = most
    return text[:at].rstrip(), text[at:].lstrip()


@lru_cache(maxsize=4096)
def price(value: int, decimals: int) -> str:
    """Write a scaled price with all its decimals; 0 is unknown."""
    return to_text(value, decimals) if value else UNKNOWN


@lru_cache(maxsize=4096)
def size(value: int, decimals: int, width: int, units: Units) -> str:
    """Write a scaled size as exactly as ``width`` cells allow, rounded towards zero.

    Trailing zeros go first, then decimals, then thousands (or ten thousands)
    become a suffix. A size too small for the width reads ``<0.1``, not 0.
    """
    if value < 0:
        return "-" + size(-value, decimals, width - 1, units)
    exact = trimmed(to_text(value, decimals))
    if len(exact) <= width:
        return exact
    whole, _, part = exact.partition(".")
    if part and len(whole) <= width:
        short = trimmed(exact[:width].rstrip(".")) if width > len(whole) else whole
        return short if short.strip("0.") else _below(width)
    return _with_suffix(int(whole), width, units)


def _below(width: int) -> str:
    """Say that a size is too small to write."""
    if width < 4:
        return "<1" if width >= 2 else "#" * width
    return f"<0.{'0' * (width - 4)}1"


def _with_suffix(amount: int, width: int, units: Units) -> str:
    for factor, suffix in units:
        if amount < factor:
            continue
        hundredths = amount * 100 // factor
        for digits in (2, 1, 0):
            text = to_text(hundredths // 10 ** (2 - digits), digits) + suffix
            if cell_len(text) <= width:
                return text
        break
    return "#" * width


def signed(value: int, decimals: int) -> str:
    """Write a scaled difference with its sign; zero has none."""
    text = to_text(value, decimals)
    return f"+{text}" if value > 0 else text


def percent(value: int, base: int) -> str:
    """Write ``value`` as signed percent of ``base`` with two decimals; unknown without a base."""
    if base == 0:
        return UNKNOWN
    hundredths = value * 10_000
    rounded = (abs(hundredths) * 2 + abs(base)) // (2 * abs(base))
    sign = "" if rounded == 0 else "+" if (value > 0) == (base > 0) else "-"
    return f"{sign}{to_text(rounded, 2)}%"


def money(value: Decimal | None, decimals: int = 2, with_sign: bool = False) -> str:
    """Write money with thousands separators; None is unknown."""
    if value is None:
        return UNKNOWN
    text = f"{value:,.{decimals}f}"
    if text.strip("-0.,") == "":
        return text.lstrip("-")
    return f"+{text}" if with_sign and value > 0 else text


def average(value: Decimal, decimals: int) -> str:
    """Write an average price with two decimals more than the instrument has; 0 is none."""
    return f"{value:.{decimals + 2}f}" if value else UNKNOWN


@lru_cache(maxsize=512)
def age_of_seconds(seconds: int) -> str:
    """Write an age in its largest whole unit: ``3s``, ``2m``, ``5h``, ``8d``."""
    for length, unit in _AGES:
        if seconds >= length:
            return f"{seconds // length}{unit}"
    return "0s"


def age(age_ns: int | None) -> str:
    """Write an age given in nanoseconds; None is unknown."""
    return UNKNOWN if age_ns is None else age_of_seconds(age_ns // _SECOND)


def span(span_ns: int | None) -> str:
    """Write how long something took, in milliseconds to a tenth, from ten seconds on in seconds; None is unknown."""
    if span_ns is None:
        return UNKNOWN
    return f"{span_ns / 1e6:.1f}ms" if span_ns < 10 * _SECOND else f"{span_ns / 1e9:.0f}s"


def estimate(text: str) -> str:
    """Mark a number as an estimate."""
    return f"~{text}"


@lru_cache(maxsize=1024)
def _clock(seconds: int, pattern: str) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).strftime(pattern)


def clock(at_ns: int, offset_s: int, pattern: str = "%H:%M:%S") -> str:
    """Write a time of day at ``offset_s`` seconds east of Greenwich; 0 is unknown."""
    return _clock(at_ns // _SECOND + offset_s, pattern) if at_ns else UNKNOWN
