"""Decisions about the end of a venue's trading day: facts in a fixed order, the same for every venue.

A day is over when a later one begins at the venue (``venues.day_over``), or,
for a person, once its last session is closed. Days that ended while the
engine was off are closed one by one before anything else is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import takewhile

from termdesk.core.model.command import CloseDay, SetInterest
from termdesk.core.model.errors import Refused
from termdesk.core.model.execution import FeeItem
from termdesk.core.model.facts import (
    CashPosted,
    DayClosed,
    DayOpened,
    Fact,
    InstrumentListed,
    InterestSet,
    OrderExpired,
    OrderFilled,
    OrdersArchived,
    PositionMarked,
    Recorded,
    SettlementPriced,
    StatementMade,
)
from termdesk.core.model.facts.day import StatedCash, StatedPosition
from termdesk.core.model.instrument import Future
from termdesk.core.model.money import EXACT, round_money
from termdesk.core.model.number import bounded, plain
from termdesk.core.model.posting import Cause
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import AccountKind, Phase, TimeInForce
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.holdings import check_currency
from termdesk.core.trading.ledger import Account, Position
from termdesk.core.trading.orders.follow_inputs import DayOver
from termdesk.core.trading.orders.order import TIME_OVER, Order
from termdesk.core.trading.proposals import account_of
from termdesk.core.trading.state import DeskState, Settled
from termdesk.core.trading.view import View, market_seen
from termdesk.core.venues.day_over import day_over
from termdesk.core.venues.days import day_number
from termdesk.core.venues.delivery import following_day
from termdesk.core.venues.sessions import phase

_ZERO = Decimal(0)
_OF_A_SESSION = frozenset({TimeInForce.DAY, TimeInForce.AT_OPEN, TimeInForce.AT_CLOSE})

BEGINNING = frozenset({InstrumentListed, InterestSet})
"""Facts from which on days are counted."""


def open_day(state: DeskState, view: View, record: Recorded) -> Iterator[Decision]:
    """Count the days of a venue from its first instrument on, those of the desk's calendar once interest needs them."""
    fact = record.fact
    instrument_id = fact.instrument.id if isinstance(fact, InstrumentListed) else ""
    venue = _segment(instrument_id)
    if venue not in state.days:
        day = view.trading_day(instrument_id)
        yield Decision(facts=(DayOpened(venue=venue, day=day, ends_ns=day_over(instrument_id, day)),))


def day_ended(state: DeskState, view: View, given: DayOver) -> Decision:
    """Close a day by the calendar; one that is closed already is left alone."""
    known = state.days.get(given.venue)
    if known is None or known.day != given.day:
        return Decision()
    return _close(state, view, given.venue, forgotten=given.forgotten, missed=given.missed)


def close_day(state: DeskState, view: View, command: CloseDay) -> Decision:
    """Close a venue's day because a person asks, once its sessions are over."""
    known = state.days.get(command.venue)
    if known is None:
        raise Refused("command.venue_unknown", {"venue": command.venue, "venues": ", ".join(state.days)})
    if command.day not in ("", known.day):
        raise Refused("command.day_not_open", {"venue": command.venue, "day": command.day, "open": known.day})
    if view.now_ns < known.ends_ns and not _sessions_over(state, view, command.venue, known.day):
        raise Refused("command.day_goes_on", {"venue": command.venue, "day": known.day})
    return _close(state, view, command.venue, command_id=command.command_id)


def set_interest(state: DeskState, view: View, command: SetInterest) -> Decision:
    """Let cash of a currency earn, and cost where it is owed; zero rates switch it off."""
    del view
    account = account_of(state, command.account)
    check_currency(command.asset)
    if not (0 <= bounded(command.idle_rate) < 1 and 0 <= bounded(command.owed_rate) < 1):
        raise Refused("command.rate", {"idle": plain(command.idle_rate), "owed": plain(command.owed_rate)})
    fact = InterestSet(
        command_id=command.command_id,
        account=account.name,
        asset=command.asset,
        idle_rate=command.idle_rate,
        owed_rate=command.owed_rate,
        year_days=command.year_days,
    )
    return Decision(facts=(fact,))


