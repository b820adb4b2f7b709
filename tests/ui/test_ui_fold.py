"""The screen folds the log into the same order lines as the engine."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from termdesk.core.model import facts
from termdesk.core.model.facts import Recorded
from termdesk.core.model.instrument import Instrument, Share, TradingRule
from termdesk.core.model.reason import MarketSeen, Reason
from termdesk.core.model.terms import (
    AccountKind,
    Contingency,
    Mode,
    OrdStatus,
    OrdType,
    Outcome,
    Phase,
    PositionEffect,
    ReleaseMode,
    Side,
    TimeInForce,
)
from termdesk.core.trading.evolve import evolve
from termdesk.core.trading.read import order_lines
from termdesk.core.trading.state import DeskState
from termdesk.ui.fold import Orders, fill_line

SEEN = MarketSeen(999, 1, 1001, 1, 1000, 0, 0, Phase.CONTINUOUS, "demo", 1)
WHY = Reason("end.asked")
SHARE = Instrument(
    id="600519.DEMO",
    name="Kweichow Moutai",
    currency="CNY",
    price_decimals=2,
    qty_decimals=0,
    rules=(TradingRule("", 1, 100, 100),),
    detail=Share(),
)
OPENING: tuple[facts.Fact, ...] = (
    facts.DeskOpened(desk="demo", mode=Mode.DEMO, seed=1, base_currency="CNY"),
    facts.AccountOpened(account="cash", kind=AccountKind.MARGIN, broker="paper"),
    facts.CashDeposited(account="cash", asset="CNY", amount=Decimal(1_000_000)),
    facts.InstrumentListed(instrument=SHARE),
    facts.OrderSubmitted(
        command_id="c1",
        order_id="O1",
        cl_ord_id="O1-1",
        venue_cl_ord_id="O1-1",
        account="cash",
        instrument=SHARE.id,
        instrument_version=1,
        side=Side.BUY,
        ord_type=OrdType.LIMIT,
        qty=500,
        price=1000,
        time_in_force=TimeInForce.GTC,
        position_effect=PositionEffect.AUTO,
        origin="ladder",
        reserve_asset="CNY",
        reserve=Decimal(5001),
        fee_rate=Decimal("0.0001"),
        seen=SEEN,
    ),
)


def filled(qty: int, price: str, number: int) -> facts.OrderFilled:
    values: dict[str, Any] = {
        "order_id": "O1",
        "exec_id": f"E{number}",
        "account": "cash",
        "instrument": SHARE.id,
        "side": Side.BUY,
        "qty": qty,
        "price": Decimal(price),
        "amount": Decimal(price) * qty,
        "fees": (),
        "liquidity": None,
        "reason": WHY,
        "seen": SEEN,
        "reserve": Decimal(0),
    }
    return facts.OrderFilled(**values)


def requests(number: int) -> list[facts.Fact]:
    chain = f"O1-{number}"
    return [
        facts.CancelRequested(command_id=f"x{number}", order_id="O1", cl_ord_id=chain),
        facts.ReplaceRequested(
            command_id=f"r{number}", order_id="O1", cl_ord_id=chain, qty=400, price=999, reserve=Decimal(1), seen=SEEN
        ),
    ]


def answers(number: int) -> list[facts.Fact]:
    chain, exec_id = f"O1-{number}", f"A{number}"
    return [
        facts.OrderAccepted(order_id="O1", cl_ord_id="O1-1", exec_id=exec_id, venue_order_id="V1"),
        facts.OrderRejected(order_id="O1", exec_id=exec_id, reason=WHY),
        facts.OrderNotSent(order_id="O1", reason=WHY),
        facts.OrderCanceled(order_id="O1", exec_id=exec_id, reason=WHY),
        facts.OrderExpired(order_id="O1", exec_id=exec_id),
        facts.OrderReplaced(
            order_id="O1", cl_ord_id=chain, exec_id=exec_id, qty=400, price=999, reserve=Decimal(1), reason=WHY
        ),
        facts.CancelRejected(
            order_id="O1", cl_ord_id=chain, exec_id=exec_id, is_replace=False, reserve=Decimal(1), reason=WHY
        ),
        facts.OutcomeUnknown(order_id="O1", cl_ord_id="O1-1", reason=WHY),
        facts.OrderRejected(order_id="O1", exec_id=exec_id, reason=WHY, presumed=True),
        *(
            facts.OrderResolved(command_id=f"s{number}", order_id="O1", outcome=outcome, note="", reason=WHY)
            for outcome in Outcome
        ),
    ]


@st.composite
def histories(draw: st.DrawFn) -> list[facts.Fact]:
    made: list[facts.Fact] = []
    for number in range(2, 2 + draw(st.integers(0, 8))):
        kind = draw(st.integers(0, 9))
        if kind < 3:
            made.append(filled(100 * draw(st.integers(1, 3)), draw(st.sampled_from(["10", "9.99", "10.003"])), number))
        elif kind < 5:
            made.append(draw(st.sampled_from(requests(number))))
        else:
            made.append(draw(st.sampled_from(answers(draw(st.integers(2, number))))))
    return made


def recorded(seq: int, fact: facts.Fact) -> Recorded:
    return Recorded(seq=seq, at_ns=seq * 10, wall_ns=0, trading_day="2026-11-22", cause="", actor="", fact=fact)


@given(histories())
def test_lines_equal_the_engines_after_every_record(history: list[facts.Fact]) -> None:
    state, orders = DeskState(), Orders()
    for seq, fact in enumerate((*OPENING, *history), start=1):
        record = recorded(seq, fact)
        evolve(state, record)
        orders.fold(record)
        assert tuple(orders.lines.values()) == order_lines(state)


def test_exit_that_is_held_let_go_moved_triggered_and_filled_equals_the_engines() -> None:
    entry = OPENING[-1]
    assert isinstance(entry, facts.OrderSubmitted)
    held = replace(
        entry,
        command_id="c2",
        order_id="O2",
        cl_ord_id="O2-1",
        venue_cl_ord_id="O2-1",
        side=Side.SELL,
        ord_type=OrdType.STOP_LIMIT,
        price=890,
        trigger_price=900,
        reduce_only=True,
        parent_id="O1",
        group="g",
        contingency=Contingency.OUO,
        release=ReleaseMode.PARTIAL,
        reserve_asset=SHARE.id,
        reserve=Decimal(0),
    )
    none = Decimal(0)
    moved = {"cl_ord_id": "O2-2", "exec_id": "E3", "qty": 200, "price": 895, "reserve": none, "trigger_price": 905}
    history = (
        held,
        filled(200, "10", 7),
        facts.OrderReleased(order_id="O2", qty=200, reserve=none, seen=SEEN),
        facts.OrderAccepted(order_id="O2", cl_ord_id="O2-1", exec_id="E2", venue_order_id="V2"),
        facts.OrderReplaced(order_id="O2", **moved),
        facts.OrderTriggered(order_id="O2", exec_id="E4", trigger_price=905, price=895, reserve=none, seen=SEEN),
    )
    state, orders = DeskState(), Orders()
    for seq, fact in enumerate((*OPENING, *history), start=1):
        evolve(state, recorded(seq, fact))
        orders.fold(recorded(seq, fact))
        assert tuple(orders.lines.values()) == order_lines(state)
    assert (orders.lines["O2"].triggered, orders.lines["O2"].trigger_price) == (True, 905)


def folded(*history: facts.Fact, after: int) -> OrdStatus:
    """Load what the engine shows after some records, fold the rest."""
    state, orders = DeskState(), Orders()
    for seq, fact in enumerate((*OPENING, *history), start=1):
        if seq == len(OPENING) + after + 1:
            orders.load(order_lines(state))
        evolve(state, recorded(seq, fact))
        orders.fold(recorded(seq, fact))
    assert tuple(orders.lines.values()) == order_lines(state)
    return orders.lines["O1"].status


def test_snapshot_in_the_middle_of_a_cancel_goes_on_as_the_engine() -> None:
    (cancel, _), accepted, refused = requests(2), answers(2)[0], answers(2)[6]
    assert folded(accepted, cancel, refused, after=2) is OrdStatus.NEW
    assert folded(accepted, cancel, answers(2)[3], after=2) is OrdStatus.CANCELED


def test_snapshot_in_the_middle_of_an_amend_goes_on_as_the_engine() -> None:
    _, replace = requests(2)
    accepted, replaced = answers(2)[0], answers(2)[5]
    assert folded(accepted, filled(100, "10", 7), replace, replaced, after=3) is OrdStatus.NEW


def test_snapshot_of_a_part_filled_order_keeps_its_average() -> None:
    assert folded(filled(100, "10", 2), filled(200, "9.99", 3), filled(200, "10.01", 4), after=1) is OrdStatus.FILLED


@pytest.mark.parametrize("fact", [OPENING[0], OPENING[3]], ids=lambda fact: type(fact).__name__)
def test_records_of_other_subjects_change_nothing(fact: facts.Fact) -> None:
    orders = Orders()
    assert orders.fold(recorded(1, fact)) == ""
    assert orders.lines == {}
    assert fill_line(recorded(1, fact)) is None


def test_fill_line_keeps_place_and_time() -> None:
    line = fill_line(recorded(9, filled(100, "10", 2)))
    assert line is not None
    assert (line.seq, line.at_ns, line.fill.exec_id) == (9, 90, "E2")
