"""Since when something is so."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.home import SHANGHAI
from bot.services.appeals.since import since

# A Wednesday.
NOW = datetime(2026, 5, 13, 14, 20, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("今天", "2026-05-13"),
        ("昨天", "2026-05-12"),
        ("大前天", "2026-05-10"),
        ("上周三", "2026-05-06"),
        ("从上周五开始", "2026-05-08"),
        ("三个月了", "2026-02-13"),
        ("大半个月了", "2026-04-28"),
        ("十二天", "2026-05-01"),
        ("5月1日", "2026-05-01"),
        ("5月20日", "2025-05-20"),
        ("4.20", "2026-04-20"),
        ("2026-04-01", "2026-04-01"),
        ("去年", "2025-05-13"),
        ("yesterday", "2026-05-12"),
        ("last Wednesday", "2026-05-06"),
        ("two weeks ago", "2026-04-29"),
        ("since May 1", "2026-05-01"),
        ("for 3 days", "2026-05-10"),
        ("last month", "2026-04-13"),
        ("since last month", "2026-04-13"),
        ("since Monday", "2026-05-11"),
        ("Wednesday", "2026-05-06"),
        ("since the 20th", "2026-04-20"),
        ("since April", "2026-04-01"),
        ("for over two and a half months", "2026-02-26"),
        ("the last three weeks", "2026-04-22"),
        ("a couple of weeks now", "2026-04-29"),
        ("周一", "2026-05-11"),
        ("这周三", "2026-05-13"),
        ("上个礼拜", "2026-05-06"),
        ("从三月份开始", "2026-03-01"),
        ("12月", "2025-12-01"),
        ("两个半月", "2026-02-26"),
        ("一个多月了", "2026-04-13"),
        ("仨月", "2026-02-13"),
        ("20号", "2026-04-20"),
        ("今年年初到现在", "2026-01-01"),
    ],
)
def test_what_people_say(said: str, day: str) -> None:
    assert since(said, NOW) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "said",
    ["", "明天", "下周一", "tomorrow", "next Monday", "13.45", "看情况", "三四月", "14月", "32号", "999年前"],
)
def test_what_is_no_day_that_was(said: str) -> None:
    assert since(said, NOW) is None


@given(st.text(max_size=60) | st.lists(st.sampled_from(["上周", "三", "天前", "月", "5", "日"])).map("".join))
def test_whatever_is_said_never_lies_ahead(said: str) -> None:
    day = since(said, NOW)
    assert day is None or day <= NOW.date()
