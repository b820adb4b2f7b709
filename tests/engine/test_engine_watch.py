"""Watch state goes into checkpoints and comes back as events."""

from __future__ import annotations

import msgspec

from termdesk.core.market.market import Market
from termdesk.core.model.event import DayReference, InstrumentDefined, Trade
from termdesk.core.model.instrument import Instrument, Spot, TradingRule
from termdesk.core.model.terms import Side
from termdesk.engine.starting import restore_market
from termdesk.engine.watch import Watch, restored
from termdesk.journal import Batch, MemoryJournal

ID = "ABC.TEST"
MINUTE = 60 * 10**9


def traded() -> Market:
    """A market that traded at 100, 90 and 120 over three minutes."""
    rule = TradingRule(first_day="", tick=1, lot=1, min_qty=1)
    detail = Spot(base="ABC")
    instrument = Instrument(
        id=ID, name="abc", currency="USDT", price_decimals=2, qty_decimals=2, rules=(rule,), detail=detail
    )
    market = Market()
    market.apply(InstrumentDefined(1, instrument), "f")
    market.apply(DayReference(ID, 1, 1, 95, mean_volume=7_000), "f")
    for number, price in enumerate((100, 90, 120), 1):
        at_ns = number * MINUTE
        market.apply(Trade(ID, at_ns, at_ns, number, price, 500, Side.BUY), "f")
    return market


def test_numbers_of_the_day_and_bars_are_there_after_a_restart() -> None:
    before, journal = traded(), MemoryJournal()
    journal.append(Batch(checkpoints=Watch(before).collect(4 * MINUTE, everything=True)))
    after = Market()
    known = restore_market(after, restored(journal))
    was, state = before.states[ID], after.states[ID]
    for name in ("open", "high", "low", "volume", "turnover", "trades", "prev_close", "mean_volume"):
        assert getattr(state, name) == getattr(was, name), name
    assert [bar.close for bar in state.bars.closed] == [100, 90, 120]
    assert [type(event) for event in known] == [DayReference, Trade]
    assert isinstance(known[0], DayReference)
    assert known[0].mean_volume == 7_000


def test_what_an_earlier_version_saved_has_no_mean_volume() -> None:
    (saved,) = [point for point in Watch(traded()).collect(MINUTE, everything=True) if point.name == "watch"]
    before = [line[:-1] for line in msgspec.msgpack.decode(saved.body)]
    journal = MemoryJournal()
    journal.append(Batch(checkpoints=[msgspec.structs.replace(saved, body=msgspec.msgpack.encode(before))]))
    told = [event for _, event in restored(journal) if isinstance(event, DayReference)]
    assert [event.mean_volume for event in told] == [0]
