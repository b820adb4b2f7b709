"""From what the engine says to the shapes of the output."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from termdesk.cli import control_shapes as c
from termdesk.cli import shapes as s
from termdesk.cli.desk import Instruments
from termdesk.cli.voice import sentence_of
from termdesk.core.model.command import Answer
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.limits import TradingLimits, TradingStop
from termdesk.core.model.number import plain
from termdesk.core.model.reason import MarketSeen, Reason
from termdesk.core.model.trigger import distance_text
from termdesk.core.wire.attention import AlertLine
from termdesk.core.wire.queries import (
    ConditionLine,
    FillLine,
    LimitsResult,
    OrderLine,
    QuoteResult,
    StatusResult,
    WhyResult,
    WhyStep,
)
from termdesk.core.wire.topics import BookBody


def show_reason(reason: Reason | None) -> s.ReasonShape | None:
    """Say a reason; None stays None."""
    if reason is None:
        return None
    return s.ReasonShape(code=reason.code, params=reason.params, text=sentence_of(reason.code, reason.params))


def show_answer(answer: Answer) -> s.AnswerShape:
    """Show the answer to a command."""
    return s.AnswerShape(
        command_id=answer.command_id,
        accepted=answer.accepted,
        order_ids=answer.order_ids,
        condition_ids=answer.condition_ids,
        reason=None if answer.accepted else show_reason(Reason(answer.code, answer.params)),
    )


def show_order(order: OrderLine, instruments: Instruments) -> s.OrderShape:
    """Show an order in the decimals of its instrument."""
    instrument, trail = instruments[order.instrument], order.trail

    def price(value: int | None) -> str | None:
        return None if value is None else instrument.price_text(value)

    return s.OrderShape(
        order_id=order.order_id,
        account=order.account,
        instrument=order.instrument,
        side=order.side,
        ord_type=order.ord_type,
        qty=instrument.qty_text(order.qty),
        price=price(order.price),
        time_in_force=order.time_in_force,
        status=order.status,
        cum_qty=instrument.qty_text(order.cum_qty),
        leaves_qty=instrument.qty_text(order.leaves_qty),
        average=plain(order.average) if order.cum_qty else None,
        submitted_ns=order.submitted_ns,
        updated_ns=order.updated_ns,
        origin=order.origin,
        note=order.note,
        post_only=order.post_only,
        reduce_only=order.reduce_only,
        reason=show_reason(order.reason),
        trigger_price=price(order.trigger_price),
        trigger_by=order.trigger_by,
        trail=None if trail is None else distance_text(trail),
        activation_price=None if trail is None else price(trail.activation_price),
        limit_offset=None if trail is None else price(trail.limit_offset),
        triggered=order.triggered,
        display_qty=None if order.display_qty is None else instrument.qty_text(order.display_qty),
        expire_ns=order.expire_ns or 0,
        contingency=order.contingency,
        group=order.group,
        parent_id=order.parent_id,
        release=order.release,
        emulated=order.emulated,
        expires_here=order.expires_here,
    )


def show_condition(line: ConditionLine, instruments: Instruments) -> s.ConditionShape:
    """Show an armed condition in the decimals of its instrument."""
    return s.ConditionShape(
        condition_id=line.condition_id,
        instrument=line.instrument,
        predicate=str(line.predicate.__struct_config__.tag),
        price=instruments[line.instrument].price_text(line.predicate.price),
        action=str(line.action.__struct_config__.tag),
        armed_ns=line.armed_ns,
        origin=line.origin,
    )


def show_fill(line: FillLine, instruments: Instruments) -> s.FillShape:
    """Show a fill in the decimals of its instrument."""
    fill = line.fill
    return s.FillShape(
        seq=line.seq,
        at_ns=line.at_ns,
        trading_day=line.trading_day,
        order_id=fill.order_id,
        exec_id=fill.exec_id,
        account=fill.account,
        instrument=fill.instrument,
        side=fill.side,
        qty=instruments[fill.instrument].qty_text(fill.qty),
        price=plain(fill.price),
        amount=plain(fill.amount),
        fees=tuple(s.FeeShape(kind=fee.kind, asset=fee.asset, amount=plain(fee.amount)) for fee in fill.fees),
        liquidity=fill.liquidity,
        reason=show_reason(fill.reason),
    )


def show_book(book: BookBody, instrument: Instrument) -> s.BookShape:
    """Show the levels of a book."""
    bids, asks = (
        tuple(s.LevelShape(price=instrument.price_text(p), qty=instrument.qty_text(q)) for p, q in levels)
        for levels in (book.bids, book.asks)
    )
    return s.BookShape(
        instrument=book.instrument, bids=bids, asks=asks, seq=book.seq, valid=book.valid, recv_ns=book.recv_ns
    )


def show_quote(result: QuoteResult, instrument: Instrument) -> s.QuoteShape:
    """Show a quote line."""
    quote = result.quote
    numbers: dict[str, Any] = {
        name: _price(getattr(quote, name), instrument)
        for name in ("bid", "ask", "last", "open", "high", "low", "prev_close")
    }
    for name in ("bid_qty", "ask_qty", "last_qty", "volume"):
        numbers[name] = instrument.qty_text(getattr(quote, name))
    return s.QuoteShape(
        instrument=quote.instrument,
        aggressor=quote.aggressor,
        turnover=plain(quote.turnover),
        trades=quote.trades,
        phase=quote.phase,
        venue_ns=quote.venue_ns,
        recv_ns=quote.recv_ns,
        desk_ns=result.desk_ns,
        delay_ns=result.delay_ns,
        feed=quote.feed,
        book_valid=quote.book_valid,
        volume_ratio=None if quote.volume_ratio is None else plain(quote.volume_ratio),
        **numbers,
    )


def show_why(result: WhyResult, instruments: Instruments) -> s.WhyShape:
    """Show what happened to an order."""
    instrument = instruments[result.order.instrument]
    return s.WhyShape(
        order=show_order(result.order, instruments),
        steps=tuple(_step(step, instrument) for step in result.steps),
        waits=show_reason(result.waits),
        recorded=result.recorded,
    )


def show_status(result: StatusResult, socket: str) -> s.StatusShape:
    """Show how an engine is."""
    health = result.health
    replay = health.replay
    return s.StatusShape(
        desk=health.desk,
        mode=health.mode,
        socket=socket,
        pid=result.pid,
        engine_version=result.engine_version,
        started_ns=result.started_ns,
        desk_ns=health.desk_ns,
        wall_ns=health.wall_ns,
        feeds=tuple(s.FeedShape(**_fields(feed)) for feed in health.feeds),
        screens=tuple(s.ScreenShape(**_fields(screen)) for screen in health.screens),
        replay=None if replay is None else s.ReplayShape(**_fields(replay)),
        halted=health.halted,
        durable_seq=health.durable_seq,
        working_orders=result.working_orders,
        accounts=result.accounts,
        instruments=result.instruments,
        shares=health.shares,
        loop_lag_ms=health.loop_lag_ms,
        stops=tuple(_stop(stop) for stop in health.stops),
        brokers=tuple(s.BrokerShape(**_fields(broker)) for broker in result.brokers),
        alerts=tuple(_alert(alert) for alert in result.alerts),
    )


def _alert(alert: AlertLine) -> s.AlertShape:
    reason = show_reason(alert.reason)
    assert reason is not None
    return s.AlertShape(**{**_fields(alert), "reason": reason})


def show_limits(result: LimitsResult) -> c.LimitsShape:
    """Show limits in force, stops and notices."""
    return c.LimitsShape(
        limits=tuple(
            c.ScopeShape(
                account=scoped.account,
                instrument=scoped.instrument,
                limits=_set_limits(scoped.limits),
            )
            for scoped in result.limits
        ),
        stops=tuple(_stop(stop) for stop in result.stops),
        notices=tuple(
            c.NoticeShape(
                account=notice.account,
                instrument=notice.instrument,
                trading_day=notice.trading_day,
                reason=reason,
            )
            for notice in result.notices
            if (reason := show_reason(notice.reason)) is not None
        ),
    )


def _set_limits(limits: TradingLimits) -> dict[str, str]:
    """The limits that are not their default, as text that ``termdesk limits`` takes."""
    usual = msgspec.to_builtins(TradingLimits())
    return {name: str(value) for name, value in msgspec.to_builtins(limits).items() if value != usual[name]}


def _stop(stop: TradingStop) -> s.StopShape:
    return s.StopShape(**_fields(stop))


def _step(step: WhyStep, instrument: Instrument) -> s.StepShape:
    return s.StepShape(
        seq=step.seq,
        at_ns=step.at_ns,
        what=step.what,
        qty=instrument.qty_text(step.qty) if step.qty else None,
        price=_money(step.price),
        reason=show_reason(step.reason),
        seen=None if step.seen is None else _seen(step.seen, instrument),
    )


def _seen(seen: MarketSeen, instrument: Instrument) -> s.SeenShape:
    return s.SeenShape(
        bid=_price(seen.bid, instrument),
        bid_qty=instrument.qty_text(seen.bid_qty),
        ask=_price(seen.ask, instrument),
        ask_qty=instrument.qty_text(seen.ask_qty),
        last=_price(seen.last, instrument),
        quote_age_ns=seen.quote_age_ns,
        link_age_ns=seen.link_age_ns,
        delay_ns=seen.delay_ns,
        phase=seen.phase,
        feed=seen.feed,
        at_ns=seen.at_ns,
    )


def _price(price: int, instrument: Instrument) -> str | None:
    return instrument.price_text(price) if price else None


def _money(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _fields(line: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(line, name) for name in line.__struct_fields__}
