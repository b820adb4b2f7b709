"""Link groups: which instrument a pane shows when another one is chosen. Pure.

Each ladder, chart, tape and watchlist carries a letter; choosing in a list of
group B moves the panes of group B alone. A ladder that is turned to a group
takes its instrument along where nothing was chosen there yet, so that what a
ladder shows is always its own group's.
"""

from __future__ import annotations

LETTERS = ("A", "B", "C", "D")
FIRST = LETTERS[0]
"""The group of a pane that was given no letter."""


class Links:
    """Letters of panes, and the instrument of each group."""

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}
        self._instruments: dict[str, str] = {}

    def letter(self, pane: str) -> str:
        """Give a pane's letter."""
        return self._letters.get(pane, FIRST)

    def turn(self, pane: str) -> str:
        """Give a pane the next letter, and say which."""
        letter = LETTERS[(LETTERS.index(self.letter(pane)) + 1) % len(LETTERS)]
        self._letters[pane] = letter
        return letter

    def forget(self, pane: str) -> None:
        """Forget a pane's letter."""
        self._letters.pop(pane, None)

    def begin_anew(self) -> None:
        """Forget what every group shows; letters stay."""
        self._instruments.clear()

    def choose(self, letter: str, instrument: str) -> None:
        """Let a group show an instrument."""
        self._instruments[letter] = instrument

    def has_chosen(self, letter: str) -> bool:
        """Whether something was chosen in a group."""
        return letter in self._instruments

    def of_group(self, letter: str) -> str:
        """Give what a group shows; one in which nothing was chosen yet shows what group A does."""
        return self._instruments.get(letter) or self._instruments.get(FIRST, "")
