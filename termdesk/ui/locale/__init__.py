"""The screen's languages: one catalogue per language, complete by test.

Facts and refusals carry codes with numbers; the sentence is made here, in the
reader's language. Imports nothing of the screen, so that console commands
speak the same sentences.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from termdesk.core.model.codes import is_quantity
from termdesk.core.model.number import trimmed

LANGUAGES = ("en", "zh")
"""English and simplified Chinese."""

_FOLDER = Path(__file__).parent

_WORDS = {"phase": "phase", "status": "status", "mode": "mode"}
"""Parameters whose value is a word of the vocabulary, and the section that translates it."""


class Catalogue:
    """Sentences and words of one language.

    Attributes:
        language: One of ``LANGUAGES``.
        texts: Every entry by its dotted key, such as ``code.risk.lot``.
    """

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        self.texts = texts

    def tr(self, key: str, /, **values: object) -> str:
        """Give the text of a key with its placeholders filled in.

        Raises:
            KeyError: The catalogue has no such key.
        """
        text = self.texts[key]
        return text.format_map(values) if values else text

    def word(self, section: str, value: str) -> str:
        """Translate a word of the vocabulary; one that the catalogue does not know stays as it is."""
        return self.texts.get(f"{section}.{value}", value)

    def sentence(self, code: str, params: Mapping[str, str]) -> str:
        """Say a code with its numbers: prices with the decimals of their instrument, quantities without needless zeros.

        A code of a newer engine is shown as it came.
        """
        text = self.texts.get(f"code.{code}")
        if text is None:
            return " ".join((code, *(f"{name}={value}" for name, value in params.items())))
        return text.format_map(_Given({name: self._shown(code, name, value) for name, value in params.items()}))

    def _shown(self, code: str, name: str, value: str) -> str:
        if name in _WORDS:
            return self.word(_WORDS[name], value)
        return trimmed(value) if is_quantity(code, name) else value


class _Given(dict[str, str]):
    """Parameters as given; one that is missing shows as a question mark."""

    def __missing__(self, key: str) -> str:
        return "?"


@cache
def catalogue(language: str) -> Catalogue:
    """Read the catalogue of a language.

    Raises:
        ValueError: There is no catalogue for it.
    """
    if language not in LANGUAGES:
        raise ValueError(f"expected one of {', '.join(LANGUAGES)} as language, got {language}")
    with (_FOLDER / f"{language}.toml").open("rb") as file:
        return Catalogue(language, dict(_flat(tomllib.load(file), "")))


def sentence(code: str, params: Mapping[str, str], language: str = "en") -> str:
    """Say a code with its numbers in a language."""
    return catalogue(language).sentence(code, params)


def chosen_language(setting: str, environment: Mapping[str, str]) -> str:
    """Resolve a language setting; ``auto`` follows the locale of the environment, else English."""
    if setting in LANGUAGES:
        return setting
    locale = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def _flat(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)
