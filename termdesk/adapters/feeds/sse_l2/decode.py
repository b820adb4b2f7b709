"""Rows of a Shanghai Level-2 day (``entrust``, ``trade``, ``snapshot``) into market events; pure.

Columns are found by the header's names. Prices in these files went through a
binary float (``1801.00999999999999``): a price is the multiple of the tick
0.01 nearest to it, and is refused when that is more than 0.000001 away.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

import msgspec

from termdesk.adapters.feeds.broken import BrokenMessage
from termdesk.core.model.event import Level, OrderAdded, OrderMatched, OrderRemoved
from termdesk.core.model.instrument import Instrument, Share, Standing, TradingRule
from termdesk.core.model.number import Ns, Price, Qty
from termdesk.core.model.terms import Side

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
"""Asia/Shanghai has had no daylight saving since 1991."""

PRICE_DECIMALS = 2
LEVELS = 10
_NOISE = Decimal("0.0001")
"""Of a tick."""
_REMEMBERED = 65_536
_SIDES = {b"B": Side.BUY, b"S": Side.SELL}
_FLAGS = {b"B": Side.BUY, b"S": Side.SELL, b"N": None}
_KNOWN = {"600519": ("Kweichow Moutai", "贵州茅台", "2001-08-27")}
"""Names and first day of listings that never carried a risk warning: their daily price limits are known."""
_INT64_MAX = 2**63 - 1

ORDER_COLUMNS = (
    "SecurityID",
    "OrderTime",
    "OrderType",
    "OrderNO",
    "OrderPrice",
    "Balance",
    "OrderBSFlag",
    "BizIndex",
)
TRADE_COLUMNS = (
    "SecurityID",
    "TradTime",
    "TradPrice",
    "TradVolume",
    "TradeBuyNo",
    "TradeSellNo",
    "TradeBSFlag",
    "BizIndex",
    "TradeIndex",
)
SNAPSHOT_COLUMNS = (
    "SecurityID",
    "UpdateTime",
    "InstruStatus",
    "PreCloPrice",
    "TradVolume",
    "TradNumber",
    *(f"{side}{what}{n}" for side in ("Bid", "Ask") for n in range(1, LEVELS + 1) for what in ("Price", "Volume")),
)


class ExchangeSnapshot(msgspec.Struct, frozen=True, gc=False):
    """The exchange's own picture of a book, on whole seconds; a yardstick, never applied."""

    instrument: str
    at_ns: Ns
    status: str
    prev_close: Price
    volume: Qty
    trades: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


class Table:
    """Where the named columns are in the rows of one file.

    Raises:
        BrokenMessage: The header lacks a column.
    """

    __slots__ = ("_places", "_width")

    def __init__(self, header: bytes, names: Sequence[str]) -> None:
        found = header.strip().removeprefix(b"\xef\xbb\xbf").split(b",")
        missing = [name for name in names if name.encode() not in found]
        if missing:
            raise BrokenMessage(f"a header with {', '.join(missing[:3])}", header)
        self._places = tuple(found.index(name.encode()) for name in names)
        self._width = len(found)

    def cells(self, row: bytes) -> list[bytes]:
        """Cells of a row in the order of the names."""
        cells = row.rstrip(b"\r").split(b",")
        if len(cells) != self._width:
            raise BrokenMessage(f"{self._width} columns", row)
        return [cells[place] for place in self._places]


