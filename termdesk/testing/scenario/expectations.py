"""What a scenario expects, held against the desk: every difference as a line for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from termdesk.core.model.execution import BrokerRequest
from termdesk.core.model.facts import AlertRaised, OrderFilled, Recorded, SurveillanceNoticed
from termdesk.core.model.number import plain
from termdesk.core.model.venue import SnapshotRequest
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.valuation import Unpriced, account_body
from termdesk.testing.scenario.bench import ACCOUNT
from termdesk.testing.scenario.file import Step
from termdesk.testing.scenario.run import MS, START_NS, Run, Unsupported

_ENDLESS = 28
"""Digits of a quotient that has no end."""


def differences(run: Run, expect: Step) -> list[str]:
    """Compare every key of an expectation.

    Raises:
        Unsupported: A key asks for what the desk does not tell.
    """
    tolerance = Decimal(expect.get("tolerance", 0))
    found: list[str] = []
    for key, wanted in expect.items():
        if key == "tolerance":
            continue
        check = CHECKS.get(key)
        if check is None:
            raise Unsupported(f"expectation {key}")
        found += check(run, wanted, tolerance)
    return found


def _unlike(what: str, got: object, wanted: object) -> Iterator[str]:
    if got != wanted:
        yield f"{what}: expected {wanted}, got {got}"


def _far(what: str, got: Decimal, wanted: str | None, tolerance: Decimal) -> Iterator[str]:
    """Nothing expected is 0; a number that never ends is held against its rounding."""
    want = Decimal(0 if wanted is None else wanted)
    if len(got.as_tuple().digits) >= _ENDLESS:
        got = got.quantize(want)
    if abs(got - want) > tolerance:
        yield f"{what}: expected {wanted}, got {plain(got)}"


def _fills_of(run: Run) -> list[OrderFilled]:
    return [record.fact for record in run.bench.state.fills if isinstance(record.fact, OrderFilled)]


Fill = tuple[str, Decimal, Decimal, str]


def _fill_rows(run: Run, wanted: list[Step]) -> tuple[list[Fill], list[Fill]]:
    """Fills as they are and as expected: order, price, quantity, liquidity where the scenario names it."""
    expected = [(w["order"], Decimal(w["px"]), Decimal(w["qty"]), w.get("liquidity", "")) for w in wanted]
    named = [want[3] != "" for want in expected]
    got = []
    for index, fill in enumerate(_fills_of(run)):
        told = fill.liquidity.name if fill.liquidity is not None else ""
        shown = told if index < len(named) and named[index] else ""
        got.append((run.name(fill.order_id), fill.price, run.instrument.qty_decimal(fill.qty), shown))
    return got, expected


def _fills(run: Run, wanted: list[Step], tolerance: Decimal) -> Iterator[str]:
    got, expected = _fill_rows(run, wanted)
    same = len(got) == len(expected) and all(
        (g[0], g[3]) == (e[0], e[3]) and abs(g[1] - e[1]) <= tolerance and abs(g[2] - e[2]) <= tolerance
        for g, e in zip(got, expected, strict=True)
    )
    if not same:
        yield f"fills: expected {_rows(expected)}, got {_rows(got)}"


def _fills_set(run: Run, wanted: list[Step], tolerance: Decimal) -> Iterator[str]:
    del tolerance
    got, expected = ([row[:3] for row in rows] for rows in _fill_rows(run, wanted))
    if Counter(got) != Counter(expected):
        yield f"fills: expected {_rows(expected)}, got {_rows(got)}"


def _rows(fills: list[Any]) -> str:
    return (
        ", ".join(" ".join(plain(v) if isinstance(v, Decimal) else v for v in row).strip() for row in fills) or "none"
    )


def _fill_order(run: Run, wanted: list[str], tolerance: Decimal) -> Iterator[str]:
    del tolerance
    got = list(dict.fromkeys(run.name(fill.order_id) for fill in _fills_of(run)))
    yield from _unlike("fill_order", got, wanted)


def _fill_totals(run: Run, wanted: Step, tolerance: Decimal) -> Iterator[str]:
    for name, want in wanted.items():
        order = run.order(name)
        if order is None:
            yield f"{name}: no such order"
            continue
        yield from _far(f"{name} filled", run.instrument.qty_decimal(order.cum_qty), want["qty"], tolerance)
        if "avg_px" in want:
            yield from _far(f"{name} avg_px", order.average, want["avg_px"], tolerance)


def _orders(run: Run, wanted: Step, tolerance: Decimal) -> Iterator[str]:
    for name, want in wanted.items():
        status, order = run.status(name), run.order(name)
        for key, value in want.items():
            if key == "status":
                yield from _unlike(f"{name} status", status, value)
            elif key == "status_in":
                if status not in value:
                    yield f"{name} status: expected one of {', '.join(value)}, got {status or 'no such order'}"
            elif order is None:
                # A refused order has no fills.
                yield from () if key == "filled" and not Decimal(value) else [f"{name} {key}: no such order"]
            elif key == "activated":
                yield from _unlike(f"{name} activated", run.bench.trigger_of(order)[1], bool(value))
            elif key == "origin":
                yield from _unlike(f"{name} origin", order.origin, value)
            else:
                yield from _far(f"{name} {key}", _number(run, order, key), value, tolerance)


def _number(run: Run, order: Order, key: str) -> Decimal:
    x = run.instrument
    values: dict[str, Callable[[], Decimal]] = {
        "filled": lambda: x.qty_decimal(order.cum_qty),
        "leaves": lambda: x.qty_decimal(order.leaves_qty if order.status.is_open else 0),
        "leaves_at_close": lambda: x.qty_decimal(order.leaves_qty),
        "qty": lambda: x.qty_decimal(order.qty),
        "px": lambda: x.price_decimal(order.price or 0),
        "avg_px": lambda: order.average,
        "trigger_px": lambda: x.price_decimal(run.bench.trigger_of(order)[0] or 0),
        "overfill": lambda: x.qty_decimal(order.overfill_qty),
    }
    if key not in values:
        raise Unsupported(f"expectation orders.{key}")
    return values[key]()


def _open_orders(run: Run, wanted: list[str], tolerance: Decimal) -> Iterator[str]:
    """Orders that work; those that are held until another one fills do not."""
    del tolerance
    names = (run.name(order_id) for order_id in run.bench.state.working)
    yield from _unlike("open_orders", sorted(name for name in names if run.status(name) != "HELD"), sorted(wanted))


def _position(run: Run, wanted: Step, tolerance: Decimal) -> Iterator[str]:
    x, account = run.instrument, run.bench.state.accounts[ACCOUNT]
    lines = account_body(run.bench.state, ACCOUNT, Unpriced(run.bench.trading_day)).positions
    line = next((one for one in lines if one.instrument == x.id), None)
    held = account.position(x.id)
    qty = x.qty_decimal(held.qty if held is not None else 0)
    for key, want in wanted.items():
        if key == "qty":
            yield from _far("position qty", qty, want, tolerance)
        elif key == "realized_pnl":
            yield from _far("position realized_pnl", held.realised if held is not None else Decimal(0), want, tolerance)
        elif key == "avg_px":
            # An average is given rounded.
            average = line.average if line is not None else Decimal(0)
            yield from _far("position avg_px", average.quantize(Decimal(want or 0)), want, tolerance)
        elif key == "sellable":
            yield from _far(
                "position sellable", x.qty_decimal(line.sellable if line is not None else 0), want, tolerance
            )
        elif key == "frozen":
            yield from _far("position frozen", account.reserved.get(x.id, Decimal(0)), want, tolerance)
        elif key == "unrealized_pnl":
            cost = held.cost if held is not None else Decimal(0)
            value = Decimal(want["mark"]) * qty * x.multiplier - cost
            yield from _far("position unrealized_pnl", value, want["value"], tolerance)
        elif key == "qty_min":
            yield from () if qty >= Decimal(want) else [f"position qty: expected at least {want}, got {plain(qty)}"]
        elif key == "qty_max":
            yield from () if qty <= Decimal(want) else [f"position qty: expected at most {want}, got {plain(qty)}"]
        else:
            raise Unsupported(f"expectation position.{key}")


def _balance(run: Run, wanted: str, tolerance: Decimal) -> Iterator[str]:
    yield from _far("balance", run.bench.state.accounts[ACCOUNT].cash(run.instrument.currency), wanted, tolerance)


def _account(run: Run, wanted: str | Step, tolerance: Decimal) -> Iterator[str]:
    free = next(iter(wanted.values())) if isinstance(wanted, dict) else wanted
    got = run.bench.state.accounts[ACCOUNT].available(run.instrument.currency)
    yield from _far("free cash", got, free, tolerance)


def _queue_ahead(run: Run, wanted: Step, tolerance: Decimal) -> Iterator[str]:
    ahead = {run.name(line.order_id): line.ahead for line in run.bench.exchange.queue_lines(ACCOUNT)}
    for name, want in wanted.items():
        if name not in ahead:
            yield f"{name} queue_ahead: expected {want}, the order does not rest"
        else:
            yield from _far(f"{name} queue_ahead", run.instrument.qty_decimal(ahead[name]), want, tolerance)


def _fill_times(run: Run, wanted: Step, tolerance: Decimal) -> Iterator[str]:
    """Milliseconds of an order's first fill at the exchange, and at the desk."""
    for name, want in wanted.items():
        times = ((one.fact, one.at_ns) for one in run.bench.state.fills)
        found = next((it for it in times if isinstance(it[0], OrderFilled) and run.name(it[0].order_id) == name), None)
        if found is None or not isinstance(found[0], OrderFilled):
            yield f"{name} fill_times: not filled"
            continue
        got = {"exch": found[0].executed_ns, "loca": found[1]}
        for key, value in (want[0] if isinstance(want, list) else want).items():
            at_ns = got.get(key[:4])
            if at_ns is None:
                raise Unsupported(f"expectation fill_times.{key}")
            yield from _far(f"{name} {key}", Decimal(at_ns - START_NS) / MS, str(value), tolerance)


