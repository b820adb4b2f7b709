"""Orders as a scenario file describes them."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

from termdesk.core.model.command import SubmitBracket, SubmitOrder
from termdesk.core.model.errors import NumberRefused
from termdesk.core.model.terms import Contingency, OrdType, ReleaseMode, Side, TimeInForce, TrailUnit, TriggerBy
from termdesk.core.model.trigger import Trail
from termdesk.testing.scenario.bench import ACCOUNT
from termdesk.testing.scenario.file import Step
from termdesk.testing.scenario.run import MS, START_NS, Run, Unsupported

T = TypeVar("T")

SIDES = {"BUY": Side.BUY, "SELL": Side.SELL}
TYPES = {
    "LIMIT": OrdType.LIMIT,
    "MARKET": OrdType.MARKET,
    "MARKET_TO_LIMIT": OrdType.MARKET_TO_LIMIT,
    "STOP_MARKET": OrdType.STOP,
    "STOP_LIMIT": OrdType.STOP_LIMIT,
    "MARKET_IF_TOUCHED": OrdType.MARKET_IF_TOUCHED,
    "LIMIT_IF_TOUCHED": OrdType.LIMIT_IF_TOUCHED,
    "TRAILING_STOP_MARKET": OrdType.TRAILING_STOP,
    "TRAILING_STOP_LIMIT": OrdType.TRAILING_STOP_LIMIT,
}
TIMES = {each.name: each for each in TimeInForce}
UNITS = {"price": TrailUnit.PRICE, "ticks": TrailUnit.TICKS, "bps": TrailUnit.BPS, "percent": TrailUnit.PERCENT}
TRIGGERS = {each.value: each for each in TriggerBy}
_KEYS = frozenset(
    {"id", "side", "type", "qty", "px", "trigger_px", "trigger_by", "tif", "expire_t"}
    | {"post_only", "reduce_only", "oco", "ouo", "trail", "display_qty"}
)


def submit_order(run: Run, order: Step) -> None:
    """Submit an order; its id becomes the command's."""
    run.bench.expire(run.bench.now_ns)
    try:
        command = as_command(run, order)
    except NumberRefused:
        # What no field for this instrument takes, never becomes a command.
        run.refuse(order["id"])
        return
    known = len(run.bench.state.orders)
    answer = run.bench.give(command).answers[0]
    if answer.accepted:
        run.orders[order["id"]] = answer.order_ids[0]
    else:
        run.denied.add(order["id"])
    # A command id that was answered before makes no second order, whatever its answer.
    run.refused += len(run.bench.state.orders) == known


def submit_bracket(run: Run, step: Step) -> None:
    """Submit an entry with its exits."""
    exits = [step[key] for key in ("stop_loss", "take_profit") if key in step]
    mode = step.get("trigger_mode", run.policy.get("oto", "partial"))
    names = [step["entry"]["id"], *(each["id"] for each in exits)]
    run.bench.expire(run.bench.now_ns)
    try:
        command = SubmitBracket(
            command_id=step["entry"]["id"],
            entry=as_command(run, step["entry"]),
            exits=tuple(as_command(run, each) for each in exits),
            release=known_word({"full": ReleaseMode.FULL, "partial": ReleaseMode.PARTIAL}, mode, "trigger mode"),
            origin="scenario",
        )
    except NumberRefused:
        run.refuse(*names)
        return
    answer = run.bench.give(command).answers[0]
    if answer.accepted:
        run.orders.update(zip(names, answer.order_ids, strict=True))
    else:
        run.refuse(*names)


def as_command(run: Run, order: Step) -> SubmitOrder:
    """Read an order.

    Raises:
        Unsupported: It says what the desk does not know.
    """
    extra = sorted(name for name, value in order.items() if name not in _KEYS and value)
    if extra:
        raise Unsupported(f"order {', '.join(extra)}")
    x = run.instrument
    contingency, group = _group(run, order)
    return SubmitOrder(
        command_id=order["id"],
        account=ACCOUNT,
        instrument=x.id,
        side=SIDES[order["side"]],
        ord_type=known_word(TYPES, order["type"], "order type"),
        qty=x.qty(order["qty"]),
        price=x.price(order["px"]) if order.get("px") is not None else None,
        time_in_force=known_word(TIMES, order.get("tif", "GTC"), "time in force"),
        post_only=bool(order.get("post_only")),
        reduce_only=bool(order.get("reduce_only")),
        trigger_price=x.price(order["trigger_px"]) if order.get("trigger_px") is not None else None,
        trigger_by=known_word(TRIGGERS, order.get("trigger_by") or run.trigger_by, "trigger price"),
        trail=_trail(run, order.get("trail")),
        display_qty=x.qty(order["display_qty"]) if "display_qty" in order else None,
        expire_ns=START_NS + int(order["expire_t"]) * MS if order.get("expire_t") is not None else None,
        contingency=contingency,
        group=group,
        origin="scenario",
    )


def _group(run: Run, order: Step) -> tuple[Contingency | None, str]:
    """An OCO whose partial fill only reduces the others is an OUO here."""
    if order.get("ouo"):
        return Contingency.OUO, order["ouo"]
    if order.get("oco"):
        reduces = run.policy.get("oco_partial") == "reduce"
        return Contingency.OUO if reduces else Contingency.OCO, order["oco"]
    return None, ""


def _trail(run: Run, trail: Step | None) -> Trail | None:
    if not trail:
        return None
    x = run.instrument
    activation, offset = trail.get("activation_px"), trail.get("limit_offset")
    return Trail(
        unit=known_word(UNITS, trail["kind"], "trail"),
        value=Decimal(trail["value"]),
        activation_price=x.price(activation) if activation is not None else None,
        limit_offset=x.price(offset) if offset is not None else None,
    )


def known_word(known: dict[str, T], word: str, what: str) -> T:
    """What a word of the file stands for.

    Raises:
        Unsupported: The desk has no such thing.
    """
    if word not in known:
        raise Unsupported(f"{what} {word}")
    return known[word]
