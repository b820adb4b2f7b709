"""A limit price is not far beyond the market: the guard against a slipped finger."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from termdesk.core.model.limits import PriceReference, TradingLimits
from termdesk.core.model.number import plain
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Side
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal, limits: TradingLimits) -> Reason | None:
    """Refuse a buy above, or a sale below, the reference by more than the collar.

    Where the reference is not known, an order that adds risk is refused: what can't be checked does not pass.
    """
    if not limits.collar or proposal.price is None or proposal.only_smaller:
        return None
    instrument, name = proposal.instrument, limits.collar_reference.value
    twice = _twice_the_reference(proposal, limits.collar_reference)
    if twice <= 0:
        return Reason("risk.collar_unknown", {"reference": name}) if proposal.adds_risk else None
    bound = twice * (1 + proposal.side.sign * limits.collar)
    beyond = 2 * proposal.price - bound
    if beyond * proposal.side.sign <= 0:
        return None
    words = {"price": instrument.price_text(proposal.price), "bound": _text(proposal, bound / 2)}
    return Reason("risk.collar", {**words, "percent": plain(limits.collar * 100), "reference": name})


def _twice_the_reference(proposal: Proposal, reference: PriceReference) -> int:
    """Doubled, so that a mid between two ticks stays whole; 0 where it is not known."""
    seen = proposal.seen
    if reference is PriceReference.MID:
        return seen.bid + seen.ask if seen.bid and seen.ask else 0
    return 2 * (seen.last if reference is PriceReference.LAST else seen.prev_close)


def _text(proposal: Proposal, bound: Decimal) -> str:
    """The last price inside the bound."""
    inner = bound.to_integral_value(ROUND_FLOOR if proposal.side is Side.BUY else ROUND_CEILING)
    return proposal.instrument.price_text(int(inner))
