"""Which one of a list somebody means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.talk.ordinals import ordinal


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("2", 2),
        ("第二个", 2),
        ("第2家吧", 2),
        ("就第三个。", 3),
        ("二号", 2),
        ("the second one", 2),
        ("number 2 please", 2),
        ("3rd", 3),
        ("最后一个", 5),
        ("the last one", 5),
        ("第九个", None),
        ("0", None),
        ("第二个几点关门", None),
        ("两个月", None),
        ("5月", None),
        ("", None),
    ],
)
def test_one_of_five(said: str, place: int | None) -> None:
    assert ordinal(said, 5) == place


@given(st.text(max_size=20), st.integers(0, 20))
def test_a_place_is_in_the_list(said: str, many: int) -> None:
    place = ordinal(said, many)
    assert place is None or 1 <= place <= many
