"""Theme files: strict structs of TOML, made into Textual themes.

Which colour means a rise is no part of a theme: a theme names four hues, and
the setting ``screen.up_down`` picks two of them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from textual.theme import BUILTIN_THEMES, Theme

import termdesk
from termdesk.core.model.errors import ConfigError
from termdesk.ui.lines.palette import Convention, convention_variables
from termdesk.ui.terminal import has_16_colours, has_no_colour

Colour = Annotated[
    str, msgspec.Meta(pattern="^(#[0-9a-f]{6}|ansi_[a-z_]{3,14})$", description="a colour like #1b2430 or ansi_red")
]


_OF_TERMINAL = {True: BUILTIN_THEMES["ansi-dark"], False: BUILTIN_THEMES["ansi-light"]}
"""Textual's own themes of terminal colours; its widgets look for variables that only these have."""


class Colours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Colours that every Textual widget uses."""

    primary: Colour
    secondary: Colour
    accent: Colour
    warning: Colour
    error: Colour
    success: Colour
    foreground: Colour
    background: Colour
    surface: Colour
    panel: Colour


class Hues(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What rises and falls is painted in two of these."""

    red: Colour
    green: Colour
    blue: Colour
    orange: Colour


class Marks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Colours of our own surfaces beside up and down."""

    muted: Colour
    faint: Colour
    flat: Colour
    stale: Colour
    danger: Colour
    border: Colour
    border_focus: Colour


class ThemeFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One theme file."""

    name: str
    dark: bool
    colours: Colours
    hues: Hues
    marks: Marks
    ansi: bool = False
    """Whether its colours are those of the terminal itself (``ansi_…``)."""

    def made(self, convention: Convention) -> Theme:
        """Give the Textual theme under an up/down convention."""
        colours = msgspec.structs.asdict(self.colours)
        variables = {f"hue-{name}": value for name, value in msgspec.structs.asdict(self.hues).items()}
        variables |= {name.replace("_", "-"): value for name, value in msgspec.structs.asdict(self.marks).items()}
        if self.ansi:
            variables = {**_OF_TERMINAL[self.dark].variables, **variables}
        variables |= convention_variables(convention, {**variables, "background": self.colours.background})
        return Theme(name=self.name, dark=self.dark, ansi=self.ansi, variables=variables, **colours)


def themes_folder() -> Path:
    """Give the folder of shipped themes: in the package when installed, beside it in a checkout."""
    package = Path(termdesk.__file__).parent
    installed = package / "themes"
    return installed if installed.is_dir() else package.parent / "themes"


def shipped_themes() -> dict[str, ThemeFile]:
    """Read every shipped theme, by name; the plain dark and light ones come first."""
    files = sorted(themes_folder().glob("*.toml"), key=lambda path: (path.stem not in ("dark", "light"), path.stem))
    return {theme.name: theme for theme in map(read_theme, files)}


def read_theme(path: Path) -> ThemeFile:
    """Read one theme file.

    Raises:
        ConfigError: It can't be read, or a key is unknown, missing or no
            colour; the text names file and key.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"theme {path}: {error}") from error
    try:
        return msgspec.convert(table, ThemeFile)
    except msgspec.ValidationError as error:
        from termdesk.config.check import find_mistakes

        missing = list(_missing(table))
        found = missing or [f"{mistake.key}: {mistake.text}" for mistake in find_mistakes(table, ThemeFile)]
        raise ConfigError("\n".join(f"theme {path}: {text}" for text in found or [str(error)])) from None


def chosen_theme(setting: str, environment: Mapping[str, str] | None = None) -> dict[str, ThemeFile]:
    """Give the shipped themes with the one that a setting names put first.

    Args:
        setting: ``auto``, name of a shipped theme, or the path of a theme file.
        environment: What ``auto`` goes by: ``ansi`` where the terminal has 16
            colours, else ``dark``. With ``NO_COLOR`` there is only ``ansi``,
            whose marks are bold and reverse video.

    Raises:
        ConfigError: There is no such theme, or its file is wrong.
    """
    themes = shipped_themes()
    environment = environment or {}
    name = setting if setting != "auto" else "ansi" if has_16_colours(environment) else "dark"
    first = themes[name] if name in themes else _own_theme(name, themes)
    if has_no_colour(environment):
        return {"ansi": themes["ansi"]}
    return {first.name: first} | {name: theme for name, theme in themes.items() if name != first.name}


def _own_theme(setting: str, shipped: Collection[str]) -> ThemeFile:
    if setting.endswith(".toml"):
        return read_theme(Path(setting).expanduser())
    raise ConfigError(f"screen.theme: expected auto, {', '.join(shipped)} or the path of a .toml file, was {setting!r}")


class ThemeWatch:
    """Notices when the file of a theme was written, so that colours can be tried while the screen runs.

    Args:
        setting: The setting ``screen.theme``.
        name: The theme in use.
    """

    def __init__(self, setting: str, name: str) -> None:
        own = Path(setting).expanduser() if setting.endswith(".toml") else None
        is_own = own is not None and (name not in shipped_names() or _name_in(own) == name)  # a copy may keep its name
        self.path = own if own is not None and is_own else themes_folder() / f"{name}.toml"
        self.name = name
        self._stamp = self._written()

    def written(self) -> bool:
        """Whether it was written since the last look."""
        before, self._stamp = self._stamp, self._written()
        return self._stamp not in (before, 0)

    def read(self) -> ThemeFile:
        """Read it anew; it keeps the name that it is known by.

        Raises:
            ConfigError: It is wrong.
        """
        return msgspec.structs.replace(read_theme(self.path), name=self.name)

    def _written(self) -> int:
        try:
            return self.path.stat().st_mtime_ns
        except OSError:  # an editor is just replacing it
            return 0


def _name_in(path: Path) -> str:
    try:
        return read_theme(path).name
    except ConfigError:
        return ""


def shipped_names() -> frozenset[str]:
    """Give the names of shipped themes, which are those of their files."""
    return frozenset(path.stem for path in themes_folder().glob("*.toml"))


def chosen_convention(setting: str, language: str) -> Convention:
    """Resolve an up/down setting; ``auto`` is red-up in Chinese and green-up otherwise."""
    if setting == "auto":
        return Convention.RED_UP if language == "zh" else Convention.GREEN_UP
    return Convention(setting)


def _missing(table: dict[str, object]) -> Iterator[str]:
    parts = {"": ThemeFile, "colours": Colours, "hues": Hues, "marks": Marks}
    for part, kind in parts.items():
        inner = table.get(part) if part else table
        if isinstance(inner, dict):
            prefix = f"{part}." if part else ""
            required = kind.__struct_fields__[: len(kind.__struct_fields__) - len(kind.__struct_defaults__)]
            yield from (f"{prefix}{name}: missing" for name in required if name not in inner)
