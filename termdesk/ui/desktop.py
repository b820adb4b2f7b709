"""What can be done to the screen itself: themes, language, commands, keys, leaving."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from termdesk.ui.keys.check import KeyCheck
from termdesk.ui.palette import Offer, offers
from termdesk.ui.screens.key_sheet import KeySheet
from termdesk.ui.screens.palette import Palette

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen


class Desktop:
    """The actions of one screen that touch no order and no instrument."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Give what each action of the registry does here; there is no app yet."""
        screen = self.screen
        return {
            "view.theme": lambda: screen.desk.next_theme(),  # noqa: PLW0108
            "view.language": lambda: screen.desk.next_language(),  # noqa: PLW0108
            "desk.palette": self.open_palette,
            "desk.key_check": lambda: screen.app.push_screen(KeyCheck(screen.desk.keymap, screen.said)),
            "desk.help": lambda: screen.app.push_screen(KeySheet(screen.desk.keymap, screen.said)),
            "engine.start": lambda: screen.desk.start_engine(),  # noqa: PLW0108
            "desk.quit": lambda: screen.desk.ask_quit(),  # noqa: PLW0108
        }

    def open_palette(self) -> None:
        """Ask for an action by name, and do it."""
        screen = self.screen

        def offered(typed: str) -> list[Offer]:
            return offers(typed, screen.desk.keymap, screen.said, screen.holds)

        def chosen(name: str | None) -> None:
            if name:
                screen.action_act(name, "")

        screen.app.push_screen(Palette(offered, screen.said.tr("ui.no_action")), chosen)
