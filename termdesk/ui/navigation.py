"""Where the screen looks: cursor and axis of each ladder, instrument, account, pane."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Phase
from termdesk.core.wire.topics import BookBody, QuoteBody
from termdesk.ui.lines import ladder_view
from termdesk.ui.lines.ladder_view import LadderView
from termdesk.ui.lines.surface import Surface
from termdesk.ui.news import News

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen

PAGE = 10
"""Prices that a page key moves the cursor."""
GUARD_NS = 2_000_000_000
"""The axis holds still for so long after the cursor moved."""
FITTING = (Phase.CONTINUOUS, Phase.UNKNOWN)
"""Phases whose best prices say where the market is; those of an auction are wild."""
SIDES = ("ladder", "chart", "tape")
"""What a narrow screen shows beside the watchlist."""


class Navigation:
    """The eye of one screen."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self.side = SIDES[0]
        self._views: dict[str, LadderView] = {}
        self._moved_at = 0

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Give what each action of the registry does here."""
        screen, blotter = self.screen, self.screen.blotter
        return {
            "ladder.up": lambda: self.move(1),
            "ladder.down": lambda: self.move(-1),
            "ladder.page_up": lambda: self.move(PAGE),
            "ladder.page_down": lambda: self.move(-PAGE),
            "ladder.home": self.to_market,
            "ladder.recentre": self.recentre,
            "ladder.coarser": lambda: self.regroup(1),
            "ladder.finer": lambda: self.regroup(-1),
            "account.next": self.next_account,
            "symbol.previous": lambda: self.step_symbol(-1),
            "symbol.next": lambda: self.step_symbol(1),
            "watchlist.up": lambda: self.step_symbol(-1),
            "watchlist.down": lambda: self.step_symbol(1),
            "blotter.previous_tab": lambda: blotter.turn(-1),
            "blotter.next_tab": lambda: blotter.turn(1),
            "blotter.up": lambda: blotter.step(-1),
            "blotter.down": lambda: blotter.step(1),
            "pane.next": screen.focus_next,
            "pane.previous": screen.focus_previous,
            "pane.watchlist": lambda: self.focus(screen.watchlist),
            "pane.ladder": lambda: self.focus(screen.ladder),
            "pane.chart": lambda: self.focus(screen.chart),
            "pane.tape": lambda: self.focus(screen.tape),
            "pane.blotter": lambda: self.focus(blotter),
            "view.side": lambda: self.show_side(SIDES[(SIDES.index(self.side) + 1) % len(SIDES)]),
        }

    @property
    def cursor(self) -> int:
        """Price of the chosen ladder's cursor, 0 before there is one."""
        view = self._views.get(self.screen.instrument_id)
        return view.cursor if view else 0

    @property
    def is_cursor_seen(self) -> bool:
        """Whether the cursor's price stands on the screen; the axis may have left it behind."""
        view = self._views.get(self.screen.instrument_id)
        return view is not None and view.row_of(view.cursor) is not None

    @property
    def step(self) -> int:
        """Price distance of two rows of the chosen ladder, 0 before there is one."""
        view = self._views.get(self.screen.instrument_id)
        return view.step if view else 0

    def followed(self, instrument: Instrument, *, guard: bool) -> LadderView:
        """Give the ladder's view as the newest quote leaves it.

        Rows are fitted to the first book of continuous trading, once; later only a person changes them.

        Args:
            instrument: Whose ladder.
            guard: Hold the axis still whatever the market does.
        """
        screen = self.screen
        view = self._views.get(instrument.id) or LadderView(step=instrument.rule(screen.day).tick)
        view = ladder_view.sized(view, screen.ladder.price_rows)
        quote = screen.store.quotes.get(instrument.id)
        book = screen.store.books.get(instrument.id)
        if quote is not None and book is not None and view.rows and quote.phase in FITTING and not guard:
            view = self._fitted(view, instrument, book, quote)
        guard = guard or self.screen.desk.clock_ns() - self._moved_at < GUARD_NS
        if quote is not None and view.rows:
            view = ladder_view.follow(view, *_market(quote), guard=guard)
        self._views[instrument.id] = view
        return view

    def _fitted(self, view: LadderView, instrument: Instrument, book: BookBody, quote: QuoteBody) -> LadderView:
        """Choose the distance of rows, unless it was chosen before."""
        if view.is_fitted:
            return view
        tick = instrument.rule(self.screen.day).tick
        view = ladder_view.regrouped(view, ladder_view.fitting_step(tick, book, view.rows))
        return ladder_view.recentre(view, *_market(quote))

    def regroup(self, by: int) -> None:
        """Put more prices into a row, or fewer, never so many that the axis ends; not under a staged order."""
        screen, view = self.screen, self._views.get(self.screen.instrument_id)
        instrument, quote = screen.instrument, screen.quote
        if view is None or instrument is None or quote is None or screen.entry.ticket.staged is not None:
            return
        step = ladder_view.next_step(view.step, instrument.rule(screen.day).tick, by)
        if step * view.rows > view.centre:
            return
        view = ladder_view.regrouped(view, step)
        self._stand(ladder_view.recentre(view, *_market(quote)))

    def move(self, steps: int) -> None:
        """Move the ladder's cursor, and a staged order with it."""
        view = self._views.get(self.screen.instrument_id)
        if view is not None:
            self._stand(ladder_view.move(view, steps))
            self.screen.entry.move(self.cursor)

    def point(self, row: int) -> None:
        """Put the cursor on the price in a row of the ladder, counted from the top."""
        view = self._views.get(self.screen.instrument_id)
        if view is not None and view.cursor and 0 <= row < view.rows:
            self.move((view.price_at(row) - view.cursor) // view.step)

    def to_market(self) -> None:
        """Put the cursor on the last price and centre there."""
        view, quote = self._views.get(self.screen.instrument_id), self.screen.quote
        if view is not None and quote is not None and quote.last:
            self._stand(ladder_view.point(view, quote.last))
            self.screen.entry.move(self.cursor)
            self.recentre()

    def recentre(self) -> None:
        """Centre the ladder on the market; the cursor keeps its price."""
        view, quote = self._views.get(self.screen.instrument_id), self.screen.quote
        if view is not None and quote is not None:
            self._stand(ladder_view.recentre(view, *_market(quote)))

    def _stand(self, view: LadderView) -> None:
        self._views[self.screen.instrument_id] = view
        self._moved_at = self.screen.desk.clock_ns()
        self.screen.show_ladder()

    def focus(self, pane: Surface) -> None:
        """Focus a pane; a narrow screen shows it first."""
        if pane.id in SIDES:
            self.show_side(pane.id)
        pane.focus()

    def show_side(self, side: str) -> None:
        """Choose what a narrow screen shows beside the watchlist."""
        screen = self.screen
        self.side = side
        for name in SIDES:
            screen.set_class(name == side, f"-{name}")
        if screen.has_class("-narrow"):
            screen.call_after_refresh(screen.query_one(f"#{side}").focus)
        screen.call_after_refresh(screen.flush, everything=True)

    def keep_focus(self) -> None:
        """Give the keys back to a pane when a change of size hid the one that had them."""
        screen = self.screen
        if screen.focused is None:
            screen.query_one(f"#{self.side if screen.has_class('-narrow') else SIDES[0]}").focus()

    def next_account(self) -> None:
        """Trade on the next account; a staged order does not go along."""
        screen = self.screen
        accounts = screen.store.welcome.accounts if screen.store.welcome else ()
        if screen.account in accounts:
            self._drop_staged()
            screen.account = accounts[(accounts.index(screen.account) + 1) % len(accounts)]
            screen.flush(everything=True)

    def step_symbol(self, by: int) -> None:
        """Choose another instrument of the watchlist."""
        ids, chosen = tuple(self.screen.store.instruments), self.screen.instrument_id
        if ids:
            index = ids.index(chosen) + by if chosen in ids else 0
            self.choose(ids[max(0, min(len(ids) - 1, index))])

    def choose(self, name: str) -> None:
        """Show another instrument. A staged order never goes along to it."""
        screen = self.screen
        if name == screen.instrument_id:
            return
        self._drop_staged()
        screen.instrument_id = name
        screen.name_panes()
        screen.ladder.show(None)
        screen.chart.show(None)
        screen.tape.show(None)
        screen.flush(everything=True)

    def _drop_staged(self) -> None:
        screen = self.screen
        if screen.entry.ticket.drop():
            screen.say(News(screen.said.tr("news.dropped"), "warning"))
        screen.entry.preview = None


def _market(quote: QuoteBody) -> tuple[int, int, int]:
    """Give where the market is: best bid, best ask, and the last price or the close before it."""
    bid, ask = (quote.bid, quote.ask) if quote.phase in FITTING else (0, 0)
    return bid, ask, quote.last or quote.prev_close
