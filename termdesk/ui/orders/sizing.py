"""Choosing how large the next order is: presets on digits, money, share of the position, risk to a stop; brackets."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from termdesk.core.model.errors import Refused
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import plain
from termdesk.core.model.terms import Side
from termdesk.ui.news import News
from termdesk.ui.orders import sizes
from termdesk.ui.orders.exits import Exits, exits
from termdesk.ui.orders.prices import best

if TYPE_CHECKING:
    from termdesk.ui.screens.dialogs import Choice
    from termdesk.ui.screens.trade import TradeScreen

RECENT = "abc"
"""Keys of the quantities sent last that are on no digit."""


class Sizing:
    """The hand on quantity and bracket.

    Attributes:
        template: Digit of the bracket that orders bring along, empty for none.
    """

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self.template = ""

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Give what each action of the registry does here."""
        return {"order.size": self.ask, "order.bracket": self.ask_bracket}

    def preset(self, digit: str) -> None:
        """Take the quantity on a digit."""
        screen, instrument = self.screen, self.screen.instrument
        if instrument is None:
            return
        known = sizes.presets(screen.desk.settings.orders, instrument, screen.day)
        index = int(digit or 0) - 1
        if not 0 <= index < len(known):
            screen.say(News(screen.said.tr("news.no_preset", digit=digit), "warning"))
            return
        self._take(instrument, known[index])

    def ask(self) -> None:
        """Ask for a quantity: a preset, or what it is worked out from."""
        screen, said, instrument = self.screen, self.screen.said, self.screen.instrument
        if instrument is None:
            return
        known = sizes.presets(screen.desk.settings.orders, instrument, screen.day)
        choices: list[Choice] = [
            (str(index), plain(instrument.qty_decimal(qty)), str(index)) for index, qty in enumerate(known, 1)
        ]
        recent = [qty for qty in screen.entry.ticket.recent(instrument.id) if qty not in known]
        choices += [
            (key, said.tr("dialog.recent", qty=plain(instrument.qty_decimal(qty))), f"={qty}")
            for key, qty in zip(RECENT, recent, strict=False)
        ]
        choices += [
            ("n", said.tr("dialog.by_notional", currency=instrument.currency), "notional"),
            ("s", said.tr("dialog.by_share"), "share"),
            ("r", said.tr("dialog.by_risk", currency=instrument.currency), "risk"),
            ("q", said.tr("dialog.keep"), ""),
        ]
        screen.ask(said.tr("dialog.size", symbol=instrument.code), choices, self._chosen)

    def _chosen(self, answer: str | None) -> None:
        said = self.screen.said
        asks: dict[str, tuple[str, Callable[[Instrument, str], int | None]]] = {
            "notional": (said.tr("dialog.notional"), self._notional),
            "share": (said.tr("dialog.share"), self._share),
            "risk": (said.tr("dialog.risk"), self._risk),
        }
        if answer in asks:
            question, work_out = asks[answer]
            self.screen.ask_line(question, "", lambda text: self._worked_out(text, work_out))
        elif answer and answer.startswith("="):
            if self.screen.instrument is not None:
                self._take(self.screen.instrument, int(answer[1:]))
        elif answer:
            self.preset(answer)

    def _worked_out(self, text: str | None, work_out: Callable[[Instrument, str], int | None]) -> None:
        screen, instrument = self.screen, self.screen.instrument
        if not text or instrument is None:
            return
        from termdesk.core.language.normal import normal  # the first paint does not wait for the language

        try:
            qty = work_out(instrument, normal(text).text)
        except Refused as refusal:
            screen.say(News(screen.said.sentence(refusal.code, refusal.params), "danger"))
            return
        if not qty:
            screen.say(News(screen.said.tr("news.no_size", text=text, symbol=instrument.code), "warning"))
            return
        self._take(instrument, qty)

    def _notional(self, instrument: Instrument, text: str) -> int | None:
        money, price = sizes.read_amount(text), self._price()
        return sizes.by_notional(instrument, self.screen.day, money, price) if money and price else None

    def _share(self, instrument: Instrument, text: str) -> int | None:
        percent = sizes.read_amount(text)
        held = self.screen.store.position(self.screen.account, instrument.id)
        return sizes.by_share(instrument, self.screen.day, percent, held) if percent else None

    def _risk(self, instrument: Instrument, text: str) -> int | None:
        risk, entry = sizes.read_risk(text), self._price()
        if risk is None or not entry:
            return None
        return sizes.by_risk(instrument, self.screen.day, risk.money, entry, self._stop(instrument, risk, entry))

    def _stop(self, instrument: Instrument, risk: sizes.Risk, entry: int) -> int:
        if risk.stop is not None:
            return instrument.price(Decimal(risk.stop))
        template = self.screen.desk.settings.orders.brackets.get(self.template)
        return entry - (template.stop_ticks if template else 0) * instrument.rule(self.screen.day).tick

    def _price(self) -> int:
        """Where the order would trade: where it is staged, else the market."""
        staged, quote = self.screen.entry.ticket.staged, self.screen.quote
        if staged is not None and staged.around:
            return staged.around
        return best(quote, Side.SELL) or (quote.last if quote else 0)

    def _take(self, instrument: Instrument, qty: int) -> None:
        entry = self.screen.entry
        entry.ticket.choose(instrument.id, qty)
        entry.bracketed()

    def ask_bracket(self) -> None:
        """Ask which bracket orders bring along."""
        screen, said = self.screen, self.screen.said
        choices: list[Choice] = [
            (digit, said.tr("dialog.template", stop=one.stop_ticks or "–", target=one.target_ticks or "–"), digit)
            for digit, one in sorted(screen.desk.settings.orders.brackets.items())
        ]
        choices += [("0", said.tr("dialog.no_bracket"), "0"), ("q", said.tr("dialog.keep"), "")]
        screen.ask(said.tr("dialog.bracket"), choices, self._bracketed)

    def _bracketed(self, answer: str | None) -> None:
        if answer:
            self.template = "" if answer == "0" else answer
            self.screen.entry.bracketed()

    def exits(self, instrument: Instrument, side: Side, qty: int) -> Exits | None:
        """Give the exits that a new order brings along; one that only closes brings none, there is nothing to exit."""
        position = self.screen.store.position(self.screen.account, instrument.id) * side.sign
        if position < 0 and qty <= -position:
            return None
        template = self.screen.desk.settings.orders.brackets.get(self.template)
        return exits(self.template, template, instrument.rule(self.screen.day).tick) if template else None
