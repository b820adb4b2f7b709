"""Writes the generated pages of ``docs/`` and ``config.example.toml``; tests hold the committed files against it."""

from __future__ import annotations

from pathlib import Path

from termdesk.cli.reference import console_markdown
from termdesk.config.example import render_example
from termdesk.core.venues.page import venues_markdown
from termdesk.core.wire.protocol_doc import protocol_markdown
from termdesk.ui.keys.page import keys_markdown

REPOSITORY = Path(__file__).resolve().parents[1]
FILES = {
    "docs/protocol.md": protocol_markdown,
    "docs/cli.md": console_markdown,
    "docs/venues.md": venues_markdown,
    "docs/keys.md": keys_markdown,
    "config.example.toml": render_example,
}


def main() -> None:
    for name, make in FILES.items():
        (REPOSITORY / name).write_text(make(), encoding="utf-8")
        print(f"wrote {name}")


if __name__ == "__main__":
    main()
