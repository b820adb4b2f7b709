"""Fixtures of the console's tests: a home of their own, a canned engine, a way to run commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from canned import CannedEngine

from termdesk.cli.app import run_console
from termdesk.cli.voice import language


class Outcome(msgspec.Struct):
    """What a command did."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TERMDESK_HOME", str(tmp_path))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    language.cache_clear()
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*words: str) -> Outcome:
        code = run_console(words)
        out, err = capsys.readouterr()
        return Outcome(code, out, err)

    return ran


@pytest.fixture
def engine() -> Iterator[CannedEngine]:
    with CannedEngine("demo") as serving:
        yield serving
