"""What the watchlist asks in a dialog: order, filter, colour rules, columns, and what a list is called.

What can't be taken stays in its field, with the reason below it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from termdesk.ui.lines.column_names import sort_called, sort_fault, titles
from termdesk.ui.lines.watchlist_columns import KEYS
from termdesk.ui.news import News
from termdesk.ui.screens.dialogs import EditedLine
from termdesk.ui.watch.terms import Misread, parse_rules, parse_terms, rules_of

if TYPE_CHECKING:
    from termdesk.ui.watch.watching import Watching


class Asking:
    """The questions about the watchlists of one screen."""

    def __init__(self, watching: Watching) -> None:
        self.watching = watching
        self.screen = watching.screen

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Give what each action of the registry does here."""
        return {
            "list.sort": self.sort,
            "list.filter": self.filter,
            "list.rules": self.rules,
            "list.columns": self.columns,
            "list.new": self.new,
            "list.rename": self.name,
            "list.delete": self.delete,
        }

    def sort(self) -> None:
        """Ask for the column to sort by."""
        said, change = self.screen.said, self.watching.change
        words, before = said.tr("dialog.watch_ask_sort", columns=titles(KEYS, said)), self.watching.named.list.sort
        self._ask(
            words, before, lambda text: change(sort=sort_called(text, KEYS)), lambda text: sort_fault(text, KEYS, said)
        )

    def filter(self) -> None:
        """Ask for what to show."""
        words, change = self.screen.said.tr("dialog.watch_ask_filter"), self.watching.change
        before = self.watching.named.list.filter
        self._ask(words, before, lambda text: change(filter=text), self._wrong(parse_terms))

    def rules(self) -> None:
        """Ask for colour rules."""
        words, change = self.screen.said.tr("dialog.watch_ask_rules"), self.watching.change
        before = "; ".join(self.watching.named.list.rules)
        wrong = self._wrong(lambda text: parse_rules(rules_of(text)))
        self._ask(words, before, lambda text: change(rules=rules_of(text)), wrong)

    def _wrong(self, read: Callable[[str], object]) -> Callable[[str], str]:
        def wrong(text: str) -> str:
            try:
                read(text)
            except Misread as misread:
                return misread.words(self.screen.said)
            return ""

        return wrong

    def _ask(
        self, words: str, before: str, answered: Callable[[str], object], wrong: Callable[[str], str] | None = None
    ) -> None:
        def given(text: str | None) -> None:
            if text is not None:
                answered(text)

        self.screen.app.push_screen(EditedLine(words, before, wrong), given)

    def columns(self) -> None:
        """Choose and order the columns."""
        from termdesk.ui.watch.columns import ColumnChooser  # loaded when it is opened

        def chosen(columns: tuple[str, ...] | None) -> None:
            if columns:
                self.watching.change(columns=columns)

        self.screen.app.push_screen(ColumnChooser(self.watching.named.list.columns, self.screen.said), chosen)

    def new(self) -> None:
        """Ask for the name of a new list."""

        def answered(text: str) -> None:
            group, title = _parted(text)
            if title:
                self.watching.make(group, title)

        self._ask(self.screen.said.tr("dialog.watch_ask_new"), "", answered)

    def name(self) -> None:
        """Ask for another title and group of the open list."""
        named = self.watching.named

        def answered(text: str) -> None:
            group, title = _parted(text)
            if title:
                self.watching.change(title=title, group=group)

        before = f"{named.list.group}/{named.title}" if named.list.group else named.title
        self._ask(self.screen.said.tr("dialog.watch_ask_name"), before, answered)

    def delete(self) -> None:
        """Ask whether the open list goes; the last one stays."""
        named, tr = self.watching.named, self.screen.said.tr
        if len(self.watching.lists) == 1:
            self.screen.say(News(tr("news.list_last"), "warning"))
            return

        def answered(answer: str | None) -> None:
            if answer == "delete":
                self.watching.drop(named.name)

        choices = (("y", tr("dialog.watch_delete"), "delete"), ("n", tr("dialog.watch_keep"), "keep"))
        self.screen.ask(tr("dialog.watch_ask_delete", title=named.title or tr("dialog.watch_all")), choices, answered)


def _parted(text: str) -> tuple[str, str]:
    """Part ``group/title``; a title alone has no group."""
    group, slash, title = text.strip().rpartition("/")
    return group.strip() if slash else "", title.strip()
