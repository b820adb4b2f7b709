"""Answers to queries: a table from query to reader, and the cutting of long answers into pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from termdesk.client.pages import PAGED
from termdesk.core.market.market import Market
from termdesk.core.market.state import InstrumentState
from termdesk.core.market.topics import book_body, quote_body
from termdesk.core.model.errors import Refused
from termdesk.core.model.number import Ns
from termdesk.core.model.reason import Reason
from termdesk.core.trading import read
from termdesk.core.trading.control.alerts_read import alert_lines, broker_lines
from termdesk.core.trading.control.limits_read import limits_result
from termdesk.core.trading.day.statement import days, statement
from termdesk.core.trading.orders.noting import note_lines
from termdesk.core.trading.preview import preview, preview_amend
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.valuation import Prices, account_body
from termdesk.core.trading.view import View
from termdesk.core.wire import notes
from termdesk.core.wire import queries as q
from termdesk.core.wire.topic_names import MAX_DEPTH
from termdesk.core.wire.topics import AccountBody, HealthBody

PAGE_BYTES = 40_000
"""Rows of a page in msgpack; the same page in JSON, up to six times as long, stays below the largest frame."""

_ENCODER = msgspec.msgpack.Encoder()


class Engine(Protocol):
    """What queries read beside the market."""

    @property
    def state(self) -> DeskState:
        """The desk's state."""
        ...

    def view_now(self) -> View:
        """The world at this moment."""
        ...

    def prices(self) -> Prices:
        """Marks and rates of this moment."""
        ...

    def waits(self, order_id: str) -> Reason | None:
        """What a working order waits for."""
        ...

    def is_recorded(self, instrument: str, since_ns: Ns) -> bool:
        """Whether the market data of an instrument since a moment is kept."""
        ...

    def health_body(self) -> HealthBody:
        """How the engine is."""
        ...

    def process(self) -> tuple[int, str, int]:
        """Process id, version and start of the engine."""
        ...