def _modify_rejected(run: Run, wanted: list[str], tolerance: Decimal) -> Iterator[str]:
    del tolerance
    yield from _unlike("modify_rejected", run.modify_rejected, wanted)


def _cancel_rejected(run: Run, wanted: list[str], tolerance: Decimal) -> Iterator[str]:
    del tolerance
    yield from _unlike("cancel_rejected", run.cancel_rejected, wanted)


def _execution_count(run: Run, wanted: Step | int | str, tolerance: Decimal) -> Iterator[str]:
    del tolerance
    counts = Counter(run.name(fill.order_id) for fill in _fills_of(run))
    if not isinstance(wanted, dict):
        yield from _unlike("executions", sum(counts.values()), int(wanted))
        return
    for name, want in wanted.items():
        yield from _unlike(f"{name} executions", counts[name], int(want))


def _counts(run: Run, wanted: Step, tolerance: Decimal) -> Iterator[str]:
    del tolerance
    got = Counter(run.status(name) for name in {*run.orders, *run.denied})
    for status, want in wanted.items():
        yield from _unlike(f"orders {status}", got[status], int(want))


def _refused(run: Run, wanted: int, tolerance: Decimal) -> Iterator[str]:
    del tolerance
    yield from _unlike("refused_submissions", run.refused, int(wanted))


