"""Who is attached: what this screen tells of itself, and what its status line says of it and of the others."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from termdesk.core.wire.topics import ScreenLine
from termdesk.ui.lines.format import clean
from termdesk.ui.lines.statusline import Other, StatusModel
from termdesk.ui.locale import Catalogue
from termdesk.ui.models import Looking, status_model
from termdesk.ui.news import News
from termdesk.ui.store import EngineLink, Store

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen


def own_name(environment: Mapping[str, str]) -> str:
    """Give what a screen calls itself where others are told of it: the browser, its pane of tmux, its terminal."""
    if "web_driver" in environment.get("TEXTUAL_DRIVER", ""):
        return "web"
    if environment.get("TMUX_PANE"):
        return f"tmux {environment['TMUX_PANE']}"
    for descriptor in range(3):
        with suppress(OSError):
            return os.ttyname(descriptor).removeprefix("/dev/")
    return f"pid {os.getpid()}"


def notice(screen: TradeScreen) -> str:
    """Give the words on the screen's own state; empty where there is nothing to say."""
    tr = screen.said.tr
    words = [tr("ui.looks_on")] if screen.desk.options.read_only else []
    words += [tr("ui.muted")] if screen.sounds.is_muted else []
    words.append(screen.drawing.notice())
    return " ".join(word for word in words if word)


def attached(store: Store) -> list[ScreenLine]:
    """Give the clients besides this one; none while the engine is not heard of."""
    if store.link is not EngineLink.UP or store.health is None or store.welcome is None:
        return []
    return [line for line in store.health.screens if line.session != store.welcome.session]


def others(store: Store) -> tuple[Other, ...]:
    """Give the other clients as the status line shows them: armed ones first, then those that did not tell."""
    found = attached(store)
    names = [_name(line) for line in found]
    own = store.welcome.actor if store.welcome else ""
    told = [
        Other(
            name=f"{name} {line.session}" if names.count(name) > 1 else name,
            actor=line.actor if line.actor != own else "",
            armed=line.armed,
            looks_on=line.looks_on,
        )
        for name, line in zip(names, found, strict=True)
    ]
    return tuple(sorted(told, key=lambda one: (not one.armed, one.armed is not None, bool(one.looks_on))))


def who(store: Store, session: str, said: Catalogue) -> str:
    """Name the client of a session; of one that is no longer attached no name is known."""
    lines = store.health.screens if store.health else ()
    return clean(next((_name(line) for line in lines if line.session == session), said.tr("ui.another_screen")))


def _name(line: ScreenLine) -> str:
    return line.screen or line.client or line.session


class Presence:
    """Says who comes and goes, and tells the engine how this screen is attached."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self._known: dict[str, ScreenLine] | None = None

    def status(self, looking: Looking) -> StatusModel:
        """Give the status line."""
        screen, store, desk = self.screen, self.screen.store, self.screen.desk
        return status_model(
            store, looking, desk.expected_mode, desk.arming.is_armed, notice(screen), others=others(store)
        )

    def look(self) -> None:
        """Tell and say what changed. Clients that told nothing of themselves come and go without a word."""
        screen, store = self.screen, self.screen.store
        screen.link.be_present(armed=screen.desk.arming.is_armed, looks_on=screen.desk.options.read_only)
        if store.link is not EngineLink.UP or store.health is None:
            self._known = None
            return
        now = {line.session: line for line in attached(store) if line.armed is not None}
        before, self._known = self._known, now
        if before is None:
            return
        for session in now.keys() - before.keys():
            self._say(screen.said.tr("news.screen_came", screen=clean(_name(now[session]))))
        for session in before.keys() - now.keys():
            self._say(screen.said.tr("news.screen_left", screen=clean(_name(before[session]))))

    def _say(self, words: str) -> None:
        self.screen.say(News(words))
