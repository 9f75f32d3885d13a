"""Two wishes in one breath: what is two, and what is one told at length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogs.besides import LONGEST, both
from tests.understood import understood


@pytest.mark.parametrize(
    ("text", "first", "besides"),
    [
        ("明天八点提醒我取货，顺便看看李家沱哪里能热饭", "add_reminder", "find_station"),
        ("李家沱哪里能充电？八点提醒我取货", "find_station", "add_reminder"),
        ("我的积分有多少，还有附近哪里有厕所", "points", "find_station"),
        ("where can I charge, and remind me at 8 pm to call mum", "find_station", "add_reminder"),
    ],
)
def test_two_wishes_are_heard(text: str, first: str, besides: str) -> None:
    found = both(text, understood)
    assert found is not None
    assert (found.first.intent, found.besides.intent) == (first, besides)


@pytest.mark.parametrize(
    "text",
    [
        "站长不给钱，还骂人，怎么走法律程序",
        "帮我找个能热饭的地方，要有厕所",
        "附近有没有充电的，没电了",
        "小区门口积水，电动车充电口也锁了",
        "今天的课，还有考试怎么报名",
        "I was not paid, where can I complain?",
        "八点提醒我取货，" + "货很多" * LONGEST + "，附近哪里能充电",
    ],
)
def test_one_wish_told_in_two_sentences_stays_one(text: str) -> None:
    assert both(text, understood) is None


def test_a_story_keeps_all_its_words() -> None:
    text = "工资三个月没发了，另外李家沱附近哪里能充电"
    found = both(text, understood)
    assert found is not None
    assert (found.first.intent, found.first.text) == ("file_appeal", text)


@given(st.text(alphabet="，。还有另外顺便提醒我八点哪里充电厕所积分 ,.andwhere", max_size=LONGEST + 10))
def test_any_text_is_taken_apart_without_an_error(text: str) -> None:
    found = both(text, understood)
    assert found is None or found.first.intent != found.besides.intent
