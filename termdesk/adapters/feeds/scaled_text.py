"""Price and size strings of one instrument into scaled ints, each different string once."""

from __future__ import annotations

from termdesk.adapters.feeds.broken import BrokenMessage

REMEMBERED = 65_536
"""Strings held; when full, all are let go."""
_LONGEST = 40
_INT64_MAX = 2**63 - 1


class ScaledText(dict[str, int]):
    """``memo["61837.63000000"] == 6183763``: a bounded memo of exact conversions.

    Near the top of a book the same strings come again and again, so most
    conversions cost one lookup.
    """

    def __init__(self, decimals: int) -> None:
        super().__init__()
        self._decimals = decimals

    def __missing__(self, text: str) -> int:
        """Convert and remember.

        Raises:
            BrokenMessage: Not a plain number of 0 or more, finer than the
                instrument stores, or beyond 64 bits.
        """
        whole, _, part = text.partition(".")
        digits = whole + part
        if len(text) > _LONGEST or not digits.isdigit() or not digits.isascii():
            raise BrokenMessage("a plain decimal number", text)
        decimals = self._decimals
        if part[decimals:].strip("0"):
            raise BrokenMessage(f"a number of at most {decimals} decimals", text)
        value = int(whole + part[:decimals].ljust(decimals, "0"))
        if value > _INT64_MAX:
            raise BrokenMessage("a number of at most 64 bits", text)
        if len(self) >= REMEMBERED:
            self.clear()
        self[text] = value
        return value
