"""Putting an engine together: the only place that knows every part."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import cast

import msgspec

from termdesk.adapters.brokers.paper import PaperBroker, PaperBrokerFactory
from termdesk.adapters.contract import LiveFeed, LiveFeedFactory, Recording, RecordingFactory
from termdesk.config.paths import DeskPaths, new_run
from termdesk.config.settings import Settings
from termdesk.core.market.market import Market
from termdesk.core.model.errors import AdapterError, JournalError
from termdesk.core.model.event import MarketEvent
from termdesk.core.model.terms import Mode
from termdesk.core.studies.macd import MacdStudy
from termdesk.core.trading.read import restorable
from termdesk.engine import starting, watch
from termdesk.engine.bodies import Bodies
from termdesk.engine.clock import SystemClock
from termdesk.engine.conflation import Board
from termdesk.engine.controls import Controls
from termdesk.engine.desk import Desk
from termdesk.engine.emergency import EmergencyFile
from termdesk.engine.feeds import load_adapter
from termdesk.engine.health import Health
from termdesk.engine.log_tail import LogTail
from termdesk.engine.meter import Meter
from termdesk.engine.options import EngineOptions
from termdesk.engine.replay import ReplaySequencer
from termdesk.engine.room import Room
from termdesk.engine.sequencer import LiveSequencer, Sequencer
from termdesk.engine.view import DeskView
from termdesk.journal import JournalWriter, SqliteJournal, open_journal

FEEDS = "termdesk.feeds"
BROKERS = "termdesk.brokers"
BROKER = "paper"


class Source:
    """Where market events come from: a live feed, or a recording.

    Attributes:
        mode: What a desk on this source is.
        seed: Of what is generated; an existing desk keeps its own.
    """

    def __init__(self, options: EngineOptions, settings: Settings, seed: int) -> None:
        """Find it.

        Raises:
            AdapterError: No such feed, symbol or file.
        """
        self._symbols = settings.feed.symbols
        self.seed = seed
        self.recording: Recording | None = None
        self._factory: LiveFeedFactory
        if options.is_replay:
            opener: RecordingFactory = load_adapter(FEEDS, "replay")
            self.recording = opener.open_recording(options.replay)
            self.mode = Mode.REPLAY
            self.heartbeat_ns = self.recording.capabilities.heartbeat_ns
            self.name = self.recording.name
            return
        factory = load_adapter(FEEDS, settings.feed.name)
        if not hasattr(factory, "open"):
            raise AdapterError(f"feed {settings.feed.name} plays files; name them with --replay FILE")
        self._factory = factory
        feed = self.live(())
        self.mode = Mode.DEMO if feed.capabilities.generated else Mode.PAPER
        self.heartbeat_ns = feed.capabilities.heartbeat_ns
        self.name = feed.name

    def live(self, resume: Sequence[MarketEvent]) -> LiveFeed:
        """Open the live feed; one that generates goes on from ``resume``."""
        return self._factory.open(self._symbols, seed=self.seed, resume=resume)


class Parts(msgspec.Struct, frozen=True):
    """A whole engine, not yet running."""

    paths: DeskPaths
    journal: SqliteJournal
    writer: JournalWriter
    source: Source
    market: Market
    desk: Desk
    sequencer: Sequencer
    room: Room
    board: Board
    health: Health
    watch: watch.Watch
    emergency: EmergencyFile
    known: list[MarketEvent]
    """Last trades from before, for a feed that generates."""


def desk_paths(options: EngineOptions, settings: Settings, mode: Mode, clock: SystemClock) -> DeskPaths:
    """Choose the desk: named, configured, or by mode; a replay without a name is a new run."""
    if options.is_replay and not options.desk:
        return new_run(clock.wall_ns())
    paths = DeskPaths.of(options.desk or settings.desk.name or mode.value)
    paths.make()
    return paths


def assemble(
    options: EngineOptions,
    settings: Settings,
    clock: SystemClock,
    meter: Meter,
    *,
    version: str,
    stop: Callable[[], None],
) -> Parts:
    """Open the desk and wire everything; the loop that calls this is the engine's.

    Raises:
        ConfigError, AdapterError, JournalError: As the parts say.
    """
    seed = settings.desk.seed if options.seed is None else options.seed
    source = Source(options, settings, seed)
    paths = desk_paths(options, settings, source.mode, clock)
    journal = open_journal(paths.folder, desk=paths.desk, mode=source.mode)
    try:
        return _wired(options, settings, clock, meter, source, paths, journal, seed=seed, version=version, stop=stop)
    except BaseException:
        journal.close()
        raise


def _wired(
    options: EngineOptions,
    settings: Settings,
    clock: SystemClock,
    meter: Meter,
    source: Source,
    paths: DeskPaths,
    journal: SqliteJournal,
    *,
    seed: int,
    version: str,
    stop: Callable[[], None],
) -> Parts:
    state, newest_ns = starting.replayed(journal)
    if state.opened:
        source.seed = state.seed
    clock.at_least(newest_ns)
    market = Market(study=MacdStudy)
    sequencer = _sequencer(options, source, clock, meter)
    played_out = (lambda: sequencer.played_out) if isinstance(sequencer, ReplaySequencer) else (lambda: False)
    view = DeskView(
        market,
        state.instruments,
        stale_link_ns=settings.limits.stale_link_ms * 1_000_000,
        played_out=played_out,
    )
    view.heartbeat_ns[source.name] = source.heartbeat_ns
    broker = _broker(source.mode, market, view)
    view.trade_on(broker.exchange)
    loop = asyncio.get_running_loop()
    log = LogTail(journal)
    emergency = EmergencyFile(paths.folder)

    def failed(error: JournalError) -> None:
        loop.call_soon_threadsafe(sequencer.put_call, lambda: desk.fail(str(error), starting.replayed(journal)[0]))

    def durable(seq: int) -> None:
        loop.call_soon_threadsafe(sequencer.put_durable, seq)

    writer = JournalWriter(journal, failed)
    desk = Desk(state, market, broker, view, writer, log, clock, emergency, durable)
    sequencer.attach(desk)
    known = starting.restore_market(market, watch.restored(journal))
    if isinstance(sequencer, ReplaySequencer) and newest_ns:
        sequencer.warm(lambda feed, event: _show(market, feed, event), newest_ns)
    at_ns = sequencer.now_ns()
    if state.opened:
        starting.resume(desk, emergency, version=version, broker=broker.name, at_ns=at_ns)
        broker.restore(restorable(desk.state, broker.name), at_ns)
    else:
        starting.begin(desk, settings, name=paths.desk, mode=source.mode, seed=seed, broker=broker.name, at_ns=at_ns)
    health = Health(paths.desk, source.mode, market, clock, meter, view.stale_after_ns)
    controls = Controls(sequencer, source.mode, stop)
    room = Room(desk, market, broker.exchange, view, sequencer, controls, health, log, clock, version)
    board = Board(room, Bodies(market, room), desk.moved, clock, meter)
    room.on_subscribe = board.kick
    desk.on_log = room.log_grew
    desk.on_change = board.desk_changed
    return Parts(
        paths,
        journal,
        writer,
        source,
        market,
        desk,
        sequencer,
        room,
        board,
        health,
        watch.Watch(market),
        emergency,
        known,
    )


def _sequencer(options: EngineOptions, source: Source, clock: SystemClock, meter: Meter) -> Sequencer:
    if source.recording is None:
        return LiveSequencer(clock, meter)
    commands = starting.recorded_commands(options.commands) if options.commands is not None else []
    sequencer = ReplaySequencer(
        source.recording,
        clock,
        meter,
        commands=commands,
        speed=options.speed,
        paused=options.paused,
        until_ns=options.until_ns,
    )
    if options.jump_to_ns is not None:
        sequencer.jump(options.jump_to_ns)
    return sequencer


def _broker(mode: Mode, market: Market, view: DeskView) -> PaperBroker:
    factory = load_adapter(BROKERS, BROKER)
    if mode is not Mode.LIVE and not factory.capabilities.simulated:
        raise AdapterError(f"a {mode.value} desk loads simulated brokers only, {factory.name} is none")
    return cast("PaperBrokerFactory", factory).open(market, view.rates)


def _show(market: Market, feed: str, event: MarketEvent) -> None:
    """Let the market see an event from before a resumed run went on; nothing trades on it."""
    market.apply(event, feed)
