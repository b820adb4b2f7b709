"""At which price one trade takes a position to another one."""

from __future__ import annotations

from decimal import Decimal


def recon_price(
    current_qty: Decimal, current_avg: Decimal | None, target_qty: Decimal, target_avg: Decimal | None
) -> Decimal | None:
    """Give the price of the trade that takes (quantity, average) to another.

    A position is closed at its own average, so that nothing is realised, and
    opened or turned round at the average wanted. Within a side the difference
    in cost is what the trade costs. None where nothing is to be traded, or no
    positive price does it. Quantities are signed.
    """
    traded = target_qty - current_qty
    if not traded:
        return None
    if not target_qty:
        return current_avg
    if target_avg is None:
        return None
    if not current_qty or current_avg is None or (current_qty > 0) != (target_qty > 0):
        return target_avg
    price = (target_qty * target_avg - current_qty * current_avg) / traded
    return price if price > 0 else None
