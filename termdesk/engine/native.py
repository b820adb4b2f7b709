"""What the way to a venue takes natively: what the broker declares, as far as the venue has it."""

from __future__ import annotations

from termdesk.adapters.contract import BrokerCapabilities
from termdesk.core.model.terms import OrdType, Phase, TimeInForce, TriggerBy
from termdesk.core.trading.orders.native import EVERYTHING, Native

_VENUE_WORDS: dict[str, tuple[OrdType, ...]] = {
    "limit": (OrdType.LIMIT,),
    "best5_cancel": (OrdType.MARKET,),
    "any_cancel": (OrdType.MARKET,),
    "own_best": (OrdType.MARKET_TO_LIMIT,),
    "opposite_best": (OrdType.MARKET_TO_LIMIT, OrdType.MARKET),
    "best5_limit": (OrdType.MARKET_TO_LIMIT, OrdType.MARKET),
}
"""Words of the rule books (``venues.order_types``) that have another name here; the rest are the same."""


_AUCTION_OF = {TimeInForce.AT_OPEN: Phase.OPENING_AUCTION, TimeInForce.AT_CLOSE: Phase.CLOSING_AUCTION}


def native_of(
    capabilities: BrokerCapabilities, venue_types: tuple[str, ...] | None, phases: frozenset[Phase] | None = None
) -> Native:
    """Give what is native; a venue of which something is not known is taken to have what the broker declares.

    Args:
        capabilities: What the broker declares.
        venue_types: Order types of the venue, None where they are not known.
        phases: Phases of the instrument's day; an auction that is not among them takes no orders.
    """
    ord_types = frozenset(map(OrdType, capabilities.ord_types))
    if venue_types is not None:
        ord_types &= frozenset(found for word in venue_types for found in _types(word))
    native = Native(
        ord_types=ord_types,
        times_in_force=frozenset(
            time
            for time in map(TimeInForce, capabilities.times_in_force)
            if phases is None or time not in _AUCTION_OF or _AUCTION_OF[time] in phases
        ),
        trigger_bys=frozenset(map(TriggerBy, capabilities.trigger_bys)),
        replace=capabilities.replace != "none",
        iceberg=capabilities.iceberg and (venue_types is None or "iceberg" in venue_types),
    )
    return EVERYTHING if native == EVERYTHING else native


def _types(word: str) -> tuple[OrdType, ...]:
    known = _VENUE_WORDS.get(word)
    if known is not None:
        return known
    return (OrdType(word),) if word in {each.value for each in OrdType} else ()
