"""What the title of a pane says beside its own name: letter, list, what is left out, and that prices are late."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from termdesk.ui.delay import delay_words
from termdesk.ui.lines.format import clean
from termdesk.ui.tape.reading import view_words
from termdesk.ui.watch.linking import FIRST

if TYPE_CHECKING:
    from termdesk.ui.watch.watching import Watching


def title(watching: Watching, pane: str) -> str:
    """Say what a pane's own name does not: its letter, of the list which of how many and how, and that it is late."""
    screen = watching.screen
    late = delay_words(screen.store.feed_of(watching.shown(pane)), screen.said) if pane != "blotter" else ""
    return "".join(f" · {part}" for part in (*_named(watching, pane), late) if part)


def _named(watching: Watching, pane: str) -> Sequence[str]:
    screen, said = watching.screen, watching.screen.said
    if pane == "blotter":
        return ()
    if pane != "watchlist":
        letter, name = watching.links.letter(pane), watching.shown(pane)
        instrument = screen.store.instruments.get(name)
        view = view_words(screen.tape.view_of(name), instrument, said) if pane == "tape" else ""
        is_plain = letter == FIRST == screen.ladders.group
        return ("" if is_plain else f"[{letter}] {clean(name.rpartition('.')[0])}", view)
    named, listed = watching.named, watching.named.list
    parts = [named.title]
    if len(watching.lists) > 1:
        parts = [f"{named.title or said.tr('dialog.watch_all')} {watching.position}/{len(watching.lists)}"]
    parts += [listed.group, f"[{listed.link}]" if listed.link else "", f"⌕ {listed.filter}" if listed.filter else ""]
    if by := listed.sort.removeprefix("-"):
        parts.append(f"↕ {'-' if listed.sort != by else ''}{said.texts[f'watch.header.{by}']}")
    return [clean(part) for part in parts]
