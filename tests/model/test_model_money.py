"""Money in the decimals of its currency."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termdesk.cli.money_shown import money_for_people
from termdesk.core.model.money import money_unit, round_money_down

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=14)


@given(AMOUNTS, st.sampled_from(["CNY", "JPY", "USDT", "BTC"]))
def test_what_is_shown_is_never_more_than_there_is_and_less_than_a_unit_off(amount: Decimal, currency: str) -> None:
    shown = round_money_down(amount, currency)
    assert 0 <= amount - shown < money_unit(currency)
    assert shown % money_unit(currency) == 0


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("708024.076666666667", "CNY", "708024.07"),
        ("-0.001", "CNY", "-0.01"),
        ("708024.076666666667", "USDT", "708024.07666666"),
        ("1000", "CNY", "1000"),
        (None, "CNY", None),
    ],
)
def test_tables_for_people_hold_no_more_digits_than_the_currency(
    amount: str | None, currency: str, shown: str | None
) -> None:
    assert money_for_people(amount, currency) == shown
