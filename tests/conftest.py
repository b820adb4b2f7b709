"""Fixtures shared by every test folder."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from termdesk.client import spawn_engine
from termdesk.client.discovery import answers
from termdesk.config.paths import DeskPaths

# A loaded machine is no failure: how fast an example runs or is drawn is asserted nowhere. A failure prints what
# replays it (reproduce_failure).
settings.register_profile("termdesk", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("termdesk")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real recordings; tests that need it skip where it is missing."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("real recordings are not here: ../shared/data is missing")
    return folder


@pytest.fixture(scope="session")
def shared_scenarios() -> Path:
    """File of matching and order scenarios; tests that need it skip where it is missing."""
    file = SHARED / "scenarios" / "scenarios.json"
    if not file.is_file():
        pytest.skip("scenarios are not here: ../shared/scenarios is missing")
    return file


@pytest.fixture
def demo_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeskPaths]:
    """A real engine process on a demo desk in a home of its own; gives the desk's files.

    Ladders there recentre by a key only: on a busy machine the market would move away between two keys of a test.
    """
    monkeypatch.setenv("TERMDESK_HOME", str(tmp_path))
    config = tmp_path / "config" / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    with config.open("a") as file:
        file.write('[ladder]\nmode = "hold"\n')
    paths = DeskPaths.of("demo")
    process = spawn_engine(["--desk", "demo", "--seed", "7"], paths).process
    try:
        deadline = time.monotonic() + 30
        while not answers(paths.socket):
            assert process.poll() is None, paths.log.read_text()
            assert time.monotonic() < deadline, paths.log.read_text()
            time.sleep(0.02)
        yield paths
    finally:
        process.terminate()
        process.wait(15)
