"""The venue itself, without sockets: orders, executions and positions of every member, matched by the exchange.

Remembers everything for ever, so that a test can hold what a desk believes
against what really happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import msgspec

from termdesk.adapters.brokers.simvenue import messages as m
from termdesk.core.market.market import Market
from termdesk.core.matching.exchange import SimulatedExchange
from termdesk.core.model.event import InstrumentEvent, MarketEvent
from termdesk.core.model.execution import (
    BrokerReport,
    ExecutionReport,
    NewOrderSingle,
    OrderCancelReplaceRequest,
    OrderCancelRequest,
)
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import plain
from termdesk.core.model.terms import ExecType, Liquidity, OrdStatus, OrdType, Side, TimeInForce
from termdesk.core.venues.schedule import FeeSchedule, flat
from termdesk.testing.venue.faults import Fault, Faults
from termdesk.testing.venue.orders import VenueOrder, execution_of, info_of, refusal_of

FEED = "venue"
_TYPES = frozenset({"limit", "market"})
_TIMES = frozenset({"gtc", "ioc", "fok"})
_ENDS = {
    ExecType.CANCELED: OrdStatus.CANCELED,
    ExecType.REJECTED: OrdStatus.REJECTED,
    ExecType.EXPIRED: OrdStatus.EXPIRED,
}


class Venue:
    """Takes members' frames and market events; gives executions to ``tell``.

    Attributes:
        orders: Everything that ever arrived, by key, in order.
        faults: Switches.
        received: Client ids of ``New`` as they arrived, again and again where they came twice.
    """

    def __init__(self, rate: Callable[[Instrument], FeeSchedule] | None = None) -> None:
        self.market = Market()
        self.faults = Faults()
        self.orders: dict[str, VenueOrder] = {}
        self.received: list[str] = []
        self.tell: Callable[[m.Execution], None] = _nobody
        self.now_ns = 1
        self._exchange = SimulatedExchange(self.market, rate or _free)
        self._executions = 0
        self._held: list[m.Execution] = []
        self._positions: dict[tuple[str, str], tuple[int, Decimal]] = {}
        self._hear: dict[type, Callable[[Any], m.FromVenue | None]] = {
            m.New: self.new,
            m.Cancel: self.cancel,
            m.Replace: self.replace,
            m.Status: self.status,
            m.All: lambda told: self.everything(told.accounts),
        }

    # the market

    def take(self, event: MarketEvent) -> None:
        """Take one market event."""
        self.now_ns = max(self.now_ns, event.recv_ns)
        state, _ = self.market.apply(event, FEED)
        if state is not None and isinstance(event, InstrumentEvent):
            self._report(self._exchange.on_event(event, state))

    # members

    def hear(self, told: m.ToVenue) -> m.FromVenue | None:
        """Take a member's frame; gives the answer to a question."""
        return self._hear[type(told)](told)

    def new(self, told: m.New) -> None:
        """Take an order."""
        self.received.append(told.client_id)
        if any(order.new.client_id == told.client_id and told.client_id for order in self._of(told.account)):
            self._refuse(told, "this client id was used before")
            return
        state = self.market.states.get(told.symbol)
        if state is None or told.ord_type not in _TYPES or told.time_in_force not in _TIMES:
            self._refuse(told, f"no {told.ord_type} {told.time_in_force} in {told.symbol} here")
            return
        x = state.instrument
        order = self._enter(told, x)
        request = NewOrderSingle(
            cl_ord_id=f"{order.key}.1",
            venue_cl_ord_id=told.client_id,
            order_id=order.key,
            account=told.account,
            instrument=x.id,
            side=Side(told.side),
            ord_type=OrdType(told.ord_type),
            qty=order.qty,
            price=order.price,
            time_in_force=TimeInForce(told.time_in_force),
            post_only=told.post_only,
        )
        self._report(self._exchange.on_request(request, self.now_ns))

    def cancel(self, told: m.Cancel) -> None:
        """Take an order off."""
        order = self._find(told.account, told.client_id, told.venue_id)
        if order is None or not order.status.is_open:
            self._reject(told.account, told.symbol, told.client_id, told.request_id, "cancel_rejected")
            return
        late = self.faults.strikes(Fault.LATE_FILL)
        left = order.qty - order.cum_qty
        request = OrderCancelRequest(
            cl_ord_id=told.request_id,
            order_id=order.key,
            account=told.account,
            instrument=order.instrument.id,
            venue_order_id=order.venue_id,
        )
        self._report(self._exchange.on_request(request, self.now_ns), told.request_id)
        if late:
            self.execute(order.key, max(1, left // 2), order.price or 0)

    def replace(self, told: m.Replace) -> None:
        """Give an order new terms."""
        order = self._find(told.account, told.client_id, told.venue_id)
        if order is None or not order.status.is_open:
            self._reject(told.account, told.symbol, told.client_id, told.request_id, "replace_rejected")
            return
        x = order.instrument
        request = OrderCancelReplaceRequest(
            cl_ord_id=told.request_id,
            order_id=order.key,
            account=told.account,
            instrument=x.id,
            venue_order_id=order.venue_id,
            qty=x.qty(told.qty),
            price=None if told.price is None else x.price(told.price),
        )
        self._report(self._exchange.on_request(request, self.now_ns), told.request_id)

    def status(self, told: m.Status) -> m.OrderAnswer:
        """Answer about one order."""
        order = self._find(told.account, told.client_id, told.venue_id)
        if order is None:
            return m.OrderAnswer(reference=told.reference, account=told.account, order=None)
        fills = tuple(order.fills)
        return m.OrderAnswer(reference=told.reference, account=told.account, order=info_of(order), fills=fills)

    def everything(self, accounts: tuple[str, ...]) -> m.Everything:
        """Tell all there is of some accounts."""
        if self.faults.strikes(Fault.SNAPSHOT_ERROR):
            return m.Everything(accounts=accounts, error="503 try again later")
        orders = [order for order in self.orders.values() if order.new.account in accounts]
        positions = tuple(
            m.PositionInfo(
                account=account,
                symbol=symbol,
                qty=self.market.states[symbol].instrument.qty_text(qty),
                average=plain(abs(cost / qty)) if qty else "0",
            )
            for (account, symbol), (qty, cost) in self._positions.items()
            if account in accounts
        )
        return m.Everything(
            accounts=accounts,
            orders=tuple(info_of(order) for order in orders),
            fills=tuple(fill for order in orders for fill in order.fills),
            positions=positions,
        )

    # what a test does to it

    def execute(self, key: str, qty: int, price: int) -> str:
        """Fill an order whatever its status, as venues do; gives the execution's id."""
        order = self.orders[key]
        x = order.instrument
        report = self._execution_of(order, f"{key}-by-hand-{order.cum_qty + qty}", ExecType.TRADE)
        report = msgspec.structs.replace(report, last_qty=qty, last_price=x.price_decimal(price))
        self._report([report])
        return order.fills[-1].exec_id

    def bust(self, exec_id: str) -> None:
        """Take an execution back."""
        order, fill = next(
            (order, fill) for order in self.orders.values() for fill in order.fills if fill.exec_id == exec_id
        )
        x = order.instrument
        qty = x.qty(fill.qty)
        order.fills.remove(fill)
        order.cum_qty -= qty
        order.weighted -= Decimal(fill.price) * qty
        self._move(order, -qty, Decimal(fill.price))
        self._say(self._execution(order, "busted", ref_id=exec_id))

    def flush(self) -> None:
        """Tell what was held back."""
        held, self._held = self._held, []
        for execution in held:
            self.tell(execution)

    def qty(self, account: str, symbol: str) -> int:
        """Signed position."""
        return self._positions.get((account, symbol), (0, Decimal(0)))[0]

    # inside

    def _enter(self, told: m.New, x: Instrument) -> VenueOrder:
        number = len(self.orders) + 1
        order = VenueOrder(
            key=f"K{number}",
            venue_id="1" if self.faults.strikes(Fault.ID_REUSE) else str(number),
            new=told,
            instrument=x,
            qty=x.qty(told.qty),
            price=None if told.price is None else x.price(told.price),
        )
        self.orders[order.key] = order
        return order

    def _of(self, account: str) -> Iterable[VenueOrder]:
        return (order for order in self.orders.values() if order.new.account == account)

    def _find(self, account: str, client_id: str, venue_id: str) -> VenueOrder | None:
        """By client id where there is one, else by the venue's, newest first."""
        orders = list(self._of(account))
        if client_id:
            return next((order for order in orders if order.new.client_id == client_id), None)
        return next((order for order in reversed(orders) if venue_id and order.venue_id == venue_id), None)

    def _report(self, reports: Iterable[BrokerReport], request_id: str = "") -> None:
        for report in reports:
            order = self.orders[report.order_id]
            if isinstance(report, ExecutionReport):
                self._take_report(order, report, request_id)
            else:
                kind = "replace_rejected" if report.is_replace else "cancel_rejected"
                self._reject(order.new.account, order.new.symbol, order.new.client_id, request_id, kind)

    def _take_report(self, order: VenueOrder, report: ExecutionReport, request_id: str) -> None:
        kind = report.exec_type
        if kind is ExecType.TRADE:
            self._fill(order, report)
            return
        if kind is ExecType.REPLACED:
            order.qty, order.price = report.qty, report.price
        order.status = _ENDS.get(kind, OrdStatus.NEW if order.cum_qty < order.qty else OrdStatus.FILLED)
        reason = report.reason
        self._say(
            self._execution(
                order,
                kind.value,
                request_id=request_id,
                code=reason.code if reason is not None else "",
                params=reason.params if reason is not None else {},
            )
        )

    def _fill(self, order: VenueOrder, report: ExecutionReport) -> None:
        x, qty = order.instrument, report.last_qty
        order.cum_qty += qty
        order.weighted += report.last_price * qty
        if order.cum_qty >= order.qty and order.status.is_open:
            order.status = OrdStatus.FILLED
        self._move(order, qty, report.last_price)
        fees = tuple(m.Fee(fee.kind, fee.asset, plain(fee.amount)) for fee in report.fees)
        liquidity = report.liquidity.value if report.liquidity is not None else Liquidity.MAKER.value
        told = self._execution(
            order,
            "trade",
            last_qty=x.qty_text(qty),
            last_price=plain(report.last_price),
            liquidity=liquidity,
            fees=fees,
            code=report.reason.code if report.reason is not None else "",
            params=report.reason.params if report.reason is not None else {},
        )
        order.fills.append(
            m.FillInfo(
                account=order.new.account,
                symbol=x.id,
                exec_id=told.exec_id,
                venue_id=order.venue_id,
                client_id=order.new.client_id,
                side=order.new.side,
                qty=told.last_qty,
                price=told.last_price,
                liquidity=liquidity,
                fees=fees,
                at_ns=self.now_ns,
            )
        )
        self._say(told)

    def _move(self, order: VenueOrder, qty: int, price: Decimal) -> None:
        """Average-cost position; closing keeps the average."""
        key = (order.new.account, order.instrument.id)
        held, cost = self._positions.get(key, (0, Decimal(0)))
        signed = qty if order.new.side == "buy" else -qty
        if held * signed < 0:
            closed = min(abs(held), abs(signed))
            cost -= cost * closed / abs(held)
            opened = abs(signed) - closed
        else:
            opened = abs(signed)
        cost += price * opened * (1 if signed > 0 else -1)
        self._positions[key] = (held + signed, cost)

    def _execution_of(self, order: VenueOrder, exec_id: str, kind: ExecType) -> ExecutionReport:
        return ExecutionReport(
            exec_id=exec_id,
            exec_type=kind,
            order_id=order.key,
            cl_ord_id="",
            venue_order_id=order.venue_id,
            account=order.new.account,
            instrument=order.instrument.id,
            at_ns=self.now_ns,
        )

    def _execution(self, order: VenueOrder, kind: str, **more: object) -> m.Execution:
        self._executions += 1
        if self.faults.strikes(Fault.HOSTILE_TEXT):
            text = self.faults.hostile()
            more |= {"code": text, "params": {}, "text": text}
        return execution_of(order, f"E{self._executions}", kind, self.now_ns, **more)

    def _refuse(self, told: m.New, text: str) -> None:
        self._executions += 1
        self._say(refusal_of(told, f"E{self._executions}", self.now_ns, text))

    def _reject(self, account: str, symbol: str, client_id: str, request_id: str, kind: str) -> None:
        self._executions += 1
        told = m.New(
            client_id=client_id,
            account=account,
            symbol=symbol,
            side="buy",
            ord_type="limit",
            time_in_force="gtc",
            qty="0",
        )
        refused = refusal_of(told, f"E{self._executions}", self.now_ns, "there is no such working order")
        self._say(msgspec.structs.replace(refused, kind=kind, request_id=request_id))

    def _say(self, execution: m.Execution) -> None:
        """Tell an execution, or let a fault have it."""
        if self.faults.strikes(Fault.LOST_ACK):
            return
        if self.faults.strikes(Fault.REORDER) or self.faults.strikes(Fault.DELAY):
            self._held.append(execution)
            return
        self.tell(execution)
        if self.faults.strikes(Fault.DUPLICATE):
            self.tell(execution)
        self.flush()


def _free(instrument: Instrument) -> FeeSchedule:
    return flat(instrument.currency, Decimal(0), Decimal(0))


def _nobody(execution: m.Execution) -> None:
    """No member is connected."""
    del execution
