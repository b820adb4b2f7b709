"""What a person should know before sending an order that the gate lets through."""

from __future__ import annotations

from collections.abc import Iterator

from termdesk.core.model.limits import OnLoss, SelfTrade
from termdesk.core.model.number import plain
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdType, Phase, TriggerBy
from termdesk.core.model.trigger import reached
from termdesk.core.trading.risk import delay
from termdesk.core.trading.risk.proposal import Proposal

_WAITS = frozenset({Phase.PRE_OPEN, Phase.OPENING_AUCTION, Phase.BREAK, Phase.CLOSING_AUCTION})


def warnings(proposal: Proposal) -> Iterator[Reason]:
    """Give what is worth a word: quotes are late, it will wait, own orders make way, much is lost already."""
    late = delay.warning(proposal)
    if late is not None:
        yield late
    if proposal.seen.phase in _WAITS:
        yield Reason("wait.phase", {"phase": proposal.seen.phase.value})
    if proposal.own_ahead and proposal.self_trade is SelfTrade.EXPIRE_MAKER:
        yield Reason("reduce.self_trade", {"instrument": proposal.instrument.id})
    for limits, _ in proposal.covering:
        if limits.on_loss is OnLoss.WARN and 0 < limits.max_loss_day <= -proposal.measures.day_result:
            words = {"lost": plain(-proposal.measures.day_result), "max": plain(limits.max_loss_day)}
            yield Reason("risk.lost_much", {**words, "currency": proposal.instrument.currency})


def fires_at_once(
    proposal: Proposal, ord_type: OrdType, trigger_price: int | None, trigger_by: TriggerBy
) -> Reason | None:
    """Say that the market has reached a fixed trigger already, so that the order would not wait at all."""
    if trigger_price is None or not ord_type.has_trigger:
        return None
    instrument, seen = proposal.instrument, proposal.seen
    at = reached(proposal.side, ord_type, trigger_price, trigger_by, (seen.bid, seen.ask, seen.last))
    if at is None:
        return None
    now = plain(at.scaleb(-instrument.price_decimals)) if at % 1 else instrument.price_text(int(at))
    return Reason("wait.at_once", {"trigger": instrument.price_text(trigger_price), "now": now})
