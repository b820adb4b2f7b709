"""What several fills come to. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import msgspec

from termdesk.core.model.instrument import Instrument
from termdesk.core.wire.queries import FillLine


class FillSum(msgspec.Struct, frozen=True):
    """Fills of one instrument and side together."""

    instrument: str
    side: str
    count: int
    qty: Decimal
    average: Decimal
    amount: Decimal
    fees: Mapping[str, Decimal]
    """By asset."""


def fill_sums(lines: Iterable[FillLine], instruments: Mapping[str, Instrument]) -> list[FillSum]:
    """Sum up fills by instrument and side; those of an unknown instrument are left out."""
    groups: dict[tuple[str, str], list[FillLine]] = {}
    for line in lines:
        if line.fill.instrument in instruments:
            groups.setdefault((line.fill.instrument, line.fill.side.value), []).append(line)
    return [_sum(name, side, group, instruments[name]) for (name, side), group in groups.items()]


def _sum(name: str, side: str, group: list[FillLine], instrument: Instrument) -> FillSum:
    fees: dict[str, Decimal] = {}
    qty = weighted = amount = Decimal(0)
    for line in group:
        units = instrument.qty_decimal(line.fill.qty)
        qty += units
        weighted += units * line.fill.price
        amount += line.fill.amount
        for item in line.fill.fees:
            fees[item.asset] = fees.get(item.asset, Decimal(0)) + item.amount
    return FillSum(name, side, len(group), qty, weighted / qty if qty else Decimal(0), amount, fees)
