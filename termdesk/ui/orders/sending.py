"""The one way out for commands of a screen: sent once, answered once, said in words."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from termdesk.core.model.command import Answer, Command
from termdesk.core.model.errors import OutcomeUnknown, TermdeskError
from termdesk.core.model.terms import Side
from termdesk.ui.actions import shown_keys
from termdesk.ui.news import News, answer_news
from termdesk.ui.store import EngineLink

if TYPE_CHECKING:
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
        trips.begin(command.command_id, desk.strokes.newest, desk.clock_ns(), screen.desk_ns)
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

    def held_back(self, account: str, instrument: str, side: Side, qty: int, *, asks_armed: bool = True) -> str:
        """Say why an order may not be sent now; empty if it may. Orders that only reduce risk always may.

        A disarmed screen may still stage one: ``asks_armed`` False.
        """
        screen, said = self.screen, self.screen.said
        if screen.store.link is not EngineLink.UP:
            return said.tr("news.no_engine")
        position = screen.store.position(account, instrument) * side.sign
        if position < 0 and qty <= -position:
            return ""
        desk = screen.desk
        listed = screen.store.instruments.get(instrument)
        if screen.store.is_stale(instrument, desk.clock_ns(), desk.stale_ns):
            return said.tr("news.stale", symbol=listed.code if listed else instrument)
        if asks_armed and not desk.arming.is_armed:
            return said.tr("news.disarmed", key=shown_keys(desk.keymap.keys["desk.arm"]))
        return ""
