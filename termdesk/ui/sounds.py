"""The terminal's bell, by kind of event. Several events of one moment ring once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from termdesk.core.model import facts
from termdesk.core.model.facts import Recorded
from termdesk.core.model.terms import OrdStatus
from termdesk.ui.news import News

if TYPE_CHECKING:
    from termdesk.config.settings import SoundSettings
    from termdesk.ui.screens.trade import TradeScreen

KINDS: dict[type, str] = {
    facts.OrderFilled: "fill",
    facts.OrderRejected: "reject",
    facts.OrderNotSent: "reject",
    facts.CancelRejected: "reject",
    facts.OutcomeUnknown: "alert",
    facts.OrderTriggered: "trigger",
    facts.ConditionTriggered: "trigger",
    facts.AlertRaised: "alert",
}
"""Kind of event by its fact; others are silent. A fill that leaves something open is ``partial``."""


class Sounds:
    """Which events of one screen ring."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self._muted: bool | None = None
        self._was_stale = False

    @property
    def is_muted(self) -> bool:
        """Whether nothing rings; the configuration says so until the key is used."""
        return self._settings.mute if self._muted is None else self._muted

    @property
    def _settings(self) -> SoundSettings:
        return self.screen.desk.settings.sounds

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Give what each action of the registry does here."""
        return {"view.mute": self.mute}

    def mute(self) -> None:
        """Ring no more, or again."""
        self._muted = not self.is_muted
        tr = self.screen.said.tr
        self.screen.say(News(tr("news.muted") if self.is_muted else tr("news.unmuted")))
        self.screen.flush(everything=True)

    def hear(self, records: Iterable[Recorded]) -> None:
        """Ring if one of these does."""
        self._ring(*(self._kind(record) for record in records))

    def alert(self) -> None:
        """Ring for what no record tells."""
        self._ring("alert")

    def watch_feed(self, is_stale: bool) -> None:
        """Ring when the chosen instrument's prices go stale."""
        if is_stale and not self._was_stale:
            self._ring("feed_lost")
        self._was_stale = is_stale

    def _kind(self, record: Recorded) -> str:
        kind = KINDS.get(type(record.fact), "")
        if kind != "fill":
            return kind
        order = self.screen.store.orders.get(getattr(record.fact, "order_id", ""))
        return "partial" if order is not None and order.status is not OrdStatus.FILLED else kind

    def _ring(self, *kinds: str) -> None:
        if not self.is_muted and any(kind and getattr(self._settings, kind) for kind in kinds):
            self.screen.app.bell()
