"""Fees: one simple rate of notional per fill.

Does not do minimum commissions, stamp duty and transfer fee as items of their
own (``charges`` does), or discounts; the comments of the data files say what
each rate leaves out.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

import msgspec

from termdesk.core.model.errors import Refused
from termdesk.core.model.instrument import Instrument
from termdesk.core.venues.rulebook import rule_books


class FeeRate(msgspec.Struct, frozen=True):
    """Share of a fill's notional that is paid, 0.001 for 0.1 %."""

    maker: Decimal
    taker: Decimal


def fee_rate(instrument: Instrument, day: str) -> FeeRate:
    """Give the rates in force on an ISO day of the venue.

    Raises:
        Refused: No rule book covers the segment (``venue.no_rules``).
    """
    return _rate(instrument.segment, instrument.kind, day)


@lru_cache(maxsize=1024)
def _rate(segment: str, kind: str, day: str) -> FeeRate:
    book = rule_books().get(segment)
    rows = [row for row in book.fees if row.first_day <= day] if book is not None else []
    # A row for the kind goes before a row for all; among equals the latest.
    chosen = max(
        (row for row in rows if row.kind in ("", kind)), key=lambda row: (row.kind, row.first_day), default=None
    )
    if chosen is None:
        raise Refused("venue.no_rules", {"segment": segment, "known": ", ".join(sorted(rule_books()))})
    return FeeRate(maker=chosen.maker, taker=chosen.taker)
