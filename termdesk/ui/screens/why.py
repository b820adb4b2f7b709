"""Why an order stands where it stands: every step with its reason, and what it waits for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import plain
from termdesk.core.wire.queries import WhyResult, WhyStep
from termdesk.ui.lines.format import clean, clock
from termdesk.ui.lines.order_price import terms_of, waits
from termdesk.ui.locale import Catalogue
from termdesk.ui.news import order_words
from termdesk.ui.screens.dialog import Dialog


def why_lines(result: WhyResult, instrument: Instrument, said: Catalogue, offset_s: int) -> Iterator[str]:
    """Give the explanation line by line: the order, its steps oldest first, what it waits for."""
    line = result.order
    parts = [line.order_id, line.account, order_words(line.qty, terms_of(line), line.instrument, instrument, said)]
    if not waits(line):  # else its words name the type
        parts.append(said.word("ord_type", line.ord_type.value))
    yield " · ".join((*parts, said.word("status", line.status.value)))
    done = plain(instrument.qty_decimal(line.cum_qty))
    yield said.tr("ui.why_filled", done=done, qty=plain(instrument.qty_decimal(line.qty)))
    yield ""
    for step in result.steps:
        yield from _step_lines(step, instrument, said, offset_s)
    yield ""
    if result.waits is not None:
        yield said.tr("ui.why_waits", why=said.sentence(result.waits.code, result.waits.params))
    yield said.tr("ui.why_recorded") if result.recorded else said.tr("ui.why_not_recorded")


def _step_lines(step: WhyStep, instrument: Instrument, said: Catalogue, offset_s: int) -> Iterator[str]:
    words = [clock(step.at_ns, offset_s, "%H:%M:%S"), said.word("fact", step.what)]
    if step.qty:
        words.append(plain(instrument.qty_decimal(step.qty)))
    if step.price is not None:
        words.append(f"@ {instrument.exact_price_text(step.price)}")
    yield " ".join(words)
    if step.reason is not None:
        yield f"    {said.sentence(step.reason.code, step.reason.params)}"
    if step.seen is not None and (step.seen.bid or step.seen.ask):
        seen = step.seen
        sizes = [plain(instrument.qty_decimal(qty)) for qty in (seen.bid_qty, seen.ask_qty)]
        bid, ask = instrument.price_text(seen.bid), instrument.price_text(seen.ask)
        yield f"    {said.tr('ui.why_seen', bid=bid, bid_qty=sizes[0], ask=ask, ask_qty=sizes[1])}"


class Why(Dialog[None]):
    """Shows an explanation until it is left."""

    DEFAULT_CSS = """
    Why { align: center middle; }
    Why > VerticalScroll {
        width: 100; max-width: 96%; height: auto; max-height: 92%; padding: 1 2;
        background: $panel; border: heavy $border-focus;
    }
    Why Static { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,enter,y", "dismiss", show=False, id="why.leave")]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """One scrolling text."""
        with VerticalScroll():
            lines = self._text.split("\n")
            yield Static(Content("\n").join(Content.styled(clean(line), _style(line)) for line in lines))


def _style(line: str) -> str:
    """What happened stands out from why it did."""
    return "" if line.startswith(" ") else "bold"
