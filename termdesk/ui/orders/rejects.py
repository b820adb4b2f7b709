"""Why an order was refused, over the lowest rows of the ladder that it was sent from; it goes by itself.

A command whose outcome is unknown stays said until its outcome is known or the hand goes on to another order: neither
a lost link nor the next refusal takes it away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from textual.containers import Container
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from termdesk.core.model import facts
from termdesk.core.model.facts import Recorded
from termdesk.ui.lines.format import clean

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen

SHOWN_S = 10.0
REFUSALS = (facts.OrderRejected, facts.OrderNotSent, facts.CancelRejected, facts.OutcomeUnknown)
"""Facts that are told where the hand's eye is, not only in the message bar."""


class Rejection(Static):
    """Lies over the ladder, so that no row moves."""

    DEFAULT_CSS = """
    Rejection {
        layer: over; dock: bottom; height: auto; max-height: 4; padding: 0 1;
        background: $panel; color: $danger; text-style: bold; display: none;
    }
    """


class Unanswered(msgspec.Struct, frozen=True):
    """A command that left and whose answer never came."""

    words: str
    """What is said of it."""
    since: int
    """Newest record of the log by then."""


class Rejects:
    """What was refused last on one screen."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self._shown: Rejection | None = None
        self._timer: Timer | None = None
        self.unanswered: dict[str, Unanswered] = {}
        """Commands whose outcome is unknown."""

    def hear(self, record: Recorded, words: str) -> None:
        """Show a record of the log if it refuses something of the instrument that is shown."""
        if isinstance(record.fact, REFUSALS):
            line = self.screen.store.orders.get(getattr(record.fact, "order_id", ""))
            if line is not None and (line.instrument, line.account) == (self.screen.instrument_id, self.screen.account):
                self.show(words)

    def unknown(self, command_id: str, words: str) -> None:
        """Say that a command's outcome is unknown until it is known."""
        self.unanswered[command_id] = Unanswered(words, self.screen.store.orders_cursor)
        self.show("")

    def known(self, command_id: str, words: str) -> bool:
        """Say what became of a command if its outcome was unknown; gives whether it was."""
        if self.unanswered.pop(command_id, None) is None:
            return False
        self.show(words)
        return True

    def show(self, words: str) -> None:
        """Say a refusal beside the ladder, below what is unknown."""
        pane = self.screen.ladder.parent
        if not isinstance(pane, Container):
            return
        if self._shown is None or self._shown.parent is not pane:
            self.hide()
            self._shown = Rejection()
            pane.mount(self._shown)
        lines = list(filter(None, (*dict.fromkeys(one.words for one in self.unanswered.values()), words)))
        self._shown.update(Content("\n".join(map(clean, lines))))
        self._shown.display = True
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.screen.set_timer(SHOWN_S, self._let_go)

    def go_on(self) -> None:
        """Take refusals away for another order; what is unknown only once the orders that are shown are true again."""
        screen = self.screen
        if screen.store.is_stale(screen.instrument_id, screen.desk.clock_ns(), screen.desk.stale_ns):
            self._let_go()
        else:
            self.unanswered.clear()
            self.hide()

    def _let_go(self) -> None:
        if self.unanswered:
            self.show("")
        else:
            self.hide()

    def hide(self) -> None:
        """Take it out of sight."""
        if self._shown is not None and self._shown.display:
            self._shown.display = False
