"""Watchlists as files: one TOML file a list, below ``watchlists`` in the configuration folder."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec

from termdesk.config.check import find_mistakes
from termdesk.config.paths import places
from termdesk.config.whole_file import write_whole
from termdesk.core.model.errors import ConfigError
from termdesk.ui.lines.watchlist_columns import CHOICES, USUAL
from termdesk.ui.watch.terms import parse_rules, parse_terms

FOLDER = "watchlists"
LINKS = ("", "A", "B", "C", "D")
"""Letters of link groups; panes with the same letter show the same instrument."""


class WatchList(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One list as its file holds it.

    ``sort`` is a column, with ``-`` before it from high to low; empty keeps the
    order of ``symbols``. ``filter`` and ``rules`` are read by ``terms``.
    """

    title: str = ""
    """Empty is the file's name."""
    group: str = ""
    """Lists of one group stand together."""
    place: int = 0
    """Lower ones come first within a group."""
    link: str = ""
    everything: bool = False
    """Every instrument of the desk, those in ``symbols`` first."""
    symbols: tuple[str, ...] = ()
    columns: tuple[str, ...] = USUAL
    sort: str = ""
    filter: str = ""
    rules: tuple[str, ...] = ()

    def check(self) -> None:
        """Check what types can't.

        Raises:
            ConfigError: A column, a term, a rule or a letter is unknown.
        """
        unknown = [name for name in (*self.columns, self.sort.removeprefix("-")) if name and name not in CHOICES]
        if unknown or not self.columns:
            raise ConfigError(f"unknown column {', '.join(unknown) or '(none)'}; there are {', '.join(CHOICES)}")
        if self.link not in LINKS:
            raise ConfigError(f"expected one of A B C D or nothing as link, got {self.link}")
        parse_terms(self.filter)
        parse_rules(self.rules)


class NamedList(msgspec.Struct, frozen=True):
    """A list with the name of its file."""

    name: str
    list: WatchList

    @property
    def title(self) -> str:
        """What the screen calls it; empty for the list of everything that no file changed."""
        return self.list.title or ("" if self.name == ALL.name else self.name)


ALL = NamedList("all", WatchList(everything=True))
"""What there is without files."""


def folder() -> Path:
    """Give where the files are."""
    return places().config / FOLDER


def written(where: Path) -> frozenset[tuple[str, int, int]]:
    """Give what tells that files were written, made or deleted: their names, times and sizes."""
    found = set()
    for path in where.glob("*.toml") if where.is_dir() else ():
        with suppress(OSError):  # an editor is just replacing it
            state = path.stat()
            found.add((path.name, state.st_mtime_ns, state.st_size))
    return frozenset(found)


def read_lists(where: Path) -> tuple[list[NamedList], dict[str, str]]:
    """Read every list, by group, place and name; and say what is wrong with files that can't be used, by list."""
    lists, wrong = [], {}
    for path in sorted(where.glob("*.toml")) if where.is_dir() else ():
        try:
            found = _read(path)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError, OSError, ConfigError) as e:
            wrong[path.stem] = f"{path.name}: {e}"
        else:
            lists.append(NamedList(path.stem, found))
    if not any(each.list.everything for each in lists) and ALL.name not in {each.name for each in lists}:
        lists.append(ALL)
    return in_order(lists), wrong


def _read(path: Path) -> WatchList:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    if mistakes := list(find_mistakes(table, WatchList)):
        raise ConfigError("; ".join(f"{one.key}: {one.text}" for one in mistakes))
    found = msgspec.convert(table, WatchList)
    found.check()
    return found


def in_order(lists: Iterable[NamedList]) -> list[NamedList]:
    """Sort lists by group, place and title; the list of everything comes first within its group."""
    return sorted(lists, key=lambda one: (one.list.group, one.list.place, not one.list.everything, one.title, one.name))


def file_name(title: str, taken: Iterable[str]) -> str:
    """Make a name of a title that no other list has."""
    plain = re.sub(r"[^\w-]+", "-", title.lower()).strip("-")[:40] or "list"
    names = set(taken)
    return next(name for name in (plain, *(f"{plain}-{n}" for n in range(2, 10_000))) if name not in names)


def write_list(where: Path, named: NamedList) -> None:
    """Write a list, whole or not at all.

    Raises:
        ConfigError: The file can't be written.
    """
    path = where / f"{named.name}.toml"
    lines = [f"{key} = {_toml(value)}" for key, value in msgspec.to_builtins(named.list).items()]
    try:
        write_whole(path, ("\n".join(lines) + "\n").encode())
    except OSError as e:
        raise ConfigError(f"watchlist {path} can't be written: {e.strerror or e}") from e


def delete_list(where: Path, name: str) -> None:
    """Delete a list's file.

    Raises:
        ConfigError: The file can't be deleted.
    """
    try:
        (where / f"{name}.toml").unlink(missing_ok=True)
    except OSError as e:
        raise ConfigError(f"watchlist {name} can't be deleted: {e.strerror or e}") from e


def _toml(value: object) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return msgspec.json.encode(value).decode()
