"""Reading a scenario file."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

import msgspec

from termdesk.core.model.errors import ConfigError

SCHEMA_VERSION = 1

Step = dict[str, Any]
"""A step or an expectation: names to texts, as the file has them."""


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One scenario. Steps and expectations stay as they are written; numbers are decimal text, or JSON's."""

    id: str
    title: str = ""
    group: str
    tier: Literal["universal", "policy", "reference"]
    instrument: dict[str, Any]
    steps: list[Step]
    expect: Step = {}
    policy: dict[str, str] = {}


class _Written(Scenario, frozen=True, kw_only=True):
    """As a file has it: a policy may also be a number, a truth, or nothing."""

    policy: dict[str, Any] | None = None  # type: ignore[assignment]


class ScenarioFile(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a scenario file that is run; what explains it is left out."""

    schema_version: int
    scenarios: list[_Written]


_DECODER = msgspec.json.Decoder(ScenarioFile, float_hook=Decimal)
_TRUTHS = {True: "on", False: "off"}


def read_scenarios(path: Path) -> list[Scenario]:
    """Read every scenario of a file.

    Raises:
        ConfigError: The file can't be read, or is no scenario file of this schema.
    """
    try:
        found = _DECODER.decode(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"{path}: can't be read: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise ConfigError(f"{path}: no scenario file: {error}") from error
    if found.schema_version != SCHEMA_VERSION:
        raise ConfigError(f"{path}: schema_version {found.schema_version}, this runner knows {SCHEMA_VERSION}")
    return [_plain(written) for written in found.scenarios]


def _plain(written: _Written) -> Scenario:
    named = {key: value for key, value in (written.policy or {}).items() if value is not None}
    policy = {key: _TRUTHS[value] if isinstance(value, bool) else str(value) for key, value in named.items()}
    rest = {name: getattr(written, name) for name in Scenario.__struct_fields__ if name != "policy"}
    return Scenario(policy=policy, **rest)


def choose_scenarios(scenarios: Sequence[Scenario], only: Sequence[str], skip: Sequence[str]) -> list[Scenario]:
    """Give the scenarios whose ``GROUP/ID`` matches a glob of ``only`` (none: all) and none of ``skip``."""

    def matches(one: Scenario, globs: Sequence[str]) -> bool:
        return any(fnmatchcase(f"{one.group}/{one.id}", glob) for glob in globs)

    return [one for one in scenarios if (not only or matches(one, only)) and not matches(one, skip)]
