"""Fixtures shared by every test folder."""

from __future__ import annotations

from pathlib import Path

import pytest

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
