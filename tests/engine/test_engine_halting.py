"""While trading is halted what only reduces risk goes through, and nothing that opens or closes a position leaves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from termdesk.core.model.command import (
    AmendOrder,
    CancelAll,
    CancelOrder,
    KillSwitch,
    MoveCash,
    SetTradingState,
    SubmitOrder,
)
from termdesk.core.model.execution import NewOrderSingle, OrderCancelReplaceRequest, OrderCancelRequest
from termdesk.core.model.limits import TradingState
from termdesk.core.model.terms import OrdType, Side, TimeInForce
from termdesk.engine.halting import asked_again, goes_out, passes

SUBMIT = SubmitOrder(
    command_id="c", account="a", instrument="A.X", side=Side.SELL, ord_type=OrdType.MARKET, qty=1, reduce_only=True
)


@pytest.mark.parametrize(
    ("command", "taken"),
    [
        (CancelOrder(command_id="c", order_id="O1"), True),
        (CancelAll(command_id="c"), True),
        (KillSwitch(command_id="c", note="n"), True),
        (SetTradingState(command_id="c", state=TradingState.HALTED, note="n"), True),
        (SetTradingState(command_id="c", state=TradingState.ACTIVE, note="n"), False),
        (AmendOrder(command_id="c", order_id="O1", qty=1), False),
        (MoveCash(command_id="c", account="a", asset="CNY", amount=Decimal(1)), False),
        (SUBMIT, False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_only_what_reduces_risk_is_taken(command: Any, taken: bool) -> None:
    assert passes(command) is taken


def test_only_cancels_reach_a_broker() -> None:
    ids = {"cl_ord_id": "O1.2", "order_id": "O1", "account": "a", "instrument": "A.X"}
    assert goes_out(OrderCancelRequest(**ids, venue_order_id="V1"))
    assert not goes_out(OrderCancelReplaceRequest(**ids, venue_order_id="V1", qty=1, price=1))
    terms: dict[str, Any] = {"side": Side.SELL, "ord_type": OrdType.MARKET, "qty": 1, "price": None}
    assert not goes_out(NewOrderSingle(**ids, **terms, venue_cl_ord_id="v", time_in_force=TimeInForce.IOC))


def test_a_position_is_never_closed_later_by_itself() -> None:
    asked = KillSwitch(command_id="c", note="n", account="a", flatten=True)
    assert asked_again(asked) == KillSwitch(command_id="c", note="n", account="a", flatten=False)
    assert asked_again(SUBMIT) is SUBMIT
