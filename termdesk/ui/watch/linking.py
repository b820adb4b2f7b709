"""Link groups: which instrument a pane shows when another one is chosen. Pure.

Group A is where orders go: its instrument is the one of ladder and ticket, and
only its own panes and lists change it. Chart, tape and each watchlist carry a
letter; choosing in a list of group B moves the panes of group B alone.
"""

from __future__ import annotations

TRADING = "A"
LETTERS = ("A", "B", "C", "D")


class Links:
    """Letters of panes, and the instrument of each group but the trading one."""

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}
        self._instruments: dict[str, str] = {}

    def letter(self, pane: str) -> str:
        """Give a pane's letter."""
        return self._letters.get(pane, TRADING)

    def turn(self, pane: str) -> str:
        """Give a pane the next letter, and say which."""
        letter = LETTERS[(LETTERS.index(self.letter(pane)) + 1) % len(LETTERS)]
        self._letters[pane] = letter
        return letter

    def choose(self, letter: str, instrument: str) -> None:
        """Let a group other than the trading one show an instrument."""
        self._instruments[letter] = instrument

    def of_group(self, letter: str) -> str:
        """Give what a group other than the trading one shows; empty before anything was chosen."""
        return self._instruments.get(letter, "")

    def instrument(self, pane: str, chosen: str) -> str:
        """Give what a pane shows.

        Args:
            pane: Its id.
            chosen: The instrument of the trading group; a group that has none yet shows it too.
        """
        letter = self.letter(pane)
        return chosen if letter == TRADING else self._instruments.get(letter, chosen)
