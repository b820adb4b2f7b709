"""Where market events come from: a live feed, or a recording."""

from __future__ import annotations

from collections.abc import Sequence

from termdesk.adapters.contract import FeedCapabilities, LiveFeed, LiveFeedFactory, Recording, RecordingFactory
from termdesk.config.settings import FeedSettings
from termdesk.core.model.errors import AdapterError
from termdesk.core.model.event import MarketEvent
from termdesk.core.model.terms import Mode
from termdesk.engine.feeds import load_adapter
from termdesk.engine.options import EngineOptions

FEEDS = "termdesk.feeds"


class Source:
    """The one source of an engine, found and not yet speaking.

    Attributes:
        name: As its events are counted.
        mode: What a desk on this source is.
        heartbeat_ns: Longest silence while it is healthy.
        delay_ns: How much later than at the venue it speaks by design; None is not told.
        recording: What is played, None for a live feed.
        seed: Of what is generated; an existing desk keeps its own.
    """

    def __init__(self, options: EngineOptions, settings: FeedSettings, seed: int) -> None:
        """Find it.

        Raises:
            AdapterError: No such feed, symbol or file.
        """
        self._symbols = settings.symbols
        self._factory: LiveFeedFactory
        self.seed = seed
        self.recording: Recording | None = None
        if options.is_replay:
            self._open_recording(options)
        else:
            self._find_feed(settings.name)

    def live(self, resume: Sequence[MarketEvent]) -> LiveFeed:
        """Open the live feed; one that generates goes on from ``resume``."""
        return self._factory.open(self._symbols, seed=self.seed, resume=resume)

    def _open_recording(self, options: EngineOptions) -> None:
        opener: RecordingFactory = load_adapter(FEEDS, "replay")
        self.recording = opener.open_recording(options.replay)
        self.mode = Mode.REPLAY
        self.name = self.recording.name
        self._take(self.recording.capabilities)

    def _find_feed(self, name: str) -> None:
        factory = load_adapter(FEEDS, name)
        if not hasattr(factory, "open"):
            raise AdapterError(f"feed {name} plays files; name them with --replay FILE")
        self._factory = factory
        feed = self.live(())
        self.mode = Mode.DEMO if feed.capabilities.generated else Mode.PAPER
        self.name = feed.name
        self._take(feed.capabilities)

    def _take(self, capabilities: FeedCapabilities) -> None:
        self.heartbeat_ns = capabilities.heartbeat_ns
        self.delay_ns = capabilities.delay_ns
        if self.delay_ns is not None and self.delay_ns < 0:
            raise AdapterError(f"feed {self.name} declares a delay of {self.delay_ns} ns; 0 is real time")
