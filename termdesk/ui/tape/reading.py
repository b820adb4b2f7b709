"""The reader of the tape: which trades, how large is large, how deep the box."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from termdesk.core.model.errors import TermdeskError
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import plain
from termdesk.core.model.terms import Side
from termdesk.ui.lines.depth import LEVELS
from termdesk.ui.lines.format import clean
from termdesk.ui.lines.tape_view import TapeView
from termdesk.ui.locale import Catalogue
from termdesk.ui.news import News
from termdesk.ui.screens.dialogs import EditedLine

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen

SIDES = (None, Side.BUY, Side.SELL)


def view_words(view: TapeView, instrument: Instrument | None, said: Catalogue) -> str:
    """Say what of the trades is not shown as it came; empty for every trade."""
    least = f"≥{plain(instrument.qty_decimal(view.least))}" if view.least and instrument is not None else ""
    side = said.word("side", view.side.value) if view.side is not None else ""
    words = " ".join(part for part in (side, least, said.tr("news.tape_joined") if view.joins else "") if part)
    return f"⌕ {words}" if words else ""


class Reading:
    """The eye on the tape of one screen."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Give what each action of the registry does here."""
        tape = self.screen.tape
        return {
            "tape.back": lambda: tape.scroll(1),
            "tape.on": lambda: tape.scroll(-1),
            "tape.newest": lambda: tape.scroll(-tape.count()),
            "tape.side": self.side,
            "tape.join": self.join,
            "tape.least": lambda: self.ask("least"),
            "tape.large": lambda: self.ask("large"),
            "tape.depth": self.depth,
        }

    def side(self) -> None:
        """Show both sides, buyers' trades or sellers' trades."""
        view = self.screen.tape.view
        self.screen.tape.look(replace(view, side=SIDES[(SIDES.index(view.side) + 1) % len(SIDES)]))
        self._tell()

    def join(self) -> None:
        """Join what one order traded, or show every trade."""
        view = self.screen.tape.view
        self.screen.tape.look(replace(view, joins=not view.joins))
        self._tell()

    def depth(self) -> None:
        """Show no depth box, five levels or ten."""
        tape = self.screen.tape
        levels = LEVELS[(LEVELS.index(tape.levels) + 1) % len(LEVELS)]
        for each in LEVELS:
            self.screen.set_class(each == levels, f"-depth-{each}")
        self.screen.workspaces.show()
        tape.look(tape.view, levels)
        self.screen.call_after_refresh(self.screen.flush, everything=True)

    def ask(self, name: str) -> None:
        """Ask for the least size to show, or the size of a large trade; empty takes it back."""
        screen, instrument = self.screen, self._instrument()
        if instrument is None:
            return
        view = screen.tape.view
        before = view.least if name == "least" else view.large

        def answered(text: str | None) -> None:
            if text is None:
                return
            try:
                qty = instrument.qty(text.strip()) if text.strip() else 0
            except (TermdeskError, ArithmeticError, ValueError) as error:
                screen.say(News(clean(str(error) or text), "danger"))
                return
            fresh = replace(view, least=max(0, qty)) if name == "least" else replace(view, large=max(0, qty))
            screen.tape.look(fresh)
            self._tell()

        words = screen.said.tr("dialog.tape_least") if name == "least" else screen.said.tr("dialog.tape_large")
        screen.app.push_screen(EditedLine(words, plain(instrument.qty_decimal(before)) if before else ""), answered)

    def _instrument(self) -> Instrument | None:
        return self.screen.store.instruments.get(self.screen.watching.shown("tape"))

    def _tell(self) -> None:
        screen, view, instrument = self.screen, self.screen.tape.view, self._instrument()
        side = screen.said.tr("news.tape_both") if view.side is None else screen.said.word("side", view.side.value)
        least = plain(instrument.qty_decimal(view.least)) if instrument is not None else "0"
        joins = screen.said.tr("news.tape_joined") if view.joins else screen.said.tr("news.tape_each")
        screen.name_panes()
        screen.say(News(screen.said.tr("news.tape_shows", side=side, least=least, joins=joins)))
