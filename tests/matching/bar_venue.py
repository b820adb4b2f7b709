"""A simulated exchange alone on one instrument of which only bars are told. Prices and quantities are plain ints."""

from __future__ import annotations

from decimal import Decimal

from termdesk.core.market.market import Market
from termdesk.core.matching.bar_policy import BarPolicy
from termdesk.core.matching.exchange import SimulatedExchange
from termdesk.core.matching.fidelity import Fidelity
from termdesk.core.model.bar import Bar
from termdesk.core.model.event import BarClosed, InstrumentDefined
from termdesk.core.model.execution import NewOrderSingle, OrderCancelReplaceRequest, OrderCancelRequest
from termdesk.core.model.instrument import Instrument, Spot, TradingRule
from termdesk.core.model.terms import ExecType, OrdType, TimeInForce
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
VOLUME = 1_000_000


class BarVenue:
    """Bar ``n`` ends at time ``100 * n``; orders come between two bars."""

    def __init__(self, *, held=0, **policy):
        self.market = Market()
        self.market.apply(InstrumentDefined(1, X), "feed")
        self.held = held
        fidelity = Fidelity(name="test", bars=BarPolicy(**policy))
        self.exchange = SimulatedExchange(
            self.market, lambda x: flat(x.currency, Decimal(0), Decimal(0)), fidelity, lambda *_: self.held
        )
        self.now_ns = 0
        self.reports = []
        self.rests = []
        """What ``answer`` was called with: the reports before each rest of a walk."""
        self.answer = lambda _: None

    def bar(self, o, h, low, c, v=VOLUME, *, end=None, start=0):
        """Deliver the next bar; ``answer`` may send requests between two fills."""
        self.now_ns = (self.now_ns // 100 + 1) * 100
        event = BarClosed(X.id, self.now_ns if end is None else end, self.now_ns, Bar(start, o, h, low, c, v, 0, 0, 0))
        state, _ = self.market.apply(event, "feed")
        self._keep(self.exchange.on_event(event, state))
        while (due := self.exchange.next_deadline()) is not None and due <= self.now_ns:
            self.answer(self)
            self._keep(self.exchange.on_time(self.now_ns))

    def send(self, side, qty, price=None, *, kind=None, trigger=None, trail=None, tif=TimeInForce.GTC, released=False):
        if self.now_ns % 100 == 0 and not released:
            self.now_ns += 1
        order_id = f"O{1 + sum(r.exec_type is ExecType.NEW for r in self.reports if hasattr(r, 'exec_type'))}"
        new = NewOrderSingle(
            cl_ord_id=f"{order_id}.1",
            venue_cl_ord_id=f"{order_id}.1",
            order_id=order_id,
            account="cash",
            instrument=X.id,
            side=side,
            ord_type=kind or (OrdType.MARKET if price is None else OrdType.LIMIT),
            qty=qty,
            price=price,
            time_in_force=tif,
            trigger_price=trigger,
            trail=trail,
            released=released,
        )
        self._keep(self.exchange.on_request(new, self.now_ns))
        return order_id

    def cancel(self, order_id):
        self._keep(
            self.exchange.on_request(
                OrderCancelRequest(
                    cl_ord_id=f"{order_id}.c", order_id=order_id, account="cash", instrument=X.id, venue_order_id=""
                ),
                self.now_ns,
            )
        )

    def replace(self, order_id, qty, price=None, trigger=None):
        self._keep(
            self.exchange.on_request(
                OrderCancelReplaceRequest(
                    cl_ord_id=f"{order_id}.r",
                    order_id=order_id,
                    account="cash",
                    instrument=X.id,
                    venue_order_id="",
                    qty=qty,
                    price=price,
                    trigger_price=trigger,
                ),
                self.now_ns,
            )
        )

    def waits(self, order_id="O1"):
        reason = self.exchange.waits(order_id)
        return reason.code if reason is not None else None

    def fills(self):
        return [(r.order_id, int(r.last_price), r.last_qty) for r in self._of(ExecType.TRADE)]

    def rules(self):
        return [r.reason.code.removeprefix("fill.bar_") for r in self._of(ExecType.TRADE)]

    def ended(self):
        return [(r.order_id, r.reason.code) for r in self._of(ExecType.CANCELED)]

    def triggered(self):
        return [(r.order_id, r.trigger_price) for r in self._of(ExecType.TRIGGERED)]

    def _of(self, what):
        return [r for r in self.reports if getattr(r, "exec_type", None) is what]

    def _keep(self, reports):
        self.reports += reports
