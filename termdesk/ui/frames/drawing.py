"""Draws what changed on one screen: at most as often as was asked for, only what is seen, the most urgent first.

What a key, an order or the link changes is drawn at once. Market data is
drawn at the pace of ``pacing``; where bytes are short, pane by pane.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from termdesk.ui import models
from termdesk.ui.blotter.models import blotter_model
from termdesk.ui.frames.pacing import Pace, Turns, Why
from termdesk.ui.frames.visible import visible_topics
from termdesk.ui.orders.ticket_rows import ticket_rows
from termdesk.ui.store import Dirty
from termdesk.ui.watch.watching import SLOW_RATE

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen

ACTIVE, OTHER = 16, 8
"""Urgency of the ladder that has the keys, and of the others."""
URGENCY = {"status": 8, "watchlist": 4, "blotter": 4, "tape": 2, "chart": 1}


class Drawing:
    """The frames of one screen.

    Attributes:
        pace: How often market data is drawn.
        is_low: Whether the low-bandwidth profile is in force.
    """

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self.pace = Pace(1)
        self.is_low = False
        self._turns = Turns()
        self._second = -1
        self._gathers = self._follows = False

    def start(self) -> None:
        """Begin to draw, as the settings say."""
        settings = self.screen.desk.settings.screen
        self.pace = Pace(settings.fps)
        self.use(is_low=self.screen.desk.begins_low)
        self.screen.set_interval(1 / settings.fps, self.screen.flush)

    def use(self, *, is_low: bool) -> None:
        """Change the profile."""
        self.is_low = is_low
        self.pace.limit(self.screen.desk.settings.screen.bytes_s if is_low else 0)

    def notice(self) -> str:
        """Say how often market data is drawn, where that is less than was asked for."""
        tr, pace = self.screen.said.tr, self.pace
        if pace.why is Why.DRAWING:
            return tr("ui.pace_drawing", fps=pace.fps)
        return tr("ui.pace_bytes", fps=pace.fps) if pace.why is Why.BYTES else ""

    def begin_anew(self) -> None:
        """Draw everything the next time."""
        self._second = -1

    def flush(self, *, everything: bool) -> None:
        """Draw what changed since the last time; once a second everything, since ages grow."""
        began = time.thread_time_ns()
        screen, app = self.screen, self.screen.desk
        now_ns = app.clock_ns()
        self._turns.learn(app.shown.spent)
        app.shown.spent.clear()
        room = self.pace.begin(now_ns, app.wire.sent, app.backlog)
        dirty, second = screen.store.take_dirty(), now_ns // 10**9
        screen.following.look(is_news=dirty.shared)
        is_second, self._second = second != self._second, second
        if dirty or everything or is_second or self._turns.waiting or screen.ladders.is_due():
            if dirty.link:
                screen.attaching.tell()
            screen.entry.sending.expire_arming()
            screen.presence.look()
            if screen.account in dirty.accounts:
                screen.entry.previewing.follow()
            if not screen.instrument_id and screen.store.instruments:
                screen.navigation.show(next(iter(screen.store.instruments)))
            self._draw(dirty, room, now_ns, everything=everything, is_second=is_second)
            screen.guide.look()
            screen.link.want(visible_topics(screen), screen.watching.slow_topics(), SLOW_RATE, self.pace.fps)
        self.pace.took(time.thread_time_ns() - began)

    def _draw(self, dirty: Dirty, room: float | None, now_ns: int, *, everything: bool, is_second: bool) -> None:
        screen = self.screen
        ladders = {str(pane.surface.id): pane for pane in screen.ladders.all}
        draws: dict[str, Callable[[], object]] = {
            **{name: partial(screen.ladders.show_pane, pane) for name, pane in ladders.items()},
            "status": self._status,
            "watchlist": self._watchlist,
            "blotter": lambda: screen.blotter.show(blotter_model(screen.store, screen.looking())),
            "tape": self._tape,
            "chart": self._chart,
        }
        active = str(screen.ladder.id)
        draws[active] = self._active
        self._gathers = self._gathers or everything or is_second or dirty.instruments
        self._follows = self._follows or screen.instrument_id in dirty.quotes
        at_once: set[str] = set()
        if everything or dirty.link:
            at_once = set(draws)
        elif dirty.orders:
            at_once = {*ladders, "status", "blotter"}
        elif is_second or dirty.health:
            at_once = {"status"}
        for name in at_once:
            self._turns.done(name)
        touched = set(draws) if is_second else self._touched(dirty)
        self._turns.wait(touched - at_once, now_ns)
        urgency = {name: URGENCY.get(name, ACTIVE if name == active else OTHER) for name in draws}
        at_once |= self._afforded(urgency, room, now_ns)
        for name, draw in draws.items():
            if name in at_once:
                self._turns.done(name)
                draw()

    def _afforded(self, urgency: dict[str, int], room: float | None, now_ns: int) -> set[str]:
        """Give who of those that wait is drawn now."""
        chosen: set[str] = set()
        if room is None:
            return chosen
        for name in self._turns.order(urgency, now_ns):
            if room <= 0:
                self.pace.waited()
                break
            room -= self._turns.cost(name)
            chosen.add(name)
        return chosen

    def _touched(self, dirty: Dirty) -> set[str]:
        """Name the panes of which something changed."""
        screen = self.screen
        charted, taped = screen.watching.shown("chart"), screen.watching.shown("tape")
        has_account = screen.account in dirty.accounts
        found = {str(pane.surface.id) for pane in screen.ladders.touched(dirty)}
        if has_account:
            found.add("status")
        if dirty.queues or has_account:
            found.add("blotter")
        if screen.watching.is_touched(dirty):
            found.add("watchlist")
        if taped in dirty.tapes or (screen.tape.levels and (taped in dirty.books or taped in dirty.quotes)):
            found.add("tape")
        if charted in dirty.bars or f"{charted}/{models.STUDY}" in dirty.studies:
            found.add("chart")
        return found

    def _active(self) -> None:
        if self._follows:
            self._follows = False
            self.screen.entry.follow()
        self.screen.show_ladder()

    def _watchlist(self) -> None:
        self.screen.watching.draw(everything=self._gathers)
        self._gathers = False

    def _chart(self) -> None:
        screen = self.screen
        instrument = screen.store.instruments.get(screen.watching.shown("chart"))
        if instrument is not None and screen.chart.size:
            screen.chart.show(models.chart_model(screen.store, screen.looking(), instrument))

    def _tape(self) -> None:
        screen = self.screen
        instrument = screen.store.instruments.get(screen.watching.shown("tape"))
        if instrument is not None and screen.tape.size:
            screen.tape.show(models.tape_model(screen.store, screen.looking(), instrument))

    def _status(self) -> None:
        screen = self.screen
        screen.name_panes()
        screen.status_bar.show(screen.presence.status(screen.looking()))
        screen.sounds.watch_feed(screen.is_stale)
        screen.hearing.watch(screen.store.health)
        self.ticket()

    def ticket(self) -> None:
        """Draw the ticket's rows; where nothing is staged, a long message begins in that of the keys."""
        screen = self.screen
        model, width = screen.entry.model(), screen.ticket_bar.size.width
        first, second = ticket_rows(model, screen.said, width)
        is_free = model.staged is None and not model.moving
        screen.ticket_bar.say(first, screen.messages.spread(width, is_free=is_free) or second)
