"""The guide on the screen: two rows above the ticket that follow what is done; seen once, it is remembered."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from termdesk.config.paths import places
from termdesk.ui.actions import shown_keys
from termdesk.ui.bars import Bar
from termdesk.ui.guide.steps import STEPS, Progress, Seen, Step, advanced, begun

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen


class Guide:
    """The guide of one screen; hidden until it begins.

    Begins by itself where no earlier one was finished or closed, if the app
    offers it; the key begins it again at any time.
    """

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self.bar = Bar(id="guide")
        self.progress: Progress | None = None
        self._said = ""

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Give what each action of the registry does here."""
        return {"desk.guide": self.turn}

    def offer(self) -> None:
        """Begin, unless this user knows it already."""
        if not _memory().exists():
            self._begin()

    def turn(self) -> None:
        """Begin, or close and remember that."""
        if self.progress is None:
            self._begin()
        else:
            self._remember()
            self.progress = None
            self._show()

    def look(self) -> None:
        """Go on if the present step is done."""
        if self.progress is None:
            return
        now = advanced(self.progress, self._seen())
        if now is not self.progress:
            self.progress = now
            if now.step is Step.LEAVE:
                self._remember()
        if self._words(now.step) != self._said:
            self._show()

    def speak(self) -> None:
        """Say the step anew, in the language of now."""
        self._show()

    def _begin(self) -> None:
        self.progress = begun(self._seen())
        self._show()

    def _seen(self) -> Seen:
        screen = self.screen
        store, explained = screen.store, screen.entry.explaining.explained
        return Seen(screen.instrument_id, store.orders.values(), len(store.fills), explained)

    def _show(self) -> None:
        self.bar.set_class(self.progress is not None, "-shown")
        if self.progress is None:
            return
        number = STEPS.index(self.progress.step) + 1
        tr = self.screen.said.tr
        title = tr("ui.guide", number=number, count=len(STEPS), skip=self._key("desk.guide"))
        self._said = self._words(self.progress.step)
        self.bar.say([(f" {title}", "accent")], [(f" {self._said}", "strong")])

    def _words(self, step: Step) -> str:
        tr, key = self.screen.said.tr, self._key
        match step:
            case Step.SYMBOL:
                return tr("ui.guide_symbol", next=key("symbol.next"), previous=key("symbol.previous"))
            case Step.ORDER:
                words = {"down": key("ladder.down"), "buy": key("order.buy"), "send": key("order.send")}
                return tr("ui.guide_order", ladder=key("pane.ladder"), arm=key("desk.arm"), **words)
            case Step.CANCEL:
                if not self.screen.store.working():  # it filled before it could be cancelled
                    return tr("ui.guide_cancel_gone", down=key("ladder.down"), buy=key("order.buy"))
                return tr("ui.guide_cancel", cancel=key("order.cancel_here"))
            case Step.FILL:
                return tr("ui.guide_fill", market=key("order.buy_market"), send=key("order.send"))
            case Step.WHY:
                words = {"down": key("blotter.down"), "why": key("order.why")}
                return tr("ui.guide_why", blotter=key("pane.blotter"), **words)
            case Step.LEAVE:
                return tr("ui.guide_leave", help=key("desk.help"), find=key("desk.palette"), quit=key("desk.quit"))

    def _key(self, action: str) -> str:
        return shown_keys(self.screen.desk.keymap.keys[action][:1])

    def _remember(self) -> None:
        # Without a place to write, the guide is offered again: no reason to disturb anyone.
        with suppress(OSError):
            _memory().parent.mkdir(parents=True, exist_ok=True)
            _memory().write_text("done\n", encoding="utf-8")


def _memory() -> Path:
    return places().state / "guide"
