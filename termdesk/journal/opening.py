"""Opening a desk's journal: one engine at a time, in the mode that the desk began with."""

from __future__ import annotations

from pathlib import Path

from termdesk.config.paths import LOCK_FILE
from termdesk.core.model.errors import JournalError
from termdesk.core.model.terms import Mode
from termdesk.journal.lock import DeskLock
from termdesk.journal.sqlite import SqliteJournal


def open_journal(
    folder: Path, *, desk: str, mode: Mode | None, read_only: bool = False, whole: bool = False
) -> SqliteJournal:
    """Open a desk's journal, or make an empty one.

    Does not write the first fact; that is the desk's.

    Args:
        folder: The desk's folder; made when missing, for this user only.
        desk: Name of the desk, held against the stored one.
        mode: Held against the stored one; None takes it as it is.
        read_only: Takes no lock and makes nothing; an engine may hold the desk meanwhile.
        whole: Decode every fact of the file that is written to, whatever snapshots say.

    Raises:
        JournalBusy: Another engine holds the desk; says which and since when.
        JournalDamaged: The stored chain does not verify; names the first bad fact.
        JournalError: The mode or the desk is another one, a newer termdesk wrote it,
            or the disk refuses.
    """
    lock = None
    if not read_only:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as e:
            raise JournalError(f"folder {folder} of desk {desk} can't be made: {e.strerror}") from e
        lock = DeskLock(folder / LOCK_FILE, desk)
    journal = SqliteJournal(folder, lock, whole=whole)
    try:
        _check_desk(journal, desk, mode)
    except JournalError:
        journal.close()
        raise
    return journal


def _check_desk(journal: SqliteJournal, desk: str, mode: Mode | None) -> None:
    opened = journal.opened
    if opened is None:
        return
    if opened.desk != desk:
        raise JournalError(
            f"journal {journal.file} belongs to desk {opened.desk}, not to desk {desk}; "
            "a desk's folder can't be renamed or copied to another desk"
        )
    if mode is not None and opened.mode is not mode:
        raise JournalError(
            f"desk {desk} was opened in mode {opened.mode.value} and keeps it, {mode.value} was asked for; "
            f"choose another desk for {mode.value} with --desk NAME"
        )
