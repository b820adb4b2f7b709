"""Opening a journal: by one engine, in its own mode, with a version that knows it, on a disk that works."""

from __future__ import annotations

import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from termdesk.core.model.errors import JournalBusy, JournalDamaged, JournalError
from termdesk.core.model.facts import Recorded
from termdesk.core.model.terms import Mode
from termdesk.journal import Batch, SqliteJournal, open_journal
from termdesk.journal.chain import GENESIS, chain

Records = Callable[[int, int], list[Recorded]]

HOLD = """
import sys
from pathlib import Path
from termdesk.core.model.terms import Mode
from termdesk.journal import open_journal
journal = open_journal(Path(sys.argv[1]), desk="demo", mode=Mode.DEMO)
print("held", flush=True)
sys.stdin.read()
"""


def rewrite(folder: Path, sql: str, *values: object) -> None:
    db = sqlite3.connect(folder / "journal.sqlite")
    db.execute(sql, values)
    db.commit()
    db.close()


def open_demo(folder: Path) -> SqliteJournal:
    return open_journal(folder, desk="demo", mode=Mode.DEMO)


def test_another_mode_is_refused_naming_both(closed: Path) -> None:
    with pytest.raises(
        JournalError, match=r"desk demo was opened in mode demo and keeps it, paper was asked for.*--desk"
    ):
        open_journal(closed, desk="demo", mode=Mode.PAPER)
    open_demo(closed).close()


def test_another_desks_folder_is_refused_naming_both(closed: Path) -> None:
    with pytest.raises(JournalError, match=r"belongs to desk demo, not to desk other"):
        open_journal(closed, desk="other", mode=Mode.DEMO)


def test_no_mode_takes_the_journal_as_it_is(closed: Path) -> None:
    journal = open_journal(closed, desk="demo", mode=None)
    assert journal.head == 5
    journal.close()


def test_a_second_engine_hears_who_holds_the_desk_until_that_one_dies(folder: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(JournalBusy, match=rf"desk demo is held by engine pid {holder.pid} since 20\d\d-.* UTC"):
            open_demo(folder)
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    open_demo(folder).close()


def test_reading_only_makes_nothing_and_needs_no_lock(tmp_path: Path, journal: SqliteJournal, records: Records) -> None:
    with pytest.raises(JournalError, match="there is none yet"):
        open_journal(tmp_path / "none", desk="none", mode=None, read_only=True)
    assert not (tmp_path / "none").exists()
    journal.append(Batch(records(1, 1)))
    open_journal(journal.file.parent, desk="demo", mode=None, read_only=True).close()


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("PRAGMA user_version=3", "schema version 3, this termdesk knows up to 2; start the desk with the newer"),
        ("PRAGMA user_version=0", "schema version 0 is none that ever was"),
        ("PRAGMA application_id=1", "the file is no journal of termdesk"),
    ],
)
def test_a_file_of_another_version_is_refused(closed: Path, sql: str, error: str) -> None:
    rewrite(closed, sql)
    with pytest.raises(JournalError, match=error):
        open_demo(closed)


def append_raw(folder: Path, fact: dict[str, object]) -> None:
    """Store a fact 6 that chains, as another version would."""
    db = sqlite3.connect(folder / "journal.sqlite")
    body, digest = db.execute("SELECT bytes, hash FROM fact WHERE seq = 5").fetchone()
    raw = msgspec.msgpack.encode({**msgspec.msgpack.decode(body), "seq": 6, "fact": fact})
    db.execute("INSERT INTO fact VALUES (6, ?, ?)", (raw, chain(digest, raw)))
    db.commit()
    db.close()


def test_a_fact_of_a_newer_version_stops_the_start_and_is_named(closed: Path) -> None:
    append_raw(closed, {"type": "moon_landed.1", "moon": 1})
    with pytest.raises(
        JournalError,
        match=r"fact 6 is of kind 'moon_landed\.1'.*termdesk [0-9.]+ wrote it: start the desk with that version",
    ) as caught:
        open_demo(closed)
    assert not isinstance(caught.value, JournalDamaged)


def test_a_field_of_a_newer_version_is_passed_over(closed: Path) -> None:
    append_raw(closed, {"type": "desk_stopped.1", "mood": "fine"})
    journal = open_demo(closed)
    assert journal.head == 6
    journal.close()


