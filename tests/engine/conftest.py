"""Fixtures of the engine's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from engine_process import EngineProcess
from market_lines import write_recording

from termdesk.engine.options import EngineOptions

Start = Callable[..., EngineProcess]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TERMDESK_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Start engines; whatever still runs is killed when the test ends."""
    started: list[EngineProcess] = []

    def begin(
        desk: str = "demo", *, at: Path | None = None, file_bytes: int | None = None, **options: Any
    ) -> EngineProcess:
        engine = EngineProcess(at or home, EngineOptions(desk=desk, **options), file_bytes=file_bytes)
        started.append(engine)
        return engine

    yield begin
    for engine in started:
        engine.kill()


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few seconds of one instrument."""
    return write_recording(tmp_path_factory.mktemp("recording") / "btcusdt.gz")
