"""What is said of a key that does nothing where it was pressed: what it means, and where. Pure."""

from __future__ import annotations

from collections.abc import Callable

from termdesk.ui.actions import ACTIONS, Action, Context, Keymap, shown_keys
from termdesk.ui.locale import Catalogue

PANES = {
    Context.LADDER: "pane.ladder",
    Context.WATCHLIST: "pane.watchlist",
    Context.BLOTTER: "pane.blotter",
    Context.TAPE: "pane.tape",
}
"""Contexts that are a pane, with the action that goes there."""
SILENT = frozenset({"escape", "backspace"})
"""Keys that take something back: with nothing to take back there is nothing to say."""


def astray_words(key: str, keymap: Keymap, holds: Callable[[Context], bool], said: Catalogue) -> str:
    """Say what a key would do elsewhere; empty for one that acts here, and for keys with modifiers that mean nothing.

    Args:
        key: Textual's name of it.
        keymap: Keys in force.
        holds: Whether a context holds now.
        said: The reader's words.
    """
    meant = [action for action in ACTIONS if key in keymap.keys[action.id]]
    if key in SILENT or any(holds(action.context) for action in meant):
        return ""
    if not meant:
        return said.tr("news.key_free", key=key, help=_key("desk.help", keymap)) if len(key) == 1 else ""
    return _elsewhere(key, meant, keymap, holds, said)


def _elsewhere(key: str, meant: list[Action], keymap: Keymap, holds: Callable[[Context], bool], said: Catalogue) -> str:
    is_in_ladder = holds(Context.LADDER)
    action = next((one for one in meant if is_in_ladder and one.context is Context.STAGED), meant[0])
    words = {"key": shown_keys((key,)), "what": said.texts[action.label_key]}
    if action.context is Context.STAGED and is_in_ladder:
        return said.tr("news.key_unstaged", buy=_key("order.buy", keymap), sell=_key("order.sell", keymap), **words)
    context = Context.LADDER if action.context is Context.STAGED else action.context
    where = said.word("context", context.value)
    if context in PANES:
        return said.tr("news.key_elsewhere", pane=where, go=_key(PANES[context], keymap), **words)
    return said.tr("news.key_when", when=where, **words)


def _key(action: str, keymap: Keymap) -> str:
    return shown_keys(keymap.keys[action][:1])
