"""Amounts as people say them, and numbers that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.understanding.money import amounts

DIGITS = "零一二三四五六七八九"


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("三千二", 3200),
        ("一万二", 12_000),
        ("一万零五十块", 10_050),
        ("一百零五块", 105),
        ("两百五", 250),
        ("二十多块", 20),
        ("八千元", 8000),
        ("十五块", 15),
        ("3,200", 3200),
        ("3.5万", 35_000),
        ("1万2", 12_000),
        ("8百", 800),
        ("3k", 3000),
        ("¥450", 450),
        ("two hundred yuan", 200),
        ("three thousand", 3000),
        ("二万五千块", 25_000),
        ("一千万", 10_000_000),
    ],
)
def test_sums(said: str, value: int) -> None:
    assert [amount.value for amount in amounts(said)] == [value]


@pytest.mark.parametrize(
    "said",
    [
        "两个月",
        "半个月",
        "三天",
        "8点",
        "a1024",
        "第三",
        "周五",
        "十分钟",
        "60单",
        "5公里",
        "三楼",
        "two weeks",
        "一下",
    ],
)
def test_numbers_that_count_something_else(said: str) -> None:
    assert amounts(said) == []


@given(st.integers(2, 99_999_999))
def test_figures_are_read_as_they_stand(value: int) -> None:
    assert [amount.value for amount in amounts(f"欠我{value}元")] == [value]
    assert [amount.value for amount in amounts(f"欠我{value:,}元")] == [value]


@given(st.integers(1, 9), st.integers(1, 9))
def test_a_last_digit_counts_the_next_lower_unit(thousands: int, hundreds: int) -> None:
    said = f"{DIGITS[thousands]}千{DIGITS[hundreds]}块"
    assert amounts(said)[0].value == 1000 * thousands + 100 * hundreds


@given(st.text("一二两三十百千万零0123456789,.kw块 ", max_size=20))
def test_any_row_of_numerals_is_read(said: str) -> None:
    assert all(amount.value >= 2 for amount in amounts(said))
