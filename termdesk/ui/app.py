"""The app: settings, themes, language, the store and its link; one trading screen."""

from __future__ import annotations

import gc
import os
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar
from weakref import WeakKeyDictionary

import msgspec
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.filter import LineFilter
from textual.keys import _character_to_key
from textual.widgets import Input

from termdesk.config.launch import LaunchOptions
from termdesk.config.load import load_settings, settings_files
from termdesk.core.model.command import Command, JumpReplay
from termdesk.core.model.errors import ConfigError, TermdeskError
from termdesk.core.model.terms import Mode
from termdesk.ui.actions import Context
from termdesk.ui.blotter.trips import Stroke
from termdesk.ui.frames.output import TerminalApp
from termdesk.ui.frames.pacing import begins_low
from termdesk.ui.keys.presets import chosen_keymap, wrong_keys
from termdesk.ui.keys.widths import is_foreign, plain
from termdesk.ui.lines.format import UNITS, clean
from termdesk.ui.lines.glyphs import ASCII, GLYPH_SETS
from termdesk.ui.lines.idiom import Idiom
from termdesk.ui.lines.palette import Convention
from termdesk.ui.lines.plain import Guard
from termdesk.ui.lines.surface import Surface
from termdesk.ui.link import Link
from termdesk.ui.locale import LANGUAGES, Catalogue, catalogue, chosen_language
from termdesk.ui.news import News
from termdesk.ui.orders.arming import Arming
from termdesk.ui.orders.entry import new_command_id
from termdesk.ui.orders.strokes import Strokes
from termdesk.ui.screens.dialog import Dialog
from termdesk.ui.screens.trade import TradeScreen
from termdesk.ui.sharing.presence import own_name
from termdesk.ui.store import EngineLink, Store
from termdesk.ui.terminal import chosen_glyphs, has_no_colour
from termdesk.ui.theme import ThemeWatch, chosen_convention, chosen_theme

MARKS = {
    "muted": "#9aa4b1",
    "stale": "#7d8794",
    "danger": "#ff7b86",
    "border": "#2b3645",
    "border-focus": "#f2b84b",
    "up": "#3ddc97",
    "down": "#ff6b6b",
    "flat": "#b4bcc6",
    "bid": "#3ddc97",
    "ask": "#ff6b6b",
}
"""Our variables under a theme that does not name them."""
WIDE_SPACE = "\u3000"
"""What a Chinese input method types for a space in full width."""
FILES_LOOK_S = 1.0
"""Between two looks at the files of the theme and of the watchlists."""


