"""The gate is the only way to a broker: in the code, and for whatever is asked of a desk whose gate is shut."""

from __future__ import annotations

import ast
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trading_world import BUY, MS, SELL, World, share

import termdesk
from termdesk.core.model.command import AmendOrder, CancelAll, CancelOrder, KillSwitch, SubmitBracket, SubmitOrder
from termdesk.core.model.execution import NewOrderSingle, OrderCancelReplaceRequest
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import AccountKind, Contingency, OrdType, TriggerBy
from termdesk.core.trading.orders.follow_inputs import DeadlineMet, DealSlice, TriggerMet
from termdesk.core.trading.risk import gate

ROOT = Path(termdesk.__file__).parent
MAKERS = {"core/trading/orders/placing.py", "core/trading/orders/requests.py"}
"""Who makes a request that can trade, for a sender that asked the gate."""
READERS = {"core/trading/orders/sent.py"}
"""Who makes them to compare what other simulated exchanges would have done; not known to anything that decides."""
SENDERS = {"commands", "brackets", "releasing", "fitting", "controlling"}
"""Modules of the desk that send what the makers make: each asks the gate."""


def names_of(call: ast.expr) -> str:
    return call.id if isinstance(call, ast.Name) else getattr(call, "attr", "")


def calls_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {names_of(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def imports_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {node.module or "" for node in nodes} | {
        f"{node.module}.{name.name}" for node in nodes for name in node.names
    }


def test_requests_that_can_trade_are_made_in_few_places() -> None:
    rooms = ("core", "engine", "client", "ui", "cli", "journal")
    paths = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    requests = {"NewOrderSingle", "OrderCancelReplaceRequest"}
    makers = {str(path.relative_to(ROOT)) for path in paths if calls_in(path) & requests}
    assert makers == MAKERS | READERS


def test_whoever_sends_them_asks_the_gate() -> None:
    """Only the effects of a decision leave the desk: who makes such requests but no decision sends nothing."""
    room = ROOT / "core" / "trading"
    sending = {"submitted_single", "order_single", "replace_request", "new_order"}
    calls = {path.stem: calls_in(path) for path in room.glob("*.py")}
    senders = {name for name, called in calls.items() if called & sending and "Decision" in called}
    assert senders <= SENDERS
    asking = {"passes", "passes_held", "refusal", "_refused"}
    assert all(calls[name] & asking for name in senders)


def test_no_decision_knows_the_readers() -> None:
    readers = {f"termdesk.{name.removesuffix('.py').replace('/', '.')}" for name in READERS}
    deciding = [path for path in (ROOT / "core" / "trading").rglob("*.py") if "Decision" in calls_in(path)]
    assert deciding
    assert [path.stem for path in deciding if imports_of(path) & readers] == []


class Watched(World):
    """Keeps every request that leaves the desk."""

    sent: list

    def give(self, given, cause: str = "test"):
        done = super().give(given, cause)
        self.sent = [*getattr(self, "sent", []), *done.effects]
        return done


def busy() -> Watched:
    """One order of every kind that the engine follows up by itself, before the gate is shut."""
    world = Watched(share(lot="1"))
    world.open(("a", AccountKind.MARGIN, "1000000"), ("b", AccountKind.MARGIN, "1000000"))
    world.stale_link_ns = 1 << 60
    world.quote("100.00", "500", "100.02", "500")
    world.trade("100.01", "1", None)
    order = SubmitOrder(
        command_id="", account="a", instrument=world.x.id, side=BUY, ord_type=OrdType.LIMIT, qty=100, price=9900
    )

    def send(**terms: object) -> None:
        world.commands += 1
        world.give(msgspec.structs.replace(order, command_id=f"c{world.commands}", **terms))

    send(ord_type=OrdType.MARKET, price=None)
    send(side=SELL, price=10500, qty=60, reduce_only=True)
    send(side=SELL, price=10600, qty=40, reduce_only=True, contingency=Contingency.OUO, group="g")
    send(account="b", price=9800, display_qty=10)
    send(account="b", ord_type=OrdType.STOP, price=None, trigger_price=10100, trigger_by=TriggerBy.LAST)
    send(account="b", ord_type=OrdType.STOP_LIMIT, side=SELL, price=9700, trigger_price=9750, trigger_by=TriggerBy.LAST)
    exits = (
        msgspec.structs.replace(order, side=SELL, price=10300, account="b"),
        msgspec.structs.replace(order, side=SELL, ord_type=OrdType.STOP, price=None, trigger_price=9000, account="b"),
    )
    entry = msgspec.structs.replace(order, account="b", price=9950)
    world.give(SubmitBracket(command_id="bracket", entry=entry, exits=exits))
    assert any(isinstance(request, NewOrderSingle) for request in world.sent)
    return world


ORDERS = st.integers(1, 14).map(lambda n: f"O{n}")
STEPS = st.one_of(
    st.tuples(
        st.just("submit"), st.sampled_from([BUY, SELL]), st.sampled_from([None, 9900, 10100]), st.integers(1, 150)
    ),
    st.tuples(st.just("amend"), ORDERS, st.sampled_from([None, 9890, 10550]), st.integers(1, 150)),
    st.tuples(st.just("cancel"), ORDERS),
    st.tuples(st.just("cancel_all")),
    st.tuples(st.just("kill"), st.booleans()),
    st.tuples(st.just("trigger"), ORDERS),
    st.tuples(st.just("slice"), ORDERS),
    st.tuples(st.just("deadline"), ORDERS),
    st.tuples(st.just("quote"), st.sampled_from([9700, 9900, 10000, 10300, 10700])),
    st.tuples(st.just("trade"), st.sampled_from([9700, 9900, 10000, 10300, 10700])),
)


def take(world: Watched, number: int, step: tuple) -> None:
    name, *given_ = step
    known = world.state.orders
    command_id = f"p{number}"
    if name == "submit":
        side, price, qty = given_
        ord_type = OrdType.MARKET if price is None else OrdType.LIMIT
        terms = {"side": side, "ord_type": ord_type, "qty": qty, "price": price}
        world.give(SubmitOrder(command_id=command_id, account="a", instrument=world.x.id, **terms))
    elif name == "amend":
        world.give(AmendOrder(command_id=command_id, order_id=given_[0], price=given_[1], qty=given_[2]))
    elif name == "cancel":
        world.give(CancelOrder(command_id=command_id, order_id=given_[0]))
    elif name == "cancel_all":
        world.give(CancelAll(command_id=command_id))
    elif name == "kill":
        world.give(KillSwitch(command_id=command_id, note="n", flatten=given_[0]))
    elif name == "trigger" and given_[0] in known:
        world.give(TriggerMet(order_id=given_[0], trigger_price=10000))
    elif name == "slice" and given_[0] in known:
        world.give(DealSlice(order_id=given_[0]))
    elif name == "deadline" and given_[0] in known:
        world.give(DeadlineMet(order_id=given_[0]))
    elif name == "quote":
        text = world.x.price_text
        world.quote(text(given_[0]), "500", text(given_[0] + 2), "500")
    elif name == "trade":
        world.trade(world.x.price_text(given_[0]), "50", None)
    world.now_ns += MS


@settings(max_examples=60)
@given(st.lists(STEPS, max_size=25))
def test_behind_a_shut_gate_nothing_that_can_trade_more_leaves(steps: list[tuple]) -> None:
    world = busy()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "RULES", (lambda _: Reason("risk.restricted", {"instrument": "X"}),))
        before = len(world.sent)
        for number, step in enumerate(steps):
            terms = {order_id: (order.qty, order.price) for order_id, order in world.state.orders.items()}
            seen = len(world.sent)
            take(world, number, step)
            for request in world.sent[max(before, seen) :]:
                assert not isinstance(request, NewOrderSingle)
                if isinstance(request, OrderCancelReplaceRequest):
                    qty, price = terms[request.order_id]
                    assert request.qty < qty
                    assert request.price == price


def test_with_the_gate_open_the_same_desk_sends_by_itself() -> None:
    world = busy()
    before = len(world.sent)
    for order_id in list(world.state.orders):
        world.give(TriggerMet(order_id=order_id, trigger_price=10000))
    assert any(isinstance(request, NewOrderSingle) for request in world.sent[before:])
