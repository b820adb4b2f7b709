"""Getting out: flatten, reverse, half off, stop to break-even. What only reduces works on a disarmed screen too."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from termdesk.core.model.command import AmendOrder, SubmitOrder
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import OrdType, Side
from termdesk.core.model.trigger import reached
from termdesk.core.wire.topics import PositionLine
from termdesk.ui.news import News
from termdesk.ui.orders.closing_part import close_part, cuts_before
from termdesk.ui.orders.closing_whole import close_whole
from termdesk.ui.orders.sending import new_command_id
from termdesk.ui.orders.sizes import by_share, written

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen


class Closing:
    """The hand that closes positions; one closing per account and instrument at a time."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self._under_way: set[tuple[str, str]] = set()

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Give what each action of the registry does here."""
        return {
            "position.flatten": self.flatten,
            "position.reverse": self.reverse,
            "position.half": self.half,
            "position.break_even": self.break_even,
        }

    def flatten(self) -> None:
        """Cancel the instrument's orders and close its position at the market."""
        held = self._held()
        if held is not None:
            instrument, line = held
            words = self.screen.said.tr("dialog.flatten", amount=written(instrument, line.qty), symbol=instrument.code)
            self._ask("flatten", words, instrument, abs(line.qty), is_alone=False)

    def reverse(self) -> None:
        """Cancel the instrument's orders and turn its position round at the market."""
        held = self._held()
        if held is not None:
            instrument, line = held
            words = self.screen.said.tr("dialog.reverse", amount=written(instrument, line.qty), symbol=instrument.code)
            self._ask("reverse", words, instrument, 2 * abs(line.qty), is_alone=False)

    def half(self) -> None:
        """Close half of the position at the market, whole lots; exits that cover more than the rest are cut to it."""
        held = self._held()
        if held is None:
            return
        instrument, line = held
        qty = by_share(instrument, self.screen.day, Decimal(50), line.qty)
        if not qty:
            words = self.screen.said.tr("news.no_half", amount=written(instrument, line.qty), symbol=instrument.code)
            self.screen.say(News(words, "warning"))
            return
        words = self.screen.said.tr("dialog.half", amount=written(instrument, qty), symbol=instrument.code)
        if cuts_before(self.screen, self.screen.account, line, qty):
            words = self.screen.said.tr("dialog.half_cut", half=words, left=written(instrument, abs(line.qty) - qty))
        self._ask("half", words, instrument, qty, is_alone=True)

    def break_even(self) -> None:
        """Move the position's stops to its average price, rounded so that nothing is lost; never where they fire."""
        held = self._held()
        if held is None or not self.screen.entry.sending.by_hand():
            return
        screen, (instrument, line) = self.screen, held
        rule, is_long = instrument.rule(screen.day), line.qty > 0
        ticks = line.average.scaleb(instrument.price_decimals) / rule.tick
        at = int(ticks.to_integral_value(ROUND_CEILING if is_long else ROUND_FLOOR)) * rule.tick
        stops = [
            one
            for one in screen.store.working(screen.account, instrument.id)
            if one.trigger_price is not None and not one.triggered and (one.side is Side.SELL) is is_long
            if one.ord_type in (OrdType.STOP, OrdType.STOP_LIMIT) and one.trigger_price != at
        ]
        if not stops:
            screen.say(News(screen.said.tr("news.no_stop", symbol=instrument.code), "warning"))
            return

        def passed() -> str:
            quote = screen.store.quotes.get(instrument.id)
            prices = (quote.bid, quote.ask, quote.last) if quote is not None else (0, 0, 0)
            if not any(reached(one.side, one.ord_type, at, one.trigger_by, prices) is not None for one in stops):
                return ""
            return screen.said.tr("news.no_break_even", symbol=instrument.code, price=instrument.price_text(at))

        if words := passed():
            screen.say(News(words, "warning"))
            return
        commands = [
            AmendOrder(
                command_id=new_command_id(),
                order_id=one.order_id,
                trigger_price=at,
                price=one.price + at - one.trigger_price if one.price and one.trigger_price is not None else None,
                origin="ladder",
            )
            for one in stops
        ]
        question = screen.said.tr("dialog.break_even", count=len(stops), price=instrument.price_text(at))

        def act() -> None:
            for command in commands:
                screen.entry.sending.command(command)

        effect = (screen.said.tr("ticket.closes"),)
        screen.entry.confirming.action("break_even", question, screen.account, act, effect, passed)

    def _held(self) -> tuple[Instrument, PositionLine] | None:
        """What is held of the chosen instrument; says so if nothing is."""
        screen, instrument = self.screen, self.screen.instrument
        body = screen.store.accounts.get(screen.account)
        if instrument is None:
            return None
        lines = body.positions if body else ()
        line = next((one for one in lines if one.instrument == instrument.id and one.qty), None)
        if line is None:
            screen.say(News(screen.said.tr("news.no_position", symbol=instrument.code), "warning"))
            return None
        return instrument, line

    def _ask(self, action: str, words: str, instrument: Instrument, qty: int, *, is_alone: bool) -> None:
        screen, account = self.screen, self.screen.account
        held = screen.store.position(account, instrument.id)
        side = Side.SELL if held > 0 else Side.BUY

        def held_back() -> str:
            sending = screen.entry.sending
            return sending.held_back(account, instrument.id, side, qty, reduce_only=action != "reverse")

        if words_back := held_back():
            screen.say(News(words_back, "danger"))
            return
        key = (account, instrument.id)
        if not screen.entry.sending.by_hand():
            return
        command = SubmitOrder(
            command_id=new_command_id(),
            account=account,
            instrument=instrument.id,
            side=side,
            ord_type=OrdType.MARKET,
            qty=qty,
            reduce_only=action != "reverse",
            origin="ladder",
        )

        def act() -> None:
            if key not in self._under_way:
                self._under_way.add(key)
                screen.entry.rejects.go_on()
                screen.run_worker(self._close(command, held, is_alone=is_alone), group="commands")

        order = (instrument, side, qty)
        screen.entry.confirming.order(action, words, account, order, act, None if command.reduce_only else held_back)

    async def _close(self, asked: SubmitOrder, held: int, *, is_alone: bool) -> None:
        try:
            if is_alone:
                await close_part(self.screen, asked)
            else:
                await close_whole(self.screen, asked, held)
        finally:
            self._under_way.discard((asked.account, asked.instrument))
