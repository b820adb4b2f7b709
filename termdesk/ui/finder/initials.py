"""Chinese names as the first letters of their pinyin, with every reading of every character.

The letters come from a file made by ``scripts/generate_initials.py``; no
dictionary is imported here. A table of words, the shipped one and the user's
own, says which reading counts as the usual one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from termdesk.config.paths import places
from termdesk.core.model.errors import ConfigError

_FOLDER = Path(__file__).parent
OWN_FILE = "heteronyms.toml"
"""Name of the user's own table in the configuration folder."""


@cache
def _letters() -> dict[str, str]:
    """Read the letters of every character, the usual one first."""
    lines = (_FOLDER / "initials.txt").read_text(encoding="utf-8").splitlines()
    return {character: letters for letters, _, group in (line.partition(" ") for line in lines) for character in group}


def read_words(path: Path) -> dict[str, str]:
    """Read a table of words; one that does not exist is empty.

    Raises:
        ConfigError: It is not TOML, or a word and its letters differ in length.
    """
    try:
        words = msgspec.toml.decode(path.read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return {}
    except (msgspec.MsgspecError, UnicodeDecodeError) as e:
        raise ConfigError(f'{path}: expected lines such as "银行" = "yh": {e}') from e
    for word, letters in words.items():
        if len(word) != len(letters) or not (letters.isascii() and letters.isalpha() and letters.islower()):
            raise ConfigError(
                f"{path}: {word}: expected {len(word)} lower-case letters, one a character, got {letters}"
            )
    return words


class Spelling:
    """Spells names in letters.

    Args:
        words: Words with the letters they are usually read with; longer ones count first.
    """

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = sorted(words.items(), key=lambda item: -len(item[0]))

    @classmethod
    def read(cls) -> Spelling:
        """Read the shipped words and the user's own.

        Raises:
            ConfigError: The user's own table is wrong.
        """
        own = read_words(places().config / OWN_FILE)
        return cls({**read_words(_FOLDER / OWN_FILE), **own})

    def spell(self, name: str) -> tuple[str, ...]:
        """Give the letters of each character of a name, the usual one first.

        Latin letters and digits stand for themselves, in lower case; other marks are left out.
        """
        table = _letters()
        spelled = [table.get(c, c.lower() if c.isascii() and c.isalnum() else "") for c in name]
        taken = [False] * len(name)
        for word, letters in self._words:
            at = name.find(word)
            while at >= 0:
                for place, letter in enumerate(letters, at):
                    if not taken[place]:
                        taken[place] = True
                        spelled[place] = letter + spelled[place].replace(letter, "")
                at = name.find(word, at + 1)
        return tuple(letters for letters in spelled if letters)
