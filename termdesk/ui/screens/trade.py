"""The trading screen: watchlist, ladder, chart over tape, blotter; below them ticket, messages and status.

What is drawn when is ``ui/frames/drawing.py``; what keys do to orders is
``ui/orders/entry.py``, to a replay ``ui/playing.py``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from termdesk.config.settings import LadderSettings
from termdesk.core.model.facts import Recorded
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Mode
from termdesk.core.wire.topics import QuoteBody
from termdesk.ui import models
from termdesk.ui.actions import ACTIONS, Context, shown_keys, touches_account
from termdesk.ui.attaching import Attaching
from termdesk.ui.bars import Bar
from termdesk.ui.blotter.acting import Acting
from termdesk.ui.desktop import Desktop
from termdesk.ui.frames.drawing import Drawing
from termdesk.ui.guide.guide import Guide
from termdesk.ui.hearing import Hearing
from termdesk.ui.keys.astray import astray_words
from termdesk.ui.ladder.row import Ladders
from termdesk.ui.layout.desk import Workspaces
from termdesk.ui.lines.blotter import BlotterSurface
from termdesk.ui.lines.chart import ChartSurface
from termdesk.ui.lines.idiom import Cell, Idiom
from termdesk.ui.lines.ladder import LadderSurface
from termdesk.ui.lines.statusline import StatusSurface
from termdesk.ui.lines.surface import Surface
from termdesk.ui.lines.tape import TapeSurface
from termdesk.ui.lines.watchlist import WatchSurface
from termdesk.ui.locale import Catalogue
from termdesk.ui.messages import Messages
from termdesk.ui.navigation import Navigation
from termdesk.ui.news import News
from termdesk.ui.orders.entry import OrderEntry
from termdesk.ui.playing import Playing
from termdesk.ui.screens.dialogs import Choice, LineInput, Question
from termdesk.ui.sharing.following import Following
from termdesk.ui.sharing.presence import Presence
from termdesk.ui.sounds import Sounds
from termdesk.ui.store import EngineLink, Store
from termdesk.ui.tape.reading import Reading
from termdesk.ui.watch.titles import title as title_of
from termdesk.ui.watch.watching import Watching

if TYPE_CHECKING:
    from termdesk.ui.app import TermdeskApp
    from termdesk.ui.link import Link

SMALLEST = (64, 18)
"""Columns and rows below which the screen says so, and only ways out act."""


class TradeScreen(Screen[None], inherit_bindings=False):
    """Everything a trader sees of one desk."""

    AUTO_FOCUS = "#ladder"

    def __init__(self, idiom: Idiom, ladder: LadderSettings | None = None) -> None:
        super().__init__()
        self.idiom = idiom
        self.instrument_id = ""
        self.account = ""
        self.entry = OrderEntry(self)
        self.navigation = Navigation(self)
        self.watchlist = WatchSurface(idiom, id="watchlist")
        self.watching = Watching(self)
        self.ladders = Ladders(self, idiom, ladder or LadderSettings())
        self.chart = ChartSurface(idiom, id="chart")
        self.tape = TapeSurface(idiom, id="tape")
        self.blotter = BlotterSurface(idiom, id="blotter")
        self.ticket_bar = Bar(id="ticket")
        self.messages = Messages(self._show_keys)
        self.status_bar = StatusSurface(idiom, id="status")
        self.tiny_bar = Bar(id="tiny")
        self.following = Following(self)
        self.presence = Presence(self)
        self.guide = Guide(self)
        self.sounds = Sounds(self)
        self.hearing = Hearing(self)
        self.panes: tuple[Surface, ...] = (self.watchlist, self.chart, self.tape, self.blotter)
        self.boxes: dict[Surface, Container] = {
            pane: Container(pane, id=f"{pane.id}-pane", classes="pane") for pane in self.panes
        }
        boxes = {str(pane.id): box for pane, box in self.boxes.items()}
        self.workspaces = Workspaces(self, {"watchlist": boxes["watchlist"], "ladders": self.ladders, **boxes})
        self.drawing = Drawing(self)
        self.attaching = Attaching(self)
        self._handlers = (
            Desktop(self).handlers()
            | self.guide.handlers()
            | self.sounds.handlers()
            | self.workspaces.handlers()
            | self.navigation.handlers()
            | self.watching.handlers()
            | Acting(self).handlers()
            | Reading(self).handlers()
            | self.entry.handlers()
            | Playing(self).handlers()
        )

    @property
    def desk(self) -> TermdeskApp:
        """The app."""
        return cast("TermdeskApp", self.app)

    @property
    def ladder(self) -> LadderSurface:
        """The ladder that the keys act on."""
        return self.ladders.active.surface

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
        """Day whose ticks and lots the keys go by."""
        return self.store.day(self.desk.clock_ns())

    @property
    def is_stale(self) -> bool:
        """Whether the chosen instrument's prices must not be trusted."""
        return self.store.is_stale(self.instrument_id, self.desk.clock_ns(), self.desk.stale_ns)

    # -- layout ---------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Panes in the order in which Tab visits them."""
        yield self.workspaces.arena
        yield self.guide.bar
        yield self.ticket_bar
        yield self.messages.bar
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
        self.entry.settle()
        self.speak(self.idiom)
        self.drawing.start()

    def on_resize(self, event: events.Resize) -> None:
        """Below the smallest size say so, and which keys still act."""
        (width, height), (least_width, least_height) = event.size, SMALLEST
        self.set_class(width < least_width or height < least_height, "-tiny")
        self._say_tiny()
        self.workspaces.show()
        self.call_after_refresh(self._settle)

    def _say_tiny(self, *news: Cell) -> None:
        """Say on a screen too small for panes what still acts, and what was said last."""
        (width, height), (columns, rows), keys = self.size, SMALLEST, self.desk.keymap.keys
        small = self.said.tr("ui.too_small", width=width, height=height, columns=columns, rows=rows)
        out = [
            f"{shown_keys(keys[name][:1])} {self.said.texts[f'action.{name}.label']}"
            for name in ("desk.panic", "desk.kill", "desk.quit")
        ]
        self.tiny_bar.say([(small, "warning")], [("  ".join(out), "text")], [], [*news])

    def _settle(self) -> None:
        if not self.has_class("-tiny"):
            self.navigation.keep_focus()
        self.flush(everything=True)

    def speak(self, idiom: Idiom) -> None:
        """Change the words of every pane."""
        self.idiom = idiom
        for pane in (self.watchlist, self.chart, self.tape, self.blotter, self.status_bar):
            pane.idiom = idiom
            pane.refresh()
        self.ladders.speak(idiom)
        self.drawing.begin_anew()
        self.guide.speak()
        self.name_panes()

    def name_panes(self) -> None:
        """Title the panes; a ladder's title names the instrument, its phase and what a row holds."""
        for pane in self.panes:
            words = self.said.texts[f"action.pane.{pane.id}.label"]
            title = Content(words + title_of(self.watching, pane.id or ""))
            if title != self.boxes[pane].border_title:
                self.boxes[pane].border_title = title
        self.ladders.retitle()

    # -- drawing --------------------------------------------------------------

    def flush(self, everything: bool = False) -> None:
        """Draw what changed since the last time, or everything."""
        if self.is_attached:
            self.drawing.flush(everything=everything)

    def _compositor_refresh(self) -> None:
        began = time.thread_time_ns()
        super()._compositor_refresh()
        self.drawing.pace.took(time.thread_time_ns() - began)

    def show_ladder(self) -> None:
        """Draw the ladder that the keys act on."""
        self.ladders.show_pane(self.ladders.active)

    def show_ticket(self) -> None:
        """Draw the ticket, and the ladder which shows the staged order too."""
        self.drawing.ticket()
        self.show_ladder()

    def _show_keys(self) -> None:
        if self.is_attached:
            self.drawing.ticket()

    def say(self, news: News) -> None:
        """Put a message on the bar, and into the session log."""
        is_shown = self.messages.say(news)
        if is_shown and self.has_class("-tiny"):
            self._say_tiny((news.text, news.ink))
        self.store.kept.say(self.desk_ns, news.text, news.ink)

    def hear(self, records: Sequence[Recorded]) -> None:
        """Say what the log brought."""
        self.hearing.hear(records)

    def hints(self) -> tuple[tuple[str, str], ...]:
        """Give the keys worth showing now, those of everywhere first; beside a staged order, only what ends it."""
        keys, is_staged = self.desk.keymap.keys, self.holds(Context.STAGED)
        worth = [
            action
            for action in ACTIONS
            if action.hint and keys[action.id] and self.holds(action.context)
            if action.context is Context.WATCHLIST or not self.watching.is_typing(keys[action.id][0])
            if not is_staged or action.context is Context.STAGED
        ]
        first = (Context.LOST, Context.STOPPED)
        worth.sort(key=lambda action: (action.context not in first, action.context is not Context.DESK))
        return tuple((shown_keys(keys[action.id][:1]), self.said.texts[action.label_key]) for action in worth)

    def looking(self) -> models.Looking:
        """Who looks, when and at what."""
        return models.Looking(
            self.desk.clock_ns(), self.desk.stale_ns, self.instrument_id, self.account, self.desk.catalogue
        )

    # -- keys -----------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether an action's context holds; a key that does not act here falls through to the next meaning.

        On a screen too small to see what a key would do only leaving is possible, and what works above everything.
        """
        if action != "act":
            return True
        if self.has_class("-tiny"):
            return parameters[0] == "desk.quit"
        context = next(one.context for one in ACTIONS if one.id == parameters[0])
        if context is not Context.WATCHLIST and self.watching.is_typing(str(parameters[1])):
            return False
        return self.holds(context)

    def holds(self, context: Context) -> bool:
        """Whether an action's context holds now."""
        focused = self.focused.id if self.focused is not None else ""
        in_ladder = self.ladders.has_keys()
        ticket, amending = self.entry.ticket, self.entry.amending
        return {
            Context.DESK: True,
            Context.REPLAY: (self.store.mode or self.desk.expected_mode) is Mode.REPLAY,
            Context.LOST: self.store.link in (EngineLink.LOST, EngineLink.FAILED),
            Context.STOPPED: bool(self.store.health and self.store.health.stops),
            Context.LADDER: in_ladder,
            Context.STAGED: in_ladder and self.entry.shown is not None,
            Context.SELECTED: in_ladder and bool(amending.selected),
            Context.HOLDING: in_ladder and amending.is_holding,
            Context.TYPING: in_ladder and bool(ticket.digits),
            Context.WATCHLIST: focused == "watchlist",
            Context.BLOTTER: focused == "blotter",
            Context.TAPE: focused == "tape",
        }[context]

    def watch_focused(self, widget: Widget | None) -> None:
        """Let a ladder have the keys as soon as the focus: what tells of that comes after keys struck right behind."""
        self.ladders.take_keys(widget)

    def on_key(self, event: events.Key) -> None:
        """Say where a key would act that does nothing here; bindings come after this."""
        if self.watchlist.typed(event):
            return
        words = astray_words(event.key, self.desk.keymap, self.holds, self.said)
        if words and not self.has_class("-tiny"):
            self.messages.say(News(words, "muted"))

    def action_act(self, name: str, key: str) -> None:
        """Carry out an action of the registry; a screen that only looks on touches no account."""
        if self.desk.options.read_only and touches_account(name):
            self.say(News(self.said.tr("news.read_only"), "warning"))
            return
        if self.following.holds_back(name):
            return
        if name == "order.digit":
            self.entry.type(key)
            return
        if name == "order.preset":
            self.entry.sizing.preset(key[-1:])
            return
        self._handlers[name]()

    def begin_anew(self) -> None:
        """Forget what belonged to the desk that was shown."""
        self.instrument_id = self.account = ""
        self.ladders.begin_anew()
        self.following = Following(self)
        self.entry, self.navigation = OrderEntry(self), Navigation(self)
        self.entry.settle()
        self._handlers |= self.entry.handlers() | self.navigation.handlers()

    # -- dialogs --------------------------------------------------------------

    def ask(self, text: str, choices: Sequence[Choice], answered: Callable[[str | None], None]) -> None:
        """Ask a question whose last choice is the safe one."""
        self.app.push_screen(Question(text, choices), answered)

    def ask_line(self, text: str, value: str, answered: Callable[[str | None], None]) -> None:
        """Ask for a line of text."""
        self.app.push_screen(LineInput(text, value), answered)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on a clicked price, choose a clicked instrument or row, open a clicked tab."""
        self.messages.seen()
        if isinstance(event.widget, LadderSurface):
            self.navigation.point(event.y - 1)
        elif event.widget is self.watchlist and 0 < event.y <= len(self.watchlist.visible_ids):
            self.watching.choose(self.watchlist.visible_ids[event.y - 1])
        elif event.widget is self.blotter:
            self.blotter.point(event.x, event.y)
