"""What a screen shows as text that can be read and compared: characters, and one letter a cell for its style.

A picture holds for every theme and up/down convention. It is taken under a
theme made for that, in which every name of the palette (``muted``,
``text@cursor bold``) has a colour of its own; under any other theme the same
characters must stand there, and every name must have one colour.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from rich.cells import get_character_cell_size
from rich.style import Style
from textual.color import Color
from textual.geometry import Region
from textual.pilot import Pilot
from textual.theme import Theme
from textual.widgets import Input

from termdesk.ui.app import TermdeskApp
from termdesk.ui.layout.jump import Jump
from termdesk.ui.lines.palette import GROUNDS, INKS, Convention, Palette
from termdesk.ui.theme import shipped_themes

FOLDER = Path(__file__).parent / "__snapshots__" / "pictures"
LETTERS = string.ascii_letters + string.digits + "!#$%&*+-/:;<=>?@^_~"
BLANK, PLAIN = "blank", "text"
"""Styles of most cells: nothing on the background, written as a blank, and plain text, written as a dot."""
VARIABLES = (
    "panel", "surface", "background", "foreground", "primary", "secondary", "success", "error", "border-focus",
    "border",
)  # fmt: skip
FOCUS_TINT = 0.05
"""Of the foreground, over the field that has the keys; Textual's own."""


class Look(NamedTuple):
    """One theme under one convention."""

    theme: str
    convention: Convention

    @property
    def name(self) -> str:
        return f"{self.theme} {self.convention.value}"


_CONVENTIONS = tuple(Convention)
LOOKS = tuple(Look(theme, _CONVENTIONS[at % 3]) for at, theme in enumerate(shipped_themes()))
"""Every theme, and every convention under at least two of them."""


class Run(NamedTuple):
    """Cells of one style; ``name`` is that of the palette."""

    text: str
    name: str


class Part(NamedTuple):
    """A rectangle of the screen."""

    name: str
    region: Region
    rows: tuple[tuple[Run, ...], ...]


Paint = tuple[str, str, tuple[str, ...]]
"""Ink, ground and attributes of a cell, as a terminal is told; a blank cell has no ink."""


def naming_theme() -> Theme:
    """Give a theme in which no two names have one colour, so that a colour tells the name."""
    sources = {source.variable for source in (*INKS.values(), *GROUNDS.values())}
    names = sorted(sources | {*VARIABLES, "up", "down", "bid", "ask", "accent", "warning"})
    colours = {name: f"#{at + 1:02x}{(at * 37) % 251:02x}{(at * 91) % 241:02x}" for at, name in enumerate(names)}
    fields = {name: colours[name] for name in Theme.__dataclass_fields__ if name in colours}
    return Theme(name="naming", dark=True, variables=colours, **fields)


def put_look(app: TermdeskApp, look: Look) -> None:
    """Change theme and convention of a running app."""
    replace = msgspec.structs.replace
    app.settings = replace(app.settings, screen=replace(app.settings.screen, up_down=look.convention.value))
    app._put_themes()
    app.theme = look.theme


class Names:
    """Names of styles, by their paint under the naming theme."""

    def __init__(self, app: TermdeskApp) -> None:
        variables = app.get_css_variables()
        palette = Palette(variables, Color.parse(variables["background"]))
        parsed = {name: Color.parse(variables[name]) for name in VARIABLES}
        touch = parsed["foreground"].with_alpha(FOCUS_TINT)
        parsed |= {f"{name} focused": parsed[name].tint(touch) for name in ("panel", "surface", "background")}
        own = {_colour(colour.rich_color): f"${name}" for name, colour in parsed.items()}
        own[_colour(palette["accent"].color)] = "accent"
        inks = {_colour(palette[name].color): name for name in reversed(INKS)}
        grounds = {_colour(palette[f"text@{name}"].bgcolor): f"@{name}" for name in reversed(GROUNDS)}
        self._inks = own | inks
        self._grounds = (
            {colour: f"@{name}" for colour, name in own.items()} | grounds | {_colour(palette["text"].bgcolor): ""}
        )

    def __getitem__(self, paint: Paint) -> str:
        ink, ground, attributes = paint
        on = self._grounds.get(ground, f"?{ground}")
        return f"{self._inks.get(ink, f'?{ink}') if ink else BLANK}{on} {' '.join(attributes)}".strip()


async def still(pilot: Pilot[Any]) -> None:
    """Let no cursor blink."""
    app = pilot.app
    for field in app.screen.query(Input):
        field.cursor_position = len(field.value)
    await pilot.pause()
    for field in app.screen.query(Input):
        field._pause_blink(visible=False)


async def taken(pilot: Pilot[Any], parts: Mapping[str, Region], looks: Sequence[Look]) -> str:
    """Take the picture of some parts of the screen as the text of its file, and hold it against some looks."""
    app = pilot.app
    assert isinstance(app, TermdeskApp)
    await still(pilot)
    app.register_theme(naming_theme())
    app.theme = "naming"
    seen = await _seen(pilot)
    names = Names(app)
    rows = [tuple(Run(text, names[paint]) for text, paint in row) for row in seen]
    for look in looks:
        put_look(app, look)
        check_look(look, rows, await _seen(pilot))
    return written([Part(name, region, tuple(_cropped(rows, region))) for name, region in parts.items()])


