"""Where a ladder stands: its centre and its cursor, both prices, never screen rows.

The axis moves by itself only as its mode says, and never while it is guarded
(an order is staged, or the cursor was just moved): whoever presses a key must
hit the price that was seen. Compressed, a ladder has rows only where something
is to be seen; that view is another one and says so.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from enum import Enum

import msgspec

from termdesk.core.model.number import Price
from termdesk.core.wire.topics import BookBody

STEP_FACTORS: tuple[int, ...] = tuple(
    factor * power for power in (1, 10, 100, 1_000, 10_000, 100_000) for factor in (1, 2, 5)
)
"""Ticks of one row, from the finest axis to the coarsest."""
FITTED_LEVELS = 5
"""Levels of each side that a fitted axis shows; fewer where there are less than eight rows for each."""


class AxisMode(Enum):
    """When an axis recentres by itself."""

    STATIC = "static"
    """Once a best price has left the screen."""
    EDGE = "edge"
    """Once a best price is near the edge, after a warning."""
    CENTRED = "centred"
    """With every move of the market."""
    HOLD = "hold"
    """Never."""


class Standing(Enum):
    """Where the market stands on an axis."""

    SEEN = "seen"
    NEAR_EDGE = "near_edge"
    ABOVE = "above"
    BELOW = "below"


class LadderView(msgspec.Struct, frozen=True):
    """View state of one ladder. Prices are multiples of ``step``; 0 is not set yet.

    ``step`` is the price distance of two rows: the tick, or a multiple of it
    when levels are grouped; ``is_fitted`` says that it was chosen, by the book
    or by a person. ``margin`` rows at each edge count as off the
    screen when the axis decides whether to move. ``prices`` are the rows of a
    compressed ladder, highest first; empty for one whose rows are ``step`` apart.
    ``is_on_last`` centres on the last price instead of the middle of the best prices.
    """

    step: int
    rows: int = 0
    centre: Price = 0
    cursor: Price = 0
    margin: int = 1
    is_fitted: bool = False
    mode: AxisMode = AxisMode.EDGE
    is_compressed: bool = False
    prices: tuple[Price, ...] = ()
    is_on_last: bool = False

    @property
    def top(self) -> Price:
        """Price of the first row."""
        return self.prices[0] if self.prices else self.centre + self.rows // 2 * self.step

    @property
    def bottom(self) -> Price:
        """Price of the last row."""
        return self.prices[-1] if self.prices else self.top - (self.rows - 1) * self.step

    def price_at(self, row: int) -> Price:
        """Give the price of a row counted from the top; 0 for a row below the last price of a compressed ladder."""
        if self.prices:
            return self.prices[row] if row < len(self.prices) else 0
        return self.top - row * self.step

    def row_of(self, price: Price) -> int | None:
        """Give the row of a price, None when it is off the screen."""
        if self.prices:
            return self.prices.index(price) if price in self.prices else None
        row = (self.top - price) // self.step
        return row if 0 <= row < self.rows else None


def floor(price: Price, step: int) -> Price:
    """Round down to the axis; the side that bids."""
    return price // step * step


def ceil(price: Price, step: int) -> Price:
    """Round up to the axis; the side that asks."""
    return -(-price // step) * step


def sized(view: LadderView, rows: int) -> LadderView:
    """Give the view another height; a change keeps the cursor in sight."""
    if rows == view.rows:
        return view
    return shown(msgspec.structs.replace(view, rows=rows))


def move(view: LadderView, steps: int) -> LadderView:
    """Move the cursor up by ``steps`` prices (down when negative); the axis follows only at its edge."""
    start = view.cursor or view.centre
    if not start:
        return view
    return shown(msgspec.structs.replace(view, cursor=max(view.step, start + steps * view.step)))


def point(view: LadderView, price: Price) -> LadderView:
    """Put the cursor on a price."""
    return shown(msgspec.structs.replace(view, cursor=floor(price, view.step)))


def shown(view: LadderView) -> LadderView:
    """Shift the axis by as little as brings the cursor into sight."""
    if not view.cursor or view.rows <= 0:
        return view
    if view.prices:
        is_in = view.bottom <= view.cursor <= view.top
        return view if is_in else msgspec.structs.replace(view, centre=view.cursor, prices=())
    if view.cursor > view.top:
        return msgspec.structs.replace(view, centre=view.centre + view.cursor - view.top)
    if view.cursor < view.bottom:
        return msgspec.structs.replace(view, centre=view.centre + view.cursor - view.bottom)
    return view


def recentre(view: LadderView, bid: Price, ask: Price, last: Price = 0) -> LadderView:
    """Centre on the middle of the best prices now, or on the last; the cursor keeps its price, even out of sight.

    One missing side leaves the other, none the last price; nothing known
    leaves the view as it is. A cursor that was never set starts in the middle.
    """
    middle = (bid + ask) // 2 if bid and ask else bid or ask or last
    middle = last if view.is_on_last and last else middle
    if not middle:
        return view
    centre = floor(middle, view.step)
    return msgspec.structs.replace(view, centre=centre, cursor=view.cursor or centre)


def follow(view: LadderView, bid: Price, ask: Price, last: Price = 0, *, guard: bool) -> LadderView:
    """Recentre if the mode asks for it and nothing guards the axis; an axis without a centre gets one."""
    if not view.centre:
        return recentre(view, bid, ask, last)
    if guard or view.mode is AxisMode.HOLD:
        return view
    where = standing(view, bid, ask, last)
    if where is Standing.SEEN and view.mode is not AxisMode.CENTRED:
        return view
    if where is Standing.NEAR_EDGE and view.mode is AxisMode.STATIC:
        return view
    return recentre(view, bid, ask, last)


def standing(view: LadderView, bid: Price, ask: Price, last: Price = 0) -> Standing:
    """Tell where the market stands; a spread wider than the screen is seen while its middle is."""
    margin = min(view.margin, max(0, (view.rows - 2) // 2))
    highest, lowest = _inner(view, margin)
    best = [price for price in (floor(bid, view.step), ceil(ask, view.step)) if price]
    if len(best) > 1 and best[1] - best[0] > highest - lowest:
        best = [floor((bid + ask) // 2, view.step)]
    best = best or [floor(last, view.step)]
    if not any(best):
        return Standing.SEEN
    if max(best) > view.top:
        return Standing.ABOVE
    if min(best) < view.bottom:
        return Standing.BELOW
    return Standing.SEEN if lowest <= min(best) and max(best) <= highest else Standing.NEAR_EDGE


def _inner(view: LadderView, margin: int) -> tuple[Price, Price]:
    """Give the highest and lowest price that is not near an edge."""
    if view.prices:
        margin = min(margin, max(0, (len(view.prices) - 2) // 2))
        return view.prices[margin], view.prices[-1 - margin]
    return view.top - margin * view.step, view.bottom + margin * view.step


def compressed(view: LadderView, known: Collection[Price], *, guard: bool) -> LadderView:
    """Give the view rows only at known prices and the cursor, around its centre.

    Args:
        view: Any view; one that is not compressed comes back with even rows.
        known: Prices, multiples of the step.
        guard: Keep the rows as they are while the cursor stands on one of them.
    """
    if not view.is_compressed:
        return msgspec.structs.replace(view, prices=()) if view.prices else view
    if guard and view.prices and view.row_of(view.cursor) is not None:
        return view
    rising = sorted({*known, view.cursor} - {0})
    above = len(rising) - bisect_left(rising, view.centre)
    first = max(0, min(above - view.rows // 2, len(rising) - view.rows))
    prices = tuple(rising[::-1][first : first + view.rows])
    return msgspec.structs.replace(view, prices=prices) if prices != view.prices else view


def regrouped(view: LadderView, step: int) -> LadderView:
    """Change the price distance of rows; centre and cursor keep their prices as nearly as the axis allows."""
    fitted = msgspec.structs.replace(
        view, step=step, centre=floor(view.centre, step), cursor=floor(view.cursor, step), is_fitted=True, prices=()
    )
    return shown(fitted)


def next_step(step: int, tick: int, by: int) -> int:
    """Give the next coarser (1) or finer (-1) distance of rows."""
    steps = [tick * factor for factor in STEP_FACTORS]
    index = sum(one <= step for one in steps) - 1 + by
    return steps[max(0, min(len(steps) - 1, index))]


def fitting_step(tick: int, book: BookBody, rows: int) -> int:
    """Give the finest distance of rows that brings the best levels of both sides into sight; the tick for one side."""
    if not book.bids or not book.asks:
        return tick
    levels = max(1, min(FITTED_LEVELS, rows // 8))
    span = book.asks[:levels][-1][0] - book.bids[:levels][-1][0]
    fitting = (tick * factor for factor in STEP_FACTORS if span <= tick * factor * max(1, rows - 3))
    return next(fitting, tick * STEP_FACTORS[-1])
