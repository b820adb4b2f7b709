"""Asking before an action, where the settings say so; every question names account, mode, effect and settlement."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import plain
from termdesk.core.model.terms import Side
from termdesk.core.wire.queries import OrderLine
from termdesk.ui.locale import Catalogue
from termdesk.ui.news import News

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen


def effect_words(
    side: Side, qty: int, position: int, taken: int, instrument: Instrument, said: Catalogue
) -> tuple[str, str]:
    """Say whether an order opens or closes, ``closes``, ``opens`` or how much of both, and why that is not certain.

    ``taken`` is what of the position orders that work already close: beside them it may open after all.
    """
    held = max(0, -position * side.sign)
    closing = min(qty, max(0, held - taken))
    closed, opened, others = (plain(instrument.qty_decimal(part)) for part in (closing, qty - closing, taken))
    if closing < min(qty, held):
        why = said.tr("ticket.taken", taken=others)
        if closing:
            return said.tr("ticket.may_turn", closed=closed, opened=opened), why
        return said.tr("ticket.may_open", opened=opened), why
    if not closing:
        return said.tr("ticket.opens"), ""
    if closing == qty:
        return said.tr("ticket.closes"), ""
    return said.tr("ticket.turns", closed=closed, opened=opened), ""


def settlement_words(instrument: Instrument) -> str:
    """Say when a bought unit may be sold, where that is not at once: ``T+1``."""
    return f"T+{instrument.settlement_days}" if instrument.settlement_days else ""


class Confirming:
    """The questions of one screen."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self._open: set[str] = set()

    def order(
        self,
        action: str,
        words: str,
        account: str,
        order: tuple[Instrument, Side, int],
        act: _Act,
        held_back: _Why | None = None,
        taken: int = 0,
    ) -> None:
        """Ask before an order, if its action asks.

        Args:
            action: A name of ``ConfirmSettings``.
            words: What it would do.
            account: Of the order.
            order: Instrument, side and quantity.
            act: Called at once, or after a yes.
            held_back: Says why it may not be sent any more at the yes, as on a screen disarmed since the question.
            taken: What of the position others close already that do not make way for it.
        """
        instrument, side, qty = order
        position = self.screen.store.position(account, instrument.id)
        effect, why = effect_words(side, qty, position, taken, instrument, self.screen.said)
        self.action(action, f"{words}?", account, act, (effect, why, settlement_words(instrument)), held_back)

    def amend(self, words: str, line: OrderLine, qty: int, act: _Act, held_back: _Why | None = None) -> None:
        """Ask before a change of a working order, if changes ask.

        Args:
            words: What it would do.
            line: The order, or the first of several.
            qty: What would be left of it.
            act: Called at once, or after a yes.
            held_back: As of an order.
        """
        instrument = self.screen.store.instruments.get(line.instrument)
        if instrument is not None:
            taken = self.screen.entry.sending.taken_beside(line)
            self.order("amend", words, line.account, (instrument, line.side, qty), act, held_back, taken)

    def action(
        self,
        action: str,
        question: str,
        account: str,
        act: _Act,
        more: tuple[str, ...] = (),
        held_back: _Why | None = None,
    ) -> None:
        """Ask before any action, if it asks; an empty account is every one of them."""
        screen, said = self.screen, self.screen.said
        if getattr(screen.desk.settings.orders.confirm, action) != "ask":
            act()
            return
        if action in self._open:
            return  # it is being asked already
        whose = f"{said.tr('dialog.account')} {account}" if account else said.tr("dialog.every_account")
        text = "\n".join((question, " · ".join((whose, self.mode(), *filter(None, more)))))
        choices = (("y", said.tr("dialog.yes"), "yes"), ("n", said.tr("dialog.no"), "no"))
        self._open.add(action)

        def answered(answer: str | None) -> None:
            self._open.discard(action)
            if answer != "yes":
                return
            if held_back is not None and (why := held_back()):
                screen.say(News(why, "danger"))
                return
            act()

        screen.ask(text, choices, answered)

    def mode(self) -> str:
        """Name the desk's mode."""
        mode = self.screen.store.mode or self.screen.desk.expected_mode
        return self.screen.said.texts[f"status.mode.{mode.value}"]


_Act = Callable[[], None]
_Why = Callable[[], str]
