"""A terminal of which a test can ask what stands in each cell, in which colours."""

from __future__ import annotations

import re

from rich.cells import cell_len

_PART = re.compile(r"\x1b\[([?>=]?)([\d;]*)([@-~])|([^\x1b])", re.DOTALL)
_BLANK = (" ", ())


class Grid:
    """Knows the sequences that frames are made of, and no others.

    Args:
        width: Columns.
        height: Rows.
    """

    def __init__(self, width: int, height: int) -> None:
        self.cells = [[_BLANK] * width for _ in range(height)]
        self._y = self._x = 0
        self._pen: dict[str, str] = {}

    @property
    def lines(self) -> list[str]:
        """The text of every row; the second half of a wide character is empty."""
        return ["".join(text for text, _ in row) for row in self.cells]

    @property
    def is_reset(self) -> bool:
        """Whether the next text would have the terminal's own colours."""
        return not self._pen

    def feed(self, text: str) -> None:
        """Take what a program writes."""
        for found in _PART.finditer(text):
            private, numbers, final, character = found.groups()
            if character is not None:
                self._put(character)
            elif final == "H":
                y, _, x = numbers.partition(";")
                self._y, self._x = int(y or 1) - 1, int(x or 1) - 1
            elif final == "G":
                self._x = int(numbers or 1) - 1
            elif final == "m":
                self._style([int(number or 0) for number in numbers.split(";")])
            else:
                assert private, f"a sequence that frames are not made of: {found.group()!r}"

    def _put(self, character: str) -> None:
        if character == "\n":
            self._y += 1
            return
        width = cell_len(character)
        row = self.cells[self._y]
        if row[self._x][0] == "" and self._x:
            row[self._x - 1] = _BLANK  # half of a wide character was written over
        row[self._x] = (character, tuple(sorted(self._pen.items())))
        if width == 2:
            row[self._x + 1] = ("", ())
        self._x += width
        if self._x < len(row) and row[self._x][0] == "":
            row[self._x] = _BLANK

    def _style(self, codes: list[int]) -> None:
        while codes:
            code = codes.pop(0)
            if code == 0:
                self._pen.clear()
            elif code in (38, 48):
                length = 4 if codes[0] == 2 else 2
                self._pen["ink" if code == 38 else "ground"] = ";".join(str(codes.pop(0)) for _ in range(length))
            elif code in (22, 27):
                self._pen.pop({22: "bold", 27: "reverse"}[code], None)
            elif code in (1, 7):
                self._pen[{1: "bold", 7: "reverse"}[code]] = "on"
            elif 30 <= code <= 39 or 90 <= code <= 97:
                self._pen["ink"] = str(code)
            elif 40 <= code <= 49 or 100 <= code <= 107:
                self._pen["ground"] = str(code)
            else:
                self._pen[str(code)] = "on"
