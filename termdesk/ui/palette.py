"""What the command palette offers for what was typed: actions, settings, instruments. Pure.

The dialog is ``screens/palette.py``. Actions that send an order are not in it:
Enter in a field that searches must never trade.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from termdesk.core.model.instrument import Instrument
from termdesk.ui.actions import ACTIONS, Action, Context, Danger, Keymap, shown_keys
from termdesk.ui.finder.index import Index
from termdesk.ui.lines.palette import Convention
from termdesk.ui.locale import LANGUAGES, Catalogue, catalogue

LEFT_OUT = frozenset({"order.digit", "desk.palette"})
"""What makes no sense without its key, and the palette itself."""


MOST_INSTRUMENTS = 8
"""Instruments offered for one text."""


class Offer(msgspec.Struct, frozen=True):
    """One line of the palette.

    ``id`` is an action of the registry, or ``theme NAME``, ``language NAME``,
    ``up_down NAME`` and ``take ID``.
    """

    id: str
    label: str
    help: str
    keys: str


def offers(typed: str, keymap: Keymap, said: Catalogue, holds: Callable[[Context], bool]) -> list[Offer]:
    """Give what can be done now and fits what was typed, best first.

    A word fits a label, a help text, an id or a key, in any language; several
    words must all fit.
    """
    words = typed.casefold().split()
    found = []
    for index, action in enumerate(_reachable(holds)):
        ranks = [_rank(word, action, keymap) for word in words]
        if None not in ranks:
            found.append((sum(rank or 0 for rank in ranks), words or not action.hint, index, action))
    return [_offer(action, keymap, said) for *_, action in sorted(found, key=lambda one: one[:3])]


def setting_offers(typed: str, themes: Iterable[str], said: Catalogue) -> list[Offer]:
    """Give what of the screen's look can be set by name; for nothing typed, none."""
    values = {"theme": tuple(themes), "language": LANGUAGES, "up_down": tuple(one.value for one in Convention)}
    words = typed.casefold().split()
    found = []
    for setting, names in values.items():
        for name in names:
            texts = [_setting_words(catalogue(language), setting, name) for language in LANGUAGES]
            if words and all(any(word in text.casefold() for text in texts) for word in words):
                label = _setting_words(said, setting, name)
                found.append(Offer(f"{setting} {name}", label, said.tr("ui.setting", setting=f"screen.{setting}"), ""))
    return found


def _setting_words(said: Catalogue, setting: str, name: str) -> str:
    value = name if setting == "theme" else said.word(setting, name)
    return f"{said.word('setting', setting)}: {value}"


def instrument_offers(typed: str, index: Index, said: Catalogue) -> list[Offer]:
    """Give the instruments that the finder finds; for nothing typed, none."""
    if not typed.strip():
        return []
    found = index.find(typed, MOST_INSTRUMENTS)
    return [Offer(f"take {one.id}", one.code, _name(one, said), "") for one in found]


def _name(instrument: Instrument, said: Catalogue) -> str:
    return (said.language == "zh" and instrument.name_zh) or instrument.name


def _reachable(holds: Callable[[Context], bool]) -> Iterable[Action]:
    for action in ACTIONS:
        if action.id not in LEFT_OUT and action.danger is not Danger.TRADES and holds(action.context):
            yield action


def _rank(word: str, action: Action, keymap: Keymap) -> int | None:
    """How well a word fits: 0 begins a label, then within a label, its key, its id, its help; None fits nothing."""
    texts = [catalogue(language).texts for language in LANGUAGES]
    labels = [text[action.label_key].casefold() for text in texts]
    if any(label.startswith(word) for label in labels):
        return 0
    if any(word in label for label in labels):
        return 1
    if word in shown_keys(keymap.keys[action.id]).casefold().split():
        return 2
    if word in action.id:
        return 3
    if any(word in text[action.help_key].casefold() for text in texts):
        return 4
    return None


def _offer(action: Action, keymap: Keymap, said: Catalogue) -> Offer:
    texts = said.texts
    return Offer(action.id, texts[action.label_key], texts[action.help_key], shown_keys(keymap.keys[action.id]))
