"""Trading phases of a Shanghai day: by the snapshot's status, and by the session times inside TRADE.

Session times of the exchange's trading rules (2023): opening auction 09:15 to
09:25, continuous 09:30 to 11:30 and 13:00 to 14:57, closing auction to 15:00.
The status stays TRADE from 09:25 through lunch, so the clock tells those apart.
"""

from __future__ import annotations

from bisect import bisect_right

from termdesk.core.model.terms import Phase

_MINUTE_NS = 60_000_000_000
_BEGINS = (
    (0, Phase.PRE_OPEN),
    (9 * 60 + 15, Phase.OPENING_AUCTION),
    (9 * 60 + 25, Phase.PRE_OPEN),
    (9 * 60 + 30, Phase.CONTINUOUS),
    (11 * 60 + 30, Phase.BREAK),
    (13 * 60, Phase.CONTINUOUS),
    (14 * 60 + 57, Phase.CLOSING_AUCTION),
    (15 * 60, Phase.CLOSED),
)
BOUNDARIES = tuple(minute * _MINUTE_NS for minute, _ in _BEGINS)
"""Nanoseconds after midnight at which a session begins."""

_BY_STATUS = {
    "START": Phase.PRE_OPEN,
    "OCALL": Phase.OPENING_AUCTION,
    "CCALL": Phase.CLOSING_AUCTION,
    "CLOSE": Phase.CLOSED,
    "ENDTR": Phase.CLOSED,
    "SUSP": Phase.BREAK,
}


def phase_at(status: str, of_day_ns: int) -> Phase:
    """Phase for a snapshot status (empty: not known yet) at a time after midnight."""
    told = _BY_STATUS.get(status)
    if told is not None:
        return told
    return _BEGINS[bisect_right(BOUNDARIES, of_day_ns) - 1][1]
