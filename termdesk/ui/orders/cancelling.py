"""Taking orders back: at a price, on a side, in the instrument, everywhere; and the kill switch. Never blocked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from termdesk.core.model.command import CancelAll, CancelOrder, KillSwitch
from termdesk.core.model.terms import OrdStatus, Side
from termdesk.core.wire.queries import OrderLine
from termdesk.ui.actions import shown_keys
from termdesk.ui.lines.ladder_own import row_price
from termdesk.ui.lines.order_price import level
from termdesk.ui.news import News
from termdesk.ui.orders.sending import new_command_id

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen


class Cancelling:
    """The hand that takes orders back."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Give what each action of the registry does here."""
        return {
            "order.cancel_here": self.here,
            "order.cancel_buys": lambda: self.side(Side.BUY),
            "order.cancel_sells": lambda: self.side(Side.SELL),
            "order.cancel_all": self.all,
            "order.cancel_everything": self.everything,
            "desk.kill": self.kill,
            "desk.panic": self.panic,
        }

    def at_cursor(self) -> list[OrderLine]:
        """Give this account's working orders in the cursor's row."""
        screen, instrument = self.screen, self.screen.instrument
        if instrument is None:
            return []
        row, step = screen.navigation.cursor, screen.navigation.step
        working = screen.store.working(screen.account, instrument.id)
        return [line for line in working if (at := level(line)) and row_price(line.side, at, step) == row]

    def here(self) -> None:
        """Cancel this account's orders in the cursor's row."""
        screen, instrument = self.screen, self.screen.instrument
        if instrument is None or not screen.entry.sees_cursor(instrument):
            return
        lines = self.at_cursor()
        if not lines:
            at = instrument.price_text(screen.navigation.cursor)
            screen.say(News(screen.said.tr("news.nothing_here", price=at), "warning"))
            return
        if screen.desk.strokes.is_held and all(line.status is OrdStatus.PENDING_CANCEL for line in lines):
            return  # the key is held down, and everything here is on its way out
        screen.entry.amending.cut = tuple(lines)
        for price in sorted({line.price for line in lines if line.price and level(line) == line.price}):
            screen.entry.sending.command(self._command(price=price))
        for line in lines:
            if level(line) != line.price:
                command = CancelOrder(command_id=new_command_id(), order_id=line.order_id, origin="ladder")
                screen.entry.sending.command(command)

    def side(self, side: Side) -> None:
        """Cancel this account's buys, or sells, of the instrument."""
        screen, instrument = self.screen, self.screen.instrument
        if instrument is None:
            return
        said, account = screen.said, screen.account
        count = sum(line.side is side for line in screen.store.working(account, instrument.id))
        if not count:
            screen.say(News(said.tr("news.nothing_works", symbol=instrument.code), "warning"))
            return
        question = said.tr(
            "dialog.cancel_side", count=count, side=said.word("side", side.value), symbol=instrument.code
        )
        command = self._command(side=side)
        screen.entry.confirming.action("cancel_side", question, account, lambda: screen.entry.sending.command(command))

    def all(self) -> None:
        """Cancel this account's orders of the instrument."""
        screen, instrument = self.screen, self.screen.instrument
        if instrument is None:
            return
        said, account = screen.said, screen.account
        working = screen.store.working(account, instrument.id)
        if not working:
            screen.say(News(said.tr("news.nothing_works", symbol=instrument.code), "warning"))
            return
        question = said.tr("dialog.cancel_all", count=len(working), symbol=instrument.code, account=account)
        command = self._command()
        screen.entry.confirming.action("cancel_all", question, account, lambda: screen.entry.sending.command(command))

    def everything(self) -> None:
        """Cancel every order of every account."""
        screen, said = self.screen, self.screen.said
        working = screen.store.working()
        if not working:
            screen.say(News(said.tr("news.nothing_works_anywhere"), "warning"))
            return
        command = CancelAll(command_id=new_command_id(), origin="key")
        question = said.tr("dialog.cancel_everything", count=len(working))
        entry = screen.entry
        entry.confirming.action("cancel_everything", question, "", lambda: entry.sending.command(command))

    def kill(self) -> None:
        """Stop trading on the whole desk and cancel everything; this screen is disarmed with it."""
        said = self.screen.said
        command = KillSwitch(command_id=new_command_id(), note=said.tr("dialog.killed"), origin="key")
        self._stop("kill", said.tr("dialog.kill", key=self._lifts()), command)

    def panic(self) -> None:
        """Stop trading on the whole desk, cancel everything and close every position; disarms this screen."""
        said = self.screen.said
        note = said.tr("dialog.panicked")
        command = KillSwitch(command_id=new_command_id(), note=note, flatten=True, origin="key")
        self._stop("panic", said.tr("dialog.panic", key=self._lifts()), command)

    def _stop(self, action: str, question: str, command: KillSwitch) -> None:
        screen = self.screen

        def act() -> None:
            screen.desk.arming.disarm()
            screen.entry.sending.command(command)

        screen.entry.confirming.action(action, question, "", act)

    def _lifts(self) -> str:
        return shown_keys(self.screen.desk.keymap.keys["desk.resume"])

    def _command(self, *, side: Side | None = None, price: int | None = None) -> CancelAll:
        """Give the command for what is shown now: a question that stands open keeps its instrument."""
        screen = self.screen
        return CancelAll(
            command_id=new_command_id(),
            account=screen.account,
            instrument=screen.instrument_id,
            side=side,
            price=price,
            origin="ladder",
        )