def _submissions_sent(run: Run, wanted: Step, tolerance: Decimal) -> Iterator[str]:
    del tolerance
    for name, want in wanted.items():
        yield from _unlike(f"{name} submissions", run.bench.submissions(run.order_id(name)), int(want))


def _cancels_sent(run: Run, wanted: Step, tolerance: Decimal) -> Iterator[str]:
    del tolerance
    for name, want in wanted.items():
        yield from _unlike(f"{name} cancels", run.bench.cancels(run.order_id(name)), int(want))


def _sent_to_venue(run: Run, wanted: list[str], tolerance: Decimal) -> Iterator[str]:
    del tolerance
    got = {run.name(request.order_id) for request in run.bench.sent if isinstance(request, BrokerRequest)}
    yield from _unlike("sent_to_venue", sorted(got), sorted(wanted))


def _orders_absent(run: Run, wanted: list[str], tolerance: Decimal) -> Iterator[str]:
    del tolerance
    yield from (f"{name}: expected no such order" for name in wanted if run.order(name) is not None)


def _alerts_min(run: Run, wanted: int, tolerance: Decimal) -> Iterator[str]:
    del tolerance
    got = sum(isinstance(record.fact, AlertRaised | SurveillanceNoticed) for record in run.bench.records)
    if got < int(wanted):
        yield f"alerts: expected at least {wanted}, got {got}"


def _inferred_fills(run: Run, wanted: list[Step], tolerance: Decimal) -> Iterator[str]:
    x = run.instrument
    got = [(run.name(f.order_id), f.price, x.qty_decimal(f.qty)) for f in _fills_of(run) if f.inferred]
    # One that belongs to no order of the scenario is expected without a name.
    expected = [(want.get("order", ""), Decimal(want["px"]), Decimal(want["qty"])) for want in wanted]
    same = len(got) == len(expected) and all(
        e[0] in ("", g[0]) and abs(g[1] - e[1]) <= tolerance and abs(g[2] - e[2]) <= tolerance
        for g, e in zip(got, expected, strict=True)
    )
    if not same:
        yield f"inferred_fills: expected {_rows(expected)}, got {_rows(got)}"


