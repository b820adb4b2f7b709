"""Where a ladder stands: its centre and its cursor, both prices, never screen rows.

The axis does not move by itself while both best prices are on the screen. It
does not move at all while it is guarded (an order is staged, or the cursor
was just moved): whoever presses a key must hit the price that was seen.
"""

from __future__ import annotations

import msgspec

from termdesk.core.model.number import Price
from termdesk.core.wire.topics import BookBody

STEP_FACTORS: tuple[int, ...] = tuple(
    factor * power for power in (1, 10, 100, 1_000, 10_000, 100_000) for factor in (1, 2, 5)
)
"""Ticks of one row, from the finest axis to the coarsest."""
FITTED_LEVELS = 5
"""Levels of each side that a fitted axis shows; fewer where there are less than eight rows for each."""


class LadderView(msgspec.Struct, frozen=True):
    """View state of one ladder. Prices are multiples of ``step``; 0 is not set yet.

    ``step`` is the price distance of two rows: the tick, or a multiple of it
    when levels are grouped; ``is_fitted`` says that it was chosen, by the book
    or by a person. ``margin`` rows at each edge count as off the
    screen when the axis decides whether to move.
    """

    step: int
    rows: int = 0
    centre: Price = 0
    cursor: Price = 0
    margin: int = 1
    is_fitted: bool = False

    @property
    def top(self) -> Price:
        """Price of the first row."""
        return self.centre + self.rows // 2 * self.step

    @property
    def bottom(self) -> Price:
        """Price of the last row."""
        return self.top - (self.rows - 1) * self.step

    def price_at(self, row: int) -> Price:
        """Give the price of a row counted from the top."""
        return self.top - row * self.step

    def row_of(self, price: Price) -> int | None:
        """Give the row of a price, None when it is off the screen."""
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
    if view.cursor > view.top:
        return msgspec.structs.replace(view, centre=view.centre + view.cursor - view.top)
    if view.cursor < view.bottom:
        return msgspec.structs.replace(view, centre=view.centre + view.cursor - view.bottom)
    return view


def recentre(view: LadderView, bid: Price, ask: Price, last: Price = 0) -> LadderView:
    """Centre on the middle of the best prices now; the cursor keeps its price, even out of sight.

    One missing side leaves the other, none the last price; nothing known
    leaves the view as it is. A cursor that was never set starts in the middle.
    """
    middle = (bid + ask) // 2 if bid and ask else bid or ask or last
    if not middle:
        return view
    centre = floor(middle, view.step)
    return msgspec.structs.replace(view, centre=centre, cursor=view.cursor or centre)


def follow(view: LadderView, bid: Price, ask: Price, last: Price = 0, *, guard: bool) -> LadderView:
    """Recentre if a best price left the screen and nothing guards the axis.

    A spread wider than the screen counts as seen while its middle is.
    """
    if not view.centre:
        return recentre(view, bid, ask, last)
    if guard or _is_seen(view, bid, ask, last):
        return view
    return recentre(view, bid, ask, last)


def _is_seen(view: LadderView, bid: Price, ask: Price, last: Price) -> bool:
    margin = min(view.margin, max(0, (view.rows - 2) // 2)) * view.step
    highest, lowest = view.top - margin, view.bottom + margin
    if bid and ask and ask - bid > highest - lowest:
        return lowest <= floor((bid + ask) // 2, view.step) <= highest
    best = [price for price in (floor(bid, view.step), ceil(ask, view.step)) if price] or [last]
    return all(lowest <= price <= highest for price in best if price)


def regrouped(view: LadderView, step: int) -> LadderView:
    """Change the price distance of rows; centre and cursor keep their prices as nearly as the axis allows."""
    fitted = msgspec.structs.replace(
        view, step=step, centre=floor(view.centre, step), cursor=floor(view.cursor, step), is_fitted=True
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
