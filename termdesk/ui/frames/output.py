"""An app whose frames reach the terminal as what differs from what it shows, and whose bytes are counted."""

from __future__ import annotations

from functools import lru_cache
from typing import Generic, TypeVar

from rich.console import RenderableType
from textual import events, on
from textual._compositor import CompositorUpdate
from textual._styles_cache import StylesCache
from textual.app import App
from textual.color import Color
from textual.driver import Driver
from textual.screen import Screen
from textual.style import Style

from termdesk.ui.lines.shown import Shown, ShownUpdate

Returned = TypeVar("Returned")


class Wire:
    """Counts what a driver wrote.

    Attributes:
        sent: Bytes so far, everything included.
    """

    def __init__(self) -> None:
        self.sent = 0

    def count(self, text: str) -> None:
        """Count what is about to leave."""
        self.sent += len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def counted(driver: type[Driver]) -> type[Driver]:
    """Give a kind of driver that counts what it writes on its app's wire."""

    class Counted(driver):  # type: ignore[misc, valid-type]
        def write(self, data: str) -> None:
            app = self._app
            if isinstance(app, TerminalApp):
                app.wire.count(data)
            super().write(data)

        def start_application_mode(self) -> None:
            app = self._app
            if isinstance(app, TerminalApp):
                app.shown.forget()
            super().start_application_mode()

    return Counted


@lru_cache(1024)
def _grounds(base: Color, background: Color) -> tuple[Style, Style]:
    return Style(background=base + background), Style(background=base)


def keep_no_gone_widgets() -> None:
    """Let go of widgets with their screen, once for the process.

    Textual 8.2.8 keeps the two grounds of a widget by the widget's own cache of rows too, so that 1,024 dialogs that
    were closed long ago stay in memory with all their rows.
    """
    StylesCache.get_inner_outer = lambda _, base, background: _grounds(base, background)  # type: ignore[method-assign, assignment]


class TerminalApp(App[Returned], Generic[Returned], inherit_bindings=False):
    """Sends less than Textual does, and knows how much.

    Attributes:
        shown: What the terminal shows.
        wire: What was sent.
    """

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        self.shown = Shown()
        self.wire = Wire()
        keep_no_gone_widgets()
        super().__init__(ansi_color=ansi_color)

    def get_driver_class(self) -> type[Driver]:
        """Give Textual's driver, a more tolerant one for terminals, counting."""
        found = super().get_driver_class()
        if found.__name__ == "LinuxDriver":
            from termdesk.ui.keyboard import TolerantDriver  # not on every system

            found = TolerantDriver
        return counted(found)

    @property
    def can_suspend(self) -> bool:
        """Whether the terminal can be given back for a while."""
        return self._driver is not None and self._driver.can_suspend

    @property
    def backlog(self) -> int:
        """Writes that the terminal has not taken yet; 0 where the driver does not tell."""
        writer = getattr(self._driver, "_writer_thread", None)
        return writer._queue.qsize() if writer is not None else 0

    async def on_event(self, event: events.Event) -> None:
        """Take nothing for shown on a terminal of another size, or on one that was looked away from."""
        if isinstance(event, events.Resize):
            self.shown.forget()
        elif isinstance(event, events.AppFocus):
            self.redraw()
        await super().on_event(event)

    def redraw(self) -> None:
        """Write every cell anew: another program may have written over them."""
        self.shown.forget()
        self.screen.refresh()

    @on(Driver.SignalResume)
    def _redraw_resumed(self) -> None:
        self.redraw()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if isinstance(renderable, CompositorUpdate):
            renderable = ShownUpdate(renderable, self.shown)
        super()._display(screen, renderable)
