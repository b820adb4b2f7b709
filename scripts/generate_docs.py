"""Writes the generated pages of ``docs/``. A test holds the committed pages against this."""

from __future__ import annotations

from pathlib import Path

from termdesk.cli.reference import console_markdown
from termdesk.core.venues.page import venues_markdown
from termdesk.core.wire.protocol_doc import protocol_markdown
from termdesk.ui.keys.page import keys_markdown

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = {
    "protocol.md": protocol_markdown,
    "cli.md": console_markdown,
    "venues.md": venues_markdown,
    "keys.md": keys_markdown,
}


def main() -> None:
    for name, make in PAGES.items():
        (DOCS / name).write_text(make(), encoding="utf-8")
        print(f"wrote docs/{name}")


if __name__ == "__main__":
    main()