class Queries:
    """Answers each query from the state of this moment."""

    def __init__(self, engine: Engine, market: Market) -> None:
        self._engine = engine
        self._market = market
        self._answer: dict[type[q.Query], Callable[[Any], q.Result]] = {
            q.InstrumentsQuery: self._instruments,
            q.OrdersQuery: self._orders,
            q.FillsQuery: self._fills,
            q.AccountsQuery: self._accounts,
            q.ConditionsQuery: self._conditions,
            q.BookQuery: self._book,
            q.QuoteQuery: self._quote,
            q.WhyQuery: self._why,
            q.PreviewQuery: self._preview,
            q.PreviewAmendQuery: self._preview_amend,
            q.StatusQuery: self._status,
            q.DaysQuery: self._days,
            q.StatementQuery: self._statement,
            q.LimitsQuery: self._limits,
            notes.NotesQuery: self._notes,
        }

    def answer(self, query: q.Query) -> q.Result:
        """Answer a query.

        Raises:
            Refused: It names something that does not exist.
        """
        return self._answer[type(query)](query)

    def account(self, account: str) -> AccountBody:
        """Cash and marked positions of an account."""
        return account_body(self._engine.state, account, self._engine.prices())

    def _instruments(self, query: q.InstrumentsQuery) -> q.InstrumentsResult:
        quoted = self._market.instruments  # in the order of the feeds, which is the order people chose
        known = {**quoted, **self._engine.state.instruments, **quoted}
        if not query.ids:
            return q.InstrumentsResult(tuple(known.values()))
        return q.InstrumentsResult(tuple(known[name] for name in query.ids if name in known))

    def _orders(self, query: q.OrdersQuery) -> q.OrdersResult:
        self._check(query.account)
        state = self._engine.state
        return q.OrdersResult(
            read.order_lines(state, query.account, working_only=query.working_only, archived=query.archived), state.seq
        )

    def _fills(self, query: q.FillsQuery) -> q.FillsResult:
        self._check(query.account)
        state = self._engine.state
        return q.FillsResult(read.fill_lines(state, query.account, query.order_id), state.seq)

    def _accounts(self, query: q.AccountsQuery) -> q.AccountsResult:
        state = self._engine.state
        names = [query.account] if query.account else list(state.accounts)
        return q.AccountsResult(tuple(self.account(name) for name in names), state.seq)

    def _conditions(self, _: q.ConditionsQuery) -> q.ConditionsResult:
        return q.ConditionsResult(read.condition_lines(self._engine.state), self._engine.state.seq)

    def _book(self, query: q.BookQuery) -> q.BookResult:
        if not 1 <= query.depth <= MAX_DEPTH:
            raise Refused("topic.depth", {"depth": str(query.depth), "max": str(MAX_DEPTH)})
        return q.BookResult(book_body(self._quoted(query.instrument), query.depth))

    def _quote(self, query: q.QuoteQuery) -> q.QuoteResult:
        view = self._engine.view_now()
        seen = view.seen(query.instrument)
        delay_ns = seen.delay_ns if seen is not None and seen.delay_ns >= 0 else None
        return q.QuoteResult(quote_body(self._quoted(query.instrument)), view.now_ns, delay_ns)

    def _why(self, query: q.WhyQuery) -> q.WhyResult:
        told = read.why(self._engine.state, query.order_id, self._engine.waits(query.order_id))
        recorded = self._engine.is_recorded(told.order.instrument, told.order.submitted_ns)
        return msgspec.structs.replace(told, recorded=recorded)

    def _preview(self, query: q.PreviewQuery) -> q.PreviewResult:
        return preview(self._engine.state, self._engine.view_now(), query.order)

    def _preview_amend(self, query: q.PreviewAmendQuery) -> q.PreviewResult:
        return preview_amend(self._engine.state, self._engine.view_now(), query.amend)

    def _status(self, _: q.StatusQuery) -> q.StatusResult:
        state = self._engine.state
        pid, version, started_ns = self._engine.process()
        return q.StatusResult(
            self._engine.health_body(),
            pid,
            version,
            started_ns,
            len(state.working),
            tuple(state.accounts),
            len(self._market.states),
            broker_lines(state),
            alert_lines(state),
        )

    def _limits(self, _: q.LimitsQuery) -> q.LimitsResult:
        return limits_result(self._engine.state)

    def _notes(self, query: notes.NotesQuery) -> notes.NotesResult:
        self._check(query.account)
        return notes.NotesResult(note_lines(self._engine.state, query.account, query.text), self._engine.state.seq)

    def _days(self, _: q.DaysQuery) -> q.DaysResult:
        return days(self._engine.state, self._engine.view_now().now_ns)

    def _statement(self, query: q.StatementQuery) -> q.StatementResult:
        self._check(query.account)
        return statement(self._engine.state, query.day, query.account, self._engine.prices())

    def _quoted(self, instrument_id: str) -> InstrumentState:
        state = self._market.states.get(instrument_id)
        if state is None:
            raise Refused("command.instrument_unknown", {"instrument": instrument_id})
        return state

    def _check(self, account: str) -> None:
        accounts = self._engine.state.accounts
        if account and account not in accounts:
            raise Refused("command.account_unknown", {"account": account, "accounts": ", ".join(accounts)})


def pages(result: q.Result) -> list[q.Result]:
    """Cut a long answer into pages that fit into frames; an answer without a list is one page."""
    field = PAGED.get(type(result))
    rows: tuple[Any, ...] = getattr(result, field) if field is not None else ()
    parts: list[list[Any]] = [[]]
    size = 0
    for row in rows:
        length = len(_ENCODER.encode(row))
        if parts[-1] and size + length > PAGE_BYTES:
            parts.append([])
            size = 0
        parts[-1].append(row)
        size += length
    if field is None or len(parts) == 1:
        return [result]
    return [msgspec.structs.replace(result, **{field: tuple(part)}) for part in parts]
