"""The journal's commands, over sealed months and over damage."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import msgspec
import pytest

from termdesk.cli.journal_shapes import JournalShape, QuarantineShape
from termdesk.config.paths import DeskPaths
from termdesk.core.model.facts import AccountOpened, DeskOpened, Recorded
from termdesk.core.model.terms import AccountKind, Mode
from termdesk.journal import Batch, open_journal, seal

MONTHS = ("2026-09", "2026-10", "2026-11")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DeskPaths:
    """A desk of three months, the first two sealed."""
    monkeypatch.setenv("TERMDESK_HOME", str(tmp_path))
    paths = DeskPaths.of("demo")
    journal = open_journal(paths.folder, desk="demo", mode=Mode.DEMO)
    opened = DeskOpened(desk="demo", mode=Mode.DEMO, seed=1, base_currency="CNY")
    facts = [opened, *(AccountOpened(account=f"a{n}", kind=AccountKind.CASH, broker="paper") for n in range(2, 10))]
    journal.append(
        Batch(
            [
                Recorded(
                    seq=seq,
                    at_ns=seq,
                    wall_ns=seq,
                    trading_day=f"{MONTHS[(seq - 1) // 3]}-05",
                    cause="start",
                    actor="engine",
                    fact=fact,
                )
                for seq, fact in enumerate(facts, 1)
            ]
        )
    )
    seal(paths.folder)
    while journal.trim():
        pass
    journal.close()
    return paths


def test_verify_walks_sealed_months_and_shows_each(run, desk: DeskPaths) -> None:
    done = run("journal", "verify", "--json")
    assert done.code == 0, done.err
    shape = msgspec.json.decode(done.out, type=JournalShape)
    assert (shape.facts, shape.first) == (9, 1)
    assert [(m.month, m.first, m.last, m.state) for m in shape.months] == [
        ("2026-09", 1, 3, "sealed"),
        ("2026-10", 4, 6, "sealed"),
        ("2026-11", 7, 9, "open"),
    ]
    assert shape.months[-1].head_hash == shape.head_hash
    assert "2026-10: facts 4 to 6, sealed" in run("journal", "verify").out
    lines = run("journal", "export").out.splitlines()
    assert [json.loads(line)["seq"] for line in lines] == list(range(1, 10))


def test_verify_names_a_damaged_sealed_month(run, desk: DeskPaths) -> None:
    file = desk.folder / "sealed/2026-10.sqlite"
    file.chmod(0o600)
    db = sqlite3.connect(file)
    db.execute("UPDATE fact SET bytes = zeroblob(9) WHERE seq = 5")
    db.commit()
    db.close()
    done = run("journal", "verify")
    assert done.code == 1
    assert "2026-10.sqlite: fact 5 does not verify" in done.err


def test_quarantine_says_where_the_damage_is_and_the_desk_goes_on(run, desk: DeskPaths) -> None:
    db = sqlite3.connect(desk.journal)
    db.execute("UPDATE fact SET bytes = zeroblob(9) WHERE seq = 8")
    db.commit()
    db.close()
    refused = run("journal", "verify")
    assert refused.code == 1
    assert "termdesk journal quarantine --desk demo" in refused.err
    shape = msgspec.json.decode(run("journal", "quarantine", "--json").out, type=QuarantineShape)
    assert (shape.kept, shape.acknowledged) == (7, 9)
    assert Path(shape.place, "journal.sqlite").exists()
    assert msgspec.json.decode(run("journal", "verify", "--json").out, type=JournalShape).facts == 7
    assert "is sound" in run("journal", "quarantine").err