def _order_events_exclude(run: Run, wanted: Any, tolerance: Decimal) -> Iterator[str]:  # noqa: ANN401  # list or table
    """Events by order, or of any order where only names are given."""
    del tolerance
    told = [wanted] if isinstance(wanted, dict) and "order" in wanted else wanted
    if isinstance(told, dict):
        by_order = list(told.items())
    elif any(isinstance(one, dict) for one in told):
        by_order = [(one["order"], next(value for key, value in one.items() if key != "order")) for one in told]
    else:
        by_order = [(name, told) for name in run.orders]
    for name, events in by_order:
        records = run.bench.state.records.get(run.order_id(name), [])
        yield from _published(records, events, f"{name}: ")


def _published_exclude(run: Run, wanted: Any, tolerance: Decimal) -> Iterator[str]:  # noqa: ANN401  # list or table
    if isinstance(wanted, dict) or any(isinstance(one, dict) for one in wanted):
        yield from _order_events_exclude(run, wanted, tolerance)
    else:
        yield from _published(run.bench.records, wanted, "")


def _published(records: Iterable[Recorded], events: Any, whose: str) -> Iterator[str]:  # noqa: ANN401  # name or names
    said = {_plain_name(type(record.fact).__name__) for record in records}
    for event in [events] if isinstance(events, str) else events:
        if _plain_name(event) in said:
            yield f"{whose}published {event}, which must not appear"


def _plain_name(event: str) -> str:
    """``OrderAccepted``, ``order_accepted`` and ``ACCEPTED`` are one event; other words for one are taken too."""
    name = event.replace("_", "").lower().removeprefix("order")
    return _SAME.get(name, name)


_SAME = {
    "fill": "filled",
    "partiallyfilled": "filled",
    "cancelled": "canceled",
    "pendingcancel": "cancelrequested",
    "pendingmodify": "replacerequested",
    "pendingupdate": "replacerequested",
    "modified": "replaced",
    "updated": "replaced",
    "modifyrejected": "cancelrejected",
}
"""Words of others for the desk's facts."""


def _asked_again(run: Run, wanted: bool, tolerance: Decimal) -> Iterator[str]:  # as the file has it
    del tolerance
    got = any(isinstance(request, SnapshotRequest) for request in run.bench.sent)
    yield from _unlike("snapshot_requested_after_reconnect", got, wanted)


def _all_cases(run: Run, wanted: bool, tolerance: Decimal) -> Iterator[str]:  # as the file has it
    for number, got, want in run.cases:
        is_near = got == want or (got is not None and want is not None and abs(got.quantize(want) - want) <= tolerance)
        if is_near is not wanted:
            yield f"case {number}: expected {want}, got {got}"


def _one_of(run: Run, wanted: list[Step], tolerance: Decimal) -> Iterator[str]:
    del tolerance
    tried = [differences(run, one) for one in wanted]
    if all(tried):
        yield "one_of: " + "; or ".join(", ".join(each) for each in tried)


CHECKS: dict[str, Callable[[Run, Any, Decimal], Iterator[str]]] = {
    "fills": _fills,
    "fills_set": _fills_set,
    "fill_order": _fill_order,
    "fill_totals": _fill_totals,
    "orders": _orders,
    "open_orders": _open_orders,
    "position": _position,
    "balance": _balance,
    "account": _account,
    "queue_ahead": _queue_ahead,
    "fill_times": _fill_times,
    "modify_rejected": _modify_rejected,
    "cancel_rejected": _cancel_rejected,
    "execution_count": _execution_count,
    "counts": _counts,
    "refused_submissions": _refused,
    "submissions_sent": _submissions_sent,
    "cancels_sent": _cancels_sent,
    "sent_to_venue": _sent_to_venue,
    "orders_absent": _orders_absent,
    "one_of": _one_of,
    "alerts_min": _alerts_min,
    "inferred_fills": _inferred_fills,
    "order_events_exclude": _order_events_exclude,
    "published_exclude": _published_exclude,
    "snapshot_requested_after_reconnect": _asked_again,
    "all_cases": _all_cases,
}
