from __future__ import annotations

from pathlib import Path

import msgspec

from termdesk.cli.reference import PRINTS, console_markdown

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_about_the_console_is_what_the_commands_say() -> None:
    assert (DOCS / "cli.md").read_text(encoding="utf-8") == console_markdown(), "run scripts/generate_docs.py"


def test_every_command_and_every_shape_is_on_the_page() -> None:
    page = console_markdown()
    for command, (shape, _) in PRINTS.items():
        assert f"## termdesk {command}\n" in page
        assert f'"{shape.__name__}"' in page
    schema = msgspec.json.decode(page.partition("```json\n")[2].partition("\n```")[0])
    assert schema["$defs"]["OrderShape"]["properties"]["price"]
