"""The trading screen: watchlist, ladder, chart over tape, blotter; below them ticket, messages and status.

Draws what changed, 30 times a second at most, and only what is seen. What
keys do to orders is ``ui/entry.py``, to a replay ``ui/playing.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.screen import Screen

from termdesk.core.model.facts import Recorded
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Mode, Phase
from termdesk.core.wire.topics import QuoteBody
from termdesk.ui import models
from termdesk.ui.actions import ACTIONS, Context, shown_keys
from termdesk.ui.bars import Bar
from termdesk.ui.desktop import Desktop
from termdesk.ui.entry import OrderEntry
from termdesk.ui.guide.guide import Guide
from termdesk.ui.lines.blotter import BlotterSurface
from termdesk.ui.lines.chart import ChartSurface
from termdesk.ui.lines.format import clean
from termdesk.ui.lines.idiom import Idiom
from termdesk.ui.lines.ladder import LadderSurface
from termdesk.ui.lines.statusline import StatusSurface
from termdesk.ui.lines.surface import Surface
from termdesk.ui.lines.tape import TapeSurface
from termdesk.ui.lines.watchlist import WatchSurface
from termdesk.ui.locale import Catalogue
from termdesk.ui.navigation import Navigation
from termdesk.ui.news import News, record_news
from termdesk.ui.playing import Playing
from termdesk.ui.screens.dialogs import Choice, LineInput, Question
from termdesk.ui.store import Dirty, EngineLink, Store
from termdesk.ui.ticket_rows import ticket_rows

if TYPE_CHECKING:
    from termdesk.ui.app import TermdeskApp
    from termdesk.ui.link import Link

SMALLEST = (64, 18)
"""Columns and rows below which one line says so."""


class TradeScreen(Screen[None], inherit_bindings=False):
    """Everything a trader sees of one desk."""

    AUTO_FOCUS = "#ladder"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (112, "-wide"), (168, "-vast")]  # noqa: RUF012 declared by Screen
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]  # noqa: RUF012

    def __init__(self, idiom: Idiom) -> None:
        super().__init__()
        self.idiom = idiom
        self.instrument_id = ""
        self.account = ""
        self.entry = OrderEntry(self)
        self.navigation = Navigation(self)
        self.watchlist = WatchSurface(idiom, id="watchlist")
        self.ladder = LadderSurface(idiom, id="ladder")
        self.chart = ChartSurface(idiom, id="chart")
        self.tape = TapeSurface(idiom, id="tape")
        self.blotter = BlotterSurface(idiom, id="blotter")
        self.ticket_bar = Bar(id="ticket")
        self.message_bar = Bar(id="messages")
        self.status_bar = StatusSurface(idiom, id="status")
        self.tiny_bar = Bar(id="tiny")
        self.guide = Guide(self)
        self.panes: tuple[Surface, ...] = (self.watchlist, self.ladder, self.chart, self.tape, self.blotter)
        self.boxes: dict[Surface, Container] = {
            pane: Container(pane, id=f"{pane.id}-pane", classes="pane") for pane in self.panes
        }
        self._second = -1
        self._spoken: tuple[str, Phase | None, int] | None = None
        self._link = EngineLink.STARTING
        self._handlers = (
            Desktop(self).handlers() | self.guide.handlers() | self.navigation.handlers() | self.entry.handlers() | Playing(self).handlers()
        )

    @property
    def desk(self) -> TermdeskApp:
        """The app."""
        return cast("TermdeskApp", self.app)

    @property
    def store(self) -> Store:
        """What is known of the desk."""
        return self.desk.store

    @property
    def link(self) -> Link:
        """The tie to the engine."""
        return self.desk.link

    @property
    def said(self) -> Catalogue:
        """The reader's language."""
        return self.desk.catalogue

    @property
    def instrument(self) -> Instrument | None:
        """The chosen instrument."""
        return self.store.instruments.get(self.instrument_id)

    @property
    def quote(self) -> QuoteBody | None:
        """Quote line of the chosen instrument."""
        return self.store.quotes.get(self.instrument_id)

    @property
    def desk_ns(self) -> int:
        """Desk time now."""
        return self.store.desk_ns(self.desk.clock_ns())

    @property
    def day(self) -> str:
        """Day whose ticks and lots the keys go by; the engine decides by the venue's own."""
        return datetime.fromtimestamp(self.desk_ns // 10**9, UTC).date().isoformat()

    @property
    def is_stale(self) -> bool:
        """Whether the chosen instrument's prices must not be trusted."""
        return self.store.is_stale(self.instrument_id, self.desk.clock_ns(), self.desk.stale_ns)

    # -- layout ---------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Panes in the order in which Tab visits them."""
        with Horizontal(id="main"):
            yield self.boxes[self.watchlist]
            yield self.boxes[self.ladder]
            with Container(id="side"):
                yield self.boxes[self.chart]
                yield self.boxes[self.tape]
        yield self.boxes[self.blotter]
        yield self.guide.bar
        yield self.ticket_bar
        yield self.message_bar
        yield self.status_bar
        yield self.tiny_bar

    def on_mount(self) -> None:
        """Bind the keys of the registry, say what is going on, begin to draw."""
        keys = self.desk.keymap.keys
        self._bindings = BindingsMap(
            Binding(key, f"act('{action.id}', '{key}')", action.id, id=action.id, show=False)
            for action in ACTIONS
            for key in keys[action.id]
        )
        self.speak(self.idiom)
        self.set_interval(1 / self.desk.settings.screen.fps, self.flush)

    def on_resize(self, event: events.Resize) -> None:
        """Below the smallest size say so in one line."""
        (width, height), (least_width, least_height) = event.size, SMALLEST
        self.set_class(width < least_width or height < least_height, "-tiny")
        words = self.said.tr("ui.too_small", width=width, height=height, columns=least_width, rows=least_height)
        self.tiny_bar.say([(words, "warning")])
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        if not self.has_class("-tiny"):
            self.navigation.keep_focus()
        self.flush(everything=True)

    def speak(self, idiom: Idiom) -> None:
        """Change the words of every pane."""
        self.idiom = idiom
        for pane in (self.watchlist, self.ladder, self.chart, self.tape, self.blotter, self.status_bar):
            pane.idiom = idiom
            pane.refresh()
        self._second = -1
        self.guide.speak()
        self.name_panes()

    def name_panes(self) -> None:
        """Title the panes; the ladder's title names the instrument, its phase and what a row holds."""
        for pane in self.panes:
            title = Content(self.said.texts[f"action.pane.{pane.id}.label"])
            self.boxes[pane].border_title = title + self._chosen() if pane is self.ladder else title

    def _chosen(self) -> Content:
        instrument, quote, step = self.instrument, self.quote, self.navigation.step
        if instrument is None:
            return Content("")
        parts: list[str | tuple[str, str]] = [clean(f" {instrument.code}")]
        if quote is not None and quote.phase not in (Phase.CONTINUOUS, Phase.UNKNOWN):
            parts += [" · ", (self.said.word("phase", quote.phase.value), "$warning")]
        if step > instrument.rule(self.day).tick:
            parts.append(f" · {self.said.tr('ui.step', step=instrument.price_text(step))}")
        zh = self.said.language == "zh" and instrument.name_zh
        return Content.assemble(*parts, " · " if len(parts) > 1 else " ", clean(zh or instrument.name))

    # -- drawing --------------------------------------------------------------

    def flush(self, everything: bool = False) -> None:
        """Draw what changed since the last time; once a second everything, since ages grow."""
        if not self.is_attached:
            return
        dirty = self.store.take_dirty()
        second = self.desk.clock_ns() // 10**9
        everything = everything or second != self._second
        if not dirty and not everything:
            return
        self._second = second
        if dirty.link:
            self._tell_link()
        if not self.instrument_id and self.store.instruments:
            self.navigation.choose(next(iter(self.store.instruments)))
        self._draw(dirty, everything)
        self.guide.look()
        self.link.want(self._topics())

    def _draw(self, dirty: Dirty, everything: bool) -> None:
        chosen, looking = self.instrument_id, self._looking()
        if everything or dirty.instruments or not dirty.quotes.isdisjoint(self.watchlist.visible_ids):
            ids = tuple(self.store.instruments)
            self.watchlist.selected = ids.index(chosen) if chosen in ids else -1
            self.watchlist.show(models.watch_model(self.store, looking, ids))
        if everything or chosen in dirty.books or chosen in dirty.quotes or dirty.orders or dirty.queues:
            self.show_ladder()
        instrument = self.instrument
        studied = f"{chosen}/{models.STUDY}" in dirty.studies
        if instrument and self._is_seen(self.chart) and (everything or chosen in dirty.bars or studied):
            self.chart.show(models.chart_model(self.store, looking, instrument))
        if instrument and self._is_seen(self.tape) and (everything or chosen in dirty.tapes):
            self.tape.show(models.tape_model(self.store, looking, instrument))
        if everything or dirty.orders or dirty.queues or self.account in dirty.accounts:
            self.blotter.show(models.blotter_model(self.store, looking))
        if everything or dirty.health or dirty.link or self.account in dirty.accounts:
            self.status_bar.show(models.status_model(self.store, looking, self.desk.expected_mode))
            self.show_ticket()

    def _retitle(self) -> None:
        """Title the ladder anew when that of which its title speaks has changed."""
        quote = self.quote
        spoken = (self.instrument_id, quote.phase if quote else None, self.navigation.step)
        if spoken != self._spoken:
            self._spoken = spoken
            self.name_panes()

    def show_ladder(self) -> None:
        """Draw the ladder where it stands; it recentres only when nothing guards it."""
        instrument = self.instrument
        if instrument is not None:
            looking, staged = self._looking(), self.entry.ticket.staged
            view = self.navigation.followed(instrument, guard=staged is not None)
            self.ladder.show(models.ladder_model(self.store, looking, instrument, view, staged))
            self._retitle()

    def show_ticket(self) -> None:
        """Draw the ticket, and the ladder which shows the staged order too."""
        self.ticket_bar.say(*ticket_rows(self.entry.model(), self.said, self.ticket_bar.size.width))
        self.show_ladder()

    def say(self, news: News) -> None:
        """Put a message on the bar; it stays until the next."""
        self.message_bar.say([(f" {news.text}", news.ink)])

    def hear(self, records: Sequence[Recorded]) -> None:
        """Say what the log brought, the newest news last."""
        for record in records:
            news = record_news(record, self.store.orders, self.store.instruments, self.said)
            if news is not None:
                self.say(news)

    def hints(self) -> tuple[tuple[str, str], ...]:
        """Give the keys worth showing now, those of everywhere first; beside a staged order, only what ends it."""
        keys, is_staged = self.desk.keymap.keys, self.holds(Context.STAGED)
        worth = [
            action
            for action in ACTIONS
            if action.hint and keys[action.id] and self.holds(action.context)
            if not is_staged or action.context is Context.STAGED
        ]
        worth.sort(key=lambda action: (action.context is not Context.LOST, action.context is not Context.DESK))
        return tuple((shown_keys(keys[action.id][:1]), self.said.texts[action.label_key]) for action in worth)

    def _looking(self) -> models.Looking:
        return models.Looking(
            self.desk.clock_ns(), self.desk.stale_ns, self.instrument_id, self.account, self.desk.catalogue
        )

    def _is_seen(self, pane: Surface) -> bool:
        return bool(pane.size)

    def _topics(self) -> set[str]:
        """Name what is seen."""
        chosen = self.instrument_id
        topics = {"engine/health"} | {f"quote/{name}" for name in self.watchlist.visible_ids}
        if self.account:
            topics |= {f"account/{self.account}", f"queue/{self.account}"}
        if chosen:
            topics |= {f"quote/{chosen}", f"book/{chosen}?depth={models.BOOK_DEPTH}"}
            if self._is_seen(self.tape):
                topics.add(f"tape/{chosen}")
            if self._is_seen(self.chart):
                topics |= {f"bars/{chosen}/1m", f"study/{chosen}/1m/{models.STUDY}"}
        return topics

    def _tell_link(self) -> None:
        link, before = self.store.link, self._link
        self._link = link
        detail, key = self.store.link_detail, shown_keys(self.desk.keymap.keys["engine.start"])
        why = detail if isinstance(detail, str) else self.said.sentence(detail.code, detail.params)
        if link is EngineLink.FAILED:
            self.say(News(self.said.tr("news.failed", why=why), "danger"))
        elif link is EngineLink.LOST and before is not link:
            self.say(News(self.said.tr("news.lost", why=why, key=key), "danger"))
        elif link is EngineLink.UP and before is not link:
            attached = self.said.tr("news.attached", desk=self.store.welcome.desk if self.store.welcome else "")
            wrong = self.desk.wrong_keys()
            self.say(News(f"{attached} · {wrong}", "danger") if wrong else News(attached))
        if link is EngineLink.UP and not self.account and self.store.welcome is not None:
            self.account = next(iter(self.store.welcome.accounts), "")

    # -- keys -----------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether an action's context holds; a key that does not act here falls through to the next meaning.

        On a screen too small to see what a key would do, only leaving is possible.
        """
        if action != "act":
            return True
        if self.has_class("-tiny"):
            return parameters[0] == "desk.quit"
        context = next(one.context for one in ACTIONS if one.id == parameters[0])
        return self.holds(context)

    def holds(self, context: Context) -> bool:
        """Whether an action's context holds now."""
        focused = self.focused.id if self.focused is not None else ""
        in_ladder = focused == "ladder"
        ticket = self.entry.ticket
        return {
            Context.DESK: True,
            Context.REPLAY: (self.store.mode or self.desk.expected_mode) is Mode.REPLAY,
            Context.LOST: self.store.link in (EngineLink.LOST, EngineLink.FAILED),
            Context.LADDER: in_ladder,
            Context.STAGED: in_ladder and ticket.staged is not None,
            Context.TYPING: in_ladder and bool(ticket.digits),
            Context.WATCHLIST: focused == "watchlist",
            Context.BLOTTER: focused == "blotter",
        }[context]

    def action_act(self, name: str, key: str) -> None:
        """Carry out an action of the registry."""
        if name == "order.digit":
            self.entry.type(key)
            return
        self._handlers[name]()

    def begin_anew(self) -> None:
        """Forget what belonged to the desk that was shown."""
        self.instrument_id = self.account = ""
        self.entry, self.navigation = OrderEntry(self), Navigation(self)
        self._handlers |= self.entry.handlers() | self.navigation.handlers()

    # -- dialogs --------------------------------------------------------------

    def ask(self, text: str, choices: Sequence[Choice], answered: Callable[[str | None], None]) -> None:
        """Ask a question whose last choice is the safe one."""
        self.app.push_screen(Question(text, choices), answered)

    def ask_line(self, text: str, value: str, answered: Callable[[str | None], None]) -> None:
        """Ask for a line of text."""
        self.app.push_screen(LineInput(text, value), answered)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on a clicked price, or choose a clicked instrument."""
        if event.widget is self.ladder:
            self.navigation.point(event.y - 1)
        elif event.widget is self.watchlist and 0 < event.y <= len(self.watchlist.visible_ids):
            self.navigation.choose(self.watchlist.visible_ids[event.y - 1])
