"""Marks on a ladder's axis: prices of the day, limits, averages, alerts."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import Price
from termdesk.core.wire.topics import QuoteBody
from termdesk.ui.lines.idiom import Cell, Idiom
from termdesk.ui.lines.ladder_model import LadderModel
from termdesk.ui.lines.ladder_view import ceil, floor

KINDS = (
    "average",
    "alert",
    "high_limit",
    "low_limit",
    "vwap",
    "session",
    "high",
    "low",
    "open",
    "prev_close",
)
"""The most important first; where several meet, it wins."""

_INKS = {
    "average": "own",
    "alert": "warning",
    "high_limit": "danger",
    "low_limit": "danger",
    "vwap": "accent",
    "session": "text",
}


def vwap(quote: QuoteBody, instrument: Instrument) -> Price:
    """Give the average price of what traded today, rounded to the instrument's decimals; 0 where nothing did."""
    units = instrument.qty_decimal(quote.volume) * instrument.multiplier
    return nearest(quote.turnover / units, instrument) if units and quote.turnover else 0


def nearest(price: Decimal, instrument: Instrument) -> Price:
    """Scale a price that may lie between ticks; half goes to the even one."""
    return int(price.scaleb(instrument.price_decimals).to_integral_value(ROUND_HALF_EVEN))


def marks(model: LadderModel, idiom: Idiom) -> dict[Price, Cell]:
    """Give the mark of each row that has one."""
    quote, step, strip = model.quote, model.view.step, model.strip
    found: dict[Price, Cell] = {}

    def put(kind: str, price: Price) -> None:
        if price > 0:
            found.setdefault(price, (idiom.tr(f"ladder.mark.{kind}"), _INKS.get(kind, "muted")))

    if strip is not None and strip.qty:
        put("average", floor(nearest(strip.average, model.instrument), step))
    for alert in model.alerts:
        put("alert", floor(alert, step))
    if quote is None:
        return found
    put("high_limit", floor(quote.high_limit, step))
    put("low_limit", ceil(quote.low_limit, step))
    put("vwap", floor(vwap(quote, model.instrument), step))
    for kind, price in (
        ("session", quote.session_close),
        ("high", quote.high),
        ("low", quote.low),
        ("open", quote.open),
        ("prev_close", quote.prev_close),
    ):
        put(kind, floor(price, step))
    return found
