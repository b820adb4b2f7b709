"""An account's orders under every profile, from a desk's journal and its recorded market data. Needs no engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from heapq import merge
from pathlib import Path

import msgspec

from termdesk.core import venues
from termdesk.core.matching.comparison import Outcome, compare
from termdesk.core.matching.fidelity import PROFILES, QUEUE
from termdesk.core.model.errors import Refused
from termdesk.core.model.event import MarketEvent
from termdesk.core.model.execution import NewOrderSingle
from termdesk.core.model.facts import OrderFilled, Recorded
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import Ns, Price, plain
from termdesk.core.trading.evolve import evolve
from termdesk.core.trading.orders.sent import sent_by
from termdesk.core.trading.state import DeskState
from termdesk.core.venues.charges import Commission
from termdesk.core.venues.schedule import FeeSchedule
from termdesk.engine.recorder import recorded_events
from termdesk.journal import Journal

RECORDED = "recorded"
"""The row of what was really booked."""
_PAGE = 2_000


class ProfileMoney(msgspec.Struct, frozen=True):
    """One profile's money in one currency, as decimal text."""

    currency: str
    bought: str
    sold: str
    fees: str
    profit: str
    """After fees; open positions at the mark."""


class ProfileLine(msgspec.Struct, frozen=True):
    """What one profile made of the orders."""

    profile: str
    is_own: bool
    """Whether the account is simulated so."""
    orders: int
    filled: int
    """Orders filled completely."""
    part_filled: int
    fills: int
    money: tuple[ProfileMoney, ...]


class MarkLine(msgspec.Struct, frozen=True):
    """The price at which open positions of an instrument count: the last one recorded."""

    instrument: str
    last: str
    at_ns: Ns


class ProfileComparison(msgspec.Struct, frozen=True):
    """The same orders side by side."""

    account: str
    lines: tuple[ProfileLine, ...]
    """``recorded`` first: what was booked for these orders."""
    marks: tuple[MarkLine, ...]
    not_recorded: tuple[str, ...]
    """Orders left out, because no market data was recorded when they were sent."""


def compare_profiles(
    journal: Journal, folder: Path, account: str, commissions: Mapping[str, Commission]
) -> ProfileComparison:
    """Run an account's orders under every profile.

    Args:
        journal: The desk's; only read.
        folder: The desk's, with recorded market data.
        account: Of the simulated exchange.
        commissions: By segment, where they are not as the rule books assume.

    Raises:
        Refused: There is no such account.
    """
    state, records = _replayed(journal)
    if account not in state.accounts:
        raise Refused("command.account_unknown", {"account": account, "accounts": ", ".join(state.accounts)})
    sent = sent_by(records, account)
    instruments = sorted({one.request.instrument for one in sent})
    events = merge(*(recorded_events(folder, name) for name in instruments), key=_received)
    found = compare(events, sent, _fees_of(commissions), PROFILES)
    orders = {
        one.request.order_id: one.request.qty
        for one in sent
        if isinstance(one.request, NewOrderSingle) and one.request.order_id not in found.untold
    }
    marks = {name: known.last for name, known in found.market.states.items()}
    booked = _booked(records, state.instruments, orders)
    own = state.accounts[account].fidelity or QUEUE.name
    outcomes = {RECORDED: booked, **found.outcomes}
    return ProfileComparison(
        account=account,
        lines=tuple(
            _line(name, outcome, orders, state.instruments, marks, is_own=name == own)
            for name, outcome in outcomes.items()
        ),
        marks=tuple(
            MarkLine(name, known.instrument.price_text(known.last), known.recv_ns)
            for name, known in sorted(found.market.states.items())
        ),
        not_recorded=found.untold,
    )


def _replayed(journal: Journal) -> tuple[DeskState, list[Recorded]]:
    state, records = DeskState(), []
    while page := journal.read(state.seq, _PAGE):
        for record in page:
            evolve(state, record)
        records += page
    return state, records


def _received(event: MarketEvent) -> Ns:
    return event.recv_ns


def _fees_of(commissions: Mapping[str, Commission]) -> Callable[[Instrument, Ns], FeeSchedule]:
    known: dict[tuple[str, str], FeeSchedule] = {}

    def fees(instrument: Instrument, at_ns: Ns) -> FeeSchedule:
        day = venues.trading_day(instrument.id, at_ns)
        found = known.get((instrument.id, day))
        if found is None:
            commission = commissions.get(instrument.segment)
            found = known[instrument.id, day] = venues.fee_schedule(instrument, day, commission)
        return found

    return fees


def _booked(records: Iterable[Recorded], instruments: Mapping[str, Instrument], orders: Mapping[str, int]) -> Outcome:
    """What was booked for the orders that are compared."""
    outcome = Outcome()
    for record in records:
        fact = record.fact
        if isinstance(fact, OrderFilled) and fact.order_id in orders:
            listed = instruments[fact.instrument]
            outcome.book(fact.order_id, listed, fact.side, fact.qty, fact.price, fact.fees)
    return outcome


def _line(
    name: str,
    outcome: Outcome,
    orders: Mapping[str, int],
    instruments: Mapping[str, Instrument],
    marks: Mapping[str, Price],
    *,
    is_own: bool,
) -> ProfileLine:
    whole = sum(outcome.filled.get(order_id, 0) >= qty for order_id, qty in orders.items())
    return ProfileLine(
        profile=name,
        is_own=is_own,
        orders=len(orders),
        filled=whole,
        part_filled=len(outcome.filled) - whole,
        fills=outcome.fills,
        money=tuple(_money(outcome, instruments, marks)),
    )


def _money(
    outcome: Outcome, instruments: Mapping[str, Instrument], marks: Mapping[str, Price]
) -> Iterator[ProfileMoney]:
    by_currency: dict[str, list[str]] = {}
    for name in outcome.holdings:
        by_currency.setdefault(instruments[name].currency, []).append(name)
    for currency, names in sorted(by_currency.items()):
        held = [(outcome.holdings[name], instruments[name], marks[name]) for name in names]
        yield ProfileMoney(
            currency=currency,
            bought=_total(holding.bought for holding, _, _ in held),
            sold=_total(holding.sold for holding, _, _ in held),
            fees=_total(holding.fees.get(currency, Decimal(0)) for holding, _, _ in held),
            profit=_total(holding.profit(listed, mark) for holding, listed, mark in held),
        )


def _total(parts: Iterable[Decimal]) -> str:
    return plain(sum(parts, Decimal(0)))
