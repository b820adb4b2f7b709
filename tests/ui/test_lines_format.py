from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termdesk.core.model.number import to_decimal
from termdesk.ui.lines import format as text
from termdesk.ui.lines.format import CHINESE_UNITS, ENGLISH_UNITS, UNITS

FACTORS = {"K": 10**3, "M": 10**6, "B": 10**9, "万": 10**4, "亿": 10**8}


def read(shown: str) -> Decimal:
    factor = FACTORS.get(shown[-1], 1)
    return Decimal(shown.rstrip("KMB万亿")) * factor


@given(
    st.integers(min_value=1, max_value=10**18),
    st.integers(min_value=0, max_value=8),
    st.integers(min_value=1, max_value=12),
    st.sampled_from(sorted(UNITS)),
)
def test_a_size_fits_never_overstates_and_is_never_zero(value: int, decimals: int, width: int, language: str) -> None:
    shown = text.size(value, decimals, width, UNITS[language])
    exact = to_decimal(value, decimals)
    assert text.width_of(shown) <= width
    if shown.startswith("<"):
        assert exact < Decimal(shown[1:])
    elif "#" not in shown:
        assert 0 < read(shown) <= exact


@pytest.mark.parametrize(
    ("value", "decimals", "width", "units", "shown"),
    [
        (1200, 0, 5, ENGLISH_UNITS, "1200"),
        (123_456, 0, 5, ENGLISH_UNITS, "123K"),
        (1_234_567, 0, 6, ENGLISH_UNITS, "1.23M"),
        (123_456, 0, 5, CHINESE_UNITS, "12万"),
        (1_234_567, 0, 6, CHINESE_UNITS, "123万"),
        (350_000_000_000, 0, 7, CHINESE_UNITS, "3500亿"),
        (12_345_678, 8, 6, ENGLISH_UNITS, "0.1234"),
        (100_000_000, 8, 6, ENGLISH_UNITS, "1"),
        (4_000, 8, 5, ENGLISH_UNITS, "<0.01"),
        (0, 2, 5, ENGLISH_UNITS, "0"),
        (-1500, 0, 5, ENGLISH_UNITS, "-1500"),
        (999_999, 0, 3, ENGLISH_UNITS, "###"),
    ],
)
def test_sizes_shorten_in_the_reader_s_units(
    value: int, decimals: int, width: int, units: text.Units, shown: str
) -> None:
    assert text.size(value, decimals, width, units) == shown


@given(st.text(max_size=30), st.integers(min_value=0, max_value=20))
def test_fitted_text_has_exactly_the_cells_asked_for(words: str, width: int) -> None:
    clean = text.clean(words)
    assert clean.isprintable() or "�" in clean
    assert text.width_of(text.left(words, width)) == width


def test_a_wide_character_on_the_edge_gives_way_to_a_blank() -> None:
    assert text.left("贵州茅台", 5) == "贵州 "
    assert text.right("贵州", 5) == " 贵州"
    assert text.split("1.2万", 4) == ("1.2", "万")


@given(st.text(), st.integers(min_value=1, max_value=30))
def test_a_text_parted_over_two_rows_loses_nothing_but_blanks(words: str, width: int) -> None:
    above, rest = text.broken(words, width)
    assert text.width_of(above) <= width
    assert (above + rest).replace(" ", "") == text.clean(words).replace(" ", "")


def test_a_text_is_parted_before_a_word_or_a_number_and_between_chinese_characters() -> None:
    assert text.broken("buy 200 600519 @ 1465.68", 20) == ("buy 200 600519 @", "1465.68")
    assert text.broken("请核对委托600519的数量", 15) == ("请核对委托", "600519的数量")
    assert text.broken("fits", 4) == ("fits", "")
    assert text.broken("to /a/long/path/of/words", 14) == ("to /a/long/pat", "h/of/words"), (
        "more of it is read that way"
    )


def test_escapes_from_outside_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in text.left("\x1b[31mred\x1b]0;title\x07", 30)
    assert "\u202e" not in text.clean("abc\u202edef")


def test_a_number_too_wide_is_never_cut_into_another() -> None:
    assert text.number("12345.67", 6) == "######"


def test_unknown_is_a_dash_and_never_zero() -> None:
    assert text.price(0, 2) == text.percent(5, 0) == text.age(None) == text.money(None) == text.clock(0, 0) == "–"


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0s"), (59, "59s"), (60, "1m"), (7_199, "1h"), (86_400, "1d"), (-3, "0s")]
)
def test_ages_count_whole_units(seconds: int, shown: str) -> None:
    assert text.age(seconds * 10**9) == shown


@pytest.mark.parametrize(
    ("value", "base", "shown"),
    [
        (153, 168_700, "+0.09%"),
        (-5, 1000, "-0.50%"),
        (0, 1000, "0.00%"),
        (1, 1_000_000, "0.00%"),
        (-200, 100, "-200.00%"),
    ],
)
def test_percent_is_rounded_to_hundredths(value: int, base: int, shown: str) -> None:
    assert text.percent(value, base) == shown


def test_money_shows_its_sign_and_no_negative_zero() -> None:
    assert text.money(Decimal("1234.5"), with_sign=True) == "+1,234.50"
    assert text.money(Decimal("-0.001")) == "0.00"


def test_clock_is_that_of_the_reader() -> None:
    assert text.clock(1_764_000_000 * 10**9, 8 * 3600) == "00:00:00"
