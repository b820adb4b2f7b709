"""What the way to a venue takes natively: what the broker declares, as far as the venue has it."""

from __future__ import annotations

from termdesk.adapters.contract import BrokerCapabilities
from termdesk.core.model.terms import OrdType, TimeInForce, TriggerBy
from termdesk.core.trading.native import EVERYTHING, Native

_VENUE_WORDS: dict[str, tuple[OrdType, ...]] = {
    "limit": (OrdType.LIMIT,),
    "best5_cancel": (OrdType.MARKET,),
    "any_cancel": (OrdType.MARKET,),
    "own_best": (OrdType.MARKET_TO_LIMIT,),
    "opposite_best": (OrdType.MARKET_TO_LIMIT, OrdType.MARKET),
    "best5_limit": (OrdType.MARKET_TO_LIMIT, OrdType.MARKET),
}
"""Words of the rule books (``venues.order_types``) that have another name here; the rest are the same."""


def native_of(capabilities: BrokerCapabilities, venue_types: tuple[str, ...] | None) -> Native:
    """Give what is native; a venue whose order types are not known is taken to have what the broker declares."""
    ord_types = frozenset(map(OrdType, capabilities.ord_types))
    if venue_types is not None:
        ord_types &= frozenset(found for word in venue_types for found in _types(word))
    native = Native(
        ord_types=ord_types,
        times_in_force=frozenset(map(TimeInForce, capabilities.times_in_force)),
        trigger_bys=frozenset(map(TriggerBy, capabilities.trigger_bys)),
        iceberg=capabilities.iceberg and (venue_types is None or "iceberg" in venue_types),
    )
    return EVERYTHING if native == EVERYTHING else native


def _types(word: str) -> tuple[OrdType, ...]:
    known = _VENUE_WORDS.get(word)
    if known is not None:
        return known
    return (OrdType(word),) if word in {each.value for each in OrdType} else ()
