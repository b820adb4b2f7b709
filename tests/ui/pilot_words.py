"""What Pilot tests say again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.pilot import Pilot


def shown(pilot: Pilot[int]) -> str:
    """What stands on the screen, as plain text."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


async def until(pilot: Pilot[int], holds: Callable[[], object], within_s: float = 15.0) -> None:
    """Let the app run until something holds."""
    try:
        async with asyncio.timeout(within_s):
            while not holds():
                await pilot.pause(0.01)
    except TimeoutError:
        raise AssertionError(f"did not come true within {within_s} s; the screen says:\n{shown(pilot)}") from None
