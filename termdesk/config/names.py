"""Names that people give to desks and accounts: they become folders, socket names and keys of TOML tables."""

from __future__ import annotations

import re

from termdesk.core.model.errors import ConfigError

NAME_RULE = "1 to 32 characters out of a-z, 0-9, _ and -"
_NAME = re.compile(r"[a-z0-9_-]{1,32}")


def is_name(text: str) -> bool:
    """Whether a text follows ``NAME_RULE``."""
    return _NAME.fullmatch(text) is not None


def check_name(name: str, what: str) -> str:
    """Give the name back if it follows ``NAME_RULE``.

    Args:
        name: As typed.
        what: What it names, for the message: ``desk``, ``account``.

    Raises:
        ConfigError: It does not follow the rule; the text says the rule.
    """
    if not is_name(name):
        raise ConfigError(f"{what} name {name!r}: expected {NAME_RULE}")
    return name
