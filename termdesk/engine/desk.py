"""The desk in motion: one input at a time through market, exchange, decision, journal and outbox.

Order within an input: the market takes the event, the simulated exchange
takes it, its reports are decided one by one, then conditions that became
true. Each decision is evolved at once and submitted to the writer; requests,
answers and log records leave when the writer says that their facts are
durable.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from termdesk.core.conditions.price_index import PriceIndex
from termdesk.core.market.market import Market
from termdesk.core.market.state import InstrumentState, Touched
from termdesk.core.model.command import Answer, DeskCommand
from termdesk.core.model.errors import InvariantBroken, JournalError
from termdesk.core.model.event import FeedLink, InputSkipped, InstrumentDefined, MarketEvent
from termdesk.core.model.execution import BrokerReport
from termdesk.core.model.facts import ConditionArmed, ConditionDisarmed, ConditionTriggered, Recorded
from termdesk.core.model.venue import VenueReport
from termdesk.core.trading.evolve import evolve
from termdesk.core.trading.inputs import ConditionMet, DeskInput
from termdesk.core.trading.invariants import check_all
from termdesk.core.trading.orders.deadlines import due, next_deadline, over
from termdesk.core.trading.orders.follow_inputs import DayOver, DeadlineMet, TriggerMet
from termdesk.core.trading.orders.watching import TriggerWatch
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.turn import Stamp, Turn, turn
from termdesk.engine.brokers import Brokers, cause_of
from termdesk.engine.clock import SystemClock
from termdesk.engine.emergency import Asked, EmergencyFile, Note
from termdesk.engine.halting import goes_out, passes
from termdesk.engine.log_tail import LogTail
from termdesk.engine.outbox import Outbox, Waiting
from termdesk.engine.recorder import Recorder
from termdesk.engine.sequencer import CommandInput
from termdesk.engine.view import DeskView
from termdesk.journal import Checkpoint, Writer
from termdesk.journal import DeskInput as JournalInput

_LOG = logging.getLogger("termdesk.engine")

ENGINE = "engine"
_UNWRITTEN = "; the emergency file can't be written either"
Deliver = Callable[[Answer], None]


class Desk:
    """Owner of the desk's state; implements ``Taker`` for the sequencer.

    Attributes:
        state: What the desk knows; changed by facts only.
        halted: Why trading is halted; empty while it runs.
        moved: Bits of ``Touched`` by instrument since conflation last looked.
        durable_seq: Newest durable fact.
    """

    def __init__(
        self,
        state: DeskState,
        market: Market,
        brokers: Brokers,
        view: DeskView,
        writer: Writer,
        log: LogTail,
        clock: SystemClock,
        emergency: EmergencyFile,
        on_durable: Callable[[int], None],
        recover: Callable[[], DeskState],
    ) -> None:
        """Take the parts.

        Args:
            state: As the journal gives it.
            market: What sources say.
            brokers: Where orders go.
            view: What decisions may look at.
            writer: Makes facts durable.
            log: Where durable records go.
            clock: For the stamps of facts.
            emergency: Notes reports while nothing can be made durable.
            on_durable: Handed to the writer, which calls it in its own thread.
            recover: Makes the state of the durable facts anew.
        """
        self.state = state
        self.halted = ""
        self.moved: dict[str, int] = {}
        self.durable_seq = log.head
        self.on_change: Callable[[], None] = _nothing
        self.on_log: Callable[[], None] = _nothing
        self.recorder: Recorder | None = None
        self._market = market
        self._brokers = brokers
        self._brokers.broker_of = self._broker_of
        self._view = view
        self._writer = writer
        self._log = log
        self._clock = clock
        self._emergency = emergency
        self._on_durable = on_durable
        self._recover = recover
        self._outbox = Outbox()
        self._waiters: dict[str, list[Deliver]] = {}
        self.triggers = TriggerWatch()
        self._alerts = PriceIndex()
        for condition in state.conditions.values():
            self._alerts.arm(condition.condition_id, condition.predicate)

    # inputs

    def take_event(self, feed: str, event: MarketEvent, now_ns: int) -> None:
        """Take one market event."""
        try:
            self._take_event(feed, event, now_ns)
        except Exception as error:  # noqa: BLE001  # whatever broke, quotes go on and trading does not
            self._break(error)

    def take_command(self, item: CommandInput) -> None:
        """Take one command. While trading is halted only what reduces risk goes through, see ``halting``."""
        try:
            self._take_command(item)
        except Exception as error:  # noqa: BLE001  # whatever broke, quotes go on and trading does not
            self._break(error)
            self._deliver([self._halted_answer(item.command.command_id)])

    def _take_event(self, feed: str, event: MarketEvent, now_ns: int) -> None:
        state, touched = self._market.apply(event, feed)
        if state is None:
            self._note(feed, event, now_ns)
            return
        name = state.instrument.id
        self.moved[name] = self.moved.get(name, 0) | touched
        recorder = self.recorder
        if recorder is not None and name in recorder.kept:
            recorder.take(name, event, now_ns)
        if type(event) is InstrumentDefined:
            return
        self._view.now_ns = now_ns
        reports = self._brokers.on_event(event, state)  # type: ignore[arg-type]  # every other event returned above
        if reports:
            self._take_reports(reports, now_ns)
        if len(self.triggers):
            self._take_triggers(self.triggers.on_event(state, touched), now_ns)
        if touched & Touched.TRADE and len(self._alerts):
            self._check_alerts(state, now_ns)

    def _take_command(self, item: CommandInput) -> None:
        command = item.command
        if self.halted:
            if not passes(command):
                self._deliver([self._halted_answer(command.command_id)])
                return
            self._write_down(Asked(at_ns=item.at_ns, actor=item.actor, command=command))
        self._take_deadlines(item.at_ns)
        self._view.now_ns = item.at_ns
        asked = JournalInput(at_ns=item.at_ns, seq_before=self.state.seq, actor=item.actor, command=command)
        self._turn(command, item.at_ns, f"command:{command.command_id}", item.actor, [asked])

    def next_deadline(self) -> int | None:
        """When the desk or the simulated exchange has something to do by itself."""
        mine, venue = next_deadline(self.state), self._brokers.paper.next_deadline()
        if mine is None or venue is None:
            return venue if mine is None else mine
        return min(mine, venue)

    def take_deadlines(self, to_ns: int) -> None:
        """Do what is due by a time, each at its own time, the exchange before the desk."""
        try:
            self._take_deadlines(to_ns)
        except Exception as error:  # noqa: BLE001  # whatever broke, quotes go on and trading does not
            self._break(error)

    def _take_deadlines(self, to_ns: int) -> None:
        while (due_ns := self.next_deadline()) is not None and due_ns <= to_ns:
            at_ns = self._view.now_ns = max(due_ns, self._view.now_ns)
            self._take_reports(self._brokers.paper.on_time(at_ns), at_ns)
            while (met := due(self.state, at_ns)) is not None:
                if isinstance(met, DayOver):
                    self.inspect()
                self._turn(met, at_ns, _cause(met), ENGINE)
            venue_ns = self._brokers.paper.next_deadline()
            if venue_ns is not None and venue_ns <= at_ns and not (self.settled or self.halted):
                # The exchange rests within a bar: what was asked for reaches it first, however slow the disk is.
                return

    def take_durable(self, seq: int, now_ns: int) -> None:
        """Let out what rests on facts up to ``seq``: broker requests, then reports, answers and log."""
        self.durable_seq = max(self.durable_seq, seq)
        self._view.now_ns = now_ns
        released = False
        for waiting in self._outbox.release(self.durable_seq):
            released = True
            self._log.append(waiting.records)
            self._deliver(waiting.answers)
            self._send(waiting, now_ns)
        if released:
            self.on_log()

    def take_input(self, given: DeskInput, at_ns: int, cause: str) -> None:
        """Take an input of the engine itself: start, stop, accounts."""
        self._view.now_ns = at_ns
        self._turn(given, at_ns, cause, ENGINE)

    def take_reports(self, reports: Sequence[VenueReport], at_ns: int) -> None:
        """Take what brokers said outside of an input."""
        self._view.now_ns = at_ns
        self._take_reports(reports, at_ns)

    def take_checkpoints(self, checkpoints: Sequence[Checkpoint]) -> None:
        """Save watch state."""
        if checkpoints and not self.halted:
            self._submit([], [], checkpoints)

    def expect_answer(self, command: DeskCommand, deliver: Deliver) -> None:
        """Call ``deliver`` with the one answer to a command."""
        self._waiters.setdefault(command.command_id, []).append(deliver)

    # state of motion

    @property
    def idle(self) -> bool:
        """Whether nothing waits for the journal."""
        return self._outbox.empty

    @property
    def settled(self) -> bool:
        """Whether no request to a broker rests in the outbox."""
        return not self._outbox.holds_effects

    def is_durable(self) -> bool:
        """Whether everything in the state may be shown."""
        return self.state.seq <= self.durable_seq or bool(self.halted)

    def fail(self, detail: str) -> None:
        """Halt trading: a commit failed. What was not durable, and nobody has seen, is dropped."""
        if self.halted:
            return
        dropped = self._outbox.drop()
        self._halt(detail)
        self._deliver([self._halted_answer(each.command_id) for waiting in dropped for each in waiting.answers])
        self._take_reports([waiting.report for waiting in dropped if waiting.report is not None], self._view.now_ns)

    def inspect(self) -> None:
        """Add the books up; where they do not hold, trading halts."""
        try:
            check_all(self.state)
        except InvariantBroken as broken:
            self._break(broken)

    def close_missed_days(self, at_ns: int, forgotten: Sequence[str]) -> None:
        """Close the days that ended while the engine was off, one by one.

        Args:
            at_ns: Desk time of the start.
            forgotten: Brokers that begin anew and know of no order.
        """
        while (met := over(self.state, at_ns, forgotten=tuple(forgotten), missed=True)) is not None:
            self.take_input(met, at_ns, _cause(met))

    # inside

    def _break(self, error: Exception) -> None:
        """Halt trading after a fault of the program; an input that broke off half-way leaves no trace in the state."""
        _LOG.critical("an input broke off", exc_info=error)
        if not self.halted:
            self._halt(
                str(error)[:200] if isinstance(error, InvariantBroken) else f"{type(error).__name__}: {error}"[:200]
            )

    def _halt(self, detail: str) -> None:
        _LOG.critical("trading halted: %s", detail)
        self.halted = detail
        self.state = self._recover()
        for record in self._outbox.records():
            if record.seq > self.state.seq:
                evolve(self.state, record)
        self._view.listed = self.state.instruments
        self.on_change()
        self.on_log()

    def _turn(
        self,
        given: DeskInput,
        at_ns: int,
        cause: str,
        actor: str,
        inputs: Sequence[JournalInput] = (),
        report: VenueReport | None = None,
    ) -> None:
        stamp = Stamp(at_ns, self._clock.wall_ns(), cause, actor)
        met: Sequence[TriggerMet] = ()
        done = turn(self.state, self._view, given, stamp)
        if done.ignored is not None:
            _LOG.warning("%s led to nothing: %s %s", cause, done.ignored.code, done.ignored.params)
        if done.records:
            self._follow_conditions(done.records)
            if self.recorder is not None:
                self.recorder.follow(done.records, at_ns)
            met = self.triggers.follow(done.records, self.state, self._view, self._market.states)
            self.on_change()
        if self.halted:
            self._turn_halted(done, at_ns)
            return
        self._outbox.put(Waiting(self.state.seq, done.records, done.effects, done.answers, report))
        if done.records or inputs:
            self._submit(done.records, inputs)
        if self.state.seq <= self.durable_seq:
            self.take_durable(self.durable_seq, at_ns)
        self._take_triggers(met, at_ns)

    def _take_triggers(self, met: Sequence[TriggerMet], now_ns: int) -> None:
        for trigger in met:
            self._turn(trigger, now_ns, f"trigger:{trigger.order_id}", ENGINE)

    def _turn_halted(self, done: Turn, at_ns: int) -> None:
        """Cancels go out although nothing can be made durable; the emergency file notes what came of it."""
        self._deliver(done.answers)
        self._send(Waiting(0, [], [each for each in done.effects if goes_out(each)], []), at_ns)

    def _write_down(self, note: Note) -> None:
        if not self._emergency.note(note) and _UNWRITTEN not in self.halted:
            self.halted += _UNWRITTEN
            self.on_change()

    def _submit(
        self, records: Sequence[Recorded], inputs: Sequence[JournalInput], checkpoints: Sequence[Checkpoint] = ()
    ) -> None:
        try:
            self._writer.submit(records, inputs, checkpoints, self._on_durable)
        except JournalError as error:
            # The writer's own word is under way and halts trading in its turn.
            _LOG.error("%s", error)

    def _send(self, waiting: Waiting, now_ns: int) -> None:
        for request in waiting.effects:
            self._take_reports(self._brokers.on_request(request, now_ns), now_ns)

    def _take_reports(self, reports: Sequence[VenueReport], now_ns: int) -> None:
        for report in reports:
            if self.halted and isinstance(report, BrokerReport):
                self._write_down(report)
            try:
                self._turn(report, now_ns, cause_of(report), self._brokers.name_of(report), report=report)
            except InvariantBroken as broken:
                # Its facts are dropped with the halt; the venue's word must not be.
                self._break(broken)
                if isinstance(report, BrokerReport):
                    self._write_down(report)

    def _broker_of(self, account: str) -> str:
        found = self.state.accounts.get(account)
        return found.broker if found is not None else ""

    def _check_alerts(self, state: InstrumentState, now_ns: int) -> None:
        for condition_id in self._alerts.satisfied(state.instrument.id, state.last):
            met = ConditionMet(condition_id=condition_id, price=state.last)
            self._turn(met, now_ns, f"condition:{condition_id}", ENGINE)

    def _follow_conditions(self, records: Sequence[Recorded]) -> None:
        for record in records:
            match record.fact:
                case ConditionArmed(condition_id=name, predicate=predicate):
                    self._alerts.arm(name, predicate)
                case ConditionTriggered(condition_id=name) | ConditionDisarmed(condition_id=name):
                    self._alerts.disarm(name)

    def _deliver(self, answers: Sequence[Answer]) -> None:
        for answer in answers:
            for deliver in self._waiters.pop(answer.command_id, ()):
                deliver(answer)

    def _halted_answer(self, command_id: str) -> Answer:
        return Answer(command_id=command_id, accepted=False, code="desk.halted", params={"detail": self.halted})

    def _note(self, feed: str, event: MarketEvent, now_ns: int) -> None:
        if isinstance(event, InputSkipped):
            _LOG.warning("%s: skipped %s line %d: %s", feed, event.source, event.line, event.reason)
        elif isinstance(event, FeedLink):
            _LOG.info("%s: link %s %s", feed, event.link.value, event.detail)
            if self.recorder is not None:
                self.recorder.take_link(event, now_ns)
            for name, state in self._market.states.items():
                if state.feed == feed:
                    self.moved[name] = self.moved.get(name, 0) | Touched.QUOTE | Touched.BOOK


def _cause(met: DeadlineMet | DayOver) -> str:
    return f"day:{met.venue}:{met.day}" if isinstance(met, DayOver) else f"deadline:{met.order_id}"


def _nothing() -> None:
    """Nobody listens yet."""
