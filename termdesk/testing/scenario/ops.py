"""What each step of a scenario does."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from termdesk.core.model.command import AmendOrder, CancelOrder, SubmitOrder
from termdesk.core.model.terms import OrdType, Side, TimeInForce
from termdesk.core.trading.ledger import Move, book_fill
from termdesk.core.trading.order import Order
from termdesk.testing.scenario.bench import ACCOUNT
from termdesk.testing.scenario.file import Step
from termdesk.testing.scenario.run import Run, Unsupported
from termdesk.testing.scenario.venue import oms_order, report

SIDES = {"BUY": Side.BUY, "SELL": Side.SELL, "bid": Side.BUY, "ask": Side.SELL, "buy": Side.BUY, "sell": Side.SELL}
T = TypeVar("T")

TYPES = {"LIMIT": OrdType.LIMIT, "MARKET": OrdType.MARKET}
TIMES = {"GTC": TimeInForce.GTC, "DAY": TimeInForce.DAY, "IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK}
_ORDER_KEYS = frozenset({"id", "side", "type", "qty", "px", "tif", "post_only", "reduce_only"})


def take_step(run: Run, step: Step) -> None:
    """Carry out one step.

    Raises:
        Unsupported: The desk has no such thing.
    """
    op = OPS.get(step["op"])
    if op is None:
        raise Unsupported(f"step {step['op']}")
    run.advance(int(step.get("t", 0)))
    op(run, step)


def submit_order(run: Run, order: Step) -> None:
    """Submit an order as the file describes it; its id becomes the command's."""
    ord_type = _word(TYPES, order["type"], "order type")
    time_in_force = _word(TIMES, order.get("tif", "GTC"), "time in force")
    extra = sorted(name for name, value in order.items() if name not in _ORDER_KEYS and value)
    if extra:
        raise Unsupported(f"order {', '.join(extra)}")
    if run.instrument.settlement_days and SIDES[order["side"]] is Side.BUY:
        raise Unsupported("T+1: bought shares are sellable at once")
    x = run.instrument
    command = SubmitOrder(
        command_id=order["id"],
        account=ACCOUNT,
        instrument=x.id,
        side=SIDES[order["side"]],
        ord_type=ord_type,
        qty=x.qty(order["qty"]),
        price=x.price(order["px"]) if "px" in order else None,
        time_in_force=time_in_force,
        post_only=bool(order.get("post_only")),
        reduce_only=bool(order.get("reduce_only")),
        origin="scenario",
    )
    known = len(run.bench.state.orders)
    answer = run.bench.give(command).answers[0]
    if answer.accepted:
        run.orders[order["id"]] = answer.order_ids[0]
    else:
        run.denied.add(order["id"])
    # A command id that was answered before makes no second order, whatever its answer.
    run.refused += len(run.bench.state.orders) == known


def _word(known: dict[str, T], word: str, what: str) -> T:
    if word not in known:
        raise Unsupported(f"{what} {word}")
    return known[word]


def _nothing(run: Run, step: Step) -> None:
    """Accounts are opened before the first step; a clock has moved on already."""
    del run, step


def _level(run: Run, step: Step) -> None:
    run.bench.level(SIDES[step["side"]], run.instrument.price(step["px"]), run.instrument.qty(step["qty"]))


def _quote(run: Run, step: Step) -> None:
    x = run.instrument
    sides = (
        ((x.price(step[side]), x.qty(step[f"{side}_qty"])),) if Decimal(step[side]) else () for side in ("bid", "ask")
    )
    run.bench.book(*sides)


def _trade(run: Run, step: Step) -> None:
    x = run.instrument
    run.bench.trade(x.price(step["px"]), x.qty(step["qty"]), SIDES.get(step["aggressor"]))


def _submit(run: Run, step: Step) -> None:
    submit_order(run, step["order"])


def _submit_many(run: Run, step: Step) -> None:
    for number in range(int(step["count"])):
        submit_order(run, {**step["template"], "id": f"{step['id_prefix']}{number}"})


def _modify(run: Run, step: Step) -> None:
    x = run.instrument
    if "trigger_px" in step:
        raise Unsupported("amending a trigger price")
    command = AmendOrder(
        command_id=run.command_id(),
        order_id=run.order_id(step["id"]),
        price=x.price(step["px"]) if "px" in step else None,
        qty=x.qty(step["qty"]) if "qty" in step else None,
    )
    asked = run.bench.give(command)
    order = run.order(step["id"])
    is_refused = not asked.answers[0].accepted
    if is_refused or (order is not None and order.status.is_open and _terms_differ(order, command)):
        run.modify_rejected.append(step["id"])


def _terms_differ(order: Order, command: AmendOrder) -> bool:
    asked = ((command.price, order.price), (command.qty, order.qty))
    return not order.in_flight and any(new is not None and new != has for new, has in asked)


def _cancel(run: Run, step: Step) -> None:
    command = CancelOrder(command_id=run.command_id(), order_id=run.order_id(step["id"]))
    if not run.bench.give(command).answers[0].accepted:
        run.cancel_rejected.append(step["id"])


def _fill(run: Run, step: Step) -> None:
    _book(run, SIDES[step["side"]], step["qty"], step["px"])


def _seed_position(run: Run, step: Step) -> None:
    qty = Decimal(step["qty"])
    if Decimal(step.get("sellable", qty)) != qty:
        raise Unsupported("T+1: a position that is sellable in part")
    _book(run, Side.BUY if qty > 0 else Side.SELL, str(abs(qty)), step["avg_px"])


def _book(run: Run, side: Side, qty: str, price: str) -> None:
    x, state = run.instrument, run.bench.state
    scaled = x.qty(qty)
    move = Move("", "", side.sign * scaled, x.cash(Decimal(price), scaled, ""), None)
    book_fill(state.accounts[ACCOUNT], 0, x, move, ())
    state.instruments[x.id] = x
    run.booked = True


def _restart(run: Run, step: Step) -> None:
    if run.booked:
        raise Unsupported("restart after booking past the facts")
    # A venue that begins again says nothing to the desk by itself.
    if step["mode"] != "venue":
        run.bench.restart(clean=step["mode"] == "clean")


OPS: dict[str, Callable[[Run, Step], None]] = {
    "account": _nothing,
    "clock": _nothing,
    "level": _level,
    "quote": _quote,
    "trade": _trade,
    "submit": _submit,
    "submit_many": _submit_many,
    "modify": _modify,
    "cancel": _cancel,
    "fill": _fill,
    "seed_position": _seed_position,
    "restart": _restart,
    "oms_order": oms_order,
    "report": report,
}
