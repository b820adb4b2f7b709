"""A venue far away: it lives on while the desk crashes, behind a network that loses, delays and breaks.

The venue and the translation of its frames are those of the simulated venue
that is reached over a socket; only the socket and its clock are replaced.
Frames of one connection keep their order, as on a stream; what was under way
when it breaks is lost in both directions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random

import msgspec

from termdesk.adapters.brokers.simvenue import messages as m
from termdesk.adapters.brokers.simvenue.client import CAPABILITIES, NAME
from termdesk.adapters.brokers.simvenue.decode import Translator
from termdesk.core.model.execution import BrokerRequest
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Link
from termdesk.core.model.venue import (
    BrokerLink,
    TellInstrument,
    VenueReport,
    VenueRequest,
)
from termdesk.engine.brokers import lost
from termdesk.engine.questions import Questions
from termdesk.testing.venue.faults import Fault
from termdesk.testing.venue.store import Venue

MS = 1_000_000
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(m.ToVenue)

STRIKES = (
    Fault.LOST_REQUEST,
    Fault.LOST_ACK,
    Fault.DUPLICATE,
    Fault.REORDER,
    Fault.DELAY,
    Fault.LATE_FILL,
    Fault.SNAPSHOT_ERROR,
    Fault.HOSTILE_TEXT,
)

Later = Callable[[int, Callable[[], None]], None]
"""Do something after so many nanoseconds."""


class FarVenue:
    """The venue, and one member's connection to it.

    Attributes:
        venue: What it holds is the truth that the desk is measured by.
    """

    def __init__(self, rng: Random, later: Later, now_ns: Callable[[], int]) -> None:
        self.venue = Venue()
        self.venue.tell = self._tell
        self.route: FarRoute | None = None
        self._rng = rng
        self._later = later
        self._now_ns = now_ns

    def strike(self) -> None:
        """Let the next fault be one of those that venues have."""
        self.venue.faults.arm(self._rng.choice(STRIKES))

    def receive(self, frame: bytes) -> None:
        """A frame arrives at the venue."""
        told = _DECODER.decode(frame)
        self.venue.now_ns = max(self.venue.now_ns, self._now_ns())
        is_order = isinstance(told, m.New | m.Cancel | m.Replace)
        if is_order and self.venue.faults.strikes(Fault.LOST_REQUEST):
            return
        answer = self.venue.hear(told)
        if answer is not None:
            self._tell(answer)

    def _tell(self, told: m.FromVenue) -> None:
        if self.route is not None:
            self.route.hear(_ENCODER.encode(told))


class FarRoute:
    """The desk's end of one life of the desk: what ``engine/brokers.Route`` is, without tasks and sockets."""

    name = NAME

    def __init__(
        self,
        far: FarVenue,
        rng: Random,
        later: Later,
        now_ns: Callable[[], int],
        put: Callable[[Sequence[VenueReport]], None],
        ask: Callable[[str], Sequence[VenueRequest]],
        instruments: Callable[[], Mapping[str, Instrument]],
    ) -> None:
        self.rules = CAPABILITIES.rules()
        self.is_up = False
        self._far = far
        self._rng = rng
        self._later = later
        self._now_ns = now_ns
        self._put = put
        self._ask = ask
        self._instruments = instruments
        self._connection = 0
        self._translator = Translator(NAME)
        self._waiting: dict[int, BrokerRequest] = {}
        self._requests = 0
        self._questions = Questions()
        self._clear_ns = 0
        """No frame arrives before the one sent before it."""

    def link(self, link: Link, detail: str) -> BrokerLink:
        """Say how the link is."""
        return BrokerLink(broker=NAME, at_ns=self._now_ns(), link=link, detail=detail, rules=self.rules)

    def connect(self) -> None:
        """The link comes up."""
        if self.is_up:
            return
        self.is_up = True
        self._connection += 1
        self._translator = Translator(NAME)
        for instrument in self._instruments().values():
            self._translator.encode(TellInstrument(instrument=instrument))
        self._far.route = self
        self._put([self.link(Link.UP, "")])

    def disconnect(self) -> None:
        """The link breaks; of what was sent and not answered nobody knows."""
        if not self.is_up:
            return
        self.is_up = False
        self._connection += 1
        self._far.route = None
        waiting, self._waiting = self._waiting, {}
        self._questions.clear()
        unknown = (lost(one, self._now_ns(), "broken", left=True) for one in waiting.values())
        self._put([*unknown, self.link(Link.DOWN, "broken")])

    def on_request(self, request: VenueRequest, now_ns: int) -> list[VenueReport]:
        """Send a request whose facts are durable."""
        if not self.is_up:
            return [lost(request, now_ns, "no link", left=False)] if isinstance(request, BrokerRequest) else []
        named = self._instruments().get(getattr(request, "instrument", ""))
        if named is not None:
            self._translator.encode(TellInstrument(instrument=named))
        self._questions.ask(request, now_ns)
        if isinstance(request, BrokerRequest):
            self._requests += 1
            number = self._requests
            self._waiting[number] = request
            self._later(CAPABILITIES.answer_within_ns, self._same(lambda: self._time_out(number)))
        frame = self._translator.encode(request)
        if frame is not None:
            self._later(self._delay(), self._same(lambda: self._far.receive(frame)))
        return []

    def hear(self, frame: bytes) -> None:
        """The venue has said something; it arrives later, or never."""
        self._later(self._delay(), self._same(lambda: self._arrive(frame)))

    def look(self) -> None:
        """Ask again what got no answer."""
        for question in self._ask(NAME) if self.is_up else ():
            self.on_request(question, self._now_ns())

    def _arrive(self, frame: bytes) -> None:
        report = self._translator.decode(frame)
        if report is not None:
            self._put([self._questions.dated(report)])

    def _time_out(self, number: int) -> None:
        request = self._waiting.pop(number, None)
        if request is not None:
            self._put([lost(request, self._now_ns(), "time-out", left=True)])

    def _delay(self) -> int:
        """Nanoseconds until a frame that is sent now arrives."""
        arrives = max(self._clear_ns, self._now_ns() + self._rng.randint(0, 60) * MS)
        self._clear_ns = arrives
        return arrives - self._now_ns()

    def _same(self, act: Callable[[], None]) -> Callable[[], None]:
        """Do something only while the connection is the same."""
        connection = self._connection
        return lambda: act() if self._connection == connection else None