def _sessions_over(state: DeskState, view: View, venue: str, day: str) -> bool:
    names = [name for name, listed in state.instruments.items() if listed.segment == venue]
    phases = [phase(name, view.now_ns) for name in names]
    return bool(phases) and all(p is not None and p.phase is Phase.CLOSED and p.day == day for p in phases)


def _close(
    state: DeskState,
    view: View,
    venue: str,
    *,
    forgotten: tuple[str, ...] = (),
    missed: bool = False,
    command_id: str = "",
) -> Decision:
    day, ends_ns = state.days[venue].day, state.days[venue].ends_ns
    following = following_day(venue, day)
    listed = [name for name, instrument in state.instruments.items() if instrument.segment == venue]
    next_ends_ns = min((day_over(name, following) for name in listed), default=day_over(f".{venue}", following))
    marks = {name: price for name in listed if (price := _settlement(state, view, name, day)) is not None}
    expired = list(_expired(state, venue, day, ends_ns, forgotten))
    facts: list[Fact] = [*expired, *marks.values()]
    facts += _marked(state, listed, marks, day)
    if not venue:
        facts += _interest(state, day, following)
    facts += _statements(state, venue, day, following, marks)
    facts += _archived(state, venue, day, {fact.order_id for fact in expired})
    facts.append(
        DayClosed(
            venue=venue,
            day=day,
            next_day=following,
            next_ends_ns=next_ends_ns,
            missed=missed,
            command_id=command_id,
        )
    )
    return Decision(facts=tuple(facts))


def _expired(
    state: DeskState, venue: str, day: str, ends_ns: int, forgotten: tuple[str, ...]
) -> Iterator[OrderExpired]:
    """Orders whose time was over while their broker was not there to say so; who is there says it himself."""
    for order in map(state.orders.__getitem__, state.working):
        broker = state.accounts[order.account].broker
        if _segment(order.instrument) == venue and broker in forgotten and _is_over(state, order, day, ends_ns):
            exec_id = f"{order.cl_ord_ids[0]}-expired"
            yield OrderExpired(order_id=order.order_id, exec_id=exec_id, reason=Reason(TIME_OVER))


def _is_over(state: DeskState, order: Order, day: str, ends_ns: int) -> bool:
    if order.expire_ns is not None:
        return order.expire_ns <= ends_ns
    return order.time_in_force in _OF_A_SESSION and state.records[order.order_id][0].trading_day <= day


def _settlement(state: DeskState, view: View, instrument_id: str, day: str) -> SettlementPriced | None:
    """The last price of an instrument that is held; between bid and ask where nothing traded."""
    if not any(account.qty(instrument_id) for account in state.accounts.values()):
        return None
    seen, instrument = market_seen(view, instrument_id), state.instruments[instrument_id]
    if seen.last:
        price, source = instrument.price_decimal(seen.last), "last"
    elif seen.bid and seen.ask:
        price, source = instrument.price_decimal(seen.bid + seen.ask) / 2, "mid"
    else:
        return None
    return SettlementPriced(instrument=instrument_id, day=day, price=price, source=source, at_ns=seen.at_ns)


def _marked(
    state: DeskState, listed: list[str], marks: dict[str, SettlementPriced], day: str
) -> Iterator[PositionMarked]:
    """Futures pay the profit of the day in cash."""
    for account in state.accounts.values():
        if account.kind is not AccountKind.MARGIN:
            continue
        for name in listed:
            mark = marks.get(name)
            if mark is not None and account.qty(name) and isinstance(state.instruments[name].detail, Future):
                yield PositionMarked(
                    account=account.name, instrument=name, price=mark.price, source=mark.source, day=day
                )


