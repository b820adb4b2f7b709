"""The exits that a bracket template gives a staged order. Pure."""

from __future__ import annotations

import msgspec

from termdesk.config.settings import BracketSettings
from termdesk.core.model.command import SubmitBracket, SubmitOrder
from termdesk.core.model.terms import Contingency, OrdType, ReleaseMode


class Exits(msgspec.Struct, frozen=True):
    """Distances from the entry, in its price; 0 leaves one out."""

    number: str
    stop: int
    target: int
    release: ReleaseMode
    contingency: Contingency


def exits(number: str, template: BracketSettings, tick: int) -> Exits | None:
    """Give a template in the instrument's price; None if it has no exit."""
    if not template.stop_ticks and not template.target_ticks:
        return None
    stop, target = template.stop_ticks * tick, template.target_ticks * tick
    return Exits(number, stop, target, template.release, template.contingency)


def exit_prices(given: Exits, side_sign: int, entry_price: int) -> tuple[int, int]:
    """Give where stop and target of an entry stand; 0 for one that is left out."""
    stop = entry_price - side_sign * given.stop if given.stop else 0
    return stop, entry_price + side_sign * given.target if given.target else 0


def bracket(entry: SubmitOrder, given: Exits, entry_price: int) -> SubmitBracket:
    """Give the command of an entry with its exits.

    Args:
        entry: The entry's command.
        given: Distances.
        entry_price: Where the entry is expected to trade.
    """
    from termdesk.core.language.exits import exit_of  # the first paint does not wait for the language

    stop, target = exit_prices(given, entry.side.sign, entry_price)
    orders = [exit_of(entry, OrdType.STOP, price=None, trigger_price=stop)] if stop else []
    orders += [exit_of(entry, OrdType.LIMIT, price=target)] if target else []
    return SubmitBracket(
        command_id=entry.command_id,
        entry=entry,
        exits=tuple(orders),
        release=given.release,
        contingency=given.contingency,
        origin=entry.origin,
    )
