"""Another screen as this one hears of it: its changes pass through the engine's own keeper of what is shared."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from desk_cases import NOW, app_of, topics
from msgspec.structs import replace
from order_desk import Engine
from pilot_desk import filled
from textual.events import MouseDown
from textual.pilot import Pilot

from termdesk.core.wire.shared import Change, ShowInGroup
from termdesk.core.wire.topics import ScreenLine
from termdesk.engine.sharing import Held, Sharing
from termdesk.ui.link import Link

OWN, OTHER = "s1", "s2"
SECOND = 10**9


class Desk:
    """A screen under test, the engine's keeper, and a clock."""

    def __init__(self, pilot: Pilot[int], screen: Any, engine: Engine) -> None:
        self.pilot = pilot
        self.screen = screen
        self.engine = engine
        self.sharing = Sharing(Held(), bool)
        self.sharing.on_change = lambda kind: None
        self.clock_ns = 100 * SECOND
        self.puts: list[Change] = []

    def tell(self) -> None:
        """Let the engine tell what is shared, and the screen look at it."""
        held = self.sharing.held
        self.screen.store.take_topics(topics(held.links, held.workspaces), self.clock_ns)
        self.screen.flush()

    def elsewhere(self, *changes: Change) -> None:
        """Let the other screen change something."""
        for change in changes:
            self.sharing.put(change, OTHER, "ada")
        self.tell()

    def show_elsewhere(self, instrument: str, group: str = "A") -> None:
        self.elsewhere(ShowInGroup(group, instrument))

    def deliver(self) -> list[Change]:
        """Let what was put here reach the engine; gives it."""
        unsent = self.screen.link._unsent
        changes = list(unsent.values())
        unsent.clear()
        for change in changes:
            self.sharing.put(change, OWN, "tester")
        return changes

    def later(self, seconds: float) -> None:
        """Let time pass without a key, and without the market growing old."""
        self.clock_ns += int(seconds * SECOND)
        self.screen.store.read_clock(NOW, self.clock_ns)
        self.screen.flush()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def mouse_down(self, x: int, y: int) -> None:
        """Press a mouse button as the terminal tells it."""
        event = MouseDown(None, x, y, 0, 0, 1, shift=False, meta=False, ctrl=False, screen_x=x, screen_y=y)
        event.set_sender(self.pilot.app)
        assert self.pilot.app._driver is not None
        self.pilot.app._driver.send_message(event)
        await self.pilot.pause()

    def message(self) -> str:
        return self.screen.store.kept.messages[-1].text if self.screen.store.kept.messages else ""

    def attached(self, *lines: ScreenLine) -> None:
        """Let the engine say who is attached besides this screen."""
        health = self.screen.store.health
        own = ScreenLine(OWN, "tester", "termdesk screen", "pts/1", armed=True, looks_on=False)
        self.screen.store.take_topics(topics(replace(health, screens=(own, *lines))), self.clock_ns)
        self.screen.flush()


@asynccontextmanager
async def desk_of(monkeypatch: Any, size: tuple[int, int] = (120, 40), **options: Any) -> AsyncIterator[Desk]:
    """A filled screen that only notes what it sends."""
    engine = Engine()
    monkeypatch.setattr(Link, "do", lambda _, command: engine.take(command))
    monkeypatch.setattr(Link, "asking", property(lambda _: engine))
    app = app_of(**options)
    async with app.run_test(size=size) as pilot:
        screen = await filled(pilot)
        desk = Desk(pilot, screen, engine)
        app.clock_ns = lambda: desk.clock_ns
        desk.later(0)
        desk.tell()
        yield desk
