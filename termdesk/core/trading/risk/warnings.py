"""What a person should know before sending an order that the gate lets through."""

from __future__ import annotations

from collections.abc import Iterator

from termdesk.core.model.limits import OnLoss, SelfTrade
from termdesk.core.model.number import plain
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Phase
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
