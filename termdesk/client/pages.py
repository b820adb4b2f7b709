"""Joining the pages of a query's answer."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from termdesk.core.model.errors import ProtocolError
from termdesk.core.wire.notes import NotesResult
from termdesk.core.wire.queries import (
    AccountsResult,
    ConditionsResult,
    FillsResult,
    InstrumentsResult,
    OrdersResult,
    Result,
    WhyResult,
)

PAGED: dict[type[Result], str] = {
    InstrumentsResult: "instruments",
    OrdersResult: "orders",
    FillsResult: "fills",
    AccountsResult: "accounts",
    ConditionsResult: "conditions",
    WhyResult: "steps",
    NotesResult: "notes",
}
"""The field that goes on from page to page, for each result that may have several."""


def join_pages(pages: Sequence[Result]) -> Result:
    """Make one result of its pages; everything but the paged field is taken from the last.

    Args:
        pages: In order, at least one.

    Raises:
        ProtocolError: The pages are of several types, or of one that has no pages.
    """
    last = pages[-1]
    if len(pages) == 1:
        return last
    kind = type(last)
    if kind not in PAGED or any(type(page) is not kind for page in pages):
        raise ProtocolError(f"expected pages of one list, were {[type(page).__name__ for page in pages]}")
    field = PAGED[kind]
    rows = tuple(row for page in pages for row in getattr(page, field))
    return msgspec.structs.replace(last, **{field: rows})
