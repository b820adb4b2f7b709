"""A limit price lies within the venue's price cage: in continuous trading not far beyond the market.

The exchanges reject what lies outside (SSE and SZSE since 2023-04-10, 2 % or
ten ticks). Only where the rule book has a cage for the instrument.
"""

from __future__ import annotations

from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Phase, Side
from termdesk.core.trading.risk.proposal import Proposal
from termdesk.core.venues.cage import price_cage


def check(proposal: Proposal) -> Reason | None:
    """Refuse a buy above, or a sale below, the cage of the moment; what waits for a trigger is held to it later."""
    price, seen, side = proposal.price, proposal.seen, proposal.side
    if price is None or seen.phase is not Phase.CONTINUOUS or proposal.ord_type.has_trigger:
        return None
    near = (seen.ask or seen.bid) if side is Side.BUY else (seen.bid or seen.ask)
    if (price - (near or seen.last or seen.prev_close)) * side.sign <= 0:
        return None
    cage = price_cage(
        proposal.instrument,
        proposal.day,
        side,
        bid=seen.bid,
        ask=seen.ask,
        last=seen.last,
        prev_close=seen.prev_close,
    )
    if cage is None or (price - cage.price) * side.sign <= 0:
        return None
    text = proposal.instrument.price_text
    return Reason("risk.cage", {"price": text(price), "bound": text(cage.price)})
