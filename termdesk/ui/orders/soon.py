"""Something that is done a moment after it was called for, once for all the calls of that moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.worker import WorkType

    from termdesk.ui.screens.trade import TradeScreen

PREVIEW_AFTER_S = 0.08
"""Keys come faster than previews are worth."""


class Soon:
    """Asks the desk what something would do, beside everything else.

    Args:
        screen: Whose worker it is.
        look: What asks.
    """

    def __init__(self, screen: TradeScreen, look: Callable[[], Awaitable[None]]) -> None:
        self._screen, self._look = screen, look
        self._is_waiting = False

    def call(self) -> None:
        """Ask in a moment; does nothing while that is already about to happen."""
        if not self._is_waiting:
            self._is_waiting = True
            work: WorkType[None] = self._wait  # no coroutine before it runs: it may never come to run
            self._screen.run_worker(work, group="preview")

    async def _wait(self) -> None:
        await asyncio.sleep(PREVIEW_AFTER_S)
        self._is_waiting = False
        await self._look()