async def _seen(pilot: Pilot[Any]) -> list[list[tuple[str, Paint]]]:
    app = pilot.app
    if len(app.screen_stack) > 1 and not isinstance(app.screen, Jump):
        # What a dialog lies upon is no part of its picture, and dear to dim.
        app.screen.styles.background = app.get_css_variables()["background"]
    await pilot.pause()
    return [_painted(strip) for strip in app.screen._compositor.render_strips()]


def check_look(look: Look, rows: Sequence[Sequence[Run]], seen: Sequence[Sequence[tuple[str, Paint]]]) -> None:
    """Hold that a theme changes nothing that is written, and gives every name one colour."""
    before, after = (["".join(run[0] for run in row) for row in several] for several in (rows, seen))
    assert after == before, f"the theme {look.name} changes what is written:\n" + differences(
        "\n".join(before), "\n".join(after)
    )
    paints: dict[str, set[Paint]] = {}
    for named, painted in zip(rows, seen, strict=True):
        for name, paint in _joined(named, painted):
            paints.setdefault(name, set()).add(paint)
    torn = {name: several for name, several in paints.items() if len(several) > 1}
    assert not torn, f"under the theme {look.name} these names have more than one colour: {torn}"


def _joined(named: Sequence[Run], painted: Sequence[tuple[str, Paint]]) -> Iterator[tuple[str, Paint]]:
    """Give what stands at the same place under two themes; both rows have the same characters."""
    ends = [accumulate(len(run[0]) for run in row) for row in (named, painted)]
    cuts = [list(zip(several, row, strict=True)) for several, row in zip(ends, (named, painted), strict=True)]
    ours, theirs = iter(cuts[0]), iter(cuts[1])
    here, there = next(ours, None), next(theirs, None)
    while here is not None and there is not None:
        yield here[1][1], there[1][1]
        at = min(here[0], there[0])
        here = next(ours, None) if here[0] == at else here
        there = next(theirs, None) if there[0] == at else there


def written(parts: Sequence[Part]) -> str:
    """Write a picture: characters, styles and the legend of each part."""
    letters: dict[str, str] = {BLANK: " ", PLAIN: "."}
    lines: list[str] = []
    for part in parts:
        x, y, width, height = part.region
        lines.append(f"== {part.name} {width}×{height} at {x},{y}")
        lines += [f"{n:2}│" + "".join(run.text for run in row).rstrip() for n, row in enumerate(part.rows)]
        lines.append("-- styles")
        for n, row in enumerate(part.rows):
            cells = ""
            for run in row:
                letter = letters.setdefault(run.name, LETTERS[len(letters) - 2])
                cells += letter * cells_of(run.text)
            lines.append(f"{n:2}│{cells.rstrip()}")
    lines.append("-- legend")
    lines += [f"{letter} {name}" for name, letter in letters.items() if name != BLANK]
    return "\n".join(lines) + "\n"


def cells_of(text: str) -> int:
    """Count cells, as a terminal does."""
    return sum(map(get_character_cell_size, text))


def differences(before: str, after: str) -> str:
    """Say row by row where two pictures differ."""
    pairs = zip_longest(before.splitlines(), after.splitlines(), fillvalue="(no such row)")
    return "\n".join(f"- {one}\n+ {other}" for one, other in pairs if one != other)


def _painted(strip: Iterable[Any]) -> list[tuple[str, Paint]]:
    painted = []
    for text, style, _ in strip:
        paint = _paint(style or Style())
        if not text.strip() and not set(paint[2]) & {"reverse", "underline"}:
            paint = ("", paint[1], ())
        if text:
            painted.append((text, paint))
    return painted


_ATTRIBUTES = ("bold", "dim", "italic", "underline", "reverse", "strike")
_paints: dict[Style, Paint] = {}


def _paint(style: Style) -> Paint:
    known = _paints.get(style)
    if known is None:
        attributes = tuple(name for name in _ATTRIBUTES if getattr(style, name))
        known = _paints[style] = (_colour(style.color), _colour(style.bgcolor), attributes)
    return known


def _colour(colour: Any) -> str:
    return "default" if colour is None else str(colour.name).casefold()


def _cropped(rows: Sequence[Sequence[Run]], region: Region) -> Iterator[tuple[Run, ...]]:
    for row in rows[region.y : region.bottom]:
        x, shown = 0, []
        for run in row:
            text = ""
            for character in run.text:
                cells = get_character_cell_size(character)
                if region.x <= x and x + cells <= region.right:
                    text += character
                elif region.x < x + cells and x < region.right:
                    text += " "  # half of a wide character
                x += cells
            if text:
                shown.append(Run(text, run.name))
        yield tuple(shown)
