"""User text on its way in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.talk.hears import clean


def test_right_to_left_marks_cannot_turn_a_text_around() -> None:
    assert clean("abc\u202egnp.exe") == "abcgnp.exe"


def test_line_breaks_stay_and_other_controls_go() -> None:
    assert clean("a\nb\x00c\x1b[0m") == "a\nbc[0m"


def test_chinese_and_emoji_stay() -> None:
    assert clean("附近哪里能充电🔋👨‍👩‍👧") == "附近哪里能充电🔋👨‍👩‍👧"


@given(st.text(alphabet=st.characters()))
def test_any_text_can_be_encoded_afterwards(text: str) -> None:
    """A lone surrogate in a message must not break the database or the reply."""
    cleaned = clean(text)
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert clean(cleaned) == cleaned


def test_a_lone_surrogate_becomes_a_question_mark() -> None:
    assert clean("a\ud83db") == "a\ufffdb"
