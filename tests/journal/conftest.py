"""A desk's folder, facts to put into its journal, and ways to hurt it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from journal_records import make_record, make_records

from termdesk.core.model.facts import Recorded
from termdesk.core.model.terms import Mode
from termdesk.journal import Batch, SqliteJournal, open_journal


@pytest.fixture
def record() -> Callable[..., Recorded]:
    return make_record


@pytest.fixture
def records() -> Callable[[int, int], list[Recorded]]:
    """Facts ``first`` to ``last`` of a demo desk."""
    return make_records


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "demo"


@pytest.fixture
def journal(folder: Path) -> Iterator[SqliteJournal]:
    """An empty journal of the demo desk."""
    opened = open_journal(folder, desk="demo", mode=Mode.DEMO)
    yield opened
    opened.close()


@pytest.fixture
def closed(journal: SqliteJournal) -> Path:
    """Folder of a journal with five facts that was closed in order: no log beside it."""
    journal.append(Batch(make_records(1, 5)))
    journal.close()
    return journal.file.parent


@pytest.fixture
def killed(journal: SqliteJournal, tmp_path: Path) -> Path:
    """Folder of a journal with five facts whose engine died: the facts are in the log beside it."""
    journal.append(Batch(make_records(1, 3)))
    journal.append(Batch(make_records(4, 5)))
    return Path(shutil.copytree(journal.file.parent, tmp_path / "killed"))
