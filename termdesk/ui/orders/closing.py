"""Getting out: flatten, reverse, half off, stop to break-even. What only reduces works on a disarmed screen too."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from termdesk.core.model.command import AmendOrder, CancelAll, SubmitOrder
from termdesk.core.model.errors import TermdeskError
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import plain
from termdesk.core.model.terms import OrdStatus, OrdType, Side
from termdesk.core.model.trigger import reached
from termdesk.core.wire.queries import AccountsQuery, PreviewQuery
from termdesk.core.wire.topics import PositionLine
from termdesk.ui.news import News
from termdesk.ui.orders.cutting import Cut, cuts, freed
from termdesk.ui.orders.sending import new_command_id
from termdesk.ui.orders.sizes import by_share

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen

CANCELLED_WITHIN_S = 3.0
"""How long closing waits for the orders that stand in its way."""
_LOOK_S = 0.02
_IN_THE_WAY = frozenset({"risk.reduce_only", "risk.self_trade"})
_HELD_BY_EXITS = frozenset({"risk.holding", "risk.sellable"})
"""What is against an order only while others work there."""


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
            words = self.screen.said.tr("dialog.flatten", amount=_amount(instrument, line.qty), symbol=instrument.code)
            self._ask("flatten", words, instrument, abs(line.qty), is_alone=False)

    def reverse(self) -> None:
        """Cancel the instrument's orders and turn its position round at the market."""
        held = self._held()
        if held is not None:
            instrument, line = held
            words = self.screen.said.tr("dialog.reverse", amount=_amount(instrument, line.qty), symbol=instrument.code)
            self._ask("reverse", words, instrument, 2 * abs(line.qty), is_alone=False)

    def half(self) -> None:
        """Close half of the position at the market, whole lots; exits that cover more than the rest are cut to it."""
        held = self._held()
        if held is None:
            return
        instrument, line = held
        qty = by_share(instrument, self.screen.day, Decimal(50), line.qty)
        if not qty:
            words = self.screen.said.tr("news.no_half", amount=_amount(instrument, line.qty), symbol=instrument.code)
            self.screen.say(News(words, "warning"))
            return
        words = self.screen.said.tr("dialog.half", amount=_amount(instrument, qty), symbol=instrument.code)
        if self._cuts(self.screen.account, line, qty):
            words = self.screen.said.tr("dialog.half_cut", half=words, left=_amount(instrument, abs(line.qty) - qty))
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
        quote = screen.quote
        prices = (quote.bid, quote.ask, quote.last) if quote is not None else (0, 0, 0)
        if any(reached(one.side, one.ord_type, at, one.trigger_by, prices) is not None for one in stops):
            words = screen.said.tr("news.no_break_even", symbol=instrument.code, price=instrument.price_text(at))
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

        screen.entry.confirming.action("break_even", question, screen.account, act, (screen.said.tr("ticket.closes"),))

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
        screen = self.screen
        try:
            if is_alone:
                await self._close_part(asked)
            elif blocked := await self._blocked(asked):
                screen.say(News(blocked, "danger"))
                screen.entry.rejects.show(blocked)
            elif await self._make_way(asked.account, asked.instrument):
                fitting = await self._fitting(asked, held)
                if fitting is not None:
                    await screen.entry.sending.do(fitting)
        finally:
            self._under_way.discard((asked.account, asked.instrument))

    def _cuts(self, account: str, line: PositionLine, qty: int) -> list[Cut]:
        """What has to be cut before so much is closed; nothing where that would not set it free."""
        side = Side.SELL if line.qty > 0 else Side.BUY
        lines = (one for one in self.screen.store.working(account, line.instrument) if one.side is side)
        found = cuts(lines, max(0, abs(line.qty) - qty))
        is_free = side is Side.BUY or qty <= line.sellable + freed(found)
        return found if is_free else []

    async def _close_part(self, asked: SubmitOrder) -> None:
        """Close a part, its exits cut first where they hold more than the rest; says so where they were cut in vain."""
        screen, sending = self.screen, self.screen.entry.sending
        body = screen.store.accounts.get(asked.account)
        held = next((one for one in body.positions if one.instrument == asked.instrument), None) if body else None
        found = self._cuts(asked.account, held, asked.qty) if held is not None else []
        if found and await self._is_wanted(asked):
            for cut in found:
                answer = await sending.do(cut.command(new_command_id()))
                if answer is None or not answer.accepted:
                    return
            if not await self._until(lambda: all(map(self._is_cut, found))):
                return
        else:
            found = []
        answer = await sending.do(asked)
        if found and (answer is None or not answer.accepted):
            orders = ", ".join(cut.line.order_id for cut in found)
            screen.say(News(screen.said.tr("news.cut_in_vain", orders=orders), "danger"))

    async def _is_wanted(self, asked: SubmitOrder) -> bool:
        """Whether nothing but the exits in its way is against an order."""
        try:
            told = await self.screen.link.asking.ask(PreviewQuery(asked))
        except TermdeskError:
            return False
        return {one.code for one in told.refusals} <= {"risk.reduce_only", "risk.holding"}

    def _is_cut(self, cut: Cut) -> bool:
        now = self.screen.store.orders.get(cut.line.order_id, cut.line)
        return not now.status.is_open or (now.status is OrdStatus.NEW and now.leaves_qty <= cut.leaves)

    async def _blocked(self, asked: SubmitOrder) -> str:
        """Say why an order would be refused also without the orders in its way; these then stay, exits above all."""
        screen = self.screen
        working = screen.store.working(asked.account, asked.instrument)
        if not working:
            return ""  # nothing is lost, and the desk says itself what it refuses
        try:
            told = await screen.link.asking.ask(PreviewQuery(asked))
        except TermdeskError:
            return ""
        in_the_way = set(_IN_THE_WAY)
        if asked.reduce_only and any(one.side is asked.side and one.status is not OrdStatus.HELD for one in working):
            in_the_way |= _HELD_BY_EXITS
        if told.available is not None and told.reserve <= 2 * told.available:
            in_the_way.add("risk.cash")  # what closes costs nothing once the exits are gone
        why = next((one for one in told.refusals if one.code not in in_the_way), None)
        if why is None:
            return ""
        return screen.said.tr("news.stays_as_it_is", why=screen.said.sentence(why.code, why.params))

    async def _fitting(self, asked: SubmitOrder, held: int) -> SubmitOrder | None:
        """Fit a closing to what is held now; None where it no longer is what was asked for, and says so.

        Orders may have filled since the question, or while they were cancelled. What turns round must know what it
        turns; what only closes needs no more than the side, and closes what may be sold today where that is less.
        """
        screen, said = self.screen, self.screen.said
        instrument = screen.store.instruments[asked.instrument]
        try:
            told = await screen.link.asking.ask(AccountsQuery(asked.account))
        except TermdeskError as error:
            if asked.reduce_only:
                return asked
            screen.say(News(said.tr("news.not_sent", why=error), "danger"))
            return None
        lines = (line for body in told.accounts for line in body.positions)
        line = next((line for line in lines if line.instrument == asked.instrument), None)
        now = line.qty if line is not None else 0
        if asked.reduce_only and line is not None and 0 < line.sellable < now:
            amounts = {"part": _amount(instrument, line.sellable), "held": _amount(instrument, now)}
            words = said.tr("news.part_sellable", symbol=instrument.code, **amounts)
            screen.say(News(words, "warning"))
            screen.entry.rejects.show(words)
            return replace(asked, side=Side.SELL, qty=line.sellable)
        if now == held:
            return asked
        if asked.reduce_only and now:
            return replace(asked, side=Side.SELL if now > 0 else Side.BUY, qty=abs(now))
        words = said.tr(
            "news.not_as_asked", symbol=instrument.code, now=_amount(instrument, now), before=_amount(instrument, held)
        )
        screen.say(News(words, "warning" if asked.reduce_only else "danger"))
        return None

    async def _make_way(self, account: str, instrument: str) -> bool:
        """Cancel what works there and wait for its end; says so where orders stay."""
        screen = self.screen
        if not screen.store.working(account, instrument):
            return True
        cancel = CancelAll(command_id=new_command_id(), account=account, instrument=instrument, origin="ladder")
        if await screen.entry.sending.do(cancel) is None:
            return False
        return await self._until(lambda: not screen.store.working(account, instrument))

    async def _until(self, is_free: Callable[[], bool]) -> bool:
        """Wait until the way is free; says so where it is not."""
        try:
            async with asyncio.timeout(CANCELLED_WITHIN_S):
                while not is_free():  # noqa: ASYNC110 the store tells by being read
                    await asyncio.sleep(_LOOK_S)
        except TimeoutError:
            self.screen.say(News(self.screen.said.tr("news.not_closed"), "danger"))
            return False
        return True


def _amount(instrument: Instrument, qty: int) -> str:
    return plain(instrument.qty_decimal(qty))
