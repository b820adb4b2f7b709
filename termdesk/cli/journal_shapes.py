"""What ``termdesk journal … --json`` prints. Fields are only added."""

from __future__ import annotations

from typing import Literal

from termdesk.cli.shapes import Shape
from termdesk.core.model.terms import Mode


class QuarantineShape(Shape, frozen=True, kw_only=True):
    """A damaged journal that was put aside."""

    desk: str
    place: str
    """Folder with the damaged files as they were."""
    damage: str
    kept: int
    """Newest sound fact; the desk goes on after it."""
    acknowledged: int
    """Newest fact that had been acknowledged."""


class JournalMonthShape(Shape, frozen=True, kw_only=True):
    """A trading month of a journal; facts that come late stay in the month after."""

    month: str
    """``YYYY-MM``."""
    first: int
    last: int
    head_hash: str
    """SHA-256 of the chain up to its last fact, hexadecimal; the next month goes on from it."""
    state: Literal["open", "closed", "sealed", "removed"]
    """Open: still written to. Closed: to be sealed. Sealed: in ``file``, read-only. Removed: by retention."""
    file: str


class JournalShape(Shape, frozen=True, kw_only=True):
    """A journal whose chain verifies."""

    desk: str
    mode: Mode | None
    """None while it is empty."""
    facts: int
    """Number of the newest fact."""
    file: str
    """The file that is written to."""
    head_hash: str
    """SHA-256 of the chain up to the newest fact, hexadecimal."""
    first: int
    """Oldest fact that is there; above 1 where retention removed some."""
    months: tuple[JournalMonthShape, ...]
