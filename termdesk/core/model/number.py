"""Scaled integers and their decimal text.

A price or quantity inside the program is an ``int`` counted in units of
``10 ** -decimals`` of its instrument. Text and ``Decimal`` exist only at the
edge; these functions are that edge. They never round.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Annotated

import msgspec

from termdesk.core.model.errors import NumberRefused

Price = Annotated[int, msgspec.Meta(extra={"unit": "price"})]
"""Scaled price of the struct's instrument."""
Qty = Annotated[int, msgspec.Meta(extra={"unit": "qty"})]
"""Scaled quantity of the struct's instrument."""
Ns = Annotated[int, msgspec.Meta(extra={"unit": "ns"})]
"""Nanoseconds since 1970-01-01 UTC."""

_POWERS = tuple(10**n for n in range(32))
_STEPS = tuple(Decimal(1).scaleb(-n) for n in range(32))
MOST_UNITS = 2**63 - 1
"""Scaled numbers fit 64 bits with a sign."""
LARGEST = Decimal(10) ** 14
"""Most money of one booking: sums of thousands of them, in the smallest units there are, fit 28 digits."""
_FINEST = 12
_DECIMAL = re.compile(r"-?\d+\.\d+")
_EXACT = Context(prec=64, traps=[Inexact])


def to_scaled(value: str | Decimal, decimals: int) -> int:
    """Turn decimal text into a scaled integer, exactly.

    Args:
        value: Plain decimal number, any sign; exponents and NaN are refused.
        decimals: Storage decimals of the instrument, 0 to 31.

    Raises:
        NumberRefused: ``value`` is no finite number, has more decimals than
            the instrument stores, or does not fit 64 bits.
    """
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise NumberRefused("number.invalid", {"value": str(value)[:40]}) from None
    if not number.is_finite():
        raise NumberRefused("number.invalid", {"value": str(value)[:40]})
    if number.adjusted() > 20:
        raise NumberRefused("number.too_large", {"value": str(value)[:40]})
    try:
        scaled = number.scaleb(decimals, _EXACT)
    except Inexact:
        raise _too_fine(value, decimals) from None
    whole = int(scaled)
    if whole != scaled:
        raise _too_fine(value, decimals)
    if abs(whole) > MOST_UNITS:
        raise NumberRefused("number.too_large", {"value": str(value)[:40]})
    return whole


def check_amount(what: str, amount: Decimal) -> None:
    """Let pass an amount of a configuration that is above 0 and at most ``LARGEST``.

    Raises:
        ValueError: It is not, in words that name it as ``what``.
    """
    if not amount.is_finite() or not 0 < amount <= LARGEST:
        raise ValueError(f"{what} must be above 0 and at most {LARGEST}, was {amount}")


def bounded(value: Decimal) -> Decimal:
    """Give an amount, price or rate from outside back, if sums of such numbers can be kept exactly.

    Raises:
        NumberRefused: It is no finite number, is beyond ``LARGEST``, or has more than 12 decimals.
    """
    if not value.is_finite():
        raise NumberRefused("number.invalid", {"value": str(value)[:40]})
    if abs(value) > LARGEST:
        raise NumberRefused("number.too_large", {"value": str(value)[:40]})
    if int(value.as_tuple().exponent) < -_FINEST:
        raise _too_fine(value, _FINEST)
    return value


def _too_fine(value: str | Decimal, decimals: int) -> NumberRefused:
    return NumberRefused("number.decimals", {"value": str(value)[:40], "decimals": str(decimals)})


def to_decimal(scaled: int, decimals: int) -> Decimal:
    """Give the exact decimal value of a scaled integer."""
    return Decimal(scaled) * _STEPS[decimals]


def to_text(scaled: int, decimals: int) -> str:
    """Write a scaled integer with all its decimals: ``to_text(6100000, 2) == "61000.00"``."""
    text = str(scaled)
    if decimals == 0:
        return text
    if scaled > 0 and len(text) > decimals:
        return f"{text[:-decimals]}.{text[-decimals:]}"
    sign = "-" if scaled < 0 else ""
    whole, part = divmod(abs(scaled), _POWERS[decimals])
    return f"{sign}{whole}.{part:0{decimals}d}"


def trimmed(text: str) -> str:
    """Take zeros off decimal text that say nothing; other text stays as it is."""
    return text.rstrip("0").rstrip(".") if _DECIMAL.fullmatch(text) else text


def plain(value: Decimal) -> str:
    """Write a decimal without exponent and without trailing zeros."""
    text = trimmed(f"{value:f}")
    return "0" if text == "-0" else text


def padded(value: Decimal, decimals: int) -> str:
    """Write a decimal exactly, with so many decimals or, where it needs them, more."""
    whole, _, part = plain(value).partition(".")
    part = part.ljust(decimals, "0")
    return f"{whole}.{part}" if part else whole
