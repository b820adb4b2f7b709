"""One engine per desk: a locked file that says who holds it.

The lock is the kernel's (``flock``), so it ends with the process, however
that ends; the text in the file is only for people. The database itself is not
locked this way: closing any second handle of it would drop SQLite's own locks
(sqlite.org/howtocorrupt.html, section 2.2).
"""

from __future__ import annotations

import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path

from termdesk.core.model.errors import JournalBusy, JournalError


class DeskLock:
    """The lock of one desk, held from construction to ``release``.

    Raises:
        JournalBusy: Another engine holds it; says which and since when.
        JournalError: The file can't be written.
    """

    def __init__(self, file: Path, desk: str) -> None:
        try:
            self._handle: int | None = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as e:
            raise JournalError(f"desk {desk} can't be locked: {file}: {e.strerror}") from e
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(self._handle)
            self.release()
            raise JournalBusy(
                f"desk {desk} is held by {holder}; attach to it with `termdesk attach --desk {desk}`, "
                f"stop it with `termdesk stop --desk {desk}`, or choose another desk with --desk"
            ) from None
        try:
            os.ftruncate(self._handle, 0)
            os.pwrite(self._handle, f"{os.getpid()}\n".encode(), 0)
        except OSError as e:
            self.release()
            raise JournalError(f"desk {desk} can't be locked: {file}: {e.strerror}") from e

    def release(self) -> None:
        """Give the lock back; the file stays. Releasing twice is fine."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _holder(handle: int) -> str:
    pid = os.pread(handle, 32, 0).decode("ascii", "replace").strip()
    since = datetime.fromtimestamp(int(os.fstat(handle).st_mtime), UTC)
    return f"engine pid {pid or 'unknown'} since {since:%Y-%m-%d %H:%M:%S} UTC"