class TermdeskApp(TerminalApp[int], inherit_bindings=False):
    """A screen on one desk.

    Args:
        options: The command line.
        environment: Where an automatic language comes from.
        offset_s: Seconds east of Greenwich of the times shown; None is the machine's zone.
        offers_guide: Whether a new user is guided through the first steps.
        clock_ns: Monotonic clock.

    Raises:
        ConfigError: The configuration or a theme file is wrong.
    """

    TITLE = "termdesk"
    CSS_PATH = Path(__file__).parent / "screens" / "trade.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        options: LaunchOptions,
        *,
        environment: Mapping[str, str] | None = None,
        offset_s: int | None = None,
        offers_guide: bool = False,
        clock_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        environment = os.environ if environment is None else environment
        self.options = options
        self.clock_ns = clock_ns
        self.offers_guide = offers_guide
        self.settings = load_settings(settings_files(options.config), options.overrides())
        self.keymap = chosen_keymap(self.settings.keys.preset, self.settings.keys.overrides)
        screen = self.settings.screen
        self.catalogue: Catalogue = catalogue(chosen_language(screen.language, environment))
        self._offset_s = time.localtime().tm_gmtoff if offset_s is None else offset_s
        self._themes = chosen_theme(screen.theme, os.environ)
        self._glyphs = GLYPH_SETS[chosen_glyphs(screen.glyphs, environment)]
        self._guard = Guard(is_plain=self._glyphs is ASCII)
        # The default theme is in force while Textual chooses its filter: it would paint greys instead of no colour.
        super().__init__(ansi_color=True if has_no_colour(os.environ) else None)
        self._put_themes()
        self.theme = next(iter(self._themes))
        self._theme_watch = ThemeWatch(screen.theme, self.theme)
        self.stale_ns = self.settings.limits.stale_link_ms * 1_000_000
        self.store = Store()
        orders = self.settings.orders
        self.strokes = Strokes(orders.paste_gap_ms / 1000, orders.repeat_gap_ms / 1000)
        self._struck: WeakKeyDictionary[events.Key, Stroke] = WeakKeyDictionary()
        self.begins_low = begins_low(screen.profile, environment)
        """Whether the screen begins in the low-bandwidth profile."""
        self.arming = Arming(orders.armed_at_start, orders.idle_disarm_s * 10**9)
        self._asks_to_quit = self._is_leaving = False
        self._screen = TradeScreen(self._idiom(), self.settings.ladder)
        self.link = self._new_link()

    async def on_event(self, event: events.Event) -> None:
        """Note every stroke when it was read; the ways out work from any focus, dialogs and forms included.

        A key comes here again, forwarded, when what has the focus left it alone; bindings act then.
        """
        if isinstance(event, events.InputEvent) and not self.screen_stack:
            return  # typed into a program that is closing: nothing is left that it could be meant for
        if isinstance(event, events.Key) and event.is_forwarded:
            self.goes_back_to(event)
        elif isinstance(event, events.Key):
            event = self._narrow(event)
            self._struck[event] = self.strokes.take(event.key, event.time)
            self._screen.entry.sending.touch()
            if self._screen.entry.way_out(event.key) or (isinstance(self.screen, Dialog) and self.screen.awaits(event)):
                return
        elif isinstance(event, events.MouseDown) and not event.is_forwarded:
            self.strokes.click(event.time)
            self._screen.entry.sending.touch()
        await super().on_event(event)

    def on_key(self, event: events.Key) -> None:
        """Hand to a dialog what a pane was given before it opened: it would be lost, or do there what nobody meant.

        Here, where bindings act too, is known what the keys before this one have led to: what is typed for the
        watchlist begins its search from here, whatever had the focus when it was read; and what was said until here
        gives way to what this key says.
        """
        if self.screen is self._screen and not self.strokes.is_held:
            self._screen.messages.seen()
        if isinstance(self.screen, Dialog):
            if self.screen.catch(event):
                event.prevent_default()
        elif (typed := self._screen.watchlist.typed(event)) and not self.keymap.has(event.key, Context.WATCHLIST):
            event.prevent_default()
            self._screen.watching.find(typed, event.time)

    def goes_back_to(self, event: events.Key) -> None:
        """Let what is done now count as done by this key, whatever was struck since it was read."""
        if (stroke := self._struck.get(event)) is not None:
            self.strokes.acting = stroke

    def _narrow(self, event: events.Key) -> events.Key:
        """Read a full-width key as the one that was pressed, where keys are keys; a field keeps what is typed.

        But for the wide space, which a field would drop, so that the words beside it became one.
        """
        character = event.character or ""
        if character.isascii() or (isinstance(self.focused, Input) and character != WIDE_SPACE):
            return event
        narrow = plain(character)
        if narrow:
            key = events.Key(_character_to_key(narrow), narrow)
            key.time = event.time
            key.set_sender(self)
            return key
        typed_here = self.focused is not None and self.focused.id == "watchlist"
        if is_foreign(character) and self.screen is self._screen and not typed_here:
            self._screen.say(News(self.catalogue.tr("news.foreign", character=character), "warning"))
        return event

    @property
    def expected_mode(self) -> Mode:
        """What this screen was asked to open."""
        if self.options.replay:
            return Mode.REPLAY
        return Mode.DEMO if self.settings.feed.name == "demo" else Mode.PAPER

    @property
    def desk_name(self) -> str:
        """Desk to attach to; empty is a new run, or the only one that runs."""
        named = self.settings.desk.name
        if named or self.options.replay or not self.options.may_start_engine:
            return named
        return self.expected_mode.value

    def get_default_screen(self) -> TradeScreen:
        """Give the trading screen."""
        return self._screen

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Give the filters of every line; the last one lets nothing through that a terminal obeys."""
        return [*super().get_line_filters(), self._guard]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give our own variables to themes that do not name them."""
        return MARKS

    def on_mount(self) -> None:
        """Open the link once the first frame is out."""
        self.call_after_refresh(self._open_link)
        self.set_interval(FILES_LOOK_S, self._look_at_theme)
        self.set_interval(FILES_LOOK_S, self._screen.watching.look)

    def _put_themes(self) -> None:
        convention = chosen_convention(self.settings.screen.up_down, self.catalogue.language)
        for theme in self._themes.values():
            self.register_theme(theme.made(convention))

    def recolour(self) -> None:
        """Paint everything in the colours of the themes and settings of now."""
        self._put_themes()
        self.refresh_css(animate=False)
        # Colours that no style sheet names, such as up and down, are known to the surfaces only.
        for surface in self._screen.query(Surface):
            surface.notify_style_update()
            surface.refresh()

    def _open_link(self) -> None:
        if not gc.isenabled():
            gc.enable()
            gc.freeze()
        if self.offers_guide:
            self._screen.guide.offer()
        wrong = self.wrong_keys()
        if wrong:
            self._screen.say(News(wrong, "danger"))
        self._serve(self.desk_name)

    def start_engine(self) -> None:
        """Begin the link anew, and with it the desk's engine if none answers and this screen may start one."""
        welcome = self.store.welcome
        self._serve(welcome.desk if welcome else self.desk_name)

    def _serve(self, desk: str) -> None:
        serving = self.link.serve(self.options, desk, own_name(os.environ))
        self.run_worker(serving, group="link", exclusive=True)

    def _new_link(self, first: Command | None = None) -> Link:
        hear, lose = self._screen.hear, self._screen.attaching.lose
        return Link(self.store, hear, lose, first, self.clock_ns, is_read_only=self.options.read_only)

    def wrong_keys(self) -> str:
        """Say what is wrong with the user's own keys; empty if nothing is."""
        return wrong_keys(self.keymap, self.catalogue)

    def _fatal_error(self) -> None:
        """Tell a mistake of the program: without the locals, which hold the desk's data, as text that is only shown."""
        lines = [clean(line) for line in traceback.format_exc().splitlines()]
        self.panic(Text("\n".join([*lines, "", self.catalogue.tr("ui.broken")])))

    # -- language and theme ---------------------------------------------------

    def _idiom(self) -> Idiom:
        language = self.catalogue.language
        return Idiom(
            tr=self._translate,
            glyphs=self._glyphs,
            units=UNITS[language],
            offset_s=self._offset_s,
        )

    def _translate(self, key: str) -> str:
        """Give a painter's word; an empty pane says that the screen is still connecting."""
        is_empty = key.endswith(".empty") or ".empty." in key
        if is_empty and self.store.link in (EngineLink.STARTING, EngineLink.CONNECTING):
            return self.catalogue.tr("ui.connecting")
        return self.catalogue.texts[key]

    @property
    def themes(self) -> tuple[str, ...]:
        """Names of the themes that there are on this terminal."""
        return tuple(self._themes)

    def next_theme(self) -> None:
        """Change to the next theme."""
        self.put_theme(_after(self.theme, self.themes))

    def put_theme(self, name: str) -> None:
        """Change to a theme."""
        self.theme = name
        self._theme_watch = ThemeWatch(self.settings.screen.theme, self.theme)

    def _look_at_theme(self) -> None:
        """Take over a theme file that was written; one that is wrong changes nothing and is told."""
        watch = self._theme_watch
        if not watch.written():
            return
        try:
            self._themes[watch.name] = watch.read()
        except ConfigError as error:
            self._screen.say(News(str(error).replace("\n", " · "), "danger"))
            return
        self.recolour()
        self._screen.flush(everything=True)

    def next_up_down(self) -> None:
        """Change to the next convention of rising and falling, and say which it is."""
        now = chosen_convention(self.settings.screen.up_down, self.catalogue.language)
        self.put_up_down(_after(now.value, [one.value for one in Convention]))

    def put_up_down(self, name: str) -> None:
        """Change the colours of rising and falling, and say which they are."""
        replace = msgspec.structs.replace
        self.settings = replace(self.settings, screen=replace(self.settings.screen, up_down=name))
        self.recolour()
        self._screen.say(News(f"{self.catalogue.word('setting', 'up_down')}: {self.catalogue.word('up_down', name)}"))

    def next_language(self) -> None:
        """Change to the next language, and with it what ``auto`` means for up and down."""
        self.put_language(_after(self.catalogue.language, LANGUAGES))

    def put_language(self, name: str) -> None:
        """Change the language, and with it what ``auto`` means for up and down."""
        self.catalogue = catalogue(name)
        self.recolour()
        self._screen.speak(self._idiom())
        self._screen.flush(everything=True)

    # -- leaving, and beginning anew ------------------------------------------

    def ask_quit(self) -> None:
        """Leave; with working orders ask what the engine shall do. Asked again, wait no more for an engine's end."""
        if self._is_leaving and not self.strokes.is_held:
            self.exit(0)
        if self._is_leaving or self._asks_to_quit:
            return
        working = self.store.working() if self.store.link is EngineLink.UP else []
        if not working or self.options.read_only:
            self.run_worker(self._leave(stop=self._may_stop()), group="leave", exclusive=True)
            return
        tr = self.catalogue.tr
        choices = (
            ("l", tr("dialog.leave"), "leave"),
            ("s", tr("dialog.stop"), "stop"),
            ("n", tr("dialog.stay"), "stay"),
        )
        self._asks_to_quit = True
        self._screen.ask(tr("dialog.quit", count=len(working)), choices, self._quit_as_asked)

    async def action_quit(self) -> None:
        """Leave as the quit key does."""
        self.ask_quit()

    def _quit_as_asked(self, answer: str | None) -> None:
        self._asks_to_quit = False
        if answer in ("leave", "stop"):
            self.run_worker(self._leave(stop=answer == "stop"), group="leave", exclusive=True)

    def _may_stop(self) -> bool:
        """Whether the engine is this screen's alone, started from here, and nothing works."""
        screens = self.store.health.screens if self.store.health else ()
        return self.link.started_engine and len(screens) <= 1 and self.settings.engine.idle == "stop"

    async def _leave(self, *, stop: bool) -> None:
        self._is_leaving = True
        if stop:
            with suppress(TermdeskError):  # an engine that is gone already is what was asked for
                await self.link.stop_engine(new_command_id())
        self.exit(0)

    def run_anew(self, to_ns: int) -> None:
        """Play the recording anew on a desk of its own, up to a time."""
        self.run_worker(self._run_anew(to_ns), group="anew", exclusive=True)

    async def _run_anew(self, to_ns: int) -> None:
        if not self.options.replay:
            self._screen.say(News(self.catalogue.tr("news.no_files"), "danger"))
            return
        if self._may_stop():
            with suppress(TermdeskError):
                await self.link.stop_engine(new_command_id())
        jump: Command = JumpReplay(command_id=new_command_id(), to_ns=to_ns)
        self.options = msgspec.structs.replace(self.options, desk="")
        self.store = Store()
        self.link = self._new_link(jump)
        self._screen.begin_anew()
        self._serve("")


def _after(name: str, names: Sequence[str]) -> str:
    """Give the next name, round and round."""
    return names[(names.index(name) + 1) % len(names)]
