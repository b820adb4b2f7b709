"""Where the screen looks: cursor and axis of each ladder, instrument, account, pane."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from termdesk.ui.ladder.axis import market
from termdesk.ui.ladder.keys import LadderKeys
from termdesk.ui.ladder.row import Ladders
from termdesk.ui.lines import ladder_view
from termdesk.ui.lines.ladder import LadderSurface
from termdesk.ui.lines.ladder_view import LadderView
from termdesk.ui.lines.surface import Surface
from termdesk.ui.news import News
from termdesk.ui.watch.linking import FIRST

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen

PAGE = 10
"""Prices that a page key moves the cursor."""
SIDES = ("ladder", "chart", "tape")
"""What a narrow screen shows beside the watchlist."""


class Navigation:
    """The eye of one screen."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self.side = SIDES[0]

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
            "pane.next": screen.focus_next,
            "pane.previous": screen.focus_previous,
            "pane.watchlist": lambda: self.focus(screen.watchlist),
            "pane.ladder": lambda: self.focus(screen.ladder),
            "pane.chart": lambda: self.focus(screen.chart),
            "pane.tape": lambda: self.focus(screen.tape),
            "pane.blotter": lambda: self.focus(blotter),
            "view.side": lambda: self.show_side(SIDES[(SIDES.index(self.side) + 1) % len(SIDES)]),
            **LadderKeys(screen).handlers(),
        }

    @property
    def ladders(self) -> Ladders:
        """Every ladder of the screen."""
        return self.screen.ladders

    @property
    def view(self) -> LadderView | None:
        """View of the ladder that the keys act on, None before there is one."""
        return self.ladders.active.axis.view(self.screen.instrument_id)

    @property
    def cursor(self) -> int:
        """Price of the ladder's cursor, 0 before there is one."""
        view = self.view
        return view.cursor if view else 0

    @property
    def is_cursor_seen(self) -> bool:
        """Whether the cursor's price stands on the screen; the axis may have left it behind."""
        view = self.view
        return view is not None and view.row_of(view.cursor) is not None

    @property
    def step(self) -> int:
        """Price distance of two rows of the ladder, 0 before there is one."""
        view = self.view
        return view.step if view else 0

    def regroup(self, by: int) -> None:
        """Put more prices into a row, or fewer, never so many that the axis ends; not under a staged order."""
        screen, view = self.screen, self.view
        instrument, quote = screen.instrument, screen.quote
        if view is None or instrument is None or quote is None or screen.entry.ticket.staged is not None:
            return
        step = ladder_view.next_step(view.step, instrument.rule(screen.day).tick, by)
        if step * view.rows > view.centre:
            return
        view = ladder_view.regrouped(view, step)
        self._stand(ladder_view.recentre(view, *market(quote)))

    def move(self, steps: int) -> None:
        """Move the ladder's cursor, and a staged order with it."""
        view = self.view
        if view is not None:
            self._stand(ladder_view.move(view, steps))
            self.screen.entry.move(self.cursor - view.cursor)

    def point(self, row: int) -> None:
        """Put the cursor on the price in a row of the ladder, counted from the top."""
        view = self.view
        if view is not None and view.cursor and 0 <= row < view.rows and view.price_at(row) > 0:
            self.move((view.price_at(row) - view.cursor) // view.step)

    def to_market(self) -> None:
        """Put the cursor on the last price and centre there."""
        view, quote = self.view, self.screen.quote
        if view is not None and quote is not None and quote.last:
            self._stand(ladder_view.point(view, quote.last))
            self.screen.entry.move(self.cursor - view.cursor)
            self.recentre()

    def recentre(self) -> None:
        """Centre the ladder on the market; the cursor keeps its price."""
        view, quote = self.view, self.screen.quote
        if view is not None and quote is not None:
            self._stand(ladder_view.recentre(view, *market(quote)))

    def _stand(self, view: LadderView) -> None:
        axis, clock_ns = self.ladders.active.axis, self.screen.desk.clock_ns()
        axis.stand(self.screen.instrument_id, view, clock_ns)
        self.screen.show_ladder()

    def focus(self, pane: Surface) -> None:
        """Focus a pane, shown first if it is not seen. It has the keys at once, those behind its own too."""
        is_ladder = isinstance(pane, LadderSurface)
        side = SIDES[0] if is_ladder else str(pane.id)
        if side in SIDES:
            self.show_side(side)
        if self.screen.workspaces.reveal("ladders" if is_ladder else side):
            self.screen.set_focus(pane, scroll_visible=False)

    def show_side(self, side: str) -> None:
        """Choose what a narrow screen shows beside the watchlist."""
        screen = self.screen
        self.side = side
        screen.workspaces.show()
        if screen.workspaces.is_narrow:
            pane = screen.ladder if side == SIDES[0] else screen.query_one(f"#{side}")
            screen.set_focus(pane, scroll_visible=False)  # at once: later it would take the keys from another pane
        screen.call_after_refresh(screen.flush, everything=True)

    def keep_focus(self) -> None:
        """Give the keys back to a pane when a change of size hid the one that had them."""
        screen = self.screen
        if screen.focused is None or not screen.focused.is_on_screen:
            panes = (self.side if screen.workspaces.is_narrow else SIDES[0], "watchlist", "blotter", "chart")
            seen = [pane for pane in map(screen.query_one, (f"#{name}" for name in panes)) if pane.is_on_screen]
            if seen:
                seen[0].focus()

    def next_account(self) -> None:
        """Trade on the next account; a staged order does not go along."""
        screen = self.screen
        accounts = screen.store.welcome.accounts if screen.store.welcome else ()
        if screen.account in accounts:
            self._drop_staged()
            screen.account = accounts[(accounts.index(screen.account) + 1) % len(accounts)]
            screen.flush(everything=True)

    def choose(self, name: str, group: str = "") -> None:
        """Show another instrument in a group, that of the ladder that the keys act on unless another one is named.

        A staged order never goes along to it, and stays where the keys act on a ladder of another group.
        """
        screen, ladders = self.screen, self.ladders
        group = group or ladders.group
        if group == ladders.group and ladders.active.locked and ladders.has_keys():
            screen.say(News(screen.said.tr("news.ladder_locked"), "warning"))
            return
        watching = screen.watching
        if watching.links.has_chosen(group) and name == watching.of_group(group) == watching.links.of_group(group):
            return
        self.show(name, group)
        screen.following.put(group, name)

    def show(self, name: str, group: str = FIRST) -> None:
        """Show an instrument in a group wherever it is not locked, without telling other screens."""
        self.ladders.choose(group, name)
        if group == self.ladders.group:
            self.act_on(name, is_other_ladder=False)
        else:
            self._redraw()

    def follow(self, name: str, group: str) -> None:
        """Show what a group shows elsewhere; a locked ladder keeps its keys and its instrument."""
        locked = self.ladders.active.locked
        if locked and locked == self.screen.instrument_id:
            self.ladders.link(group, name)
            self._redraw()
        else:
            self.show(name, group)

    def _redraw(self) -> None:
        self.screen.name_panes()
        self.screen.flush(everything=True)

    def act_on(self, name: str, *, is_other_ladder: bool) -> None:
        """Let the keys act on an instrument, as of the ladder that has them now; what was staged is dropped."""
        screen = self.screen
        if name == screen.instrument_id and not is_other_ladder:
            screen.flush(everything=True)
            return
        self._drop_staged()
        if name != screen.instrument_id:
            screen.instrument_id = name
            screen.chart.show(None)
            screen.tape.show(None)
        self._redraw()

    def _drop_staged(self) -> None:
        screen = self.screen
        if screen.entry.forget():
            screen.say(News(screen.said.tr("news.dropped"), "warning"))
