"""Fixtures of the client's tests."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fake_engine import FakeEngine
from websockets.asyncio.server import unix_serve


@pytest.fixture
async def engine() -> AsyncIterator[FakeEngine]:
    with tempfile.TemporaryDirectory(prefix="td") as folder:
        fake = FakeEngine(Path(folder, "e.sock"))
        async with asyncio.timeout(20), unix_serve(fake.handle, str(fake.path), compression=None):
            yield fake
