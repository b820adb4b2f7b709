"""Asking why an order stands where it stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from termdesk.core.model.errors import TermdeskError
from termdesk.core.wire.queries import FillLine, OrderLine, WhyQuery
from termdesk.ui.news import News

if TYPE_CHECKING:
    from textual.worker import WorkType

    from termdesk.ui.screens.trade import TradeScreen


class Explaining:
    """The hand that asks why.

    Attributes:
        explained: How many orders were explained so far.
    """

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self.explained = 0

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Give what each action of the registry does here."""
        return {"order.why": self.ask}

    def ask(self) -> None:
        """Explain the chosen order: of the blotter where it has the keys, else of the ladder."""
        order_id = self._chosen()
        if not order_id:
            self.screen.say(News(self.screen.said.tr("news.why_which"), "warning"))
            return
        self.explain(order_id)

    def explain(self, order_id: str) -> None:
        """Explain an order."""
        explain: WorkType[None] = partial(self._explain, order_id)  # no coroutine before it runs
        self.screen.run_worker(explain, group="why", exclusive=True)

    def _chosen(self) -> str:
        screen = self.screen
        if screen.blotter.has_focus:
            entry = screen.blotter.selected_entry
            if isinstance(entry, OrderLine):
                return entry.order_id
            return entry.fill.order_id if isinstance(entry, FillLine) else ""
        if screen.entry.amending.selected:
            return screen.entry.amending.selected
        return next((line.order_id for line in screen.entry.cancelling.at_cursor()), "")

    async def _explain(self, order_id: str) -> None:
        screen = self.screen
        try:
            result = await screen.link.asking.ask(WhyQuery(order_id))
        except TermdeskError as error:
            screen.say(News(screen.said.tr("news.no_why", why=error), "danger"))
            return
        instrument = screen.store.instruments.get(result.order.instrument)
        if instrument is not None:
            from termdesk.ui.screens.why import Why, why_lines  # loaded when it is asked for

            self.explained += 1
            lines = why_lines(result, instrument, screen.said, screen.idiom.offset_s)
            screen.app.push_screen(Why("\n".join(lines)))
