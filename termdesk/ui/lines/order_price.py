"""What an order says of its price: its limit, or what it waits for and what it is then. Pure.

``1650.00 → 1649.00`` is a limit of 1649.00 once 1650.00 is reached, ``~5%``
a distance that trails. A signed number behind the arrow counts from the
trigger: ``~5% → -0.10``.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from termdesk.core.model.number import plain, to_decimal
from termdesk.core.model.terms import OrdType, Side
from termdesk.core.model.trigger import Trail, distance_text
from termdesk.core.wire.queries import OrderLine
from termdesk.ui.lines import format as text


class PriceTerms(msgspec.Struct, frozen=True):
    """What decides at which price an order trades."""

    side: Side
    ord_type: OrdType
    price: int | None = None
    trigger_price: int | None = None
    trail: Trail | None = None


def waits(line: OrderLine) -> bool:
    """Whether an order waits for its trigger."""
    return line.ord_type.has_trigger and not line.triggered


def level(line: OrderLine) -> int:
    """Give where an order stands on the axis: its trigger while it waits for it, else its price; 0 for neither."""
    return (line.trigger_price if waits(line) else line.price) or 0


def terms_of(line: OrderLine) -> PriceTerms:
    """Give the terms of an order as it is now: once its trigger was reached, of what it became."""
    if waits(line):
        return PriceTerms(line.side, line.ord_type, line.price, line.trigger_price, line.trail)
    return PriceTerms(line.side, line.ord_type.triggered, line.price)


def cell(terms: PriceTerms, decimals: int, width: int, market: str, arrow: str) -> str:
    """Write the terms as fully as ``width`` cells allow.

    Blanks go first, then needless zeros; then the limit is written as its distance from the trigger, or left out for
    an ellipsis.

    Args:
        terms: Of the order.
        decimals: Of its instrument's prices.
        width: Cells; where not even the shortest form fits, it is wider.
        market: Word for a price that the market makes.
        arrow: Mark between what is waited for and what comes then.
    """
    form = ""
    for form in _forms(terms, decimals, market, arrow):
        if text.width_of(form) <= width:
            break
    return form


def words(terms: PriceTerms, decimals: int, kind: str, market: str) -> str:
    """Write the terms in a sentence: ``@ 1650.00``, ``market``, ``stop limit 1650.00 → 1649.00``.

    Of a limit that is not known it says nothing.

    Args:
        terms: Of the order.
        decimals: Of its instrument's prices.
        kind: Word for its type.
        market: Word for a price that the market makes.
    """
    if not terms.ord_type.has_trigger:
        if terms.price is None:
            return "" if terms.ord_type.has_limit else market
        return f"@ {text.price(terms.price, decimals)}"
    then = f" → {_then(terms, decimals, market)}" if terms.ord_type.has_limit else ""
    return f"{kind} {_awaited(terms, decimals)}{then}"


def _forms(terms: PriceTerms, decimals: int, market: str, arrow: str) -> Iterator[str]:
    """Give what may be written, the fullest first."""
    if not terms.ord_type.has_trigger:
        yield market if terms.price is None else text.price(terms.price, decimals)
        return
    awaited, then = _awaited(terms, decimals), _then(terms, decimals, market)
    yield f"{awaited} {arrow} {then}"
    yield f"{awaited}{arrow}{then}"
    if terms.ord_type.has_limit:
        yield _awaited(terms, decimals, is_short=True) + arrow + _then(terms, decimals, market, is_short=True)
        if terms.trail is None:
            yield f"{awaited}{arrow}{_away(terms, decimals)}"
        yield f"{awaited}{arrow}…"
    else:
        yield f"{awaited}{arrow}"
    if terms.trail is not None:
        yield f"~{distance_text(terms.trail)}{arrow}…"


def _awaited(terms: PriceTerms, decimals: int, *, is_short: bool = False) -> str:
    """What it waits for. A trailing trigger moves untold, so its distance stands, behind the price that begins it."""
    trail = terms.trail
    price = terms.trigger_price if trail is None else trail.activation_price
    written = "" if trail is not None and price is None else _price(price or 0, decimals, is_short=is_short)
    return written if trail is None else f"{written}~{distance_text(trail)}"


def _then(terms: PriceTerms, decimals: int, market: str, *, is_short: bool = False) -> str:
    if terms.price is not None:
        return _price(terms.price, decimals, is_short=is_short)
    if terms.trail is not None and terms.trail.limit_offset is not None:
        sign = "+" if terms.side is Side.BUY else "-"
        return sign + _price(terms.trail.limit_offset, decimals, is_short=is_short)
    return market


def _away(terms: PriceTerms, decimals: int) -> str:
    away = (terms.price or 0) - (terms.trigger_price or 0)
    return f"{'-' if away < 0 else '+'}{plain(to_decimal(abs(away), decimals))}"


def _price(value: int, decimals: int, *, is_short: bool) -> str:
    return plain(to_decimal(value, decimals)) if is_short else text.price(value, decimals)
