"""Binance messages to events; what is broken says what was expected and what came."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recorded_lines import depth, rest, ticker, trade

from termdesk.adapters.feeds.binance.decode import BinanceDecoder, UnknownSymbol
from termdesk.adapters.feeds.binance.instruments import USDM, Evidence
from termdesk.adapters.feeds.broken import BrokenMessage
from termdesk.adapters.feeds.scaled_text import REMEMBERED, ScaledText
from termdesk.core.model.errors import NumberRefused
from termdesk.core.model.event import BestQuote, BookDelta, BookSnapshot, Trade
from termdesk.core.model.number import to_scaled
from termdesk.core.model.terms import Side

ID = "BTCUSDT.BINANCE"


def payload(line: str) -> bytes:
    return line.partition(" ")[2].encode()


GOOD = (ticker(0, 7), trade(3, 8), depth(4, 1, 2, [["100.50000000", "0.25000000"]], [["101.00000000", "0.00000000"]]))


def introduced() -> BinanceDecoder:
    evidence = Evidence()
    evidence.see(payload(ticker(0, 1)))
    made = BinanceDecoder()
    made.introduce(evidence.instrument("BTCUSDT"))
    return made


@pytest.fixture(params=["first message", "stream known"])
def decoder(request: pytest.FixtureRequest) -> BinanceDecoder:
    """Before and after it met each stream: read as text, and the fast way."""
    made = introduced()
    if request.param == "stream known":
        for line in GOOD:
            made.decode(payload(line), 1)
    return made


def test_each_stream_becomes_its_event_in_scaled_ints(decoder: BinanceDecoder) -> None:
    assert decoder.decode(payload(ticker(0, 7)), 9) == BestQuote(ID, 0, 9, 7, 10_000, 10**8, 10_001, 2 * 10**8)
    assert decoder.decode(payload(trade(3, 8)), 9) == Trade(ID, 3_000_000, 9, 8, 10_000, 5 * 10**7, Side.SELL)
    assert decoder.decode(payload(trade(3, 8, m=False)), 9) == Trade(ID, 3_000_000, 9, 8, 10_000, 5 * 10**7, Side.BUY)
    assert decoder.decode(payload(GOOD[2]), 9) == BookDelta(
        ID, 4_000_000, 9, 1, 2, -1, ((10_050, 25_000_000),), ((10_100, 0),)
    )
    whole = payload(rest(5, 77, [["100.5", "1"]], []))
    assert decoder.decode(whole, 9) == BookSnapshot(ID, 0, 9, 77, ((10_050, 10**8),), ())


def test_a_futures_trade_outside_the_book_is_no_event(decoder: BinanceDecoder) -> None:
    assert decoder.decode(payload(trade(3, 8, X="INSURANCE_FUND")), 9) is None
    assert isinstance(decoder.decode(payload(trade(3, 8, X="MARKET")), 9), Trade)


def test_futures_depth_names_the_update_before_it(decoder: BinanceDecoder) -> None:
    event = decoder.decode(payload(depth(4, 5, 6, [], [], pu=3)), 9)
    assert isinstance(event, BookDelta)
    assert event.prev_seq == 3


def test_an_unknown_symbol_says_which(decoder: BinanceDecoder) -> None:
    with pytest.raises(UnknownSymbol) as caught:
        decoder.decode(payload(ticker(0, 1, symbol="ETHUSDT")), 9)
    assert caught.value.symbol == "ETHUSDT"


HOSTILE = {
    "nothing": b"",
    "no json": b"\x00\xff\x1b[31m",
    "cut short": payload(ticker(0, 1))[:-20],
    "another stream": b'{"stream":"btcusdt@kline_1m","data":{}}',
    "day statistics": b'{"stream":"btcusdt@ticker","data":{"s":"BTCUSDT","p":"1","q":"1"}}',
    "no number": payload(ticker(0, 1, bid="abc")),
    "exponent of an exponent": payload(depth(0, 1, 2, [["1e5", "1"]], [])),
    "not finite": payload(ticker(0, 1, bid="Infinity")),
    "negative": payload(ticker(0, 1, bid="-1.00")),
    "other digits": payload(ticker(0, 1, bid="１２")),
    "underscore": payload(ticker(0, 1, bid="1_000")),
    "too fine": payload(ticker(0, 1, bid="100.001")),
    "too large": payload(ticker(0, 1, bid="9" * 30)),
    "endless": payload(ticker(0, 1, bid="0." + "1" * 5000)),
    "too fine a level": payload(depth(0, 1, 2, [["100.001", "1.00000000"]], [])),
    "too fine a size": payload(trade(0, 1, q="1.000000001")),
    "negative level": payload(depth(0, 1, 2, [["-100.00", "1.00000000"]], [])),
    "level of one": payload(depth(0, 1, 2, [["1.00"]], [])),
    "sequence beyond 64 bits": payload(ticker(0, 2**70)),
    "negative sequence": payload(ticker(0, -1)),
    "time beyond the calendar": payload(trade(10**17, 1)),
    "level of three": payload(depth(0, 1, 2, [["1", "2", "3"]], [])),
    "symbol with escapes": payload(ticker(0, 1, symbol="\x1b[2J")),
    "deep": b'{"stream":"btcusdt@depth","data":' + b"[" * 5000,
    "list": b"[1,2]",
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_input_raises_one_error_that_is_safe_to_show(decoder: BinanceDecoder, raw: bytes) -> None:
    with pytest.raises(BrokenMessage) as caught:
        decoder.decode(raw, 9)
    reason = caught.value.reason
    assert reason.startswith("expected ")
    assert ", came " in reason
    assert len(reason) <= 200
    assert reason.isprintable()
    assert reason.isascii()


price_text = st.integers(0, 10**9).map(lambda n: f"{n // 100}.{n % 100:02d}000000")
size_text = st.integers(0, 10**12).map(lambda n: f"{n // 10**8}.{n % 10**8:08d}")
level_texts = st.lists(st.tuples(price_text, size_text), max_size=8)


@given(level_texts, level_texts, st.sampled_from([None, (",", ":"), (", ", ": ")]), st.booleans())
def test_the_fast_way_gives_what_the_text_gives(
    bids: list, asks: list, separators: tuple | None, futures: bool
) -> None:
    line = depth(4, 1, 2, bids, asks, **({"pu": 0} if futures else {}))
    raw = json.dumps(json.loads(payload(line)), separators=separators).encode()
    plain, fast = introduced(), introduced()
    fast.decode(payload(GOOD[2]), 1)
    event = fast.decode(raw, 9)
    assert event == plain.decode(raw, 9)
    assert isinstance(event, BookDelta)
    assert event.bids == tuple((to_scaled(p, 2), to_scaled(q, 8)) for p, q in bids)
    assert event.asks == tuple((to_scaled(p, 2), to_scaled(q, 8)) for p, q in asks)


@given(price_text, size_text, price_text, size_text)
def test_fast_quotes_and_trades_give_what_the_text_gives(bid: str, bid_qty: str, ask: str, ask_qty: str) -> None:
    fast = introduced()
    for line in GOOD:
        fast.decode(payload(line), 1)
    quote = json.loads(payload(ticker(0, 5, bid=bid, ask=ask)))
    quote["data"] |= {"B": bid_qty, "A": ask_qty}
    made = fast.decode(json.dumps(quote, separators=(",", ":")).encode(), 9)
    numbers = (to_scaled(bid, 2), to_scaled(bid_qty, 8), to_scaled(ask, 2), to_scaled(ask_qty, 8))
    assert made == BestQuote(ID, 0, 9, 5, *numbers)
    made = fast.decode(payload(trade(0, 5, price=bid, q=bid_qty)), 9)
    assert made == Trade(ID, 0, 9, 5, numbers[0], numbers[1], Side.SELL)


@pytest.mark.parametrize("size", ["22517998.13685249", "90071992.54740993", "92233720368.54775807"])
def test_numbers_beyond_a_floats_reach_are_exact_too(decoder: BinanceDecoder, size: str) -> None:
    for line in (trade(0, 5, q=size), depth(0, 1, 2, [["100.00000000", size]], [])):
        event = decoder.decode(payload(line), 9)
        assert isinstance(event, Trade | BookDelta)
        assert (event.qty if isinstance(event, Trade) else event.bids[0][1]) == to_scaled(size, 8)


def test_two_symbols_in_one_stream_are_told_apart(decoder: BinanceDecoder) -> None:
    evidence = Evidence()
    evidence.see(payload(ticker(0, 1, symbol="BTCUSDC", bid="1.5000")))
    decoder.introduce(evidence.instrument("BTCUSDC"))
    for symbol in ("BTCUSDT", "BTCUSDC", "BTCUSDT", "BTCUSDC"):
        event = decoder.decode(payload(ticker(0, 1, symbol=symbol)), 9)
        assert isinstance(event, BestQuote)
        assert event.instrument == f"{symbol}.BINANCE"
    wrong = payload(ticker(0, 1)).replace(b'"s":"BTCUSDT"', b'"s":"XXXUSDT"')
    with pytest.raises(UnknownSymbol):
        decoder.decode(wrong, 9)


@given(st.binary(max_size=200) | st.text(max_size=80).map(lambda text: text.encode()))
def test_any_bytes_decode_or_raise_that_error(raw: bytes) -> None:
    with pytest.raises(BrokenMessage):
        BinanceDecoder().decode(raw, 1)


@given(st.decimals(min_value=0, max_value=10**9, places=4).map(lambda value: f"{value:f}"), st.integers(0, 6))
def test_the_memo_equals_the_exact_conversion(text: str, decimals: int) -> None:
    memo = ScaledText(decimals)
    try:
        wanted = to_scaled(text, decimals)
    except NumberRefused:
        with pytest.raises(BrokenMessage):
            memo[text]
    else:
        assert memo[text] == wanted
        assert memo[text] == wanted


def test_the_memo_is_bounded() -> None:
    memo = ScaledText(0)
    for number in range(REMEMBERED + 10):
        assert memo[str(number)] == number
    assert len(memo) <= REMEMBERED


def test_a_snapshot_among_several_symbols_is_refused(decoder: BinanceDecoder) -> None:
    evidence = Evidence()
    evidence.see(payload(ticker(0, 1, symbol="ETHUSDT")))
    decoder.introduce(evidence.instrument("ETHUSDT"))
    with pytest.raises(BrokenMessage, match="exactly one symbol"):
        decoder.decode(payload(rest(5, 77, [], [])), 9)


def test_other_symbols_store_what_is_written_and_step_by_what_was_seen() -> None:
    evidence = Evidence()
    evidence.see(payload(ticker(0, 1, bid="0.00001230", ask="0.00001240", symbol="PEPEUSDC")))
    evidence.see(payload(rest(1, 5, [["0.00001235", "150.00000000"]], [])))
    instrument = evidence.instrument("PEPEUSDC")
    assert (instrument.id, instrument.currency, instrument.name) == ("PEPEUSDC.BINANCE", "USDC", "PEPE/USDC")
    assert (instrument.price_decimals, instrument.qty_decimals) == (8, 8)
    (rule,) = instrument.rules
    assert (rule.tick, rule.lot) == (1, 10**8)


def test_futures_are_told_by_their_fields() -> None:
    for line in (depth(0, 1, 2, [], [], pu=0), trade(0, 1, X="MARKET")):
        evidence = Evidence()
        evidence.see(payload(line))
        assert evidence.venue == USDM
    assert evidence.instrument("BTCUSDT").kind == "perpetual"


@pytest.mark.parametrize("symbol", ["", "btc", "BTC/USDT", "\x1b[2J", "币安人生USDT", "A" * 40])
def test_a_symbol_that_is_no_plain_code_is_refused(symbol: str) -> None:
    with pytest.raises(BrokenMessage):
        Evidence().instrument(symbol)
