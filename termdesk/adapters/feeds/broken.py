"""The one error of every decoder: what was expected, what came."""

from __future__ import annotations

from termdesk.core.model.errors import AdapterError

REASON_LENGTH = 200


def clean(text: str | bytes, length: int = 60) -> str:
    """Make text from outside safe to show: printable ASCII only, the rest as ``?``, cut with ``...``."""
    raw = text[: length + 1].decode("ascii", "replace") if isinstance(text, bytes) else text[: length + 1]
    safe = "".join(char if " " <= char <= "~" else "?" for char in raw)
    return safe if len(safe) <= length else safe[:length] + "..."


class BrokenMessage(AdapterError):
    """A message is not what its source promises; it is counted and left out.

    Attributes:
        reason: What was expected and what came, printable ASCII, at most 200 characters.
    """

    def __init__(self, expected: str, came: str | bytes) -> None:
        self.reason = f"expected {expected}, came {clean(came)!r}"[:REASON_LENGTH]
        super().__init__(self.reason)
