"""One ladder's eye: where it stands on each instrument, when it moves by itself, and what it says about that.

No Textual in here. The cursor is a price; a row is only where it happens to stand.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from termdesk.config.settings import LadderSettings
from termdesk.core.model.number import Price
from termdesk.core.model.terms import Phase
from termdesk.core.wire.topics import BookBody, QuoteBody
from termdesk.ui.lines import ladder_view
from termdesk.ui.lines.ladder_model import Notice
from termdesk.ui.lines.ladder_view import AxisMode, LadderView, Standing, ceil, floor

FITTING = (Phase.CONTINUOUS, Phase.UNKNOWN)
"""Phases whose best prices say where the market is; those of an auction are wild."""
_MILLI = 1_000_000
_MODES = tuple(mode for mode in AxisMode if mode is not AxisMode.HOLD)


class Axis:
    """Views of one ladder by instrument, and how they move.

    Attributes:
        mode: When it recentres by itself, unless it is held.
        is_held: Whether it never does, until it is let go.
        is_compressed: Whether it has rows only where something is to be seen.
        is_on_last: Whether it centres on the last price, else on the middle of the best prices.
        notice: What it said about itself when it was followed last.
    """

    def __init__(self, settings: LadderSettings) -> None:
        mode = AxisMode(settings.mode)
        self.is_held = mode is AxisMode.HOLD
        self.mode = AxisMode.EDGE if self.is_held else mode
        self.is_compressed = settings.compressed
        self.is_on_last = settings.recentre_on == "last"
        self.notice = Notice.NONE
        self._settings = settings
        self._views: dict[str, LadderView] = {}
        self._moved_at: int | None = None
        self._warned_at: int | None = None

    def view(self, name: str) -> LadderView | None:
        """Give the view of an instrument, None before it was seen."""
        return self._views.get(name)

    def forget(self) -> None:
        """Forget every view."""
        self._views.clear()
        self._moved_at = self._warned_at = None

    def followed(
        self,
        name: str,
        tick: Price,
        rows: int,
        quote: QuoteBody | None,
        book: BookBody | None,
        *,
        known: Collection[Price] = (),
        guard: bool,
        clock_ns: int,
    ) -> LadderView:
        """Give an instrument's view as the newest quote leaves it.

        Rows are fitted to the first book of continuous trading, once; later only a person changes them.

        Args:
            name: The instrument's id.
            tick: Its tick.
            rows: Prices that fit on the screen.
            quote: Its quote, None before there is one.
            book: Its book, None before there is one.
            known: Prices besides those of the book that a compressed ladder shows.
            guard: Hold the axis still whatever the market does.
            clock_ns: Time of the screen.
        """
        view = self._views.get(name) or LadderView(step=tick)
        view = msgspec.structs.replace(
            ladder_view.sized(view, rows),
            mode=AxisMode.HOLD if self.is_held else self.mode,
            margin=self._settings.edge_rows,
            is_compressed=self.is_compressed,
            is_on_last=self.is_on_last,
        )
        if quote is not None and rows:
            if book is not None and quote.phase in FITTING and not guard and not view.is_fitted:
                view = ladder_view.regrouped(view, ladder_view.fitting_step(tick, book, rows))
                view = ladder_view.recentre(view, *market(quote))
            guard = guard or self._is_guarded(clock_ns)
            view = self._moved(view, quote, guard=guard, clock_ns=clock_ns)
            shown = {price for price in known_prices(view.step, quote, book) | _rounded(known, view.step) if price}
            view = ladder_view.compressed(view, shown, guard=guard)
        self._views[name] = view
        return view

    def _is_guarded(self, clock_ns: int) -> bool:
        return self._moved_at is not None and clock_ns - self._moved_at < self._settings.guard_ms * _MILLI

    def _moved(self, view: LadderView, quote: QuoteBody, *, guard: bool, clock_ns: int) -> LadderView:
        """Recentre if it is time to, else say what is to be known of the axis."""
        self.notice = Notice.HELD if self.is_held else Notice.NONE
        if not view.centre:
            return ladder_view.recentre(view, *market(quote))
        where = ladder_view.standing(view, *market(quote))
        is_near = where is Standing.NEAR_EDGE and view.mode is AxisMode.EDGE
        if not is_near:
            self._warned_at = None
        elif self._settings.warn_ms and not guard:
            self._warned_at = clock_ns if self._warned_at is None else self._warned_at
            if clock_ns - self._warned_at < self._settings.warn_ms * _MILLI:
                self.notice = Notice.EDGE
                return view
        moved = ladder_view.follow(view, *market(quote), guard=guard)
        if moved is view and where in (Standing.ABOVE, Standing.BELOW):
            self.notice = Notice.ABOVE if where is Standing.ABOVE else Notice.BELOW
        if moved is not view:
            self._warned_at = None
        return moved

    @property
    def is_due(self) -> bool:
        """Whether it will recentre without any news of the market."""
        return self._warned_at is not None

    # -- what a person does ---------------------------------------------------

    def stand(self, name: str, view: LadderView, clock_ns: int) -> None:
        """Take a view that a person chose; the axis then holds still for a moment."""
        self._views[name] = view
        self._moved_at = clock_ns
        self._warned_at = None

    def next_mode(self) -> AxisMode:
        """Go on to the next way of recentring; a held axis is let go."""
        self.is_held = False
        self.mode = _MODES[(_MODES.index(self.mode) + 1) % len(_MODES)]
        return self.mode

    def hold(self) -> bool:
        """Hold the axis, or let it go; tells whether it is held now."""
        self.is_held = not self.is_held
        return self.is_held

    def aim(self) -> bool:
        """Change between middle and last price; tells whether it centres on the last price now."""
        self.is_on_last = not self.is_on_last
        return self.is_on_last

    def compress(self) -> bool:
        """Change between every price and only those where something is; tells whether it is compressed now."""
        self.is_compressed = not self.is_compressed
        return self.is_compressed


def market(quote: QuoteBody) -> tuple[Price, Price, Price]:
    """Give where the market is: best bid, best ask, and the last price or the close before it."""
    bid, ask = (quote.bid, quote.ask) if quote.phase in FITTING else (0, 0)
    return bid, ask, quote.last or quote.prev_close


def known_prices(step: int, quote: QuoteBody, book: BookBody | None) -> set[Price]:
    """Give the rows in which the market has something: levels and the last trade."""
    found = {floor(quote.last, step) if quote.aggressor is None or quote.aggressor.sign < 0 else ceil(quote.last, step)}
    if book is not None:
        found |= {floor(price, step) for price, _ in book.bids}
        found |= {ceil(price, step) for price, _ in book.asks}
    return found


def _rounded(prices: Collection[Price], step: int) -> set[Price]:
    return {floor(price, step) for price in prices} | {ceil(price, step) for price in prices}
