"""Putting an engine together: the only place that knows every part."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import msgspec

from termdesk.adapters.brokers.paper import PaperBroker, PaperBrokerFactory
from termdesk.config.paths import DeskPaths, new_run
from termdesk.config.settings import Settings
from termdesk.core.market.market import Market
from termdesk.core.model.errors import JournalError
from termdesk.core.model.event import MarketEvent
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Mode
from termdesk.core.model.venue import VenueReport
from termdesk.core.studies.macd import MacdStudy
from termdesk.core.trading.read import restorable
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.venue.unknown import unanswered
from termdesk.core.wire.topic_names import HealthTopic, Topic
from termdesk.engine import starting, watch
from termdesk.engine.bodies import Bodies
from termdesk.engine.brokers import Brokers, Route, load_broker, open_broker, outside
from termdesk.engine.clock import SystemClock
from termdesk.engine.conflation import Board
from termdesk.engine.controls import Controls
from termdesk.engine.desk import Desk
from termdesk.engine.emergency import EmergencyFile
from termdesk.engine.health import Health
from termdesk.engine.keeping import Keeper
from termdesk.engine.log_tail import LogTail
from termdesk.engine.meter import Meter
from termdesk.engine.options import EngineOptions
from termdesk.engine.recorder import Recorder
from termdesk.engine.replay import ReplaySequencer
from termdesk.engine.room import Room
from termdesk.engine.sequencer import LiveSequencer, Sequencer
from termdesk.engine.shared_file import SharedFile, read_shared
from termdesk.engine.sharing import Sharing
from termdesk.engine.source import Source
from termdesk.engine.view import DeskView
from termdesk.journal import JournalWriter, SqliteJournal, open_journal

BROKER = "paper"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What an engine is made from."""

    options: EngineOptions
    settings: Settings
    clock: SystemClock
    meter: Meter
    version: str
    stop: Callable[[], None]
    """Begins the engine's end."""


class Parts(msgspec.Struct, frozen=True, kw_only=True):
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
    keeper: Keeper
    shared_file: SharedFile
    routes: tuple[Route, ...]
    known: list[MarketEvent]
    """Last trades from before, for a feed that generates."""


class _Core(msgspec.Struct, frozen=True, kw_only=True):
    """The desk with its market, exchange and journal; nothing of clients yet."""

    market: Market
    view: DeskView
    broker: PaperBroker
    brokers: Brokers
    sequencer: Sequencer
    log: LogTail
    emergency: EmergencyFile
    writer: JournalWriter
    desk: Desk


def assemble(plan: Plan) -> Parts:
    """Open the desk and wire everything; must be called in the engine's loop.

    Raises:
        AdapterError: No such feed, symbol, recording or broker, or one that the desk may not load.
        ConfigError: The desk's name or folder is not usable.
        JournalError: The journal can't be opened, is another desk's, or another engine holds it.
    """
    settings = plan.settings
    seed = settings.desk.seed if plan.options.seed is None else plan.options.seed
    source = Source(plan.options, settings.feed, seed)
    paths = _paths(plan, source.mode)
    journal = open_journal(paths.folder, desk=paths.desk, mode=source.mode)
    try:
        return _wired(plan, source, paths, journal)
    except BaseException:
        journal.close()
        raise


def _paths(plan: Plan, mode: Mode) -> DeskPaths:
    """Choose the desk: named, configured, or by mode; a replay without a name is a new run."""
    if plan.options.is_replay and not plan.options.desk:
        return new_run(plan.clock.wall_ns())
    paths = DeskPaths.of(plan.options.desk or plan.settings.desk.name or mode.value)
    paths.make()
    return paths


def _wired(plan: Plan, source: Source, paths: DeskPaths, journal: SqliteJournal) -> Parts:
    state, newest_ns = starting.replayed(journal)
    plan.clock.at_least(newest_ns)
    if state.opened:
        source.seed = state.seed
    core = _core(plan, source, paths, journal, state)
    known: list[MarketEvent] = []
    if not isinstance(core.sequencer, ReplaySequencer):
        known = starting.restore_market(core.market, watch.restored(journal))
    elif newest_ns:
        core.sequencer.warm(lambda feed, event: _show(core.market, feed, event), newest_ns)
    _open_routes(plan, source.mode, core)
    recorder = core.desk.recorder = Recorder(paths.folder, core.market, plan.settings.recorder.days)
    _start(plan, source, paths, core, journal)
    recorder.resume(core.desk.state, core.sequencer.now_ns())
    health = Health(paths.desk, source.mode, core.market, plan.clock, plan.meter, core.view.stale_after_ns)
    controls = Controls(core.sequencer, source.mode, plan.stop)
    held, damaged = read_shared(paths.folder)
    sharing = Sharing(held, lambda name: core.view.instrument(name) is not None, str(damaged or ""))
    shared_file = SharedFile(paths.folder, lambda: sharing.held)
    exchange = core.broker.exchange
    room = Room(
        core.desk,
        core.market,
        exchange,
        core.view,
        core.sequencer,
        controls,
        health,
        core.log,
        sharing,
        plan.clock,
        plan.version,
    )
    board = Board(room, Bodies(core.market, room), core.desk.moved, plan.clock, plan.meter)
    room.on_subscribe = board.kick
    room.on_presence = lambda: board.changed(HealthTopic)

    def share(kind: type[Topic]) -> None:
        board.changed(kind)
        shared_file.changed()

    sharing.on_change = share
    core.desk.on_log = room.log_grew
    core.desk.on_change = board.desk_changed
    keeper = Keeper(paths, journal, core.writer, core.sequencer.now_ns, plan.settings.journal.retention_years)
    return Parts(
        paths=paths,
        journal=journal,
        writer=core.writer,
        source=source,
        market=core.market,
        desk=core.desk,
        sequencer=core.sequencer,
        room=room,
        board=board,
        health=health,
        watch=watch.Watch(core.market, lambda: (*exchange.marks(), *core.desk.triggers.marks())),
        emergency=core.emergency,
        keeper=keeper,
        shared_file=shared_file,
        routes=tuple(core.brokers.routes.values()),
        known=known,
    )


