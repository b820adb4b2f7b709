"""Order entry: what the ladder's keys do to the ticket and send to the engine.

One Enter sends one order: the ticket seals it, and a sealed order is never
sent again. An unknown outcome is said to be unknown; nothing is resent here.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from termdesk.core.model.command import CancelAll, Command, KillSwitch
from termdesk.core.model.errors import OutcomeUnknown, Refused, TermdeskError
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import plain
from termdesk.core.model.terms import OrdType, Side
from termdesk.core.wire.queries import PreviewQuery, PreviewResult
from termdesk.ui.actions import shown_keys
from termdesk.ui.lines.ladder_own import row_price
from termdesk.ui.news import News, answer_news
from termdesk.ui.store import EngineLink
from termdesk.ui.ticket import StagedOrder, Ticket
from termdesk.ui.ticket_rows import TicketModel

if TYPE_CHECKING:
    from textual.worker import WorkType

    from termdesk.ui.screens.trade import TradeScreen

PREVIEW_AFTER_S = 0.08
"""Keys come faster than previews are worth."""


def new_command_id() -> str:
    """Make a command's id at the moment a key is pressed."""
    return uuid.uuid4().hex


class OrderEntry:
    """The hand on the ticket of one screen."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self.ticket = Ticket()
        self.preview: PreviewResult | None = None

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Give what each action of the registry does here."""
        return {
            "order.buy": lambda: self.stage(Side.BUY, OrdType.LIMIT),
            "order.sell": lambda: self.stage(Side.SELL, OrdType.LIMIT),
            "order.buy_market": lambda: self.stage(Side.BUY, OrdType.MARKET),
            "order.sell_market": lambda: self.stage(Side.SELL, OrdType.MARKET),
            "order.point": lambda: self.type("."),
            "order.erase": self.erase,
            "order.forget_digits": self.drop,
            "order.send": self.send,
            "order.drop": self.drop,
            "order.cancel_here": self.cancel_here,
            "order.cancel_all": self.ask_cancel_all,
            "desk.kill": self.ask_kill,
        }

    def stage(self, side: Side, ord_type: OrdType) -> None:
        """Stage an order at the cursor, or say why not."""
        screen, instrument = self.screen, self.screen.instrument
        said = screen.said
        if instrument is None or not screen.account:
            return screen.say(News(said.tr("news.no_instrument"), "warning"))
        price = screen.navigation.cursor if ord_type is OrdType.LIMIT else None
        if price is not None and not self._sees_cursor(instrument):
            return None
        qty = self._quantity(instrument)
        if qty is None:
            return None
        blocked = self.blocked(side, qty)
        if blocked:
            return screen.say(News(blocked, "danger"))
        order = StagedOrder(
            instrument=instrument.id, account=screen.account, side=side, ord_type=ord_type, price=price, qty=qty
        )
        if self.ticket.stage(order):
            self._changed()
        return None

    def type(self, character: str) -> None:
        """Take a digit or the point; a staged order takes the new quantity at once."""
        self.ticket.type(character)
        self._resize()

    def erase(self) -> None:
        """Take back the last digit."""
        self.ticket.erase()
        self._resize()

    def move(self, price: int) -> None:
        """Let the staged order follow the cursor."""
        if self.ticket.staged is not None:
            self.ticket.move(price)
            self._changed()

    def drop(self) -> None:
        """Forget the staged order and what was typed."""
        self.ticket.drop()
        self._changed()

    def send(self) -> None:
        """Send the staged order, once."""
        staged = self.ticket.staged
        if staged is None or staged.is_sealed:
            return
        blocked = self.blocked(staged.side, staged.qty)
        if blocked:
            self.screen.say(News(blocked, "danger"))
            return
        command = self.ticket.seal(new_command_id())
        self._changed()
        if command is not None:
            self.screen.run_worker(self._send(command), group="commands")

    def cancel_here(self) -> None:
        """Cancel this account's orders in the cursor's row."""
        screen, instrument = self.screen, self.screen.instrument
        if instrument is None or not self._sees_cursor(instrument):
            return
        row, step, account = screen.navigation.cursor, screen.navigation.step, screen.account
        working = [(line.side, line.price) for line in screen.store.working(account, instrument.id) if line.price]
        prices = sorted({price for side, price in working if row_price(side, price, step) == row})
        if not prices:
            at = instrument.price_text(row)
            screen.say(News(screen.said.tr("news.nothing_here", price=at), "warning"))
        for price in prices:
            self.command(
                CancelAll(
                    command_id=new_command_id(), account=account, instrument=instrument.id, price=price, origin="ladder"
                )
            )

    def ask_cancel_all(self) -> None:
        """Cancel this account's orders of the instrument, after asking."""
        screen, instrument = self.screen, self.screen.instrument
        if instrument is None:
            return
        said, account = screen.said, screen.account
        working = screen.store.working(account, instrument.id)
        if not working:
            screen.say(News(said.tr("news.nothing_works", symbol=instrument.code), "warning"))
            return

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self.command(
                    CancelAll(command_id=new_command_id(), account=account, instrument=instrument.id, origin="ladder")
                )

        text = said.tr("dialog.cancel_all", count=len(working), symbol=instrument.code, account=account)
        screen.ask(text, (("y", said.tr("dialog.yes"), "yes"), ("n", said.tr("dialog.no"), "no")), answered)

    def ask_kill(self) -> None:
        """Stop trading on the whole desk and cancel everything, after asking."""
        screen, said = self.screen, self.screen.said

        def answered(answer: str | None) -> None:
            if answer == "yes":
                note = said.tr("dialog.killed")
                self.command(KillSwitch(command_id=new_command_id(), note=note, origin="key"))

        text = said.tr("dialog.kill")
        screen.ask(text, (("y", said.tr("dialog.yes"), "yes"), ("n", said.tr("dialog.no"), "no")), answered)

    def command(self, command: Command) -> None:
        """Send a command and say what the engine answers, beside everything else."""
        self.screen.run_worker(self._do(command), group="commands")

    def blocked(self, side: Side, qty: int) -> str:
        """Say why an order may not be sent now; empty if it may. Orders that only reduce risk always may."""
        screen = self.screen
        instrument = screen.instrument
        if screen.store.link is not EngineLink.UP:
            return screen.said.tr("news.no_engine")
        if instrument is None or not screen.is_stale:
            return ""
        position = screen.store.position(screen.account, instrument.id) * side.sign
        if position < 0 and qty <= -position:
            return ""
        return screen.said.tr("news.stale", symbol=instrument.code)

    def model(self) -> TicketModel:
        """Give what the ticket's rows show."""
        screen, staged = self.screen, self.ticket.staged
        instrument = screen.instrument
        return TicketModel(
            mode=screen.store.mode,
            account=screen.account,
            instrument=instrument,
            quantity=self._quantity_text(instrument) if instrument else "",
            is_typing=bool(self.ticket.digits),
            staged=staged,
            preview=self.preview,
            blocked=self.blocked(staged.side, staged.qty) if staged is not None and not staged.is_sealed else "",
            keys=screen.hints(),
        )

    async def _send(self, command: Command) -> None:
        await self._do(command)
        self.ticket.answered()
        self._changed()

    async def _do(self, command: Command) -> None:
        screen = self.screen
        try:
            news = answer_news(await screen.link.do(command), screen.said)
        except OutcomeUnknown:
            news = News(screen.said.tr("news.outcome_unknown"), "danger")
        except TermdeskError as error:
            news = News(screen.said.tr("news.not_sent", why=error), "danger")
        if news is not None:
            screen.say(news)

    def _sees_cursor(self, instrument: Instrument) -> bool:
        """Whether there is a cursor in sight; says so if not, since nobody means a price that is not seen."""
        screen, navigation = self.screen, self.screen.navigation
        if not navigation.cursor:
            screen.say(News(screen.said.tr("news.no_price"), "warning"))
        elif not navigation.is_cursor_seen:
            at = instrument.price_text(navigation.cursor)
            home = shown_keys(screen.desk.keymap.keys["ladder.home"])
            screen.say(News(screen.said.tr("news.cursor_unseen", price=at, home=home), "warning"))
        return bool(navigation.cursor) and navigation.is_cursor_seen

    def _quantity(self, instrument: Instrument) -> int | None:
        try:
            return self.ticket.quantity(instrument, self.screen.day)
        except Refused as refusal:
            self.screen.say(News(self.screen.said.sentence(refusal.code, refusal.params), "danger"))
            return None

    def _quantity_text(self, instrument: Instrument) -> str:
        if self.ticket.digits:
            return self.ticket.digits
        return plain(instrument.qty_decimal(self.ticket.quantity(instrument, self.screen.day)))

    def _resize(self) -> None:
        instrument = self.screen.instrument
        if instrument is not None and self.ticket.staged is not None:
            qty = self._quantity(instrument)
            if qty is not None:
                self.ticket.resize(qty)
        self._changed()

    def _changed(self) -> None:
        """Show the ticket as it is now, and ask anew what it would do."""
        self.preview = None
        staged = self.ticket.staged
        if staged is not None and not staged.is_sealed:
            look: WorkType[None] = partial(self._look, staged)  # no coroutine before it runs: it may never come to run
            self.screen.run_worker(look, group="preview", exclusive=True)
        self.screen.show_ticket()

    async def _look(self, staged: StagedOrder) -> None:
        await asyncio.sleep(PREVIEW_AFTER_S)
        try:
            preview = await self.screen.link.asking.ask(PreviewQuery(staged.command("preview")))
        except TermdeskError as error:
            if self.ticket.staged is staged:
                self.screen.say(News(self.screen.said.tr("news.no_preview", why=error), "warning"))
            return
        if self.ticket.staged is staged:
            self.preview = preview
            self.screen.show_ticket()
