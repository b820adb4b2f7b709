"""The market as the engine sees it: every instrument's state and every source's."""

from __future__ import annotations

from termdesk.core.market.feed_state import FeedState
from termdesk.core.market.state import HANDLERS, InstrumentState, StudyFactory, Touched
from termdesk.core.model.event import FeedHeard, FeedLink, InputSkipped, InstrumentDefined, InstrumentEvent, MarketEvent
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import Ns, Price
from termdesk.core.model.reason import MarketSeen
from termdesk.core.model.terms import Link
from termdesk.core.venues.sessions import trading_day

AboutSource = InstrumentDefined | FeedLink | FeedHeard | InputSkipped
_GAP = Touched.GAP


class Market:
    """Holds all market state; one owner applies every event in order.

    Decides nothing about orders and knows no clock: ages are counted from a
    time handed in.

    Attributes:
        states: By instrument id.
        feeds: By name of the source.
        delays_ns: What sources declare of their delay, by name; set before they speak.
    """

    def __init__(self, study: StudyFactory | None = None) -> None:
        """Begin empty; ``study`` makes the study that follows each instrument's 1 m bars."""
        self.states: dict[str, InstrumentState] = {}
        self.feeds: dict[str, FeedState] = {}
        self.delays_ns: dict[str, int | None] = {}
        self._study = study

    @property
    def instruments(self) -> dict[str, Instrument]:
        """Known instruments in force, by id."""
        return {name: state.instrument for name, state in self.states.items()}

    def apply(self, event: MarketEvent, feed: str) -> tuple[InstrumentState | None, int]:
        """Take one event of a source.

        Returns:
            The state it touched, if it was about one instrument, and the bits
            of ``Touched``. An event of an instrument that was never introduced
            is counted as skipped and changes nothing else.
        """
        try:
            source = self.feeds[feed]
        except KeyError:
            source = self.feeds[feed] = FeedState(feed, self.delays_ns.get(feed))
        source.heard_ns = event.recv_ns
        source.events += 1
        try:
            handler = HANDLERS[type(event)]
        except KeyError:
            return self._apply_other(event, source)  # type: ignore[arg-type]
        about: InstrumentEvent = event  # type: ignore[assignment]
        try:
            state = self.states[about.instrument]
        except KeyError:
            source.skipped += 1
            return None, 0
        state.feed = feed
        state.recv_ns = about.recv_ns
        if about.venue_ns:
            state.venue_ns = about.venue_ns
        touched = handler(state, about)
        if touched & _GAP:
            source.gaps += 1
        return state, touched

    def seen(self, instrument_id: str, now_ns: int) -> MarketSeen | None:
        """What a decision at ``now_ns`` sees of an instrument; None where it is not known."""
        state = self.states.get(instrument_id)
        if state is None:
            return None
        source = self.feeds.get(state.feed)
        heard_ns = source.heard_ns if source is not None else 0
        return MarketSeen(
            bid=state.bid,
            bid_qty=state.bid_qty,
            ask=state.ask,
            ask_qty=state.ask_qty,
            last=state.last,
            quote_age_ns=now_ns - state.recv_ns if state.recv_ns else -1,
            link_age_ns=now_ns - heard_ns if heard_ns else -1,
            phase=state.phase,
            feed=state.feed,
            at_ns=now_ns,
            prev_close=_prev_close(state, now_ns),
            on_bars=state.on_bars,
            delay_ns=-1 if source is None or source.delay_ns is None else source.delay_ns,
        )

    def _apply_other(self, event: AboutSource, source: FeedState) -> tuple[InstrumentState | None, int]:
        match event:
            case InstrumentDefined(instrument=instrument):
                return self._introduce(instrument, source.name)
            case FeedLink(link=link, detail=detail):
                source.link = link
                source.detail = detail
                if link in (Link.DOWN, Link.CONNECTING):
                    for state in self.states.values():
                        if state.feed == source.name:
                            state.link_lost()
            case InputSkipped():
                source.skipped += 1
            case FeedHeard():
                pass
        return None, 0

    def _introduce(self, instrument: Instrument, feed: str) -> tuple[InstrumentState | None, int]:
        state = self.states.get(instrument.id)
        if state is None:
            state = self.states[instrument.id] = InstrumentState(instrument, feed, self._study)
        else:
            state.instrument = instrument
        return state, Touched.QUOTE | Touched.BOOK


def _prev_close(state: InstrumentState, now_ns: Ns) -> Price:
    """The previous close told for the present trading day; one of an earlier day would give wrong limits."""
    if not state.prev_close:
        return 0
    name = state.instrument.id
    return state.prev_close if trading_day(name, state.reference_ns) == trading_day(name, now_ns) else 0
