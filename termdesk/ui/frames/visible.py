"""What a screen has to be told, which is what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from termdesk.ui import models

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen


def visible_topics(screen: TradeScreen) -> set[str]:
    """Name the topics of what is seen."""
    chosen, watching = screen.instrument_id, screen.watching
    topics = {"engine/health", "view/links", "view/workspaces"} | watching.topics()
    if screen.account:
        topics |= {f"account/{screen.account}", f"queue/{screen.account}"}
    topics |= screen.ladders.topics()
    if chosen:
        topics.add(f"quote/{chosen}")
        if screen.tape.size:
            taped = watching.shown("tape")
            topics |= {f"tape/{taped}", *models.depth_topics(taped, screen.tape.levels)}
        if screen.chart.size:
            charted = watching.shown("chart")
            topics |= {f"bars/{charted}/1m", f"study/{charted}/1m/{models.STUDY}"}
    return topics
