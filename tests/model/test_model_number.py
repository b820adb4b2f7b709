"""Scaled numbers are exact or refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termdesk.core.model.errors import NumberRefused
from termdesk.core.model.number import padded, plain, to_decimal, to_scaled, to_text, trimmed


@given(st.integers(-(2**63) + 1, 2**63 - 1), st.integers(0, 12))
def test_scaled_text_reads_back_exactly(scaled: int, decimals: int) -> None:
    assert to_scaled(to_text(scaled, decimals), decimals) == scaled


@given(st.integers(1, 60), st.integers(0, 8))
def test_a_decimal_too_many_is_refused_however_small(zeros: int, decimals: int) -> None:
    with pytest.raises(NumberRefused) as refused:
        to_scaled(f"1.{'0' * (decimals + zeros)}1", decimals)
    assert refused.value.code == "number.decimals"


@given(st.integers(-(2**63) + 1, 2**63 - 1), st.integers(0, 12), st.integers(0, 12))
def test_zeros_are_taken_off_and_put_on_without_changing_the_number(scaled: int, decimals: int, least: int) -> None:
    value = to_decimal(scaled, decimals)
    for text in (plain(value), trimmed(to_text(scaled, decimals)), padded(value, least)):
        assert Decimal(text) == value
    assert not plain(value).partition(".")[2].endswith("0")
    assert len(padded(value, least).partition(".")[2]) >= least


@pytest.mark.parametrize("text", ["2026.10", "O1.20.30", "1.", ".50", "1,5.0 each", "", "-", "100", "１.０"])
def test_only_plain_decimals_lose_zeros(text: str) -> None:
    assert trimmed(text) == (text if text != "2026.10" else "2026.1")


@pytest.mark.parametrize(
    ("value", "text"), [("1650.02000000", "1650.02"), ("1650", "1650.00"), ("0.12345", "0.12345"), ("0E-8", "0.00")]
)
def test_exact_prices_keep_the_decimals_of_their_instrument(value: str, text: str) -> None:
    assert padded(Decimal(value), 2) == text
