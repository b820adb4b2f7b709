"""The real program in real terminals: a home of its own, tmux, ptys; nothing runs on when a test ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from home import Home
from tmux import MISSING, Tmux


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """An empty home; engines that were started in it end with the test."""
    own = Home(tmp_path)
    try:
        yield own
    finally:
        own.close()


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    """A tmux server of the test's own; skips where tmux is missing."""
    if MISSING:
        pytest.skip(MISSING)
    server = Tmux(tmp_path)
    try:
        yield server
    finally:
        server.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home whose demo desk runs already, for the tests of one file."""
    own = Home(tmp_path_factory.mktemp("home"))
    own.start_engine()
    try:
        yield own
    finally:
        own.close()
