"""The guide on the screen: two rows above the ticket that follow what is done; how far it went is remembered."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from termdesk.config.paths import places
from termdesk.config.whole_file import write_whole
from termdesk.ui.actions import shown_keys
from termdesk.ui.bars import Bar
from termdesk.ui.guide.steps import DONE, STEPS, Progress, Seen, Step, advanced, begun, step_of

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen


class Guide:
    """The guide of one screen; hidden until it begins.

    Where no earlier one was finished or closed it begins by itself, if the app
    offers it, at the step that was reached; the key begins it anew at any time.
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
        """Begin, or go on where the screen was left; not for a user who knows it already."""
        step = _kept()
        if step is not None:
            self._begin(step)

    def turn(self) -> None:
        """Begin, or close and remember that."""
        if self.progress is None:
            self._begin(STEPS[0])
        else:
            _keep(DONE)
            self.progress = None
            self._show()

    def look(self) -> None:
        """Go on if the present step is done."""
        if self.progress is None:
            return
        now = advanced(self.progress, self._seen())
        if now is not self.progress:
            self.progress = now
            _keep(DONE if now.step is Step.LEAVE else now.step.value)
        if self._words(now.step) != self._said:
            self._show()

    def speak(self) -> None:
        """Say the step anew, in the language of now."""
        self._show()

    def _begin(self, step: Step) -> None:
        self.progress = begun(self._seen(), step)
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


def _keep(reached: str) -> None:
    # Without a place to write, the guide is offered again: no reason to disturb anyone.
    with suppress(OSError):
        write_whole(_memory(), f"{reached}\n".encode())


def _kept() -> Step | None:
    try:
        return step_of(_memory().read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return STEPS[0]


def _memory() -> Path:
    return places().state / "guide"