def _interest(state: DeskState, day: str, following: str) -> Iterator[CashPosted]:
    """By calendar day, on the balance at the close."""
    days = day_number(following) - day_number(day)
    for account in state.accounts.values():
        for asset, terms in account.interest.items():
            balance = account.cash(asset)
            cause, rate = (Cause.INTEREST, terms.idle_rate) if balance > 0 else (Cause.FINANCING, terms.owed_rate)
            amount = round_money(EXACT.divide(balance * rate * days, terms.year_days), asset)
            if amount:
                yield CashPosted(command_id="", account=account.name, asset=asset, amount=amount, cause=cause, day=day)


def _statements(
    state: DeskState, venue: str, day: str, following: str, marks: dict[str, SettlementPriced]
) -> Iterator[StatementMade]:
    fills = list(_fills(state, venue, day))
    for account in state.accounts.values():
        mine = [fill for fill in fills if fill.account == account.name]
        held = [position for key, position in account.positions.items() if _segment(key.instrument) == venue]
        if not mine and not any(position.qty for position in held) and venue:
            continue
        yield StatementMade(
            account=account.name,
            venue=venue,
            day=day,
            fills=len(mine),
            fees=_added_up(mine),
            cash=tuple(_stated_cash(account, asset, following) for asset in account.currencies()),
            positions=tuple(_stated(state, position, marks, following) for position in held),
        )


def _fills(state: DeskState, venue: str, day: str) -> Iterator[OrderFilled]:
    since = state.days[venue].since_seq
    for record in takewhile(lambda one: one.seq > since, reversed(state.fills)):
        fact = record.fact
        if record.trading_day == day and isinstance(fact, OrderFilled) and _segment(fact.instrument) == venue:
            yield fact


def _added_up(fills: list[OrderFilled]) -> tuple[FeeItem, ...]:
    sums: dict[tuple[str, str], Decimal] = {}
    for fee in (fee for fill in fills for fee in fill.fees):
        key = (fee.kind, fee.asset)
        sums[key] = sums.get(key, _ZERO) + fee.amount
    return tuple(FeeItem(kind, asset, amount) for (kind, asset), amount in sums.items())


def _stated_cash(account: Account, asset: str, following: str) -> StatedCash:
    return StatedCash(asset, account.cash(asset), account.withdrawable(asset, following))


def _stated(state: DeskState, position: Position, marks: dict[str, SettlementPriced], following: str) -> StatedPosition:
    """As the position is before marks of this close; its profit is what the mark then pays."""
    instrument = state.instruments[position.instrument]
    now = marks.get(instrument.id)
    mark = Settled(now.day, now.price, now.source) if now is not None else state.settlements.get(instrument.id)
    size = instrument.qty_decimal(abs(position.qty)) * instrument.multiplier
    unrealised = None
    if not position.qty:
        unrealised, mark = _ZERO, None
    elif mark is not None:
        value = instrument.cash(mark.price, abs(position.qty), "")
        unrealised = (value if position.qty > 0 else -value) - position.cost
    return StatedPosition(
        instrument=instrument.id,
        qty=position.qty,
        settled=position.settled_qty(following),
        average=abs(position.cost) / size if size else _ZERO,
        mark=mark.price if mark is not None else None,
        mark_source=mark.source if mark is not None else "",
        mark_day=mark.day if mark is not None else "",
        unrealised=unrealised,
        realised=position.realised,
        fifo_realised=position.fifo_realised,
        currency=position.currency,
    )


def _archived(state: DeskState, venue: str, day: str, expired: set[str]) -> Iterator[OrdersArchived]:
    ended = tuple(
        order.order_id
        for order in state.orders.values()
        if order.order_id in expired
        or (
            order.order_id not in state.archived
            and not order.status.is_open
            and _segment(order.instrument) == venue
            and state.records[order.order_id][-1].trading_day <= day
        )
    )
    if ended:
        yield OrdersArchived(venue=venue, day=day, order_ids=ended)


def _segment(instrument_id: str) -> str:
    return instrument_id.rpartition(".")[2]
