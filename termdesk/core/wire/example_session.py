"""A short session as frames, for the page about the protocol."""

from __future__ import annotations

from decimal import Decimal

from termdesk.core.model.command import Answer, SubmitOrder
from termdesk.core.model.facts import OrderAccepted, Recorded
from termdesk.core.model.instrument import Instrument, Spot, TradingRule
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Mode, OrdType, Phase, Side
from termdesk.core.wire.frames import (
    PROTOCOL,
    Answered,
    Ask,
    ClientFrame,
    Do,
    EngineFrame,
    FollowLog,
    Hello,
    Log,
    Reply,
    Subscribe,
    Topics,
    Update,
    Welcome,
)
from termdesk.core.wire.json_frames import encode_client_json, encode_engine_json
from termdesk.core.wire.queries import BookQuery, BookResult
from termdesk.core.wire.topics import BookBody, QuoteBody

_INSTRUMENT = Instrument(
    id="BTCUSDT.DEMO",
    name="BTC/USDT",
    currency="USDT",
    price_decimals=2,
    qty_decimals=5,
    rules=(TradingRule(first_day="", tick=1, lot=1, min_qty=1),),
    detail=Spot(base="BTC"),
)
_ID = _INSTRUMENT.id
_NS = 1_769_851_800_000_000_000


class _Scales:
    """Knows the one instrument of the session."""

    def instrument(self, instrument_id: str) -> Instrument | None:
        return _INSTRUMENT if instrument_id == _ID else None

    def order_instrument(self, order_id: str) -> str | None:
        return _ID if order_id else None


def example_session() -> str:
    """Give the session in JSON, a frame a line; ``>`` is the client, ``<`` the engine."""
    scales = _Scales()
    lines = []
    for ask, reply in _turns():
        lines += [f"> {encode_client_json(ask, scales)}"] if ask is not None else []
        lines += [f"< {encode_engine_json(reply, scales)}"] if reply is not None else []
    return "\n".join(lines)


def _turns() -> list[tuple[ClientFrame | None, EngineFrame | None]]:
    order = SubmitOrder(
        command_id="7c1e",
        account="cash",
        instrument=_ID,
        side=Side.BUY,
        ord_type=OrdType.LIMIT,
        qty=1_000,
        price=6_100_000,
    )
    accepted = OrderAccepted(
        order_id="o-1",
        cl_ord_id="o-1.1",
        exec_id="x-1",
        venue_order_id="v-1",
        reason=Reason("queue.back", {"ahead": "1.20000", "level": "1.20000"}),
    )
    record = Recorded(
        seq=42,
        at_ns=_NS + 2_000_000,
        wall_ns=_NS + 2_000_000,
        trading_day="2026-01-31",
        cause="report:x-1",
        actor="paper",
        fact=accepted,
    )
    book = BookBody(_ID, 1, ((6_100_000, 121_000),), ((6_100_010, 35_000),), 9, valid=True, recv_ns=_NS)
    return [
        (Hello(protocol=PROTOCOL, client="mine 1.0"), _welcome()),
        (Subscribe(topic=f"quote/{_ID}", rate=5.0), Topics(desk_ns=_NS, updates=(Update(f"quote/{_ID}", _quote()),))),
        (FollowLog(cursor=41), None),
        (Do(command=order), Answered(answer=Answer(command_id="7c1e", accepted=True, order_ids=("o-1",)))),
        (None, Log(records=(record,))),
        (
            Ask(request_id=1, query=BookQuery(_ID, 1)),
            Reply(request_id=1, page=0, more=False, result=BookResult(book)),
        ),
    ]


def _welcome() -> Welcome:
    return Welcome(
        protocol=PROTOCOL,
        engine_version="0.1.0",
        desk="demo",
        mode=Mode.DEMO,
        base_currency="CNY",
        actor="ada",
        session="s-1",
        cursor=41,
        desk_ns=_NS,
        accounts=("cash", "margin"),
        capabilities=("put", "presence"),
    )


def _quote() -> QuoteBody:
    return QuoteBody(
        instrument=_ID,
        version=1,
        bid=6_100_000,
        bid_qty=120_000,
        ask=6_100_010,
        ask_qty=35_000,
        last=6_100_000,
        last_qty=1_500,
        aggressor=Side.SELL,
        open=6_050_000,
        high=6_120_000,
        low=6_040_000,
        prev_close=6_050_000,
        volume=12_345_678,
        turnover=Decimal("7512345.67"),
        trades=4_711,
        phase=Phase.CONTINUOUS,
        venue_ns=_NS,
        recv_ns=_NS,
        feed="demo",
        book_valid=True,
    )
