"""Where a desk keeps its files.

========================  ===================================================
``CONFIG/config.toml``    the user's configuration
``STATE/desks/NAME/``     one folder per desk: journal, lock, log
``STATE/runs/replay-…/``  one folder per replay, which is a desk of its own
``RUNTIME/NAME.sock``     the engine's socket
========================  ===================================================

CONFIG and STATE are the platform's folders for termdesk, RUNTIME is
``STATE/runtime``: an engine outlives the login that started it, and
``XDG_RUNTIME_DIR`` is emptied at the last logout (XDG Base Directory
Specification 0.8). With ``TERMDESK_HOME`` set all three are its sub-folders
``config``, ``state`` and ``runtime``. Only ``make`` and ``new_run`` change
the disk.
"""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from termdesk.config.names import check_name, is_name
from termdesk.core.model.errors import ConfigError

JOURNAL_FILE = "journal.sqlite"
LOCK_FILE = "engine.lock"
LOG_FILE = "engine.log"
RUN_PREFIX = "replay-"
"""Desks whose name begins so are replay runs and live in the folder of runs."""

RUNS_PER_SECOND = 100
"""Most replays whose start may share a second."""

SOCKET_BYTES = 100
"""Exclusive limit of a socket path: ``sun_path`` holds 104 bytes on macOS and BSD, 108 on Linux (unix(4), unix(7))."""


class Places(msgspec.Struct, frozen=True):
    """The three roots under which everything lives."""

    config: Path
    state: Path
    runtime: Path

    @property
    def config_file(self) -> Path:
        """The user's configuration file, whether or not it exists."""
        return self.config / "config.toml"


class DeskPaths(msgspec.Struct, frozen=True):
    """The files of one desk. Making this touches no disk."""

    desk: str
    folder: Path
    socket: Path

    @classmethod
    def of(cls, desk: str, roots: Places | None = None) -> DeskPaths:
        """Give the files of a desk, existing or not; ``replay-…`` names a run.

        Raises:
            ConfigError: The name breaks the rule for names.
        """
        check_name(desk, "desk")
        roots = roots or places()
        group = "runs" if desk.startswith(RUN_PREFIX) else "desks"
        return cls(desk, roots.state / group / desk, _socket(roots.runtime, desk))

    @property
    def journal(self) -> Path:
        """The journal's database."""
        return self.folder / JOURNAL_FILE

    @property
    def lock(self) -> Path:
        """The file that a running engine holds locked."""
        return self.folder / LOCK_FILE

    @property
    def log(self) -> Path:
        """What the engine logs, as text."""
        return self.folder / LOG_FILE

    @property
    def is_run(self) -> bool:
        """Whether this desk is a replay run."""
        return self.desk.startswith(RUN_PREFIX)

    def make(self) -> None:
        """Create the desk's folder and the socket's, for this user's eyes only.

        Raises:
            ConfigError: A folder can't be made, or belongs to someone else.
        """
        for folder in (self.folder, self.socket.parent):
            _make_private(folder)


def places() -> Places:
    """Give the roots in force: below ``$TERMDESK_HOME`` if set, else the platform's."""
    home = os.environ.get("TERMDESK_HOME")
    if home:
        root = Path(home).expanduser().absolute()
        return Places(root / "config", root / "state", root / "runtime")
    from platformdirs import PlatformDirs

    dirs = PlatformDirs("termdesk", appauthor=False)
    return Places(dirs.user_config_path, dirs.user_state_path, dirs.user_state_path / "runtime")


def list_desks() -> list[DeskPaths]:
    """Give every desk that has a folder, desks first, then runs, each by name."""
    roots = places()
    found = []
    for group in ("desks", "runs"):
        parent = roots.state / group
        if parent.is_dir():
            names = sorted(folder.name for folder in parent.iterdir() if folder.is_dir())
            found += [DeskPaths.of(name, roots) for name in names if is_name(name)]
    return found


def new_run(started_ns: int) -> DeskPaths:
    """Make a fresh folder for a replay and give its files; the run's name is its start in UTC.

    Args:
        started_ns: System clock, nanoseconds UTC.
    """
    roots = places()
    stamp = datetime.fromtimestamp(started_ns // 10**9, UTC).strftime("%Y%m%d-%H%M%S")
    for number in range(1, RUNS_PER_SECOND + 1):
        run = DeskPaths.of(f"{RUN_PREFIX}{stamp}" + (f"-{number}" if number > 1 else ""), roots)
        run.folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            run.folder.mkdir(mode=0o700)
        except FileExistsError:
            continue
        run.make()
        return run
    raise ConfigError(f"no free name for a replay run under {roots.state / 'runs'} at {stamp}")


def _socket(runtime: Path, desk: str) -> Path:
    """Give a path short enough to bind; the same for engine and clients."""
    wanted = runtime / f"{desk}.sock"
    if len(os.fsencode(wanted)) < SOCKET_BYTES:
        return wanted
    # Rare, and neither module is needed otherwise by the screen's first paint.
    import hashlib
    import tempfile

    name = f"termdesk-{os.getuid()}/{hashlib.sha256(os.fsencode(wanted)).hexdigest()[:16]}.sock"
    short = Path(tempfile.gettempdir(), name)
    return short if len(os.fsencode(short)) < SOCKET_BYTES else Path("/tmp", name)


def _make_private(folder: Path) -> None:
    """Make a folder with mode 0700; one that someone else prepared in a shared place is refused."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError as e:
        raise ConfigError(f"folder {folder} can't be made: {e.strerror or e}") from e
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise ConfigError(f"folder {folder} is not yours (owner {found.st_uid}); remove it or set TERMDESK_HOME")
    if stat.S_IMODE(found.st_mode) & 0o077:
        folder.chmod(0o700)
