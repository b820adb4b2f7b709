"""Key presets: files that give actions other keys than the registry's. A person's own keys come on top."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from termdesk.core.model.errors import ConfigError
from termdesk.ui.actions import Keymap, keymap, shown_keys
from termdesk.ui.keys.names import is_key
from termdesk.ui.locale import Catalogue

FOLDER = Path(__file__).parent
PRESETS = ("default", "vim", "cn")
"""Shipped presets; the first is the registry as it is."""


class PresetFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One preset: keys by action, as in ``[keys.overrides]`` of the configuration."""

    keys: dict[str, str] = {}


def read_preset(name: str) -> dict[str, str]:
    """Give the keys of a preset.

    Args:
        name: A shipped preset, or the path of a ``.toml`` file.

    Raises:
        ConfigError: There is no such preset, or its file can't be read.
    """
    if name not in PRESETS and not name.endswith(".toml"):
        raise ConfigError(f"keys.preset: expected {', '.join(PRESETS)} or the path of a .toml file, was {name!r}")
    path = FOLDER / f"{name}.toml" if name in PRESETS else Path(name).expanduser()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return msgspec.convert(table, PresetFile).keys
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(f"key preset {path}: {error}") from error


def chosen_keymap(preset: str, overrides: Mapping[str, str]) -> Keymap:
    """Join the registry's keys with those of a preset and a person's own, which win.

    Raises:
        ConfigError: There is no such preset, or its file can't be read.
    """
    return keymap({**read_preset(preset), **overrides})


def wrong_keys(keymap: Keymap, said: Catalogue) -> str:
    """Say what is wrong with keys: unknown, dangerous on one that moves, with two meanings; empty if nothing is."""
    tr = said.tr
    unknown = [tr("news.key_unknown", name=name, nearest=nearest or "–") for name, nearest in keymap.unknown.items()]
    strange = [
        tr("news.key_strange", key=key, name=name)
        for name, keys in keymap.keys.items()
        for key in keys
        if not is_key(key)
    ]
    conflicts = [
        tr("news.key_conflict", key=shown_keys((one.key,)), first=one.first, second=one.second)
        for one in keymap.conflicts
    ]
    refused = [tr("news.key_refused", key=shown_keys((key,)), name=name) for key, name in keymap.refused]
    return " · ".join(unknown + strange + refused + conflicts)
