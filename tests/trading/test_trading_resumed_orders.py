"""What waits in the engine outlives it; what was due while it was off is done first."""

from __future__ import annotations

from decimal import Decimal

from trading_world import BUY, MS, SELL, World, replayed

from termdesk.core.model.command import SubmitBracket, SubmitOrder
from termdesk.core.model.terms import OrdType, TimeInForce, TrailUnit
from termdesk.core.model.trigger import Trail
from termdesk.core.trading import read
from termdesk.core.trading.inputs import ResumeDesk
from termdesk.core.trading.orders.deadlines import next_deadline
from termdesk.core.trading.orders.watching import TriggerWatch

TRAIL = Trail(unit=TrailUnit.PRICE, value=Decimal(1))


def restarted(world: World) -> None:
    """Begin again from the facts, with the marks that were saved, as an engine does."""
    marks = world.watch.marks()
    world.state, world.watch = replayed(world.records), TriggerWatch()
    world.give(ResumeDesk(clean=False, engine_version="", simulated=("paper",)))
    world.watch.resume(world.state, world, marks)


def test_a_trailing_trigger_goes_on_from_where_it_stood_marked_so(world: World) -> None:
    world.trade("100.00", "1", None)
    world.send(SELL, OrdType.TRAILING_STOP, "1", account="margin", trail=TRAIL)
    world.trade("104.00", "1", None)
    restarted(world)
    order = world.order("O1")
    assert order.status.value == "new"
    assert world.watch.trigger_of(order) == (world.x.price("103.00"), True)
    assert world.watch.waits(order, world.market.states[world.x.id]).code == "wait.trigger_restarted"
    world.trade("103.00", "1", None)
    assert world.order("O1").status.value == "filled"


def test_held_exits_stay_held_and_no_venue_is_told_of_them(world: World) -> None:
    x = world.x
    common = {"command_id": "", "account": "cash", "instrument": x.id, "qty": x.qty("1")}
    entry = SubmitOrder(side=BUY, ord_type=OrdType.LIMIT, price=x.price("99.00"), **common)
    stop = SubmitOrder(side=SELL, ord_type=OrdType.STOP, trigger_price=x.price("95.00"), **common)
    world.give(SubmitBracket(command_id="b", entry=entry, exits=(stop,)))
    restarted(world)
    assert [order.status.value for order in world.state.orders.values()] == ["new", "held"]
    assert [one.new.order_id for one in read.restorable(world.state, "paper")] == ["O1"]
    world.level(SELL, "99.00", "2")
    assert [order.status.value for order in world.state.orders.values()] == ["filled", "new"]


def test_what_was_due_meanwhile_is_due_at_once(world: World) -> None:
    end = world.now_ns + 5 * MS
    world.send(BUY, OrdType.STOP, "1", trigger_price="110.00", time_in_force=TimeInForce.GTD, expire_ns=end)
    restarted(world)
    assert next_deadline(world.state) == end
    world.clock(end + 1000 * MS)
    assert world.order("O1").status.value == "expired"
    assert not world.state.deadlines
