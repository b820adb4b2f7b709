"""What stands in the message bar: the newest message, but a refusal or an alarm until a hand moved after it."""

from __future__ import annotations

from collections.abc import Callable

from termdesk.ui.bars import MessageBar
from termdesk.ui.lines.idiom import Row
from termdesk.ui.news import News


class Messages:
    """The message bar of one screen.

    A message in the ink of danger gives way only to another one, until a key
    or a click shows that somebody was there; what came meanwhile comes then.
    Until then, too, one that is too long for its row has that of the keys.

    Args:
        changed: Draws the row above, which ``spread`` gives.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self.bar = MessageBar(id="messages")
        self._changed = changed
        self._is_seen = False
        self._stands = False
        self._waiting: News | None = None

    def say(self, news: News) -> bool:
        """Put a message on the bar, or keep it until what stands there is seen; gives whether it is shown."""
        stands = news.ink == "danger" and not news.is_passing
        if self._stands and not stands:
            self._waiting = news
            return False
        self._stands = stands
        self._put(news)
        return True

    def seen(self) -> None:
        """Let what stands there give way to what came after it, and to the keys."""
        self._stands = False
        if self._waiting is not None:
            self._put(self._waiting)
        elif not self._is_seen:
            self._is_seen = True
            if self.bar.is_spread:
                self._changed()

    def spread(self, width: int, *, is_free: bool) -> Row | None:
        """Give the row above the bar, if that is free and the message is too long for one."""
        return self.bar.spread(width, is_free=is_free and not self._is_seen)

    def again(self, before: News, now: News) -> None:
        """Say a message in other words if it stands there."""
        if self.bar.said.strip() == before.text:
            waiting = self._waiting
            self._put(now)
            self._waiting = waiting

    def _put(self, news: News) -> None:
        self._waiting = None
        self._is_seen, was_spread = False, self.bar.is_spread
        self.bar.say([(f" {news.text}", news.ink)])
        if was_spread or self.bar.is_cut:
            self._changed()
