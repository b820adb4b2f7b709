"""The venue's frames into the desk's messages, and back. Pure; every number and text from outside is checked here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

import msgspec

from termdesk.adapters.brokers.simvenue import messages as m
from termdesk.core.model.codes import CODES
from termdesk.core.model.errors import AdapterError, Refused
from termdesk.core.model.execution import (
    BrokerReport,
    ExecutionReport,
    FeeItem,
    NewOrderSingle,
    OrderCancelReject,
    OrderCancelReplaceRequest,
    OrderCancelRequest,
)
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType, Liquidity, OrdStatus, OrdType, Side, TimeInForce
from termdesk.core.model.text import sanitise
from termdesk.core.model.venue import (
    OrderStatusReport,
    OrderStatusRequest,
    SnapshotRequest,
    TellInstrument,
    ToBroker,
    VenueFill,
    VenueOrder,
    VenuePosition,
    VenueReport,
    VenueSnapshot,
)

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(m.FromVenue)
_REJECTS = {"cancel_rejected": False, "replace_rejected": True}
T = TypeVar("T")
Info = m.OrderInfo | m.FillInfo | m.PositionInfo


class UnknownSymbol(Exception):
    """The venue speaks of an instrument that the desk has not told."""


class Translator:
    """Knows the instruments of one connection.

    Args:
        broker: Name that snapshots carry.
    """

    def __init__(self, broker: str) -> None:
        self._broker = broker
        self._instruments: dict[str, Instrument] = {}
        self._encode: dict[type, Callable[[Any], m.ToVenue]] = {
            NewOrderSingle: self._new,
            OrderCancelRequest: self._cancel,
            OrderCancelReplaceRequest: self._replace,
            OrderStatusRequest: self._status,
            SnapshotRequest: self._all,
        }

    def encode(self, message: ToBroker) -> bytes | None:
        """Give the frame to send; None where the message is for the translator alone."""
        if isinstance(message, TellInstrument):
            self._instruments[message.instrument.id] = message.instrument
            return None
        return _ENCODER.encode(self._encode[type(message)](message))

    def decode(self, frame: bytes) -> VenueReport | None:
        """Give what a frame says; None for a greeting.

        Raises:
            AdapterError: The frame is none of the venue's, or the venue shows the door.
        """
        try:
            found = _DECODER.decode(frame)
        except msgspec.DecodeError as error:
            raise AdapterError(f"the venue sent a frame that is none of its own: {error}") from None
        match found:
            case m.Execution():
                return self._execution(found)
            case m.OrderAnswer():
                return self._answer(found)
            case m.Everything():
                return self._snapshot(found)
            case m.Refusal():
                raise AdapterError(f"the venue does not let us in: {sanitise(found.text)}")
        return None

    # to the venue

    def _new(self, request: NewOrderSingle) -> m.New:
        x = self._instrument(request.instrument)
        return m.New(
            client_id=request.venue_cl_ord_id,
            account=request.account,
            symbol=request.instrument,
            side=request.side.value,
            ord_type=request.ord_type.value,
            time_in_force=request.time_in_force.value,
            qty=x.qty_text(request.qty),
            price=None if request.price is None else x.price_text(request.price),
            post_only=request.post_only,
        )

    def _cancel(self, request: OrderCancelRequest) -> m.Cancel:
        return m.Cancel(
            request_id=request.venue_request_id,
            account=request.account,
            symbol=request.instrument,
            client_id=request.venue_cl_ord_id,
            venue_id=request.venue_order_id,
        )

    def _replace(self, request: OrderCancelReplaceRequest) -> m.Replace:
        x = self._instrument(request.instrument)
        return m.Replace(
            request_id=request.venue_request_id,
            account=request.account,
            symbol=request.instrument,
            client_id=request.venue_cl_ord_id,
            venue_id=request.venue_order_id,
            qty=x.qty_text(request.qty),
            price=None if request.price is None else x.price_text(request.price),
        )

    def _status(self, request: OrderStatusRequest) -> m.Status:
        return m.Status(
            reference=request.order_id,
            account=request.account,
            client_id=request.venue_cl_ord_id,
            venue_id=request.venue_order_id,
        )

    def _all(self, request: SnapshotRequest) -> m.All:
        return m.All(request.accounts)

    # from the venue

    def _execution(self, told: m.Execution) -> BrokerReport:
        x = self._known(told.symbol)
        reason = _reason(told)
        if told.kind in _REJECTS:
            return OrderCancelReject(
                exec_id=_id(told.exec_id),
                order_id="",
                cl_ord_id=_id(told.request_id or told.client_id),
                account=told.account,
                instrument=x.id,
                at_ns=told.at_ns,
                is_replace=_REJECTS[told.kind],
                reason=reason or Reason("venue.refused"),
            )
        kind = _word(ExecType, told.kind)
        is_answer = kind in (ExecType.CANCELED, ExecType.REPLACED)
        return ExecutionReport(
            exec_id=_id(told.exec_id),
            exec_type=kind,
            order_id="",
            cl_ord_id=_id(told.request_id if is_answer and told.request_id else told.client_id),
            venue_order_id=_id(told.venue_id),
            account=told.account,
            instrument=x.id,
            at_ns=told.at_ns,
            qty=x.qty(told.qty),
            price=None if told.price is None else x.price(told.price),
            last_qty=x.qty(told.last_qty),
            last_price=_decimal(told.last_price),
            liquidity=_word(Liquidity, told.liquidity) if told.liquidity else None,
            fees=_fees(told.fees),
            reason=reason,
            exec_ref_id=_id(told.ref_id),
            side=_word(Side, told.side),
            ord_type=_word(OrdType, told.ord_type),
            time_in_force=_word(TimeInForce, told.time_in_force),
            cum_qty=x.qty(told.cum_qty),
        )

    def _answer(self, told: m.OrderAnswer) -> OrderStatusReport:
        return OrderStatusReport(
            order_id=_id(told.reference),
            account=told.account,
            at_ns=0,
            order=None if told.order is None else self._order(told.order),
            fills=tuple(map(self._fill, told.fills)),
        )

    def _snapshot(self, told: m.Everything) -> VenueSnapshot:
        unreadable: list[str] = []
        return VenueSnapshot(
            broker=self._broker,
            accounts=told.accounts,
            at_ns=0,
            orders=_each(self._order, told.orders, unreadable),
            fills=_each(self._fill, told.fills, unreadable),
            positions=_each(self._position, told.positions, unreadable),
            unreadable=tuple(dict.fromkeys(unreadable)),
            error=sanitise(told.error),
        )

    def _order(self, told: m.OrderInfo) -> VenueOrder:
        x = self._instrument(told.symbol)
        return VenueOrder(
            account=told.account,
            instrument=x.id,
            venue_order_id=_id(told.venue_id),
            venue_cl_ord_id=_id(told.client_id),
            side=_word(Side, told.side),
            ord_type=_word(OrdType, told.ord_type),
            time_in_force=_word(TimeInForce, told.time_in_force),
            qty=x.qty(told.qty),
            price=None if told.price is None else x.price(told.price),
            cum_qty=x.qty(told.cum_qty),
            average=None if told.average is None else _decimal(told.average),
            status=_word(OrdStatus, told.status),
        )

    def _fill(self, told: m.FillInfo) -> VenueFill:
        x = self._instrument(told.symbol)
        return VenueFill(
            account=told.account,
            instrument=x.id,
            exec_id=_id(told.exec_id),
            venue_order_id=_id(told.venue_id),
            venue_cl_ord_id=_id(told.client_id),
            side=_word(Side, told.side),
            qty=x.qty(told.qty),
            price=_decimal(told.price),
            liquidity=_word(Liquidity, told.liquidity) if told.liquidity else None,
            fees=_fees(told.fees),
            at_ns=told.at_ns,
        )

    def _position(self, told: m.PositionInfo) -> VenuePosition:
        x = self._instrument(told.symbol)
        return VenuePosition(account=told.account, instrument=x.id, qty=x.qty(told.qty), average=_decimal(told.average))

    def _instrument(self, symbol: str) -> Instrument:
        found = self._instruments.get(symbol)
        if found is None:
            raise UnknownSymbol(f"unknown instrument {sanitise(symbol, 40)}")
        return found

    def _known(self, symbol: str) -> Instrument:
        try:
            return self._instrument(symbol)
        except UnknownSymbol as error:
            raise AdapterError(str(error)) from None


def _each(read: Callable[[Any], T], told: Iterable[Info], unreadable: list[str]) -> tuple[T, ...]:
    """Read what can be read, and name the rest."""
    found: list[T] = []
    for one in told:
        try:
            found.append(read(one))
        except (UnknownSymbol, AdapterError, Refused) as error:
            unreadable.append(sanitise(str(error), 80))
    return tuple(found)


def _word(kind: Any, text: str) -> Any:  # noqa: ANN401  # an enumeration and its member
    try:
        return kind(text)
    except ValueError:
        raise AdapterError(f"the venue says {sanitise(text, 40)!r} where a {kind.__name__} should be") from None


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise AdapterError(f"the venue says {sanitise(text, 40)!r} where a number should be") from None
    if not number.is_finite() or abs(number.adjusted()) > _DIGITS:
        raise AdapterError(f"the venue says {sanitise(text, 40)!r} where a number should be")
    return number


_DIGITS = 30


def _id(text: str) -> str:
    """An id of the venue: shown to people, so made safe like any text."""
    return sanitise(text, 80)


def _fees(told: Iterable[m.Fee]) -> tuple[FeeItem, ...]:
    return tuple(FeeItem(sanitise(fee.kind, 40), sanitise(fee.asset, 20), _decimal(fee.amount)) for fee in told)


def _reason(told: m.Execution) -> Reason | None:
    """The venue's reason in the desk's codes where it is one of them, else in its own words."""
    if told.code in CODES and set(told.params) == set(CODES[told.code]):
        return Reason(told.code, {name: sanitise(value, 80) for name, value in told.params.items()})
    text = sanitise(told.text or told.code)
    return Reason("venue.said", {"text": text}) if text else None
