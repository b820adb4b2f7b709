"""``kill -9`` of a process that writes: what it said was durable is there, and the chain verifies."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from termdesk.core.model.facts import Recorded
from termdesk.core.model.terms import Mode
from termdesk.journal import open_journal

CHILD = Path(__file__).with_name("writing_child.py")
Records = Callable[[int, int], list[Recorded]]


def said_before_death(folder: Path, after: int) -> list[int]:
    """Let a child write until it said ``after`` lines, kill it, and give all that it said."""
    with subprocess.Popen([sys.executable, str(CHILD), str(folder)], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        said = [int(child.stdout.readline()) for _ in range(after)]
        child.kill()
        rest = child.stdout.read()
    whole, _, _ = rest.rpartition(b"\n")
    return said + [int(line) for line in whole.split()]


def kill_and_reopen(folder: Path, rounds: int, records: Records) -> None:
    dice = random.Random(rounds)
    head = 0
    for _ in range(rounds):
        first, *said = said_before_death(folder, dice.randint(1, 30))
        assert first == head
        before = head
        journal = open_journal(folder, desk="demo", mode=Mode.DEMO)
        head = journal.head
        assert head >= max(said, default=0)
        assert journal.read(before, head) == records(before + 1, head)
        assert head == 0 or int(journal.checkpoint("queue") or b"-1") <= head
        journal.close()
    assert head > 0


def test_nothing_acknowledged_is_lost_at_any_moment(folder: Path, records: Records) -> None:
    kill_and_reopen(folder, 20, records)


@pytest.mark.long
def test_nothing_acknowledged_is_lost_at_very_many_moments(tmp_path: Path, records: Records) -> None:
    for part in range(25):
        kill_and_reopen(tmp_path / str(part), 20, records)
