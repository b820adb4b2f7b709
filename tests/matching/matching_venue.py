"""A simulated exchange alone on one instrument, without desk or money."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from termdesk.core.market.market import Market
from termdesk.core.matching.exchange import SimulatedExchange
from termdesk.core.matching.fidelity import QUEUE
from termdesk.core.model.event import BookDelta, BookSnapshot, InstrumentDefined, PhaseChanged, Trade
from termdesk.core.model.execution import NewOrderSingle, OrderCancelReplaceRequest, OrderCancelRequest
from termdesk.core.model.instrument import Instrument, Spot, TradingRule
from termdesk.core.model.terms import ExecType, OrdType, TimeInForce, TriggerBy
from termdesk.core.venues.schedule import flat

X = Instrument(
    id="X.TEST",
    name="X",
    currency="USDT",
    price_decimals=0,
    qty_decimals=0,
    rules=(TradingRule("", 1, 1, 1),),
    detail=Spot("X"),
)


class Venue:
    """Prices and quantities are plain ints here."""

    def __init__(self, **policies) -> None:
        self.market = Market()
        self.market.apply(InstrumentDefined(1, X), "feed")
        self.fidelity = replace(QUEUE, **policies)
        self.exchange = self.anew()
        self.now_ns = 1
        self.seq = 0
        self.sent = 0
        self.reports = []
        self.requests = []

    def anew(self):
        """An exchange that knows of no order yet."""
        fees = flat("USDT", Decimal("0.001"), Decimal("0.002"))
        return SimulatedExchange(self.market, lambda _: fees, self.fidelity)

    def event(self, event):
        state, _ = self.market.apply(event, "feed")
        return self._keep(self.exchange.on_event(event, state))

    def book(self, bids=(), asks=()):
        self.seq += 1
        return self.event(BookSnapshot(X.id, self.now_ns, self.now_ns, self.seq, tuple(bids), tuple(asks)))

    def change(self, bids=(), asks=()):
        self.seq += 1
        return self.event(BookDelta(X.id, self.now_ns, self.now_ns, self.seq, self.seq, -1, tuple(bids), tuple(asks)))

    def gap(self):
        self.seq += 5
        return self.change()

    def trade(self, price, qty, aggressor=None):
        return self.event(Trade(X.id, self.now_ns, self.now_ns, 0, price, qty, aggressor))

    def phase(self, phase):
        return self.event(PhaseChanged(X.id, self.now_ns, self.now_ns, phase))

    def on_time(self):
        return self._keep(self.exchange.on_time(self.now_ns))

    def stop(self, side, qty, trigger, by=TriggerBy.LAST, price=None, ord_type=None, **terms):
        kind = ord_type or (OrdType.STOP if price is None else OrdType.STOP_LIMIT)
        return self.send(side, qty, price, ord_type=kind, trigger_price=trigger, trigger_by=by, **terms)

    def send(self, side, qty, price=None, tif=TimeInForce.GTC, order_id="", post_only=False, ord_type=None, **terms):
        self.sent += 1
        order_id = order_id or f"O{self.sent}"
        return self.request(
            NewOrderSingle(
                cl_ord_id=f"{order_id}.1",
                venue_cl_ord_id=f"{order_id}.1",
                order_id=order_id,
                account=terms.pop("account", "cash"),
                instrument=X.id,
                side=side,
                ord_type=ord_type or (OrdType.MARKET if price is None else OrdType.LIMIT),
                qty=qty,
                price=price,
                time_in_force=tif,
                post_only=post_only,
                **terms,
            )
        )

    def replace(self, order_id, qty, price, number=2, trigger=None):
        return self.request(
            OrderCancelReplaceRequest(
                cl_ord_id=f"{order_id}.{number}",
                order_id=order_id,
                account="cash",
                instrument=X.id,
                venue_order_id="",
                qty=qty,
                price=price,
                trigger_price=trigger,
            )
        )

    def cancel(self, order_id, number=9):
        return self.request(
            OrderCancelRequest(
                cl_ord_id=f"{order_id}.{number}",
                order_id=order_id,
                account="cash",
                instrument=X.id,
                venue_order_id="",
            )
        )

    def request(self, request):
        self.requests.append(request)
        return self._keep(self.exchange.on_request(request, self.now_ns))

    def _keep(self, reports):
        self.reports += reports
        return reports

    def ahead(self):
        return {line.order_id: line.ahead for line in self.exchange.queue_lines("cash")}

    def waits(self, order_id="O1"):
        return self.exchange.waits(order_id)

    def kinds(self, order_id="O1"):
        return [r.exec_type.value for r in self.reports if r.order_id == order_id and hasattr(r, "exec_type")]

    def fills(self):
        return [
            (r.order_id, int(r.last_price), r.last_qty, r.reason.code)
            for r in self.reports
            if getattr(r, "exec_type", None) is ExecType.TRADE
        ]
