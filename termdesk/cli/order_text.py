"""Short texts of an order for the lists of the console."""

from __future__ import annotations

from termdesk.cli.output import clock_text
from termdesk.cli.shapes import OrderShape


def trigger_text(order: OrderShape) -> str:
    """Where it begins to work; ``~`` trails, ``±`` is its limit's distance, ``*`` is watched by the engine.

    A tick has been there.
    """
    if not order.ord_type.has_trigger:
        return ""
    named = (("", order.trigger_price), ("from ", order.activation_price), ("~", order.trail))
    parts = [f"{word}{value}" for word, value in (*named, ("±", order.limit_offset)) if value]
    mark = "✓" if order.triggered else "*" if order.emulated else ""
    return " ".join(parts) + mark


def time_text(order: OrderShape) -> str:
    """How long it works; ``*`` where the engine ends it."""
    text = order.time_in_force.value
    if order.time_in_force.value == "gtd":
        text = f"gtd {clock_text(order.expire_ns)}"
    return f"{text}*" if order.expires_here else text


def link_text(order: OrderShape) -> str:
    """Its group, and the order that it waits for or is a slice of."""
    parts = [f"{order.contingency.value} {order.group}" if order.contingency else ""]
    if order.parent_id:
        parts.append(f"{'exit' if order.release else 'slice'} of {order.parent_id}")
    if order.display_qty is not None:
        parts.append(f"shows {order.display_qty}{'*' if order.emulated else ''}")
    return ", ".join(part for part in parts if part)
