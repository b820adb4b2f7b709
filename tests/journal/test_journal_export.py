"""Facts as JSON lines."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

from termdesk.core.model.facts import Recorded
from termdesk.journal import Batch, MemoryJournal, export_facts


def test_every_fact_is_one_line_of_json_with_its_tag(records: Callable[[int, int], list[Recorded]]) -> None:
    journal, out = MemoryJournal(), io.BytesIO()
    journal.append(Batch(records(1, 2500)))
    assert export_facts(journal, out) == 2500
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["seq"] for line in lines] == list(range(1, 2501))
    opened = {"type": "desk_opened.1", "desk": "demo", "mode": "demo", "seed": 7, "base_currency": "CNY"}
    assert opened.items() <= lines[0]["fact"].items()


def test_export_goes_on_after_a_cursor(records: Callable[[int, int], list[Recorded]]) -> None:
    journal, out = MemoryJournal(), io.BytesIO()
    journal.append(Batch(records(1, 5)))
    assert export_facts(journal, out, after=3) == 2
    assert [json.loads(line)["seq"] for line in out.getvalue().splitlines()] == [4, 5]