def _core(plan: Plan, source: Source, paths: DeskPaths, journal: SqliteJournal, state: DeskState) -> _Core:
    market = Market(study=MacdStudy)
    market.delays_ns[source.name] = source.delay_ns
    sequencer = _sequencer(plan, source)
    played_out = (lambda: sequencer.played_out) if isinstance(sequencer, ReplaySequencer) else (lambda: False)
    stale_link_ns = plan.settings.limits.stale_link_ms * 1_000_000
    view = DeskView(
        market,
        state.instruments,
        stale_link_ns=stale_link_ns,
        played_out=played_out,
        commissions={segment: fees.commission() for segment, fees in plan.settings.fees.items()},
    )
    view.heartbeat_ns[source.name] = source.heartbeat_ns
    broker = _broker(source.mode, market, view, lambda: desk.state)
    view.trade_on(broker.exchange)
    view.brokers[broker.name] = broker.capabilities
    log = LogTail(journal)
    emergency = EmergencyFile(paths.folder)
    loop = asyncio.get_running_loop()

    def failed(error: JournalError) -> None:
        loop.call_soon_threadsafe(sequencer.put_call, lambda: desk.fail(str(error)))

    def durable(seq: int) -> None:
        loop.call_soon_threadsafe(sequencer.put_durable, seq)

    def recover() -> DeskState:
        return starting.replayed(journal)[0]

    writer = JournalWriter(journal, failed)
    brokers = Brokers(broker)
    desk = Desk(state, market, brokers, view, writer, log, plan.clock, emergency, durable, recover)
    sequencer.attach(desk)
    return _Core(
        market=market,
        view=view,
        broker=broker,
        brokers=brokers,
        sequencer=sequencer,
        log=log,
        emergency=emergency,
        writer=writer,
        desk=desk,
    )


def _start(plan: Plan, source: Source, paths: DeskPaths, core: _Core, journal: SqliteJournal) -> None:
    """Open the desk, or go on with it."""
    at_ns = core.sequencer.now_ns()
    core.desk.inspect()
    broker = core.broker
    if not core.desk.state.opened:
        starting.begin(
            core.desk,
            plan.settings,
            name=paths.desk,
            mode=source.mode,
            seed=source.seed,
            at_ns=at_ns,
        )
        starting.name_routes(core.desk, core.brokers, at_ns)
        return
    starting.name_routes(core.desk, core.brokers, at_ns)
    starting.resume(core.desk, core.emergency, version=plan.version, broker=broker.name, at_ns=at_ns)
    core.desk.close_missed_days(at_ns, (broker.name,))
    marks = watch.marks(journal)
    broker.restore(restorable(core.desk.state, broker.name), at_ns, marks)
    core.desk.triggers.resume(core.desk.state, core.view, marks)
    starting.ask_again(core.desk, core.emergency, at_ns)


def _open_routes(plan: Plan, mode: Mode, core: _Core) -> None:
    """Open the brokers outside the engine that accounts are bound to, or will be; none connects yet."""
    settings, accounts = plan.settings, core.desk.state.accounts
    bound = {name: account.broker for name, account in accounts.items()}
    if not core.desk.state.opened:
        bound = {name: account.broker for name, account in settings.accounts.items()}
    sequencer, desk = core.sequencer, core.desk

    def put(reports: Sequence[VenueReport]) -> None:
        sequencer.put_call(lambda: desk.take_reports(reports, sequencer.now_ns()))

    def instruments() -> Mapping[str, Instrument]:
        return {**desk.state.instruments, **core.market.instruments}

    for name in outside(bound.values(), BROKER):
        served = [account for account, broker in bound.items() if broker == name]
        broker = open_broker(mode, name, settings.brokers, served)
        ask = lambda name: unanswered(desk.state, name)  # noqa: E731  # the state is replaced when trading halts
        core.view.brokers[name] = broker.capabilities
        core.brokers.routes[name] = Route(broker, put, sequencer.now_ns, ask, instruments, settings.engine.reconcile_s)


def _sequencer(plan: Plan, source: Source) -> Sequencer:
    options = plan.options
    if source.recording is None:
        return LiveSequencer(plan.clock, plan.meter)
    commands = starting.recorded_commands(options.commands) if options.commands is not None else []
    sequencer = ReplaySequencer(
        source.recording,
        plan.clock,
        plan.meter,
        commands=commands,
        speed=options.speed,
        paused=options.paused,
        until_ns=options.until_ns,
    )
    if options.jump_to_ns is not None:
        sequencer.jump(options.jump_to_ns)
    return sequencer


def _broker(mode: Mode, market: Market, view: DeskView, state: Callable[[], DeskState]) -> PaperBroker:
    factory = load_broker(mode, BROKER)

    def profile_of(account: str) -> str:
        return state().accounts[account].fidelity

    def position(account: str, instrument_id: str) -> int:
        return state().accounts[account].qty(instrument_id)

    return cast("PaperBrokerFactory", factory).open(market, view.fees_of, profile_of, position)


def _show(market: Market, feed: str, event: MarketEvent) -> None:
    """Let the market see an event from before a resumed run went on; nothing trades on it."""
    market.apply(event, feed)
