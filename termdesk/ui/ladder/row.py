"""Ladders side by side: one that the keys act on; each shows what its link group does, or is locked on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.widget import Widget

from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Phase
from termdesk.ui.delay import delay_words
from termdesk.ui.ladder.axis import Axis, market
from termdesk.ui.ladder.flow import Flow
from termdesk.ui.ladder.models import ladder_model, own_prices
from termdesk.ui.lines import ladder_view
from termdesk.ui.lines.format import clean
from termdesk.ui.lines.idiom import Idiom
from termdesk.ui.lines.ladder import LadderSurface
from termdesk.ui.lines.ladder_columns import ORDER, Column, widths
from termdesk.ui.lines.ladder_view import LadderView
from termdesk.ui.models import BOOK_DEPTH, Looking
from termdesk.ui.news import News
from termdesk.ui.store import Dirty
from termdesk.ui.watch.linking import FIRST

if TYPE_CHECKING:
    from termdesk.config.settings import LadderSettings
    from termdesk.ui.screens.trade import TradeScreen

MOST = 4
"""Ladders on one screen."""
_SECOND = 1_000_000_000
_TAPED = frozenset({Column.LAST, Column.TRADED, Column.FLOW})
"""Columns that count trades."""


class LadderPane(Container):
    """One ladder with its axis.

    Attributes:
        surface: What is painted.
        axis: Where it stands.
        locked: The instrument that it keeps; empty for one that follows its group.
    """

    def __init__(self, idiom: Idiom, settings: LadderSettings, number: int) -> None:
        name = "ladder" if number == 1 else f"ladder-{number}"
        self.surface = LadderSurface(idiom, id=name)
        super().__init__(self.surface, id=f"{name}-pane", classes="pane ladder-pane")
        self.axis = Axis(settings)
        self.locked = ""
        self.spoken: tuple[str, Phase | None, int, int | None] | None = None
        """Instrument, phase, distance of rows and delay of which the title speaks."""


def title_of(trade: TradeScreen, pane: LadderPane, name: str) -> Content:
    """Give what stands behind the word ladder in a title."""
    instrument, quote, view = trade.store.instruments.get(name), trade.store.quotes.get(name), pane.axis.view(name)
    if instrument is None:
        return Content("")
    letter = trade.ladders.letter(pane)
    parts: list[str | tuple[str, str]] = [
        clean(f" {instrument.code}" if letter == FIRST else f" [{letter}] {instrument.code}")
    ]
    if quote is not None and quote.phase not in (Phase.CONTINUOUS, Phase.UNKNOWN):
        parts += [" · ", (trade.said.word("phase", quote.phase.value), "$warning")]
    if view is not None and view.step > instrument.rule(trade.day).tick:
        parts.append(f" · {trade.said.tr('ui.step', step=instrument.price_text(view.step))}")
    elsewhere = trade.store.instruments.get(trade.following.elsewhere.get(letter, ""))
    if elsewhere is not None and not pane.locked:
        parts += [" · ", (f"{letter}→{clean(elsewhere.code)}", "$warning")]
    late = delay_words(trade.store.feed_of(name), trade.said)
    if late:
        parts += [" · ", (late, "$warning")]
    zh = trade.said.language == "zh" and instrument.name_zh
    return Content.assemble(*parts, " · " if len(parts) > 1 else " ", clean(zh or instrument.name))


class Ladders(Horizontal):
    """The ladders of one screen, left to right.

    Attributes:
        trade: The screen that they stand on.
        all: Every ladder.
        active: The one that has the keys, or had them last.
        columns: What every ladder shows, left to right.
        exit_in_ticks: Whether profit if exited is told in ticks, else in money.
    """

    def __init__(self, trade: TradeScreen, idiom: Idiom, settings: LadderSettings) -> None:
        super().__init__(id="ladders")
        self.trade = trade
        self._idiom, self._settings = idiom, settings
        self.all = [LadderPane(idiom, settings, number) for number in range(1, settings.count + 1)]
        self.active = self.all[0]
        self.columns: tuple[Column, ...] = tuple(Column(name) for name in settings.columns) or ORDER
        self.exit_in_ticks = settings.exit_in == "ticks"
        self._flows: dict[str, Flow] = {}

    def compose(self) -> ComposeResult:
        """The ladders, in the order in which Tab visits them."""
        yield from self.all

    def instrument_of(self, pane: LadderPane) -> str:
        """Give the id of the instrument that a ladder shows."""
        return pane.locked or self.trade.watching.links.of_group(self.letter(pane))

    def letter(self, pane: LadderPane) -> str:
        """Give the letter of a ladder's link group."""
        return self.trade.watching.links.letter(str(pane.surface.id))

    @property
    def group(self) -> str:
        """The link group of the ladder that the keys act on; orders go by it."""
        return self.letter(self.active)

    def of_group(self, group: str) -> list[LadderPane]:
        """Give the ladders that show what a group does: those that carry its letter and are not locked."""
        return [pane for pane in self.all if not pane.locked and self.letter(pane) == group]

    def one_of(self, group: str) -> LadderPane:
        """Give the ladder on which to go on with what was chosen in a group: the active one where it is one of them."""
        return self.active if self.group == group else next(iter(self.of_group(group)), self.active)

    def has_keys(self) -> bool:
        """Whether a ladder has the focus."""
        return self.trade.focused in [pane.surface for pane in self.all]

    def take_keys(self, widget: Widget | None) -> None:
        """Let the keys act on a ladder that got the focus; an order staged in another one does not come along."""
        pane = next((one for one in self.all if one.surface is widget), None)
        if pane is not None and (pane is not self.active or self.instrument_of(pane) != self.trade.instrument_id):
            self.activate(pane)

    def activate(self, pane: LadderPane) -> None:
        """Make a ladder the one that the keys act on."""
        before, self.active = self.active, pane
        self.trade.navigation.act_on(self.instrument_of(pane), is_other_ladder=pane is not before)

    def retitle(self) -> None:
        """Title every ladder with its instrument, its phase and what a row holds."""
        trade = self.trade
        word = trade.said.texts["action.pane.ladder.label"]
        for pane in self.all:
            name = self.instrument_of(pane)
            title = Content(word) + title_of(trade, pane, name)
            if title != pane.border_title:
                pane.border_title = title

    # -- drawing --------------------------------------------------------------

    def touched(self, dirty: Dirty) -> list[LadderPane]:
        """Give the ladders of which something changed, fades or is forgotten."""
        own = dirty.orders or dirty.queues or self.trade.account in dirty.accounts
        market = dirty.books | dirty.quotes | dirty.tapes | dirty.volumes
        return [pane for pane in self.all if own or self.instrument_of(pane) in market or self._is_pane_due(pane)]

    def is_due(self) -> bool:
        """Whether a ladder looks otherwise soon although nothing comes."""
        return any(map(self._is_pane_due, self.all))

    def _is_pane_due(self, pane: LadderPane) -> bool:
        clock_ns, flow = self.trade.desk.clock_ns(), self._flows.get(self.instrument_of(pane))
        return pane.axis.is_due or (flow is not None and flow.is_due(self.trade.store.desk_ns(clock_ns), clock_ns))

    def show_pane(self, pane: LadderPane) -> None:
        """Draw one ladder where it stands; it recentres only when nothing guards it."""
        trade, store = self.trade, self.trade.store
        instrument = store.instruments.get(self.instrument_of(pane))
        if instrument is None:
            pane.surface.show(None)
            return
        self._retitle(pane)
        name, looking = instrument.id, trade.looking()
        flow = self._counted(name, looking)
        staged = trade.entry.shown if pane is self.active else None
        view = self._followed(pane, instrument, looking, guard=staged is not None)
        pane.surface.show(
            ladder_model(
                store,
                looking,
                instrument,
                view,
                staged,
                columns=self.columns,
                flow=flow,
                notice=pane.axis.notice,
                is_locked=bool(pane.locked),
                exit_in_ticks=self.exit_in_ticks,
                mode=trade.desk.expected_mode,
            )
        )

    def _retitle(self, pane: LadderPane) -> None:
        """Title a ladder anew when that of which its title speaks has changed."""
        name = self.instrument_of(pane)
        quote, view, feed = self.trade.store.quotes.get(name), pane.axis.view(name), self.trade.store.feed_of(name)
        spoken = (name, quote.phase if quote else None, view.step if view else 0, feed.delay_ns if feed else 0)
        if spoken != pane.spoken:
            pane.spoken = spoken
            self.retitle()

    def _followed(self, pane: LadderPane, instrument: Instrument, looking: Looking, *, guard: bool) -> LadderView:
        store, name = self.trade.store, instrument.id
        is_compressed = pane.axis.is_compressed
        return pane.axis.followed(
            name,
            instrument.rule(self.trade.day).tick,
            pane.surface.price_rows,
            store.quotes.get(name),
            store.books.get(name),
            known=(*own_prices(store, looking.account, name), *store.armed.prices(name)) if is_compressed else (),
            guard=guard,
            clock_ns=looking.clock_ns,
        )

    def _counted(self, name: str, looking: Looking) -> Flow:
        store, flow = self.trade.store, self._flows.get(name)
        if flow is None:
            settings = self._settings
            flow = self._flows[name] = Flow(settings.traded_s * _SECOND, settings.flow_s * _SECOND, BOOK_DEPTH)
        desk_ns = store.desk_ns(looking.clock_ns)
        flow.take(store.quotes.get(name), store.books.get(name), store.tapes.get(name), desk_ns, looking.clock_ns)
        return flow

    def topics(self) -> set[str]:
        """Name what the ladders on the screen need."""
        names = set()
        for pane in self.all:
            name, instrument = self.instrument_of(pane), self.trade.store.instruments.get(self.instrument_of(pane))
            if instrument is None:
                continue
            names |= {f"quote/{name}", f"book/{name}?depth={BOOK_DEPTH}"}
            shown = widths(pane.surface.size.width, instrument.price_decimals + 6, self.columns)
            if not _TAPED.isdisjoint(shown):
                names.add(f"tape/{name}")
            if Column.VOLUME in shown:
                names.add(f"volume/{name}")
        return names

    # -- what a person does ---------------------------------------------------

    def begin_anew(self) -> None:
        """Forget what belonged to the desk that was shown."""
        links = self.trade.watching.links
        links.begin_anew()
        self._flows.clear()
        for pane in self.all:
            links.forget(str(pane.surface.id))
            pane.locked = ""
            pane.axis.forget()
            pane.surface.show(None)

    def choose(self, group: str, name: str) -> None:
        """Show another instrument on the ladders of a group; a locked one of it gives the keys to one of them."""
        if self.active.locked and self.group == group:
            self.active = next(iter(self.of_group(group)), self.active)
        self.link(group, name)

    def link(self, group: str, name: str) -> None:
        """Show another instrument on the ladders of a group; the keys stay where they are."""
        self.trade.watching.links.choose(group, name)
        shown = {self.instrument_of(pane) for pane in self.all}
        self._flows = {kept: flow for kept, flow in self._flows.items() if kept in shown}
        for pane in self.of_group(group):
            pane.surface.show(None)

    def turn_link(self) -> None:
        """Give the active ladder the next letter; a locked one keeps its instrument, another shows its new group's."""
        pane, links, trade = self.active, self.trade.watching.links, self.trade
        name = self.instrument_of(pane)
        group = links.turn(str(pane.surface.id))
        if not links.has_chosen(group):
            links.choose(group, name)
        trade.navigation.act_on(self.instrument_of(pane), is_other_ladder=False)
        trade.name_panes()
        instrument = trade.store.instruments.get(self.instrument_of(pane))
        symbol = clean(instrument.code) if instrument else ""
        trade.say(News(trade.said.tr("news.ladder_group", group=group, symbol=symbol)))

    def toggle_lock(self) -> bool:
        """Lock the active ladder on its instrument, or link it again; tells whether it is locked now."""
        pane = self.active
        pane.locked = "" if pane.locked else self.instrument_of(pane)
        self.trade.navigation.act_on(self.instrument_of(pane), is_other_ladder=False)
        return bool(pane.locked)

    def clear(self, *, above: bool = True, below: bool = True) -> None:
        """Begin to count trades and changes of the active ladder's instrument anew, above or below the market only."""
        name = self.instrument_of(self.active)
        flow, quote = self._flows.get(name), self.trade.store.quotes.get(name)
        if flow is None or quote is None:
            return
        if above and below:
            flow.clear()
        elif above:
            flow.clear(above=quote.last)
        else:
            flow.clear(below=quote.last)
        self.show_pane(self.active)

    def recentre(self) -> None:
        """Centre every ladder on its market; cursors keep their prices."""
        clock_ns = self.trade.desk.clock_ns()
        for pane in self.all:
            name = self.instrument_of(pane)
            view, quote = pane.axis.view(name), self.trade.store.quotes.get(name)
            if view is not None and quote is not None:
                pane.axis.stand(name, ladder_view.recentre(view, *market(quote)), clock_ns)
                self.show_pane(pane)

    def add(self) -> bool:
        """Add a ladder at the right and give it the keys; tells whether there was room for one more."""
        if len(self.all) >= MOST:
            return False
        taken = {pane.id for pane in self.all}
        number = next(n for n in range(2, MOST + 1) if f"ladder-{n}-pane" not in taken)
        pane = LadderPane(self._idiom, self._settings, number)
        self.all.append(pane)
        self.mount(pane)
        self._counted_anew()
        self.trade.set_focus(pane.surface, scroll_visible=False)
        return True

    def close_active(self) -> bool:
        """Close the active ladder; the first one stays. Tells whether it was closed."""
        pane = self.active
        if pane is self.all[0]:
            return False
        self.all.remove(pane)
        self.activate(self.all[0])
        self.trade.watching.links.forget(str(pane.surface.id))
        pane.remove()
        self._counted_anew()
        self.all[0].surface.focus()
        return True

    def _counted_anew(self) -> None:
        """Tell the screen how many ladders there are, by which it shares its width out."""
        self.trade.workspaces.show()
        self.trade.name_panes()
        self.call_after_refresh(self.trade.flush, everything=True)

    def on_mount(self) -> None:
        """Share the width out."""
        self._counted_anew()

    def speak(self, idiom: Idiom) -> None:
        """Change the words of every ladder."""
        self._idiom = idiom
        for pane in self.all:
            pane.surface.idiom = idiom
            pane.surface.refresh()
