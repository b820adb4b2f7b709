"""Commissions by venue in the configuration."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from termdesk.config.load import load_settings
from termdesk.core.model.errors import ConfigError
from termdesk.core.venues import Commission


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(text)
    return file


def test_a_commission_is_read_as_it_is_written(tmp_path: Path) -> None:
    settings = load_settings([written(tmp_path, "[fees.SSE]\nrate = 0.00012\nminimum = 1\nall_in = false\n")])
    assert settings.fees["SSE"].commission() == Commission(rate=Decimal("0.00012"), minimum=Decimal(1), all_in=False)


@pytest.mark.parametrize("line", ["rate = -0.1", 'rate = "NaN"', "rate = 1\nfee = 2"])
def test_a_commission_that_makes_no_sense_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigError):
        load_settings([written(tmp_path, f"[fees.SSE]\n{line}\n")])


def test_a_venue_is_written_in_capitals(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        load_settings([written(tmp_path, "[fees.sse]\nrate = 0\n")])
