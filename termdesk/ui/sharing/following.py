"""Link groups across screens: what a person chooses here is put to the others, what is chosen there is followed.

A hand must never send an order into an instrument that another screen has just
switched under it. So the group of the ladder that the keys act on follows only
while nothing is staged, typed, picked up or open on top, and no key came for as
long as a ladder holds still after one; until then the screen says where the
group is. Other groups move nothing that is staged, and follow at once. Right
after a group followed, keys that act on the instrument of one of its ladders do
nothing for a moment, also where that ladder gets the keys only then. A locked
ladder never follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from termdesk.core.wire.frames import Welcome
from termdesk.core.wire.shared import ShowInGroup
from termdesk.ui.actions import touches_account
from termdesk.ui.lines.format import clean
from termdesk.ui.news import News
from termdesk.ui.sharing.presence import who
from termdesk.ui.sharing.shared import Shared, Told
from termdesk.ui.watch.linking import LETTERS

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen

LEAST_GUARD_NS = 1_000_000_000
"""After a key the group that the keys act on stays at least this long, whatever guard the ladder has."""
SETTLE_NS = 1_000_000_000
"""After it followed, keys that act on the chosen instrument wait this long: they were meant for the one before."""
ELSEWHERE = ("order.cancel_everything", "desk.arm", "desk.panic", "desk.kill", "desk.resume", "row.")
"""Actions that touch an account, but not by way of the chosen instrument."""


class Following:
    """The link groups of one screen, and those of the others.

    Attributes:
        elsewhere: What a group shows on other screens, by letter, while this one does not follow yet.
    """

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self.elsewhere: dict[str, str] = {}
        self._shared: Shared[str] = Shared()
        self._waiting: dict[str, Told[str]] = {}
        self._welcome: Welcome | None = None
        self._moved_ns: dict[str, int] = {}

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
        self._say_elsewhere(group, "")
        self._shared.put(group, instrument)
        self.screen.link.put(ShowInGroup(group, instrument))

    def holds_back(self, name: str) -> bool:
        """Whether an action would go to what was just switched here, or clicked after its key; says so if it would."""
        screen, stroke = self.screen, self.screen.desk.strokes.acting
        moved_ns, at_ns = self._moved_ns.get(screen.ladders.group), screen.desk.clock_ns()
        if stroke is not None:
            at_ns = min(at_ns, stroke.clock_ns)  # a busy screen acts later than the hand did
        is_moved, is_overtaken = moved_ns is not None and at_ns - moved_ns < SETTLE_NS, screen.desk.strokes.is_overtaken
        if not (is_moved or is_overtaken) or not touches_account(name) or name.startswith(ELSEWHERE):
            return False
        said = screen.said
        words = said.tr("news.just_moved", symbol=self._symbol(screen.instrument_id))
        screen.say(News(said.tr("news.overtaken") if is_overtaken else words, "danger"))
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
        screen, group, name = self.screen, told.name, told.value
        links, ladders = screen.watching.links, screen.ladders
        shows = links.of_group(group)
        is_switch = name != shows != ""
        by = who(screen.store, told.session, screen.said)
        if is_switch and group == ladders.group and not self.is_free:
            if self.elsewhere.get(group) != name:
                self._say_elsewhere(group, name)
                words = screen.said.tr("news.elsewhere", group=group, symbol=self._symbol(name), screen=by)
                screen.say(News(words, "warning"))
            return
        self._waiting.pop(group)
        self._say_elsewhere(group, "")
        if name == shows and links.has_chosen(group):
            return
        if is_switch and any(ladders.letter(pane) == group for pane in ladders.all):
            words = screen.said.tr("news.followed", group=group, symbol=self._symbol(name), screen=by)
            screen.say(News(words, "warning"))
            self._moved_ns[group] = screen.desk.clock_ns()
        screen.navigation.follow(name, group)

    def _say_elsewhere(self, group: str, name: str) -> None:
        if name != self.elsewhere.get(group, ""):
            self.elsewhere[group] = name
            self.screen.ladders.retitle()

    def _symbol(self, name: str) -> str:
        instrument = self.screen.store.instruments.get(name)
        return clean(instrument.code if instrument else name)
