"""Reading the configuration: each source checked by itself, then merged, later ones winning.

Sources are the user's file, the file named with ``--config``, and options of
the command line. Because each is checked before the merge, an error names the
file that holds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from termdesk.config.paths import places
from termdesk.config.settings import Settings
from termdesk.core.model.errors import ConfigError

Table = dict[str, Any]
"""A TOML table as ``tomllib`` reads it."""


def settings_files(named: Path | None = None) -> list[Path]:
    """Give the files to read, in order: the user's if there is one, then the one named with ``--config``."""
    user = places().config_file
    return [path for path in (user if user.is_file() else None, named) if path is not None]


def load_settings(files: Sequence[Path] = (), overrides: Mapping[str, object] | None = None) -> Settings:
    """Read and merge the configuration.

    Args:
        files: TOML files in order; each must exist. See ``settings_files``.
        overrides: Options of the command line by dotted key: ``{"feed.name": "binance"}``.

    Raises:
        ConfigError: A file can't be read, or a key or value is wrong; the text
            names the file, the line where it is known, the key, and what was
            expected.
    """
    merged: Table = {}
    for file in files:
        _merge(merged, _read(file))
    if overrides:
        table = _nested(overrides)
        _join_dotted(table)
        _check(table, "command line", "")
        _merge(merged, table)
    return msgspec.convert(merged, Settings)


def _read(file: Path) -> Table:
    import tomllib  # needed only where there is a file, and the first paint waits for every import

    try:
        text = file.read_bytes().decode()
        table = tomllib.loads(text)
    except OSError as e:
        raise ConfigError(f"{file}: can't be read: {e.strerror}") from e
    except UnicodeDecodeError as e:
        raise ConfigError(f"{file}: is not UTF-8 text, byte {e.start} is {e.object[e.start]:#04x}") from e
    except tomllib.TOMLDecodeError as e:
        raise ConfigError(f"{file}: is not TOML: {e}") from e
    _join_dotted(table)
    _check(table, str(file), text)
    return table


def _check(table: Table, source: str, text: str) -> None:
    try:
        msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        raise ConfigError("\n".join(_mistakes(table, source, text)) or f"{source}: {error}") from None


def _mistakes(table: Table, source: str, text: str) -> Iterator[str]:
    """Say all that is wrong; this takes longer than reading what is right, so it is not asked of every file."""
    from termdesk.config.check import find_mistakes
    from termdesk.config.position import line_of

    for mistake in find_mistakes(table, Settings):
        line = line_of(text, mistake.key)
        yield f"{source}{f':{line}' if line else ''}: {mistake.key}: {mistake.text}"


def _nested(dotted: Mapping[str, object]) -> Table:
    table: Table = {}
    for key, value in dotted.items():
        *outer, last = key.split(".")
        inner = table
        for name in outer:
            inner = inner.setdefault(name, {})
        inner[last] = value
    return table


def _join_dotted(table: Table) -> None:
    """Let ids of actions be written without quotes: TOML reads ``order.send = "x"`` as a table ``order``."""
    keys = table.get("keys")
    if isinstance(keys, dict) and isinstance(keys.get("overrides"), dict):
        keys["overrides"] = dict(_flat(keys["overrides"], ""))


def _flat(table: Table, outer: str) -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{outer}{key}.")
        else:
            yield f"{outer}{key}", value


def _merge(base: Table, over: Table) -> None:
    for key, value in over.items():
        held = base.get(key)
        if isinstance(held, dict) and isinstance(value, dict):
            _merge(held, value)
        else:
            base[key] = value
