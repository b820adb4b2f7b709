"""The screen's picture of one attached desk: plain dictionaries, written by frames, read by panes.

Frames go straight in; nothing here is a message of the screen. Panes take
what changed since they last looked, so a burst of frames costs one drawing.
No Textual in here, and no engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from termdesk.core.model.bar import Bar
from termdesk.core.model.facts import Recorded
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Link, Mode
from termdesk.core.wire.frames import Log, Topics, Welcome
from termdesk.core.wire.queries import FillLine, FillsResult, OrderLine, OrdersResult
from termdesk.core.wire.shared import LinksBody, WorkspacesBody
from termdesk.core.wire.topics import (
    AccountBody,
    BarsBody,
    BookBody,
    FeedHealth,
    HealthBody,
    QueueBody,
    QueueLine,
    QuoteBody,
    StudyBody,
    TapeBody,
    TopicBody,
    VolumeBody,
)
from termdesk.ui.blotter.kept import Kept
from termdesk.ui.fold import Orders, fill_line
from termdesk.ui.ladder.armed import Armed
from termdesk.ui.lines.ladder_model import Volume
from termdesk.ui.series import Study, Tape

SILENT_NS = 3 * 10**9
"""Silence after which an attached engine counts as silent; it tells its health twice a second."""


class EngineLink(Enum):
    """How the screen stands with its engine."""

    STARTING = "starting"
    CONNECTING = "connecting"
    UP = "up"
    LOST = "lost"
    FAILED = "failed"
    """Given up: the engine could not be started or turned the screen away."""


class Dirty:
    """What changed and was not drawn yet: ids per kind, and kinds without ids as flags."""

    __slots__ = (
        "accounts",
        "bars",
        "books",
        "health",
        "instruments",
        "link",
        "orders",
        "queues",
        "quotes",
        "shared",
        "studies",
        "tapes",
        "volumes",
    )

    def __init__(self) -> None:
        self.quotes: set[str] = set()
        self.books: set[str] = set()
        self.tapes: set[str] = set()
        self.volumes: set[str] = set()
        self.bars: set[str] = set()
        self.studies: set[str] = set()
        self.accounts: set[str] = set()
        self.instruments = False
        self.queues = False
        self.orders = False
        self.health = False
        self.shared = False
        self.link = False

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)


class Store:
    """One desk as the screen knows it. Owned by the app; written by its link only.

    Args:
        clock_ns: Monotonic clock of this process, nanoseconds.
    """

    def __init__(self, clock_ns: int = 0) -> None:
        self.link = EngineLink.CONNECTING
        self.link_detail: str | Reason = ""
        self.welcome: Welcome | None = None
        self.instruments: dict[str, Instrument] = {}
        self.quotes: dict[str, QuoteBody] = {}
        self.books: dict[str, BookBody] = {}
        self.tapes: dict[str, Tape] = {}
        self.volumes: dict[str, dict[int, Volume]] = {}
        self.bars: dict[str, dict[int, Bar]] = {}
        self.studies: dict[str, Study] = {}
        self.accounts: dict[str, AccountBody] = {}
        self.queues: dict[str, QueueLine] = {}
        self.health: HealthBody | None = None
        self.links: LinksBody | None = None
        self.workspaces: WorkspacesBody | None = None
        self.refusals: list[Reason] = []
        self.armed = Armed()
        self.kept = Kept()
        self._orders = Orders()
        self.fills: list[FillLine] = []
        self.orders_cursor = 0
        self.fills_cursor = 0
        self._queued_by_account: dict[str, tuple[str, ...]] = {}
        self._desk_ns = 0
        self._desk_read_at = self._heard_at = clock_ns
        self._dirty = Dirty()

    # -- what the link writes -------------------------------------------------

    def set_link(self, link: EngineLink, detail: str | Reason = "") -> None:
        """Note how the screen stands with its engine; ``detail`` says why, in words or as the engine's own reason."""
        self.link, self.link_detail = link, detail
        self._dirty.link = True

    def attach(self, welcome: Welcome, clock_ns: int) -> None:
        """Begin a connection. What only grows is dropped, since the first body of a topic repeats it."""
        self.welcome = welcome
        self.tapes.clear()
        self.links = self.workspaces = None
        self.read_clock(welcome.desk_ns, clock_ns)
        self._dirty.link = True

    def forget_log(self) -> None:
        """Drop all that came from the log, since the engine has another one; it comes anew from its start."""
        self.load_orders(OrdersResult(orders=(), cursor=0))
        self.load_fills(FillsResult(fills=(), cursor=0))
        self.armed.load(())
        self.kept.forget()

    def list_instruments(self, instruments: Iterable[Instrument]) -> None:
        """Add instruments, or newer versions of them; the order is that of the newest list."""
        known = {one.id: one for one in instruments}
        listed = known | {name: one for name, one in self.instruments.items() if name not in known}
        if listed != self.instruments or list(listed) != list(self.instruments):
            self.instruments = listed
            self._dirty.instruments = True

    def load_orders(self, result: OrdersResult) -> None:
        """Replace the orders by a snapshot; records up to its cursor are in it."""
        self._orders.load(result.orders)
        self.orders_cursor = result.cursor
        self._dirty.orders = True

    def load_fills(self, result: FillsResult) -> None:
        """Replace the fills by a snapshot; records up to its cursor are in it."""
        self.fills = list(result.fills)
        self.fills_cursor = result.cursor
        self._dirty.orders = True

    def take_topics(self, frame: Topics, clock_ns: int) -> None:
        """Put news of topics in their places."""
        self.read_clock(frame.desk_ns, clock_ns)
        for update in frame.updates:
            self.take_body(update.body)

    def take_body(self, body: TopicBody) -> None:
        """Put one body in its place; a body of an unknown kind is left out."""
        take = _TAKES.get(type(body))
        if take is not None:
            take(self, body)

    def take_refusal(self, reason: Reason) -> None:
        """Note that the engine refused a change of what all screens share."""
        self.refusals.append(reason)
        self._dirty.shared = True

    def take_log(self, frame: Log, clock_ns: int = 0) -> list[Recorded]:
        """Fold records into orders and fills; gives those that were new here, in order.

        Older ones are events and requests from before this screen, of which the snapshots have all else.
        """
        fresh = []
        self._heard_at = max(self._heard_at, clock_ns)
        for record in frame.records:
            if record.seq <= self.orders_cursor:
                self.kept.recall(record)
                self._dirty.orders = True
            else:
                self.orders_cursor = record.seq
                self._orders.fold(record)
                self.armed.fold(record)
                self.kept.fold(record, clock_ns)
                fresh.append(record)
            if record.seq > self.fills_cursor:
                self.fills_cursor = record.seq
                fill = fill_line(record)
                if fill is not None:
                    self.fills.append(fill)
        if fresh:
            self._dirty.orders = True
        return fresh

    def forget(self, topic: str) -> None:
        """Drop what a topic gave, since it is no longer kept up to date."""
        kind, _, name = topic.partition("/")
        if kind == "book":
            self.books.pop(name.partition("?")[0], None)
        elif kind == "tape":
            self.tapes.pop(name, None)
        elif kind == "volume":
            self.volumes.pop(name, None)
        elif kind == "bars":
            self.bars.pop(name.partition("/")[0], None)
        elif kind == "study":
            instrument, _, study = name.partition("/")
            self.studies.pop(f"{instrument}/{study.rpartition('/')[2]}", None)

    def read_clock(self, desk_ns: int, clock_ns: int) -> None:
        """Note what the desk's clock said at a moment of the local one."""
        self._desk_ns, self._desk_read_at = desk_ns, clock_ns
        self._heard_at = max(self._heard_at, clock_ns)

    def take_dirty(self) -> Dirty:
        """Give what changed since the last call and begin anew."""
        dirty, self._dirty = self._dirty, Dirty()
        return dirty

    # -- what the panes read --------------------------------------------------

    @property
    def orders(self) -> dict[str, OrderLine]:
        """Every order by id, oldest first."""
        return self._orders.lines

    @property
    def cursor(self) -> int:
        """From where the log has to go on."""
        return min(self.orders_cursor, self.fills_cursor)

    @property
    def mode(self) -> Mode | None:
        """Mode of the desk, None before the first welcome."""
        return self.welcome.mode if self.welcome else None

    def desk_ns(self, clock_ns: int) -> int:
        """Give the desk's time now. It runs on with the local clock, except where a replay stands or races."""
        if not self._desk_ns:
            return 0
        if self.mode is Mode.REPLAY:
            return self._desk_ns
        return self._desk_ns + max(0, clock_ns - self._desk_read_at)

    def day(self, clock_ns: int) -> str:
        """Day whose ticks and lots the screen goes by; the engine decides by the venue's own."""
        return datetime.fromtimestamp(self.desk_ns(clock_ns) // 10**9, UTC).date().isoformat()

    def feed_of(self, instrument: str) -> FeedHealth | None:
        """Give the health of the source that quotes an instrument."""
        if self.health is None or not self.health.feeds:
            return None
        quote = self.quotes.get(instrument)
        named = [feed for feed in self.health.feeds if quote is not None and feed.feed == quote.feed]
        return (named or list(self.health.feeds))[0]

    def feed_age_ns(self, feed: FeedHealth, clock_ns: int) -> int | None:
        """Give how long a source has been silent in desk time; None before its first word.

        On a replay, whose clock races or stands, how long it had been when the engine said so.
        """
        said = self.health if self.mode is Mode.REPLAY else None
        now_ns = said.desk_ns if said else self.desk_ns(clock_ns)
        return max(0, now_ns - feed.heard_ns) if feed.heard_ns else None

    def silent_ns(self, clock_ns: int) -> int:
        """Give how long an engine has been silent to which the link still stands; 0 while it speaks as it should."""
        silent = clock_ns - self._heard_at
        return silent if self.link is EngineLink.UP and silent > SILENT_NS else 0

    def is_stale(self, instrument: str, clock_ns: int, limit_ns: int) -> bool:
        """Whether an instrument's prices must not be trusted: engine or source silent. A paused replay is not stale.

        ``limit_ns`` counts where the engine does not tell the source's own.
        """
        if self.link is not EngineLink.UP or self.silent_ns(clock_ns):
            return True
        feed = self.feed_of(instrument)
        if feed is None or feed.link is Link.ENDED:
            return False
        if feed.link is not Link.UP:
            return True
        if self.mode is Mode.REPLAY:
            return False
        age = self.feed_age_ns(feed, clock_ns)
        return age is not None and age > (feed.stale_after_ns or limit_ns)

    def working(self, account: str = "", instrument: str = "") -> list[OrderLine]:
        """Give open orders, oldest first, of one account or instrument or of all."""
        return [
            line
            for line in self.orders.values()
            if line.status.is_open
            and (not account or line.account == account)
            and (not instrument or line.instrument == instrument)
        ]

    def position(self, account: str, instrument: str) -> int:
        """Give the signed position, 0 where none is known."""
        body = self.accounts.get(account)
        lines = body.positions if body else ()
        return next((line.qty for line in lines if line.instrument == instrument), 0)

    # -- one method per kind of body -----------------------------------------

    def _quote(self, body: QuoteBody) -> None:
        self.quotes[body.instrument] = body
        self._dirty.quotes.add(body.instrument)

    def _book(self, body: BookBody) -> None:
        self.books[body.instrument] = body
        self._dirty.books.add(body.instrument)

    def _tape(self, body: TapeBody) -> None:
        tape = self.tapes.setdefault(body.instrument, Tape())
        tape.trades.extend(body.trades)
        tape.total += len(body.trades)
        self._dirty.tapes.add(body.instrument)

    def _volume(self, body: VolumeBody) -> None:
        if body.complete:
            self.volumes[body.instrument] = {}
        held = self.volumes.setdefault(body.instrument, {})
        held.update((row.price, Volume(row.qty, row.bought, row.sold)) for row in body.rows)
        self._dirty.volumes.add(body.instrument)

    def _bars(self, body: BarsBody) -> None:
        if body.complete:
            self.bars[body.instrument] = {}
        bars = self.bars.setdefault(body.instrument, {})
        bars.update((bar.start_ns, bar) for bar in body.bars)
        self._dirty.bars.add(body.instrument)

    def _study(self, body: StudyBody) -> None:
        key = f"{body.instrument}/{body.study}"
        study = self.studies.setdefault(key, Study())
        if body.complete:
            study.points = {}
        study.points.update((point.start_ns, point) for point in body.points)
        study.lines, study.warming, study.warm_bars = body.lines, body.warming, body.warm_bars
        self._dirty.studies.add(key)

    def _account(self, body: AccountBody) -> None:
        self.accounts[body.account] = body
        self._dirty.accounts.add(body.account)

    def _queue(self, body: QueueBody) -> None:
        for order_id in self._queued_by_account.get(body.account, ()):
            self.queues.pop(order_id, None)
        self.queues.update((line.order_id, line) for line in body.lines)
        self._queued_by_account[body.account] = tuple(line.order_id for line in body.lines)
        self._dirty.queues = True

    def _health(self, body: HealthBody) -> None:
        self.health = body
        self._dirty.health = True

    def _links(self, body: LinksBody) -> None:
        self.links = body
        self._dirty.shared = True

    def _workspaces(self, body: WorkspacesBody) -> None:
        self.workspaces = body
        self._dirty.shared = True


_TAKES: dict[type, Callable[[Store, Any], None]] = {
    QuoteBody: Store._quote,
    BookBody: Store._book,
    TapeBody: Store._tape,
    VolumeBody: Store._volume,
    BarsBody: Store._bars,
    StudyBody: Store._study,
    AccountBody: Store._account,
    QueueBody: Store._queue,
    HealthBody: Store._health,
    LinksBody: Store._links,
    WorkspacesBody: Store._workspaces,
}
