"""What keys do to the watchlists of one screen, and which of their instruments need quotes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from termdesk.core.model.errors import ConfigError
from termdesk.ui.lines.format import clean
from termdesk.ui.lines.watchlist_columns import CHOICES
from termdesk.ui.news import News
from termdesk.ui.watch import lists
from termdesk.ui.watch.asking import Asking
from termdesk.ui.watch.linking import FIRST, LETTERS, Links
from termdesk.ui.watch.lists import NamedList, WatchList
from termdesk.ui.watch.models import Items, items, watch_model
from termdesk.ui.watch.view import members, moves, seen

if TYPE_CHECKING:
    from termdesk.ui.finder.screen import Finder
    from termdesk.ui.screens.trade import TradeScreen
    from termdesk.ui.store import Dirty

PAGE = 10
SLOW_RATE = 0.5
"""Quotes a second of what is sorted or filtered but not seen, and bars of sparklines."""


class Watching:
    """The watchlists of one screen.

    Their files are what other screens and editors change too: they are read
    anew once they were written, before a change is made to them and when
    another list is opened, and written with every change.
    """

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen
        self.links = Links()
        self._folder = lists.folder()
        self._written = lists.written(self._folder)
        self.lists, self.wrong = lists.read_lists(self._folder)
        self._current = 0
        self._members: Sequence[str] = ()
        self._ids: Sequence[str] = ()
        self._finder: Finder | None = None

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Give what each action of the registry does here."""
        return Asking(self).handlers() | {
            "watchlist.up": lambda: self.step(-1),
            "watchlist.down": lambda: self.step(1),
            "watchlist.page_up": lambda: self.step(-PAGE),
            "watchlist.page_down": lambda: self.step(PAGE),
            "watchlist.first": lambda: self.step(-len(self._ids)),
            "watchlist.last": lambda: self.step(len(self._ids)),
            "list.previous": lambda: self.turn(-1),
            "list.next": lambda: self.turn(1),
            "list.take": lambda: self.screen.navigation.focus(self.screen.ladders.one_of(self.group).surface),
            "list.add": lambda: self.find("", adds=True),
            "list.remove": self.remove,
            "list.raise": lambda: self.shift(-1),
            "list.lower": lambda: self.shift(1),
            "pane.link": self.turn_link,
            "symbol.previous": lambda: self.step(-1),
            "symbol.next": lambda: self.step(1),
            "finder.open": lambda: self.find(""),
        }

    def complaint(self) -> str:
        """Say which files were left out and why; empty if none was."""
        return self.screen.said.tr("news.list_wrong", wrong=clean("; ".join(self.wrong.values()))) if self.wrong else ""

    # -- what is seen ---------------------------------------------------------

    @property
    def named(self) -> NamedList:
        """The open list."""
        return self.lists[self._current]

    @property
    def position(self) -> int:
        """Which of the lists is open, counted from 1."""
        return self._current + 1

    @property
    def ids(self) -> Sequence[str]:
        """Instruments of the open list, filtered and sorted."""
        return self._ids

    @property
    def chosen(self) -> str:
        """The instrument that the open list's group shows."""
        return self.of_group(self.named.list.link or FIRST)

    @property
    def group(self) -> str:
        """The group in which keys choose: that of the ladder that has them, else that of the open list."""
        ladders = self.screen.ladders
        return ladders.group if ladders.has_keys() else self.named.list.link or FIRST

    def of_group(self, letter: str) -> str:
        """Give what a group shows; for that of the ladder that the keys act on, what they act on."""
        return self.screen.instrument_id if letter == self.screen.ladders.group else self.links.of_group(letter)

    def shown(self, pane: str) -> str:
        """Give the instrument that a pane shows."""
        return self.of_group(self.links.letter(pane))

    def is_touched(self, dirty: Dirty) -> bool:
        """Whether something changed of the visible rows."""
        return dirty.instruments or not dirty.quotes.isdisjoint(self.screen.watchlist.visible_ids)

    def draw(self, *, everything: bool) -> None:
        """Draw the visible rows; with everything, order and choice too."""
        surface = self.screen.watchlist
        listed = self.named.list
        item = self._items()
        if everything:
            self._gather(item)
        chosen = self.chosen
        with contextlib.suppress(ValueError):
            if not 0 <= surface.selected < len(self._ids) or self._ids[surface.selected] != chosen:
                surface.selected = -1
                surface.selected = self._ids.index(chosen)
        surface.show(watch_model(listed, self._ids, item))

    def topics(self) -> set[str]:
        """Name what the visible rows need at once."""
        return {f"quote/{name}" for name in self.screen.watchlist.visible_ids}

    def slow_topics(self) -> set[str]:
        """Name what is needed now and then: values that sort and filter, and the bars of sparklines."""
        listed, topics = self.named.list, set()
        if moves(listed):
            topics = {f"quote/{name}" for name in self._members}
        if any(CHOICES[name].needs_bars for name in listed.columns):
            topics |= {f"bars/{name}/1m" for name in self.screen.watchlist.visible_ids}
        return topics

    def _items(self) -> Items:
        needs_bars = any(CHOICES[name].needs_bars for name in self.named.list.columns)
        return items(self.screen.store, self.screen.looking(), with_closes=needs_bars)

    def _gather(self, item: Items) -> None:
        self._members = members(self.named.list, self.screen.store.instruments)
        self._ids = seen(self.named.list, self._members, item)

    # -- moving ---------------------------------------------------------------

    def step(self, by: int) -> None:
        """Choose another instrument of the list; it stops at the ends."""
        ids, chosen = self._ids, self.of_group(self.group)
        if ids:
            index = ids.index(chosen) + by if chosen in ids else 0
            self.choose(ids[max(0, min(len(ids) - 1, index))])

    def choose(self, name: str) -> None:
        """Show an instrument in the group in which keys choose; a staged order never goes along."""
        self.screen.navigation.choose(name, self.group)

    def turn(self, by: int) -> None:
        """Open another list; what is chosen stays."""
        self._reread()
        self._open(self.lists[(self._current + by) % len(self.lists)].name)

    def _open(self, name: str) -> None:
        names = [one.name for one in self.lists]
        self._current = names.index(name) if name in names else min(self._current, len(names) - 1)
        self.screen.watchlist.selected, self.screen.watchlist.offset_rows = -1, 0
        self._show()

    def _show(self) -> None:
        self.screen.name_panes()
        self.screen.flush(everything=True)

    # -- finding --------------------------------------------------------------

    def is_typing(self, key: str) -> bool:
        """Whether a key begins a search: a small letter or a digit while the watchlist has the keys."""
        is_plain = len(key) == 1 and (key.islower() or key.isdigit())
        return is_plain and self.screen.focused is self.screen.watchlist

    def find(self, typed: str, at_s: float = 0.0, *, adds: bool = False) -> None:
        """Ask for an instrument by code, name or initials; choose it, or add it to the list.

        ``at_s`` says when ``typed`` was, for its place among what else is typed.
        """
        from termdesk.ui.finder.screen import Finder  # loaded when it is opened

        screen = self.screen
        if self._finder is not None:
            self._finder.take(typed, at_s)  # typed faster than a dialog opens
            return

        def found(answer: str | None) -> None:
            self._finder = None
            if not answer:
                return
            kind, _, name = answer.partition(" ")
            if kind == "act":
                screen.action_act(name, "")
            elif kind == "sort":
                self.change(sort=name)
            elif kind == "add" or adds:
                self.add(name)
            else:
                self.choose(name)

        self._finder = Finder(screen.store.instruments.values(), screen.said, typed, adds=adds)
        screen.app.push_screen(self._finder, found)

    # -- editing --------------------------------------------------------------

    def look(self) -> None:
        """Take over files that were written elsewhere, and say which of them can't be read now."""
        before, self._written = self._written, lists.written(self._folder)
        if self._written == before:
            return
        wrong = self.wrong
        self._reread()
        self._show()
        if self.wrong and self.wrong != wrong:
            self.screen.say(News(self.complaint(), "danger"))

    def _reread(self) -> None:
        """Take over what was written since elsewhere; the open list stays where its file is gone or can't be read."""
        named = self.named
        found, self.wrong = lists.read_lists(self._folder)
        self.lists = found if any(one.name == named.name for one in found) else lists.in_order([*found, named])
        self._current = [one.name for one in self.lists].index(named.name)
        self._gather(self._items())

    def add(self, name: str) -> None:
        """Add an instrument to the open list, below the chosen one, and choose it."""
        self._reread()
        symbols = [one for one in self.named.list.symbols if one != name]
        at = symbols.index(self.chosen) + 1 if self.chosen in symbols else len(symbols)
        if self.change(symbols=(*symbols[:at], name, *symbols[at:])):
            self.choose(name)

    def remove(self) -> None:
        """Take the chosen instrument out of the list; one of everything keeps it."""
        self._reread()
        chosen = self.chosen
        if chosen not in self._ids:
            return
        if self.named.list.everything:
            self._tell(self.screen.said.tr("news.list_everything"))
            return
        at = self._ids.index(chosen)
        if self.change(symbols=tuple(one for one in self.named.list.symbols if one != chosen)) and self._ids:
            self.choose(self._ids[min(at, len(self._ids) - 1)])

    def shift(self, by: int) -> None:
        """Move the chosen instrument within the list's own order."""
        self._reread()
        order, chosen = list(self._members), self.chosen
        if chosen not in order:
            return
        if self.named.list.sort or self.named.list.filter:
            self._tell(self.screen.said.tr("news.list_sorted"))
            return
        at = order.index(chosen)
        to = max(0, min(len(order) - 1, at + by))
        order.insert(to, order.pop(at))
        self.change(symbols=tuple(order))

    def make(self, group: str, title: str) -> None:
        """Make a list; it begins with the chosen instrument and the columns of the open one."""
        self._reread()
        chosen = (self.chosen,) if self.chosen else ()
        made = WatchList(title=title, group=group, symbols=chosen, columns=self.named.list.columns)
        self._put(NamedList(lists.file_name(title, (*(one.name for one in self.lists), *self.wrong)), made))

    def drop(self, name: str) -> None:
        """Delete a list and open another one."""
        if self._tried(lambda: lists.delete_list(self._folder, name)):
            self.lists = [one for one in self.lists if one.name != name]
            self._open("")

    def turn_link(self) -> None:
        """Give the pane that has the focus, or the open list, the next letter."""
        focused = self.screen.focused.id if self.screen.focused is not None else ""
        if focused == "watchlist":
            at = LETTERS.index(self.named.list.link or FIRST)
            self.change(link=LETTERS[(at + 1) % len(LETTERS)])
        elif focused in ("chart", "tape"):
            self.links.turn(focused)
            self._show()
        elif self.screen.ladders.has_keys():
            self.screen.ladders.turn_link()
        else:
            self._tell(self.screen.said.tr("news.link_none"))

    def change(self, **fields: object) -> bool:
        """Change the open list and write it; a list that makes no sense changes nothing and says why."""
        self._reread()
        return self._put(NamedList(self.named.name, msgspec.structs.replace(self.named.list, **fields)))

    def _put(self, named: NamedList) -> bool:
        def write() -> None:
            named.list.check()
            if named.name in self.wrong:
                raise ConfigError(self.screen.said.tr("news.list_kept", wrong=self.wrong[named.name]))
            lists.write_list(self._folder, named)

        if not self._tried(write):
            return False
        self.lists = lists.in_order([*(one for one in self.lists if one.name != named.name), named])
        self._current = [one.name for one in self.lists].index(named.name)
        self._gather(self._items())
        self._show()
        return True

    def _tried(self, do: Callable[[], None]) -> bool:
        try:
            do()
        except ConfigError as error:
            self.screen.say(News(clean(str(error)), "danger"))
            return False
        return True

    def _tell(self, words: str) -> None:
        self.screen.say(News(words, "warning"))
