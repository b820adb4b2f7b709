"""Numbers that mean something when they are typed and Enter follows, as Chinese terminals have them."""

from __future__ import annotations

from collections.abc import Mapping

SHORTCUTS: Mapping[str, tuple[str, str]] = {
    "01": ("act pane.tape", "tape"),
    "02": ("act pane.ladder", "ladder"),
    "05": ("act pane.chart", "chart"),
    "06": ("act pane.watchlist", "watchlist"),
    "07": ("act pane.blotter", "blotter"),
    "08": ("act list.next", "next_list"),
    "60": ("sort -percent", "rise"),
    "61": ("sort percent", "fall"),
    "62": ("sort -turnover", "turnover"),
    "63": ("sort -float_turnover", "float_turnover"),
    "64": ("sort -order_ratio", "order_ratio"),
    "66": ("sort ", "own_order"),
}
"""What a number does, and the catalogue key of its words below ``finder.shortcut``."""
