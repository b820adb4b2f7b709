"""What a screen says about its tie to the engine, once when it changes, and what the hand loses when it breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from termdesk.ui.actions import shown_keys
from termdesk.ui.news import News
from termdesk.ui.store import EngineLink

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen


class Attaching:
    """The state of the link that was told last, and what was lost with it since it stood last."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self._told = EngineLink.STARTING
        self._disarmed = self._dropped = False

    def lose(self) -> None:
        """Disarm and drop what is staged: an Enter that was meant for a market of before must not find it live."""
        screen, arming = self.screen, self.screen.desk.arming
        self._disarmed |= arming.is_armed
        arming.disarm()
        self._dropped |= screen.entry.forget()

    def tell(self) -> None:
        """Say how the link stands if that changed; take the first account of a desk that answers."""
        screen, store, said = self.screen, self.screen.store, self.screen.said
        link, before = store.link, self._told
        self._told = link
        detail, key = store.link_detail, shown_keys(screen.desk.keymap.keys["engine.start"])
        why = self._why(detail) if isinstance(detail, str) else said.sentence(detail.code, detail.params)
        lost = tuple(self._lost())
        if link is EngineLink.FAILED:
            screen.say(News(" · ".join((said.tr("news.failed", why=why), *lost)), "danger", is_passing=True))
        elif link is EngineLink.LOST and before is not link:
            words = said.tr("news.lost", why=why, key=key)
            screen.say(News(" · ".join((words, *lost)), "danger", is_passing=True))
        elif link is EngineLink.UP and (before is not link or lost):
            attached = said.tr("news.attached", desk=store.welcome.desk if store.welcome else "")
            wrongs = screen.desk.wrong_keys(), screen.watching.complaint(), screen.workspaces.complaint()
            wrong = tuple(filter(None, wrongs))
            ink = "danger" if wrong else "warning" if lost else "text"
            screen.say(News(" · ".join((attached, *lost, *wrong)), ink))
            self._disarmed = self._dropped = False
        if link is EngineLink.UP and not screen.account and store.welcome is not None:
            screen.account = next(iter(store.welcome.accounts), "")

    def _why(self, detail: str) -> str:
        """Say in the reader's language how most links end; everything else is told as it was put by what failed."""
        if not detail:
            return detail
        from termdesk.client.connection import WENT_AWAY  # loaded with the link, after the first frame

        return self.screen.said.tr("news.went_away") if detail == WENT_AWAY else detail

    def _lost(self) -> Iterator[str]:
        """Name what the hand had before the link was lost; a screen that was armed anew has it again."""
        if self._disarmed and not self.screen.desk.arming.is_armed:
            yield self.screen.said.tr("news.disarmed_lost")
        if self._dropped:
            yield self.screen.said.tr("news.dropped")
