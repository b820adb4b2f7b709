"""Write facts through the writer thread for ever and say on stdout which are durable. Killed by the test."""

from __future__ import annotations

import itertools
import os
import sys
import threading
from pathlib import Path

from journal_records import make_records

from termdesk.core.model.errors import JournalError
from termdesk.core.model.terms import Mode
from termdesk.journal import Checkpoint, JournalWriter, open_journal

BURSTS = (1, 1, 3, 1, 40, 2)
IN_FLIGHT = 100


def main(folder: str) -> None:
    changed = threading.Condition()

    def failed(error: JournalError) -> None:
        os.write(2, str(error).encode())
        os._exit(1)

    journal = open_journal(Path(folder), desk="demo", mode=Mode.DEMO)
    writer = JournalWriter(journal, failed)
    head = known = journal.head

    def durable(seq: int) -> None:
        nonlocal known
        os.write(1, b"%d\n" % seq)
        with changed:
            known = seq
            changed.notify()

    os.write(1, b"%d\n" % head)

    def has_room() -> bool:
        return head - known < IN_FLIGHT

    for n, size in enumerate(itertools.cycle(BURSTS)):
        with changed:
            changed.wait_for(has_room)
        checkpoint = Checkpoint(name="queue", at_ns=n, body=b"%d" % head)
        writer.submit(make_records(head + 1, head + size), checkpoints=[checkpoint], on_durable=durable)
        head += size


main(sys.argv[1])
