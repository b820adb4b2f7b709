"""How large an order is: by preset, money, share of the position, or risk to a stop. Pure; always whole lots."""

from __future__ import annotations

import re
from decimal import ROUND_FLOOR, Decimal

import msgspec

from termdesk.config.settings import OrderSettings
from termdesk.core.model.instrument import Instrument, TradingRule
from termdesk.core.model.number import plain

_RISK = re.compile(r"(\d+(?:\.\d+)?)(?:\s*@\s*(\d+(?:\.\d+)?))?")


class Risk(msgspec.Struct, frozen=True):
    """Money that may be lost, and the price at which it is; None leaves that to the bracket's stop."""

    money: Decimal
    stop: str | None


def smallest(rule: TradingRule) -> int:
    """Give the smallest order."""
    return max(rule.min_qty, rule.lot)


def presets(settings: OrderSettings, instrument: Instrument, day: str) -> tuple[int, ...]:
    """Give the quantities on the digits 1 to 9; one that the instrument can't hold exactly is rounded down to it."""
    own = settings.instrument_presets.get(instrument.id)
    rule = instrument.rule(day)
    if own is not None:
        return tuple(_lots(amount.scaleb(instrument.qty_decimals), rule) for amount in own[:9])
    return tuple(_lots(amount * smallest(rule), rule) for amount in settings.presets[:9])


def by_notional(instrument: Instrument, day: str, money: Decimal, price: int) -> int:
    """Give the largest quantity that costs no more than ``money`` at a price, fees apart."""
    return _of_units(instrument, day, money, instrument.price_decimal(price))


def by_risk(instrument: Instrument, day: str, money: Decimal, entry: int, stop: int) -> int:
    """Give the largest quantity that loses no more than ``money`` between entry and stop, fees and slippage apart."""
    return _of_units(instrument, day, money, instrument.price_decimal(abs(entry - stop)))


def by_share(instrument: Instrument, day: str, percent: Decimal, position: int) -> int:
    """Give a share of a position, in whole lots; all of it is all of it, odd lots too."""
    if percent >= 100:
        return abs(position)
    return _lots(abs(position) * percent / 100, instrument.rule(day))


def written(instrument: Instrument, qty: int) -> str:
    """Write a quantity."""
    return plain(instrument.qty_decimal(qty))


def read_risk(text: str) -> Risk | None:
    """Read ``2000`` or ``2000 @ 1640.00``; None if it is neither."""
    match = _RISK.fullmatch(text.strip())
    return Risk(Decimal(match[1]), match[2]) if match else None


def read_amount(text: str) -> Decimal | None:
    """Read a number above 0, with ``%`` or without; None if it is none."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%?", text.strip())
    amount = Decimal(match[1]) if match else Decimal(0)
    return amount or None


def _of_units(instrument: Instrument, day: str, money: Decimal, each: Decimal) -> int:
    unit = instrument.cash(each, 10**instrument.qty_decimals, day)
    if not unit:
        return 0
    return _lots((money / unit).scaleb(instrument.qty_decimals), instrument.rule(day))


def _lots(qty: Decimal, rule: TradingRule) -> int:
    return int((qty / rule.lot).to_integral_value(ROUND_FLOOR)) * rule.lot
