"""What stands in the message bar: the newest message, but a refusal or an alarm until a hand moved after it."""

from __future__ import annotations

from termdesk.ui.bars import Bar
from termdesk.ui.news import News


class Messages:
    """The message bar of one screen.

    A message in the ink of danger gives way only to another one, until a key
    or a click shows that somebody was there; what came meanwhile comes then.
    """

    def __init__(self) -> None:
        self.bar = Bar(id="messages")
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
        """Let what stands there give way to what came after it."""
        self._stands = False
        if self._waiting is not None:
            self._put(self._waiting)

    def _put(self, news: News) -> None:
        self._waiting = None
        self.bar.say([(f" {news.text}", news.ink)])
