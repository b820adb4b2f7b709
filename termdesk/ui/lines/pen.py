"""From one style to the next: the shortest sequence that a terminal needs, made once and kept."""

from __future__ import annotations

from collections.abc import Iterable

from rich.color import Color, ColorSystem
from rich.console import Console
from rich.style import Style

RESET = "\x1b[0m"
_MOST = 4096
"""Sequences that are kept; a screen has some hundred."""
_BOLD, _REVERSE = 1 << 0, 1 << 6
_TOGGLES = ((_BOLD, "1", "22"), (_REVERSE, "7", "27"))
"""Attributes that are turned on and off by themselves; every other change begins anew."""
_TOGGLED = _BOLD | _REVERSE


class Pen:
    """Writes styled text for one terminal."""

    def __init__(self) -> None:
        self._codes: dict[tuple[Style | None, Style], str] = {}
        self._system: ColorSystem | None = None

    def code(self, before: Style | None, style: Style, console: Console) -> str:
        """Give what turns one style into another; ``None`` is a terminal that was just reset."""
        system = console._color_system or ColorSystem.TRUECOLOR
        if system is not self._system or len(self._codes) > _MOST:
            self._system = system
            self._codes.clear()
        code = self._codes.get((before, style))
        if code is None:
            code = self._codes[before, style] = _sequence(before, style, system)
        return code

    def row(self, cells: Iterable[tuple[str, Style]], console: Console) -> str:
        """Give styled text from a reset terminal to a reset terminal."""
        parts: list[str] = []
        before: Style | None = None
        for text, style in cells:
            if style is not before:
                parts.append(self.code(before, style, console))
                before = style
            parts.append(text)
        return "".join(parts) + RESET


def _sequence(before: Style | None, style: Style, system: ColorSystem) -> str:
    if before is None:
        return _wrapped(_whole(style, system))
    if before == style:
        return ""
    was, now = _attributes(before), _attributes(style)
    lost = (before.color is not None and style.color is None) or (before.bgcolor is not None and style.bgcolor is None)
    if lost or (was ^ now) & ~_TOGGLED:
        return _wrapped(["0", *_whole(style, system)])
    codes = [on if now & bit else off for bit, on, off in _TOGGLES if (was ^ now) & bit]
    if style.color != before.color:
        codes += _colour(style.color, system)
    if style.bgcolor != before.bgcolor:
        codes += _colour(style.bgcolor, system, is_ink=False)
    return _wrapped(codes)


def _whole(style: Style, system: ColorSystem) -> list[str]:
    attributes = _attributes(style)
    codes = [_SGR[bit] for bit in range(attributes.bit_length()) if attributes & (1 << bit)]
    return [*codes, *_colour(style.color, system), *_colour(style.bgcolor, system, is_ink=False)]


def _colour(colour: Color | None, system: ColorSystem, *, is_ink: bool = True) -> Iterable[str]:
    return colour.downgrade(system).get_ansi_codes(is_ink) if colour is not None else ()


def _wrapped(codes: list[str]) -> str:
    return f"\x1b[{';'.join(codes)}m" if codes else ""


def _attributes(style: Style) -> int:
    return style._attributes & style._set_attributes


_SGR = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "51", "52", "53")
"""Codes of Rich's attributes, in the order of their bits."""
