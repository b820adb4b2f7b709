"""What a screen says about its tie to the engine, once when it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termdesk.ui.actions import shown_keys
from termdesk.ui.news import News
from termdesk.ui.store import EngineLink

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen


class Attaching:
    """The state of the link that was told last."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self._told = EngineLink.STARTING

    def tell(self) -> None:
        """Say how the link stands if that changed; take the first account of a desk that answers."""
        screen, store, said = self.screen, self.screen.store, self.screen.said
        link, before = store.link, self._told
        self._told = link
        detail, key = store.link_detail, shown_keys(screen.desk.keymap.keys["engine.start"])
        why = detail if isinstance(detail, str) else said.sentence(detail.code, detail.params)
        if link is EngineLink.FAILED:
            screen.say(News(said.tr("news.failed", why=why), "danger", is_passing=True))
        elif link is EngineLink.LOST and before is not link:
            screen.say(News(said.tr("news.lost", why=why, key=key), "danger", is_passing=True))
        elif link is EngineLink.UP and before is not link:
            attached = said.tr("news.attached", desk=store.welcome.desk if store.welcome else "")
            wrongs = screen.desk.wrong_keys(), screen.watching.complaint(), screen.workspaces.complaint()
            wrong = " · ".join(filter(None, wrongs))
            screen.say(News(f"{attached} · {wrong}", "danger") if wrong else News(attached))
        if link is EngineLink.UP and not screen.account and store.welcome is not None:
            screen.account = next(iter(store.welcome.accounts), "")
