"""What the words of a line refer to."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from termdesk.core.model.instrument import Instrument


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """Known things that a line may name, and what a command takes from where it was typed."""

    instruments: Mapping[str, Instrument]
    """By id."""
    account: str
    """Used where the line names no account; ``""`` is every account, for a cancel-all."""
    command_id: str
    origin: str
    orders: Mapping[str, str] = {}
    """Instrument id by order id: the numbers of an amendment are scaled by it."""
    accounts: tuple[str, ...] = ()
    """Offered by completion."""
