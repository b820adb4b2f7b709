"""A home of its own for the program under test, and what runs in it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from termdesk.client.discovery import answers

TERMDESK = [sys.executable, "-m", "termdesk"]


class Home:
    """One ``TERMDESK_HOME`` and the environment of programs that live in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env: dict[str, str | None] = {
            "TERMDESK_HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "TEXTUAL_FPS": None,
            "NO_COLOR": None,
            "COLORTERM": None,
            "SSH_CONNECTION": None,
            "SSH_TTY": None,
        }
        self.started: list[subprocess.Popen[bytes]] = []

    def config(self, text: str) -> None:
        """Write the user's configuration."""
        file = self.folder / "config" / "config.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def termdesk(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a console command in this home."""
        env = {name: value for name, value in {**os.environ, **self.env}.items() if value is not None}
        called = [*TERMDESK, *words]
        return subprocess.run(called, env=env, capture_output=True, text=True, check=False, timeout=60)

    def start_engine(self, *words: str) -> None:
        """Start the demo desk's engine and wait until it answers."""
        env = {name: value for name, value in {**os.environ, **self.env}.items() if value is not None}
        called = [*TERMDESK, "engine", "--desk", "demo", "--seed", "7", *words]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.started.append(subprocess.Popen(called, env=env, start_new_session=True, **quiet))
        limit = time.monotonic() + 30
        while not answers(self.folder / "runtime" / "demo.sock"):
            assert time.monotonic() < limit, "the engine does not answer"
            time.sleep(0.02)

    def engines(self) -> list[int]:
        """Give the process ids of engines that run in this home."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
                environ = (folder / "environ").read_bytes().split(b"\0")
            except OSError:  # it has just ended, or is someone else's
                continue
            if b"engine" in words and f"TERMDESK_HOME={self.folder}".encode() in environ:
                found.append(int(folder.name))
        return found

    def close(self) -> None:
        """End what still runs in this home."""
        for pid in self.engines():
            os.kill(pid, signal.SIGKILL)
        for process in self.started:
            process.wait(10)
