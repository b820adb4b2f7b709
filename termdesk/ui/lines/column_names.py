"""Columns as people call them: by the name that files have, or by the title that the screen shows, in any language."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache

from termdesk.ui.locale import LANGUAGES, Catalogue, catalogue


def narrow(text: str) -> str:
    """Write full-width letters and signs, as input methods give them, as the plain ones."""
    return unicodedata.normalize("NFKC", text)


def column_called(typed: str, keys: Iterable[str]) -> str | None:
    """Give the name of the column that is called so, None where none is.

    Args:
        typed: What a person wrote.
        keys: Catalogue keys of the titles; the last part of each is a column's name.
    """
    return _calls(tuple(keys)).get(narrow(typed).strip().casefold())


def sort_called(typed: str, keys: Iterable[str]) -> str | None:
    """The same with the sign that turns the order round."""
    typed = narrow(typed).strip()
    name = column_called(typed.removeprefix("-"), keys) if typed else ""
    return name if not name or not typed.startswith("-") else f"-{name}"


def titles(keys: Iterable[str], said: Catalogue) -> str:
    """List columns so that each word can be typed: names for who reads those, titles for others."""
    names = [key.rpartition(".")[2] for key in keys]
    return " ".join(names if said.language == "en" else [said.texts[key] for key in keys])


def sort_fault(typed: str, keys: Sequence[str], said: Catalogue) -> str:
    """Say why there is no sorting by what was typed; empty if there is."""
    return "" if sort_called(typed, keys) is not None else unknown_column(typed.lstrip("-"), keys, said)


def unknown_column(typed: str, keys: Iterable[str], said: Catalogue) -> str:
    """Say that no column is called so, and which comes nearest."""
    close = get_close_matches(narrow(typed).strip().casefold(), _calls(tuple(keys)), n=1, cutoff=0.3)
    return said.tr("dialog.no_column", name=typed, nearest=close[0] if close else "–")


@lru_cache(maxsize=16)
def _calls(keys: tuple[str, ...]) -> Mapping[str, str]:
    calls: dict[str, str] = {key.rpartition(".")[2]: key.rpartition(".")[2] for key in keys}
    for language in LANGUAGES:
        for key in keys:
            calls.setdefault(catalogue(language).texts[key].casefold(), key.rpartition(".")[2])
    return calls
