"""What the keys of ladders do besides moving the cursor: axis, columns, counts, several ladders."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from termdesk.ui.ladder.row import MOST
from termdesk.ui.lines.ladder_columns import Column
from termdesk.ui.lines.ladder_view import AxisMode
from termdesk.ui.news import News

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen


class LadderKeys:
    """The actions of the ladder that has the keys."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Give what each action of the registry does here."""
        return {
            "ladder.mode": self.next_mode,
            "ladder.hold": self.hold,
            "ladder.compress": self.compress,
            "ladder.columns": self.choose_columns,
            "ladder.recentre_all": lambda: self.screen.ladders.recentre(),  # noqa: PLW0108 there are no ladders yet
            "ladder.aim": self.aim,
            "ladder.exit_unit": self.change_exit_unit,
            "ladder.clear": lambda: self.screen.ladders.clear(),  # noqa: PLW0108
            "ladder.clear_above": lambda: self.screen.ladders.clear(below=False),
            "ladder.clear_below": lambda: self.screen.ladders.clear(above=False),
            "ladder.lock": self.lock,
            "ladder.add": self.add,
            "ladder.close": self.close,
        }

    def next_mode(self) -> None:
        """Go on to the next way of recentring, and say which."""
        mode, said = self.screen.ladders.active.axis.next_mode(), self.screen.said
        words = {
            AxisMode.STATIC: said.tr("news.ladder_mode_static"),
            AxisMode.EDGE: said.tr("news.ladder_mode_edge"),
            AxisMode.CENTRED: said.tr("news.ladder_mode_centred"),
        }
        self._say(words[mode])
        self.screen.show_ladder()

    def hold(self) -> None:
        """Hold the axis, or let it go."""
        is_held = self.screen.ladders.active.axis.hold()
        said = self.screen.said
        self._say(said.tr("news.ladder_held") if is_held else said.tr("news.ladder_let_go"))
        self.screen.show_ladder()

    def aim(self) -> None:
        """Change what the ladder centres on, and centre there; not under a staged order."""
        screen = self.screen
        if screen.entry.ticket.staged is None:
            is_on_last = screen.ladders.active.axis.aim()
            said = screen.said
            self._say(said.tr("news.ladder_on_last") if is_on_last else said.tr("news.ladder_on_mid"))
            screen.show_ladder()
            screen.navigation.recentre()

    def change_exit_unit(self) -> None:
        """Tell profit if exited in ticks, or in money."""
        ladders, said = self.screen.ladders, self.screen.said
        ladders.exit_in_ticks = not ladders.exit_in_ticks
        self._say(said.tr("news.ladder_exit_ticks") if ladders.exit_in_ticks else said.tr("news.ladder_exit_money"))
        self.screen.flush(everything=True)

    def compress(self) -> None:
        """Change between every price and those where something is; not under a staged order."""
        if self.screen.entry.ticket.staged is None:
            self.screen.ladders.active.axis.compress()
            self.screen.show_ladder()

    def choose_columns(self) -> None:
        """Ask for the columns of every ladder."""
        from termdesk.ui.ladder.chooser import ColumnChooser  # loaded when it is opened

        screen = self.screen

        def chosen(columns: tuple[Column, ...] | None) -> None:
            if columns:
                screen.ladders.columns = columns
                screen.flush(everything=True)

        screen.app.push_screen(ColumnChooser(screen.ladders.columns, screen.said), chosen)

    def lock(self) -> None:
        """Lock the ladder on its instrument, or link it again."""
        instrument = self.screen.instrument
        if instrument is None:
            return
        said = self.screen.said
        is_locked = self.screen.ladders.toggle_lock()
        self._say(
            said.tr("news.ladder_is_locked", symbol=instrument.code) if is_locked else said.tr("news.ladder_is_linked")
        )

    def add(self) -> None:
        """Put one more ladder at the right."""
        if not self.screen.ladders.add():
            self._say(self.screen.said.tr("news.ladder_most", count=MOST))

    def close(self) -> None:
        """Close the ladder; what was staged in it is dropped."""
        if not self.screen.ladders.close_active():
            self._say(self.screen.said.tr("news.ladder_first"))

    def _say(self, words: str) -> None:
        self.screen.say(News(words))
