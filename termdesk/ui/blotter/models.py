"""From the store to what the blotter shows. Pure."""

from __future__ import annotations

from termdesk.core.model.facts import Recorded
from termdesk.core.model.reason import Reason
from termdesk.core.wire.queries import ConditionLine, OrderLine
from termdesk.ui.blotter.kept import Asked
from termdesk.ui.lines.blotter import BlotterModel
from termdesk.ui.models import Looking
from termdesk.ui.news import asked_words, reason_words, record_news, tag_of
from termdesk.ui.store import Store


def blotter_model(store: Store, looking: Looking) -> BlotterModel:
    """Give everything of the chosen account, newest first; conditions, events and messages are of the whole desk."""
    account, kept, catalogue = store.accounts.get(looking.account), store.kept, looking.catalogue

    def said(reason: Reason) -> str:
        return catalogue.sentence(reason.code, reason.params)

    def ended(line: OrderLine) -> str:
        return reason_words(line.reason, kept.cancelled_by(line.order_id), catalogue) if line.reason else ""

    def predicate(line: ConditionLine) -> str:
        return catalogue.word("predicate", str(line.predicate.__struct_config__.tag))

    def action(line: ConditionLine) -> str:
        words = catalogue.word("armed_action", str(line.action.__struct_config__.tag))
        return f"{words} {line.action.text}".strip()

    def event(record: Recorded) -> tuple[str, str]:
        answers = kept.asked_by(record)
        by = answers.by if answers is not None else ""
        news = record_news(record, store.orders, store.instruments, catalogue, by)
        if news is not None:
            return news.text, news.ink
        return catalogue.word("fact", tag_of(record.fact)), "muted"

    def asked(entry: Asked) -> tuple[str, str]:
        return asked_words(entry, store.instruments, catalogue)

    return BlotterModel(
        orders=[line for line in reversed(store.orders.values()) if line.account == looking.account],
        fills=[line for line in reversed(store.fills) if line.fill.account == looking.account],
        positions=account.positions if account else (),
        instruments=store.instruments,
        queue=store.queues,
        sentence=said,
        ended=ended,
        conditions=tuple(reversed(kept.conditions.values())),
        cash=account.cash if account else (),
        events=tuple(reversed(kept.events)),
        messages=kept.session_log(),
        requests=kept.requests,
        notes=kept.noted,
        account=looking.account,
        predicate=predicate,
        action=action,
        event=event,
        asked=asked,
    )
