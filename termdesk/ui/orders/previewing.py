"""What the desk says that the staged order would do, asked again whenever the answer may be another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termdesk.core.model.errors import TermdeskError
from termdesk.core.wire.queries import PreviewQuery, PreviewResult
from termdesk.core.wire.topics import AccountBody
from termdesk.ui.news import News
from termdesk.ui.orders.soon import Soon

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen


class Previewing:
    """The preview of one screen's ticket.

    Attributes:
        answer: What the desk said of the order that is staged; None before it has.
    """

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self.answer: PreviewResult | None = None
        self._soon = Soon(screen, self._look)
        self._standing: object = None

    def ask(self) -> None:
        """Ask what the staged order would do, once for all that changes within a moment."""
        staged = self.screen.entry.ticket.staged
        if staged is not None and not staged.is_sealed:
            self._soon.call()

    def follow(self) -> None:
        """Ask anew, of staged changes too, where the account has moved: a fill or another order changes the answer.

        What is only valued anew changes nothing.
        """
        screen = self.screen
        standing = _standing(screen.store.accounts.get(screen.account), screen.instrument_id)
        if standing != self._standing:
            self._standing = standing
            self.ask()
            screen.entry.amending.look()

    async def _look(self) -> None:
        ticket = self.screen.entry.ticket
        staged = ticket.staged
        if staged is None or staged.is_sealed:
            return
        try:
            answer = await self.screen.link.asking.ask(PreviewQuery(staged.order("preview")))
        except TermdeskError as error:
            if ticket.staged is staged:
                self.screen.say(News(self.screen.said.tr("news.no_preview", why=error), "warning"))
            return
        if staged.is_still(ticket.staged):
            self.answer = answer
            self.screen.show_ticket()


def _standing(body: AccountBody | None, instrument: str) -> object:
    """What of an account an answer rests on."""
    if body is None:
        return None
    held = [(line.qty, line.sellable) for line in body.positions if line.instrument == instrument]
    return held, [(line.currency, line.balance, line.reserved, line.available) for line in body.cash]
