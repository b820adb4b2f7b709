"""Conditions: what is watched for, and what happens then."""

from __future__ import annotations

import msgspec

from termdesk.core.model.number import Price


class LastAtOrAbove(msgspec.Struct, frozen=True, tag="last_at_or_above"):
    """True once a public trade of the instrument prints at or above the price."""

    instrument: str
    price: Price


class LastAtOrBelow(msgspec.Struct, frozen=True, tag="last_at_or_below"):
    """True once a public trade of the instrument prints at or below the price."""

    instrument: str
    price: Price


Predicate = LastAtOrAbove | LastAtOrBelow


class Notify(msgspec.Struct, frozen=True, tag="notify"):
    """Tell whoever is attached; changes no order."""

    text: str = ""


Action = Notify
