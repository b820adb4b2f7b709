from __future__ import annotations

from pathlib import Path

from termdesk.core.wire.field_docs import field_docs, struct_text
from termdesk.core.wire.protocol_doc import protocol_markdown
from termdesk.core.wire.queries import OrderLine

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_about_the_protocol_is_what_the_types_say() -> None:
    assert (DOCS / "protocol.md").read_text(encoding="utf-8") == protocol_markdown(), "run scripts/generate_docs.py"


def test_a_field_is_told_with_its_type_default_and_text() -> None:
    fields = {field.name: field for field in field_docs(OrderLine)}
    assert (fields["price"].kind, fields["price"].default) == ("Price | None", "")
    assert fields["note"].default == "''"
    assert fields["average"].text == "Average price of its fills; 0 where nothing is filled."
    assert struct_text(OrderLine) == "One order as it stands."
