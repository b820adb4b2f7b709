"""Scaled numbers are exact or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termdesk.core.model.errors import NumberRefused
from termdesk.core.model.number import to_scaled, to_text


@given(st.integers(-(2**63) + 1, 2**63 - 1), st.integers(0, 12))
def test_scaled_text_reads_back_exactly(scaled: int, decimals: int) -> None:
    assert to_scaled(to_text(scaled, decimals), decimals) == scaled


@given(st.integers(1, 60), st.integers(0, 8))
def test_a_decimal_too_many_is_refused_however_small(zeros: int, decimals: int) -> None:
    with pytest.raises(NumberRefused) as refused:
        to_scaled(f"1.{'0' * (decimals + zeros)}1", decimals)
    assert refused.value.code == "number.decimals"
