"""Which instrument gives prices and quantities their decimals.

The one named by the struct they stand in (``instrument``), or by its
``order`` or ``predicate``, or the one of its ``order_id``; else that of the
struct around it. An ``Instrument`` is its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from termdesk.core.model.errors import ProtocolError, Refused
from termdesk.core.model.instrument import Instrument


class Scales(Protocol):
    """What knows instruments and orders."""

    def instrument(self, instrument_id: str) -> Instrument | None:
        """Give an instrument, None if there is none."""
        ...

    def order_instrument(self, order_id: str) -> str | None:
        """Give the instrument id of an order, None if there is no such order."""
        ...


class Surroundings:
    """What is around a value. Looks nothing up before the first price or quantity needs it."""

    __slots__ = ("instrument_id", "order_id", "own", "scales")

    def __init__(
        self, scales: Scales, instrument_id: str = "", order_id: str = "", own: tuple[int, int] | None = None
    ) -> None:
        self.scales = scales
        self.instrument_id = instrument_id
        self.order_id = order_id
        self.own = own

    def inside(self, get: Callable[[str], object]) -> Surroundings:
        """Go into a struct or object.

        Args:
            get: Gives a field by name, None where there is none.
        """
        price_decimals, qty_decimals = get("price_decimals"), get("qty_decimals")
        if isinstance(price_decimals, int) and isinstance(qty_decimals, int):
            return Surroundings(self.scales, own=(price_decimals, qty_decimals))
        for named in (get("instrument"), _instrument_of(get("order")), _instrument_of(get("predicate"))):
            if isinstance(named, str) and named:
                return Surroundings(self.scales, instrument_id=named)
        order_id = get("order_id")
        if isinstance(order_id, str) and order_id:
            return Surroundings(self.scales, order_id=order_id)
        return self

    def decimals(self) -> tuple[int, int]:
        """Give the decimals of prices and of quantities.

        Raises:
            ProtocolError: Nothing around names an instrument.
            Refused: The instrument or order named is not known.
        """
        if self.own is not None:
            return self.own
        instrument_id = self.instrument_id or self._order_instrument()
        instrument = self.scales.instrument(instrument_id)
        if instrument is None:
            raise Refused("command.instrument_unknown", {"instrument": instrument_id[:80]})
        self.own = (instrument.price_decimals, instrument.qty_decimals)
        return self.own

    def _order_instrument(self) -> str:
        if not self.order_id:
            raise ProtocolError("expected an instrument beside prices and quantities, was none")
        found = self.scales.order_instrument(self.order_id)
        if found is None:
            raise Refused("command.order_unknown", {"order_id": self.order_id[:80]})
        return found


def _instrument_of(part: object) -> object:
    return part.get("instrument") if isinstance(part, dict) else getattr(part, "instrument", None)
