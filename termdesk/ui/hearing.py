"""What the log brings, said in the message bar with the time that it took, and beside the ladder where it refuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from termdesk.core.model.facts import (
    CancelRequested,
    CommandRefused,
    DeskResumed,
    OrderSubmitted,
    Recorded,
    ReplaceRequested,
)
from termdesk.core.wire.topics import HealthBody
from termdesk.ui.lines.format import clean
from termdesk.ui.news import News, record_news, round_trip

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen


class Hearing:
    """The ear of one screen."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self._newest: tuple[str, Recorded, News] | None = None
        """Command whose answer by the venue was said last, the record of it, and how it was said."""
        self._halted = self._damaged = ""

    def hear(self, records: Sequence[Recorded]) -> None:
        """Say what the log brought, the newest news last; older records too tell of what was not answered."""
        screen = self.screen
        screen.sounds.hear(records)
        for record in records:
            news = self._news(record) or self._refused(record)
            if news is None:
                continue
            if screen.entry.rejects.known(self._settles(record), news.text):
                screen.messages.seen()  # what became of it is what was waited for
            screen.say(news)
            screen.entry.rejects.hear(record, news.text)
        for command_id, sent in tuple(screen.entry.rejects.unanswered.items()):
            news = self._outcome(command_id, sent.since)
            if news is not None:
                screen.entry.rejects.known(command_id, news.text)
                screen.messages.seen()
                screen.say(news)

    def _settles(self, record: Recorded) -> str:
        """Name the command whose outcome a record tells: of an order the venue's word does, else what the desk did."""
        asked = self.screen.store.kept.asked_by(record)
        if asked is not None:
            return asked.journal.command_id
        waits = isinstance(record.fact, OrderSubmitted | CancelRequested | ReplaceRequested)
        return "" if waits else record.cause.removeprefix("command:")

    def _refused(self, record: Recorded) -> News | None:
        """Say a refusal whose answer was lost; any other was told by its answer."""
        fact, said = record.fact, self.screen.said
        if not isinstance(fact, CommandRefused) or fact.command_id not in self.screen.entry.rejects.unanswered:
            return None
        return News(said.tr("news.refused", why=said.sentence(fact.reason.code, fact.reason.params)), "danger")

    def _outcome(self, command_id: str, since: int) -> News | None:
        """Say what became of a command by what the log brought after ``since``; None where it does not tell.

        What an engine has written down comes before the beginning of the next one.
        """
        is_taken = is_over = False
        for record in self.screen.store.kept.events:
            if record.seq <= since:
                continue
            if self._settles(record) == command_id:
                return self._news(record) or self._refused(record)
            is_taken |= record.cause == f"command:{command_id}"
            is_over |= isinstance(record.fact, DeskResumed)
        return News(self.screen.said.tr("news.not_taken"), "danger") if is_over and not is_taken else None

    def watch(self, health: HealthBody | None) -> None:
        """Say once what no record tells: why the engine halted trading, and that what it kept was damaged."""
        halted, damaged = (health.halted, health.damaged) if health is not None else ("", "")
        tr = self.screen.said.tr
        if damaged and damaged != self._damaged:
            self._damaged = damaged
            self.screen.say(News(tr("news.shared_damaged", file=clean(damaged)), "danger"))
        if halted and halted != self._halted:
            self.screen.say(News(tr("code.desk.halted", detail=clean(halted)), "danger"))
            self.screen.sounds.alert()
        self._halted = halted

    def answered(self, command_id: str) -> None:
        """Say again what the venue answered, if it stands in the bar: the engine's own answer was read after it."""
        if self._newest is None or self._newest[0] != command_id:
            return
        _, record, said = self._newest
        news = self._news(record)
        if news is not None:
            self.screen.messages.again(said, news)

    def _news(self, record: Recorded) -> News | None:
        screen = self.screen
        asked = screen.store.kept.asked_by(record)
        by = asked.by if asked is not None else ""
        news = record_news(record, screen.store.orders, screen.store.instruments, screen.said, by)
        if news is None or asked is None:
            return news
        says, dash, why = news.text.partition(" – ") if news.ink != "danger" else (news.text, "", "")
        took = " · ".join((says, *round_trip(asked, screen.said)))  # before the reason, which a narrow bar cuts off
        news = replace(news, text=f"{took}{dash}{why}")
        self._newest = (asked.journal.command_id, record, news)
        return news
