"""Waiting until what stands in the way of a closing is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from termdesk.ui.news import News

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen

CLEARED_WITHIN_S = 3.0
"""How long closing waits for the orders that stand in its way."""
_LOOK_S = 0.02


async def cleared(screen: TradeScreen, is_free: Callable[[], bool]) -> bool:
    """Wait until the way is free; says so where it is not."""
    try:
        async with asyncio.timeout(CLEARED_WITHIN_S):
            while not is_free():  # noqa: ASYNC110 the store tells by being read
                await asyncio.sleep(_LOOK_S)
    except TimeoutError:
        screen.say(News(screen.said.tr("news.not_closed"), "danger"))
        return False
    return True
