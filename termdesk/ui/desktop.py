"""What can be done to the screen itself: themes, language, commands, keys, leaving.

What opens on top is loaded when it is opened; the first paint does not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from termdesk.core.model.errors import ConfigError
from termdesk.ui.news import News

if TYPE_CHECKING:
    from termdesk.ui.palette import Offer
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
            "view.bandwidth": self.turn_bandwidth,
            "view.up_down": lambda: screen.desk.next_up_down(),  # noqa: PLW0108
            "view.language": lambda: screen.desk.next_language(),  # noqa: PLW0108
            "view.redraw": lambda: screen.desk.redraw(),  # noqa: PLW0108
            "desk.suspend": self.suspend,
            "desk.palette": self.open_palette,
            "desk.key_check": self.open_key_check,
            "desk.help": self.open_key_sheet,
            "engine.start": lambda: screen.desk.start_engine(),  # noqa: PLW0108
            "desk.quit": lambda: screen.desk.ask_quit(),  # noqa: PLW0108
        }

    def suspend(self) -> None:
        """Give the terminal back to the shell until it brings the screen back; not where there is none."""
        desk = self.screen.desk
        if desk.can_suspend:
            desk.action_suspend_process()
        else:
            self.screen.say(News(self.screen.said.tr("news.no_shell")))

    def turn_bandwidth(self) -> None:
        """Spare the line, or no more; until the screen is left."""
        screen = self.screen
        is_low = not screen.drawing.is_low
        screen.drawing.use(is_low=is_low)
        tr, kilobytes = screen.said.tr, screen.desk.settings.screen.bytes_s // 1000
        screen.say(News(tr("news.bandwidth_low", kilobytes=kilobytes) if is_low else tr("news.bandwidth_full")))

    def open_key_check(self) -> None:
        """Show which keys this terminal delivers."""
        from termdesk.ui.keys.check import KeyCheck

        self.screen.app.push_screen(KeyCheck(self.screen.desk.keymap, self.screen.said))

    def open_key_sheet(self) -> None:
        """Show every action with its keys."""
        from termdesk.ui.screens.key_sheet import KeySheet

        self.screen.app.push_screen(KeySheet(self.screen.desk.keymap, self.screen.said, self.screen.holds))

    def open_palette(self) -> None:
        """Ask for an action by name, and do it."""
        from termdesk.ui.finder.index import Index
        from termdesk.ui.finder.initials import Spelling
        from termdesk.ui.palette import instrument_offers, offers, setting_offers
        from termdesk.ui.screens.palette import Palette

        screen, desk = self.screen, self.screen.desk
        try:
            spelling = Spelling.read()
        except ConfigError:  # the finder tells what is wrong with it
            spelling = Spelling({})
        index = Index(screen.store.instruments.values(), spelling)

        def offered(typed: str) -> list[Offer]:
            actions = offers(typed, desk.keymap, screen.said, screen.holds)
            settings = setting_offers(typed, desk.themes, screen.said)
            return actions + settings + instrument_offers(typed, index, screen.said)

        def chosen(name: str | None) -> None:
            kind, _, value = (name or "").partition(" ")
            sets = {
                "theme": desk.put_theme,
                "language": desk.put_language,
                "up_down": desk.put_up_down,
                "take": screen.navigation.choose,
            }
            if kind in sets:
                sets[kind](value)
            elif kind:
                screen.action_act(kind, "")

        screen.app.push_screen(Palette(offered, screen.said.tr("ui.no_action"), screen.entry.sending.barred), chosen)
