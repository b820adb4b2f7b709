"""Housekeeping beside a running engine: a snapshot of the desk's state, then sealed files of its closed months.

Run as a process of its own (``python -m termdesk.journal.keeping FOLDER
DESK``), below the engine in priority: it replays what is durable and writes
beside the journal, never into it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from termdesk.core.model.errors import JournalError
from termdesk.journal.opening import open_journal
from termdesk.journal.replay import replayed, taken_snapshot
from termdesk.journal.sealed import seal
from termdesk.journal.snapshot import write_snapshot

_LOWER = 10
"""Added to the niceness."""


def keep(folder: Path, desk: str) -> None:
    """Take a snapshot of what is durable and seal what is closed.

    Raises:
        JournalError: The journal can't be read or the disk refuses.
    """
    journal = open_journal(folder, desk=desk, mode=None, read_only=True)
    try:
        state, at_ns = replayed(journal)
        if state.seq == journal.head:
            write_snapshot(folder, taken_snapshot(state, at_ns, journal.chain_head))
    except OSError as e:
        raise JournalError(f"a snapshot can't be written below {folder}: {e.strerror or e}; check the disk") from e
    finally:
        journal.close()
    seal(folder)


def main() -> int:
    """Keep the desk named on the command line; gives the exit code."""
    os.nice(_LOWER)
    try:
        keep(Path(sys.argv[1]), sys.argv[2])
    except JournalError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
