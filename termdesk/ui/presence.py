"""What the status line says of this screen itself and of the others that are attached."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen


def notice(screen: TradeScreen) -> str:
    """Give the words; empty where there is nothing to say."""
    tr = screen.said.tr
    words = [tr("ui.looks_on")] if screen.desk.options.read_only else []
    words += [tr("ui.muted")] if screen.sounds.is_muted else []
    return " ".join(words)
