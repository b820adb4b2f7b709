"""What the message bar says: facts and answers as one sentence each, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from termdesk.core.model import facts
from termdesk.core.model.command import Answer
from termdesk.core.model.facts import Recorded
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.limits import TradingState
from termdesk.core.model.number import plain
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdType
from termdesk.core.wire.queries import OrderLine
from termdesk.core.wire.requests import REFUSED
from termdesk.ui.blotter.kept import Asked
from termdesk.ui.lines import order_price
from termdesk.ui.lines.format import clean, span
from termdesk.ui.lines.order_price import PriceTerms, terms_of
from termdesk.ui.lines.statusline import trading_key
from termdesk.ui.locale import Catalogue

STYLES: dict[type, str] = {
    facts.OrderFilled: "strong",
    facts.OrderRejected: "danger",
    facts.OrderNotSent: "danger",
    facts.CancelRejected: "danger",
    facts.ConditionTriggered: "warning",
    facts.AlertRaised: "danger",
    facts.OutcomeUnknown: "danger",
    facts.FillBusted: "danger",
    facts.PositionAdjusted: "warning",
    facts.OrderAdopted: "warning",
}
"""Ink of a message by its fact; plain text otherwise."""

SILENT = (facts.CommandRefused, facts.InstrumentListed, facts.AccountOpened, facts.CashDeposited, facts.CancelAllDone)
"""Facts that are no news: told by an answer, or shown elsewhere."""


_ASKED = Reason("end.asked")
_BAD = frozenset({"order_rejected", "order_not_sent", "cancel_rejected", "outcome_unknown"})


class News(msgspec.Struct, frozen=True):
    """One message."""

    text: str
    ink: str = "text"
    is_passing: bool = False
    """Tells a state that changes by itself and is shown elsewhere too: it never takes the place of an alarm."""


def record_news(
    record: Recorded,
    orders: Mapping[str, OrderLine],
    instruments: Mapping[str, Instrument],
    said: Catalogue,
    by: str = "",
) -> News | None:
    """Say a record; None if it is no news. ``by`` asked for what it answers, where that was not this screen."""
    fact = record.fact
    if isinstance(fact, SILENT):
        return None
    if isinstance(fact, facts.TradingStateChanged):
        return _trading(fact, record.actor, said)
    parts = [said.word("fact", tag_of(fact))]
    order = orders.get(getattr(fact, "order_id", ""))
    if order is not None:
        parts.append(_order(fact, order, instruments.get(order.instrument), said))
    if isinstance(fact, facts.NoteAdded):
        parts.append(f"– {fact.text}")
    if isinstance(fact, facts.ConditionArmed):
        parts.append(_condition(fact.condition_id, fact.predicate.instrument, fact.predicate.price, instruments))
    if isinstance(fact, facts.ConditionTriggered):
        parts.append(_condition(fact.condition_id, fact.instrument, fact.price, instruments))
    reason: Reason | None = getattr(fact, "reason", None)
    if reason is None and by and isinstance(fact, facts.OrderReplaced):
        reason = _ASKED
    if reason is not None:
        parts.append(f"– {reason_words(reason, by, said)}")
    return News(" ".join(parts), STYLES.get(type(fact), "text"))


def reason_words(reason: Reason, by: str, said: Catalogue) -> str:
    """Say a reason; what somebody else asked for is told with the name."""
    if by and reason.code == _ASKED.code:
        return said.tr("news.asked_by", actor=clean(by))
    return said.sentence(reason.code, reason.params)


def scope_words(account: str, instrument: str, said: Catalogue) -> str:
    """Name where a limit or a stop holds."""
    where = [f"{said.tr('dialog.account')} {account}"] if account else []
    return " · ".join([*where, instrument] if instrument else where) or said.tr("dialog.whole_desk")


def why_words(actor: str, note: str, said: Catalogue) -> str:
    """Say who stopped something and why; a limit is named by its rule."""
    return f"{actor}: {said.word('limit', note.removeprefix('risk.'))}"


def answer_news(answer: Answer, said: Catalogue) -> News | None:
    """Say a refusal; an accepted command is told by its facts."""
    if answer.accepted:
        return None
    return News(said.tr("news.refused", why=said.sentence(answer.code, answer.params)), "danger")


def round_trip(asked: Asked, said: Catalogue) -> Iterator[str]:
    """Say how long the engine and the venue took to answer a key of this screen; what was not measured is left out.

    The engine's is from the key to the durable answer, the venue's from the desk's decision to its word.
    """
    measured = asked.screen.answered_after_ns, asked.journal.round_trip_ns
    for name, took in zip(("durable", "venue"), measured, strict=True):
        if took is not None:
            yield said.tr(f"log.{name}", took=span(took))


def asked_words(asked: Asked, instruments: Mapping[str, Instrument], said: Catalogue) -> tuple[str, str]:
    """Say a request with its key and its answer, and in which ink."""
    line, key = asked.journal, asked.screen.key
    instrument = instruments.get(line.instrument)
    parts = [f"[{key}]"] if key else []
    parts.append(said.tr(f"log.{line.what}"))
    if line.side is not None and line.qty is not None:
        kind = line.ord_type or OrdType.LIMIT  # a refusal does not tell it
        terms = PriceTerms(line.side, kind, line.price, line.trigger_price, line.trail)
        parts.append(order_words(line.qty, terms, line.instrument, instrument, said))
    elif line.instrument:
        parts.append(instrument.code if instrument is not None else line.instrument)
    if line.order_id:
        parts.append(f"· {line.order_id}")
    if line.venue:
        parts.append(f"→ {said.word('fact', line.venue)}")
    elif line.what != REFUSED:
        parts.append(f"→ {said.tr('log.open')}")
    if line.reason is not None:
        parts.append(f"– {reason_words(line.reason, asked.by, said)}")
    is_bad = line.what == REFUSED or line.venue in _BAD
    return " ".join(parts), "danger" if is_bad else "text"


def order_words(qty: int, terms: PriceTerms, name: str, instrument: Instrument | None, said: Catalogue) -> str:
    """Name an order: ``buy 100 600519 @ 1650.00``, ``sell 100 600519 stop 1640.00``."""
    side = said.word("side", terms.side.value)
    if instrument is None:
        return f"{side} {name}"
    kind, market = (said.word("ord_type", one) for one in (terms.ord_type.value, "market"))
    at = order_price.words(terms, instrument.price_decimals, kind, market)
    return f"{side} {plain(instrument.qty_decimal(qty))} {instrument.code} {at}".rstrip()


def _trading(fact: facts.TradingStateChanged, actor: str, said: Catalogue) -> News:
    """Say what may trade from here on, where, and by whose word."""
    word = said.texts[trading_key(fact)]
    words = f"{word} · {scope_words(fact.account, fact.instrument, said)} · {why_words(actor, fact.note, said)}"
    return News(words, "strong" if fact.state is TradingState.ACTIVE else "danger")


def _order(fact: facts.Fact, order: OrderLine, instrument: Instrument | None, said: Catalogue) -> str:
    words = order_words(order.qty, terms_of(order), order.instrument, instrument, said)
    if isinstance(fact, facts.OrderFilled) and instrument is not None:
        done = plain(instrument.qty_decimal(fact.qty))
        price = instrument.exact_price_text(fact.price)
        words = f"{said.word('side', order.side.value)} {done} {instrument.code} @ {price}"
    return f"{words} · {order.account} · {order.order_id}"


def _condition(condition_id: str, name: str, price: int, instruments: Mapping[str, Instrument]) -> str:
    instrument = instruments.get(name)
    at = "" if instrument is None else f" {instrument.price_text(price)}"
    return f"{condition_id} · {name}{at}"


def tag_of(fact: facts.Fact) -> str:
    """Name the kind of a fact, without its version."""
    tag = str(fact.__struct_config__.tag)
    return tag.partition(".")[0]
