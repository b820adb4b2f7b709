"""The JSON schema of the configuration, for editors that complete and check TOML."""

from __future__ import annotations

from typing import Any

import msgspec

from termdesk.config.docs import field_docs
from termdesk.config.settings import Section, Settings


def json_schema() -> dict[str, Any]:
    """Give the schema (JSON Schema 2020-12) with every field's description and default."""
    schema = msgspec.json.schema(Settings)
    for section in Section.__subclasses__():
        properties = schema["$defs"][section.__name__]["properties"]
        for key, text in field_docs(section).items():
            properties[key]["description"] = text
    return schema
