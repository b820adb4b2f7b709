"""How many decimals the money of a currency has, and rounding to them.

ISO 4217 minor units for the currencies listed; anything else (coins, stable
coins) is kept to 8 decimals, as crypto venues book it.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

MONEY_DECIMALS = {"CNY": 2, "HKD": 2, "USD": 2, "EUR": 2, "AUD": 2, "JPY": 0}
OTHER_DECIMALS = 8

EXACT = Context(prec=64)
"""Holds the product of any price and quantity; with the 28 digits of the default, absurd amounts can't be rounded."""

_OTHER_UNIT = Decimal(1).scaleb(-OTHER_DECIMALS)
_UNITS = {currency: Decimal(1).scaleb(-decimals) for currency, decimals in MONEY_DECIMALS.items()}


def money_unit(currency: str) -> Decimal:
    """The smallest amount of a currency."""
    return _UNITS.get(currency, _OTHER_UNIT)


def round_money(amount: Decimal, currency: str) -> Decimal:
    """Round half up: what is charged."""
    return amount.quantize(_UNITS.get(currency, _OTHER_UNIT), ROUND_HALF_UP, EXACT)


def round_money_up(amount: Decimal, currency: str) -> Decimal:
    """Round towards more: what is held back."""
    return amount.quantize(_UNITS.get(currency, _OTHER_UNIT), ROUND_CEILING, EXACT)


def round_money_down(amount: Decimal, currency: str) -> Decimal:
    """Round towards less: what is shown to people, so that it never looks like more than there is."""
    return amount.quantize(money_unit(currency), ROUND_FLOOR, EXACT)
