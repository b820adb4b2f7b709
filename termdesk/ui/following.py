"""Link groups across screens: what a person chooses here is put to the others, what is chosen there is followed.

A hand must never send an order into an instrument that another screen has just
switched under it. So the trading group follows only while nothing is staged,
typed, picked up or open on top, and no key came for as long as a ladder holds
still after one; until then the screen says where the group is. Right after it
followed, keys that act on the chosen instrument do nothing for a moment. A
locked ladder never follows. Other groups move no order, and follow at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from termdesk.core.wire.frames import Welcome
from termdesk.core.wire.shared import ShowInGroup
from termdesk.ui.actions import touches_account
from termdesk.ui.lines.format import clean
from termdesk.ui.news import News
from termdesk.ui.presence import who
from termdesk.ui.shared import Shared, Told
from termdesk.ui.watch.linking import LETTERS, TRADING

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen

LEAST_GUARD_NS = 1_000_000_000
"""After a key the trading group stays at least this long, whatever guard the ladder has."""
SETTLE_NS = 1_000_000_000
"""After it followed, keys that act on the chosen instrument wait this long: they were meant for the one before."""
ELSEWHERE = ("order.cancel_everything", "desk.arm", "desk.panic", "desk.kill", "desk.resume", "row.")
"""Actions that touch an account, but not by way of the chosen instrument."""


class Following:
    """The link groups of one screen, and those of the others.

    Attributes:
        elsewhere: The instrument that the trading group shows on other screens, while this one does not follow yet.
    """

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self.elsewhere = ""
        self._shared: Shared[str] = Shared()
        self._waiting: dict[str, Told[str]] = {}
        self._welcome: Welcome | None = None
        self._moved_ns: int | None = None

    @property
    def is_free(self) -> bool:
        """Whether nothing is under way here that a change from elsewhere could fall into."""
        screen, entry = self.screen, self.screen.entry
        ticket, amending = entry.ticket, entry.amending
        is_busy = ticket.staged or ticket.digits or amending.moving or amending.selected or amending.is_holding
        return not is_busy and screen.app.screen is screen and self._is_quiet

    @property
    def _is_quiet(self) -> bool:
        desk = self.screen.desk
        guard_ns = max(LEAST_GUARD_NS, desk.settings.ladder.guard_ms * 10**6)
        touched_ns = desk.arming.touched_ns
        return not touched_ns or desk.clock_ns() - touched_ns >= guard_ns

    # -- from here ------------------------------------------------------------

    def put(self, group: str, instrument: str) -> None:
        """Let other screens know what was chosen here."""
        self._waiting.pop(group, None)
        if group == TRADING:
            self._say_elsewhere("")
        self._shared.put(group, instrument)
        self.screen.link.put(ShowInGroup(group, instrument))

    def holds_back(self, name: str) -> bool:
        """Whether an action would go to an instrument that was just switched; says so if it would."""
        screen = self.screen
        if self._moved_ns is None or screen.desk.clock_ns() - self._moved_ns >= SETTLE_NS:
            return False
        if not touches_account(name) or name.startswith(ELSEWHERE):
            return False
        screen.say(News(screen.said.tr("news.just_moved", symbol=self._symbol(screen.instrument_id)), "danger"))
        return True

    # -- from elsewhere -------------------------------------------------------

    def look(self, *, is_news: bool) -> None:
        """Take what other screens chose and arranged, and follow where nothing holds it back."""
        store = self.screen.store
        if store.welcome is not self._welcome:
            self._welcome = store.welcome
            self._shared.begin_anew()
        if is_news and store.links is not None and store.welcome is not None:
            unsent = {change.group for change in self.screen.link.unsent if isinstance(change, ShowInGroup)}
            told = [Told(one.group, one.instrument, one.revision, one.session) for one in store.links.groups]
            for one in self._shared.news(told, store.welcome.session, unsent):
                if one.name in LETTERS:
                    self._waiting[one.name] = one
        while store.refusals:
            reason = store.refusals.pop()
            self.screen.say(News(self.screen.said.sentence(reason.code, reason.params), "warning"))
        for one in [*self._waiting.values()]:
            if one.value in store.instruments:
                self._follow(one)
        self.screen.workspaces.look(is_news=is_news)

    def _follow(self, told: Told[str]) -> None:
        if told.name == TRADING:
            self._follow_trading(told)
        else:
            self._waiting.pop(told.name)
            self.screen.watching.follow(told.name, told.value)

    def _follow_trading(self, told: Told[str]) -> None:
        screen, name = self.screen, told.value
        if name != screen.ladders.linked and screen.ladders.linked and not self.is_free:
            if self.elsewhere != name:
                self._say_elsewhere(name)
                by = who(screen.store, told.session, screen.said)
                words = screen.said.tr("news.elsewhere", group=TRADING, symbol=self._symbol(name), screen=by)
                screen.say(News(words, "warning"))
            return
        self._waiting.pop(TRADING)
        self._say_elsewhere("")
        if name == screen.ladders.linked:
            return
        if screen.ladders.linked:
            by = who(screen.store, told.session, screen.said)
            words = screen.said.tr("news.followed", group=TRADING, symbol=self._symbol(name), screen=by)
            screen.say(News(words, "warning"))
            self._moved_ns = screen.desk.clock_ns()
        screen.navigation.follow(name)

    def _say_elsewhere(self, name: str) -> None:
        if name != self.elsewhere:
            self.elsewhere = name
            self.screen.ladders.retitle()

    def _symbol(self, name: str) -> str:
        instrument = self.screen.store.instruments.get(name)
        return clean(instrument.code if instrument else name)