def test_a_fact_that_verifies_and_can_not_be_read_is_another_versions_and_no_damage(closed: Path) -> None:
    append_raw(closed, {"type": "account_opened.1", "account": "a", "kind": "of tomorrow", "broker": "paper"})
    with pytest.raises(JournalError, match=r"fact 6 \('account_opened\.1'\) can't be read.*wrote it") as caught:
        open_demo(closed)
    assert not isinstance(caught.value, JournalDamaged)


def test_a_journal_must_begin_with_the_desk(closed: Path, records: Records) -> None:
    rewrite(closed, "DELETE FROM fact")
    raw = msgspec.msgpack.encode(msgspec.structs.replace(records(2, 2)[0], seq=1))
    rewrite(closed, "INSERT INTO fact VALUES (1, ?, ?)", raw, chain(GENESIS, raw))
    (closed / "journal.head").unlink()
    with pytest.raises(JournalDamaged, match="fact 1 does not open the desk"):
        open_demo(closed)


def test_a_file_that_is_no_database_is_damage(closed: Path) -> None:
    (closed / "journal.sqlite").write_bytes(b"hello" * 1000)
    with pytest.raises(JournalDamaged, match=r"fact 1 can't be read: file is not a database.*nothing was changed"):
        open_demo(closed)


DROP = """
import os, sqlite3
import msgspec, termdesk.journal
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
"""


@pytest.fixture
def sealed(closed: Path) -> Iterator[Path]:
    """A desk's folder that nobody may write, where nobody can reach it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(shutil.copytree(closed, Path(name, "demo")))
        for part in (*folder.iterdir(), folder):
            part.chmod(0o555)
        Path(name).chmod(0o755)
        yield folder
        folder.chmod(0o755)


def run_as_nobody(folder: Path, program: str) -> str:
    """Run a program as a user for whom file permissions count."""
    command = [sys.executable, "-c", DROP + program, str(folder)]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


OPEN = """
import sys
from pathlib import Path
from termdesk.core.model.errors import JournalError
from termdesk.core.model.terms import Mode
from termdesk.journal import open_journal
try:
    journal = open_journal(Path(sys.argv[1]), desk="demo", mode=Mode.DEMO, read_only={read_only})
    print(journal.head)
except JournalError as e:
    print(e)
"""


def test_a_folder_that_can_not_be_written_is_named(sealed: Path) -> None:
    told = run_as_nobody(sealed, OPEN.format(read_only=False))
    assert re.fullmatch(r"desk demo can't be locked: /.*/engine\.lock: Permission denied\n", told)
    told = run_as_nobody(sealed / "deeper", OPEN.format(read_only=False))
    assert re.fullmatch(r"folder /.*/deeper of desk demo can't be made: Permission denied\n", told)


def test_a_folder_that_can_not_be_written_can_be_read(sealed: Path) -> None:
    assert run_as_nobody(sealed, OPEN.format(read_only=True)) == "5\n"


def test_a_disk_that_is_full_at_the_start_is_named(folder: Path) -> None:
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))" + OPEN.format(read_only=False)
    command = [sys.executable, "-c", full, str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert re.fullmatch(r"desk demo can't be locked: /.*/engine\.lock: File too large\n", told)


FILL = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from journal_records import make_records
from termdesk.core.model.errors import JournalError
from termdesk.core.model.terms import Mode
from termdesk.journal import Batch, open_journal
journal = open_journal(Path(sys.argv[1]), desk="demo", mode=Mode.DEMO)
journal.append(Batch(make_records(1, 1)))
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    while True:
        journal.append(Batch(make_records(journal.head + 1, journal.head + 50)))
        print(journal.head, flush=True)
except JournalError as e:
    print(e)
try:
    journal.append(Batch(make_records(journal.head + 1, journal.head + 1)))
except JournalError as e:
    print(e)
print(len(journal.read(0, 10**6)) == journal.head)
"""


def test_a_full_disk_ends_writing_and_keeps_what_was_durable(folder: Path) -> None:
    here = str(Path(__file__).parent)
    found = subprocess.run([sys.executable, "-c", FILL, str(folder), here], capture_output=True, text=True, check=True)
    *heads, first, second, readable = found.stdout.splitlines()
    assert "can't be written" in first
    assert "check its disk and its permissions" in first
    assert "it is closed" in second
    assert readable == "True"
    journal = open_demo(folder)
    assert journal.head >= int(heads[-1])
    journal.close()


def test_a_desk_folder_moved_whole_goes_on(closed: Path, tmp_path: Path, records: Records) -> None:
    journal = open_demo(Path(shutil.move(closed, tmp_path / "elsewhere")))
    journal.append(Batch(records(6, 6)))
    journal.close()
