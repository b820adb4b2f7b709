"""The language that console commands speak."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache

from termdesk.config.load import load_settings, settings_files
from termdesk.core.model.errors import ConfigError
from termdesk.ui.locale import chosen_language, sentence


@cache
def language() -> str:
    """Give the language of the configuration, or of the environment where that can't be read."""
    try:
        setting = load_settings(settings_files()).screen.language
    except ConfigError:
        setting = "auto"
    return chosen_language(setting, os.environ)


def sentence_of(code: str, params: Mapping[str, str]) -> str:
    """Say a code with its numbers."""
    return sentence(code, params, language())
