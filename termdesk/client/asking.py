"""Queries with the type of their answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import overload

from termdesk.core.wire import queries as q
from termdesk.core.wire.notes import NotesQuery, NotesResult


class Asking(ABC):
    """Something that can be asked; gives each query its own result type."""

    @abstractmethod
    async def _ask(self, query: q.Query) -> q.Result:
        """Carry the query there and the joined answer back."""

    @overload
    async def ask(self, query: q.InstrumentsQuery) -> q.InstrumentsResult: ...
    @overload
    async def ask(self, query: q.OrdersQuery) -> q.OrdersResult: ...
    @overload
    async def ask(self, query: q.FillsQuery) -> q.FillsResult: ...
    @overload
    async def ask(self, query: q.AccountsQuery) -> q.AccountsResult: ...
    @overload
    async def ask(self, query: q.ConditionsQuery) -> q.ConditionsResult: ...
    @overload
    async def ask(self, query: q.BookQuery) -> q.BookResult: ...
    @overload
    async def ask(self, query: q.QuoteQuery) -> q.QuoteResult: ...
    @overload
    async def ask(self, query: q.WhyQuery) -> q.WhyResult: ...
    @overload
    async def ask(self, query: q.PreviewQuery) -> q.PreviewResult: ...
    @overload
    async def ask(self, query: q.PreviewAmendQuery) -> q.PreviewResult: ...
    @overload
    async def ask(self, query: q.StatusQuery) -> q.StatusResult: ...
    @overload
    async def ask(self, query: q.DaysQuery) -> q.DaysResult: ...
    @overload
    async def ask(self, query: q.StatementQuery) -> q.StatementResult: ...
    @overload
    async def ask(self, query: q.LimitsQuery) -> q.LimitsResult: ...
    @overload
    async def ask(self, query: NotesQuery) -> NotesResult: ...

    async def ask(self, query: q.Query) -> q.Result:
        """Ask a query and wait for its whole answer, pages joined.

        A waiter that is cancelled (``asyncio.timeout``) tells the engine to drop the query.

        Args:
            query: What to ask.

        Raises:
            Refused: The engine refused the query.
            EngineUnreachable: The link was lost before the answer was complete.
        """
        return await self._ask(query)
