"""The one way out for commands of a screen: sent once, answered once, said in words."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from termdesk.core.model.command import Answer, Command, SubmitOrder
from termdesk.core.model.errors import OutcomeUnknown, TermdeskError
from termdesk.core.model.number import plain
from termdesk.core.model.terms import Side
from termdesk.core.wire.queries import OrderLine
from termdesk.ui.actions import shown_keys
from termdesk.ui.lines.format import age
from termdesk.ui.news import News, answer_news
from termdesk.ui.orders.cutting import taken
from termdesk.ui.store import EngineLink

if TYPE_CHECKING:
    from termdesk.ui.orders.ticket import StagedOrder
    from termdesk.ui.screens.trade import TradeScreen


def new_command_id() -> str:
    """Make a command's id at the moment a key is pressed."""
    return uuid.uuid4().hex


class Sending:
    """What leaves one screen, and what may not."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen

    def command(self, command: Command) -> None:
        """Send a command and say what the engine answers, beside everything else."""
        self.screen.run_worker(self.do(command), group="commands")

    async def do(self, command: Command) -> Answer | None:
        """Send a command once and say a refusal; None where no answer came. It is never sent again."""
        screen, said, desk = self.screen, self.screen.said, self.screen.desk
        trips, answer = screen.store.kept.trips, None
        trips.begin(command.command_id, desk.strokes.acting, desk.clock_ns(), screen.desk_ns)
        try:
            answer = await screen.link.do(command)
            trips.answered(command.command_id, desk.clock_ns(), accepted=answer.accepted)
            screen.hearing.answered(command.command_id)
            news = answer_news(answer, said)
        except OutcomeUnknown:
            words = said.tr("news.outcome_unknown")
            screen.say(News(words, "danger"))
            screen.entry.rejects.unknown(command.command_id, words)
            return None
        except TermdeskError as error:
            news = News(said.tr("news.not_sent", why=error), "danger")
        if news is not None:
            screen.say(news)
            screen.entry.rejects.show(news.text)
        return answer

    def by_hand(self) -> bool:
        """Whether the key just pressed may send an order; says so if not."""
        words = self.barred()
        if words:
            self.screen.say(News(words, "warning"))
        return not words

    def barred(self) -> str:
        """Say why the key just pressed may send no order; empty if it may."""
        strokes, said = self.screen.desk.strokes, self.screen.said
        if strokes.may_trade:
            return ""
        return said.tr("news.pasted") if strokes.is_pasted else said.tr("news.held")

    def arm(self) -> None:
        """Arm the screen, or disarm it; arming is for a hand, not for a held key or pasted text."""
        screen, desk = self.screen, self.screen.desk
        if not desk.arming.is_armed and not self.by_hand():
            return
        is_armed = desk.arming.toggle(desk.clock_ns())
        said = screen.said
        words = said.tr("news.armed") if is_armed else said.tr("news.disarmed_now")
        screen.say(News(words, "warning" if is_armed else "text"))
        screen.flush(everything=True)

    def touch(self) -> None:
        """Note that somebody is there; who comes back before the screen was drawn does not find it armed."""
        self.expire_arming()
        self.screen.desk.arming.touch(self.screen.desk.clock_ns())

    def expire_arming(self) -> None:
        """Disarm a screen at which nobody sits."""
        screen, desk = self.screen, self.screen.desk
        if desk.arming.expire(desk.clock_ns()):
            screen.say(News(screen.said.tr("news.disarmed_idle"), "warning"))

    def held_back(
        self,
        account: str,
        instrument: str,
        side: Side,
        qty: int,
        *,
        group: str = "",
        besides: str = "",
        reduce_only: bool = False,
        asks_armed: bool = True,
    ) -> str:
        """Say why an order may not be sent now; empty if it may. Orders that only reduce risk always may.

        Args:
            account: Whose order.
            instrument: Of what.
            side: Which way.
            qty: How much.
            group: Orders that give way to it.
            besides: The order itself where it works already.
            reduce_only: Whether the desk sees to it that it opens nothing.
            asks_armed: False to stage it only, as a disarmed screen may too.
        """
        screen, said = self.screen, self.screen.said
        if screen.store.link is not EngineLink.UP:
            return said.tr("news.no_engine")
        held = -screen.store.position(account, instrument) * side.sign
        others = self._taken(account, instrument, side, group, besides)
        if reduce_only or qty <= held - others:
            return ""
        desk = screen.desk
        if silent_ns := screen.store.silent_ns(desk.clock_ns()):
            return said.tr("news.silent", age=age(silent_ns))
        listed = screen.store.instruments.get(instrument)
        if screen.store.is_stale(instrument, desk.clock_ns(), desk.stale_ns):
            return said.tr("news.stale", symbol=listed.code if listed else instrument)
        if asks_armed and not desk.arming.is_armed:
            names = {"key": "desk.arm", "flatten": "position.flatten", "half": "position.half"}
            keys = {name: shown_keys(desk.keymap.keys[action]) for name, action in names.items()}
            if listed is None or qty > held:
                return said.tr("news.disarmed", key=keys["key"])
            return said.tr("news.disarmed_taken", taken=plain(listed.qty_decimal(others)), **keys)
        return ""

    def order_held_back(self, order: SubmitOrder, *, asks_armed: bool = True) -> str:
        """Say why a new order may not be sent now; empty if it may."""
        whose = (order.account, order.instrument, order.side, order.qty)
        return self.held_back(*whose, group=order.group, reduce_only=order.reduce_only, asks_armed=asks_armed)

    def amend_held_back(self, line: OrderLine, qty: int) -> str:
        """Say why a working order may not be changed to so much now; empty if it may."""
        if line.reduce_only:
            return ""
        return self.held_back(line.account, line.instrument, line.side, qty, group=line.group, besides=line.order_id)

    def taken_beside(self, order: SubmitOrder | StagedOrder | OrderLine) -> int:
        """How much other orders of its side may trade; nothing of that matters to one that never opens."""
        besides = order.order_id if isinstance(order, OrderLine) else ""
        return (
            0 if order.reduce_only else self._taken(order.account, order.instrument, order.side, order.group, besides)
        )

    def _taken(self, account: str, instrument: str, side: Side, group: str, besides: str) -> int:
        """How much orders that work already may trade; two that each fit a position may open together."""
        return taken(
            line
            for line in self.screen.store.working(account, instrument)
            if line.side is side and line.order_id != besides and not (group and line.group == group)
        )