class ShanghaiDecoder:
    """Rows of one day to events. Holds no book; times are Shanghai's of that day."""

    def __init__(self, day: dt.date) -> None:
        midnight = dt.datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
        self.midnight_ns = int(midnight.timestamp()) * 1_000_000_000
        self._prices: dict[bytes, int] = {}
        self._times: dict[bytes, int] = {}
        self._ids: dict[bytes, str] = {}

    def order(self, cells: Sequence[bytes]) -> OrderAdded | OrderRemoved:
        """Decode the cells of ``ORDER_COLUMNS``."""
        code, time, kind, number, price, qty, flag, seq = cells
        side = _SIDES.get(flag)
        if side is None:
            raise BrokenMessage("B or S as side", flag)
        at_ns = self._ns(time)
        if kind == b"A":
            return OrderAdded(
                self._id(code), at_ns, at_ns, _whole(seq), _whole(number), side, self._price(price), _whole(qty)
            )
        if kind == b"D":
            return OrderRemoved(self._id(code), at_ns, at_ns, _whole(seq), _whole(number), side, _whole(qty))
        raise BrokenMessage("A or D as order type", kind)

    def trade(self, cells: Sequence[bytes]) -> OrderMatched:
        """Decode the cells of ``TRADE_COLUMNS``."""
        code, time, price, qty, buy_no, sell_no, flag, seq, trade_id = cells
        if flag not in _FLAGS:
            raise BrokenMessage("B, S or N as aggressor", flag)
        at_ns = self._ns(time)
        return OrderMatched(
            self._id(code),
            at_ns,
            at_ns,
            _whole(seq),
            _whole(trade_id),
            self._price(price),
            _whole(qty),
            _FLAGS[flag],
            _whole(buy_no),
            _whole(sell_no),
        )

    def snapshot(self, cells: Sequence[bytes]) -> ExchangeSnapshot:
        """Decode the cells of ``SNAPSHOT_COLUMNS``."""
        code, time, status, prev_close, volume, trades = cells[:6]
        if not (status.isalpha() and status.isascii() and len(status) <= 8):
            raise BrokenMessage("a status such as TRADE", status)
        return ExchangeSnapshot(
            self._id(code),
            self._ns(time),
            status.decode("ascii"),
            self._price(prev_close),
            _whole(volume),
            _whole(trades),
            self._levels(cells[6 : 6 + 2 * LEVELS]),
            self._levels(cells[6 + 2 * LEVELS :]),
        )

    def instrument(self, instrument_id: str) -> Instrument:
        """Describe a Shanghai share by its id: tick 0.01, lot 100, bought shares sold from the next day on."""
        code = instrument_id.rpartition(".")[0]
        name, name_zh, first_day = _KNOWN.get(code, (code, "", ""))
        return Instrument(
            id=instrument_id,
            name=name,
            name_zh=name_zh,
            currency="CNY",
            price_decimals=PRICE_DECIMALS,
            qty_decimals=0,
            first_day=first_day,
            source="recording",
            rules=(TradingRule("", 1, 100, 100),),
            detail=Share(settlement_days=1),
            standings=(Standing(first_day=first_day),) if first_day else (),
        )

    def _levels(self, cells: Sequence[bytes]) -> tuple[Level, ...]:
        pairs = zip(cells[::2], cells[1::2], strict=True)
        return tuple([(self._price(price), _whole(qty)) for price, qty in pairs if price not in (b"", b"0")])

    def _id(self, code: bytes) -> str:
        known = self._ids.get(code)
        if known is None:
            if len(code) != 6 or not code.isdigit():
                raise BrokenMessage("a code of six digits", code)
            known = self._ids[code] = f"{code.decode('ascii')}.SSE"
        return known

    def _price(self, text: bytes) -> int:
        price = self._prices.get(text)
        if price is None:
            if len(self._prices) >= _REMEMBERED:
                self._prices.clear()
            price = self._prices[text] = _rounded(text)
        return price

    def _ns(self, text: bytes) -> int:
        at_ns = self._times.get(text)
        if at_ns is None:
            if len(self._times) >= _REMEMBERED:
                self._times.clear()
            at_ns = self._times[text] = self.midnight_ns + _time_of_day(text)
        return at_ns


def _rounded(text: bytes) -> int:
    try:
        ticks = Decimal(text.decode("ascii")).scaleb(PRICE_DECIMALS)
        whole = ticks.quantize(Decimal(1), ROUND_HALF_EVEN)
    except (InvalidOperation, UnicodeDecodeError):
        raise BrokenMessage("a price", text) from None
    if not ticks.is_finite() or abs(ticks - whole) > _NOISE or not 0 <= whole <= _INT64_MAX:
        raise BrokenMessage("a price on the tick 0.01", text)
    return int(whole)


def _whole(text: bytes) -> int:
    if not text.isdigit() or len(text) > 18:
        raise BrokenMessage("a whole number", text)
    return int(text)


def _time_of_day(text: bytes) -> int:
    digits = text[:2] + text[3:5] + text[6:8] + text[9:12]
    if len(text) != 12 or not digits.isdigit() or text[2:3] + text[5:6] + text[8:9] != b"::.":
        raise BrokenMessage("a time HH:MM:SS.mmm", text)
    hour, minute, second, ms = int(text[:2]), int(text[3:5]), int(text[6:8]), int(text[9:12])
    if hour > 23 or minute > 59 or second > 59:
        raise BrokenMessage("a time of day", text)
    return (hour * 3600 + minute * 60 + second) * 1_000_000_000 + ms * 1_000_000
