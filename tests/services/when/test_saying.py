"""Saying times back: what is said is read as the same time, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import LOCALES
from bot.services.when import Reason, When, ask, read, say
from bot.services.when.model import local
from tests.services.when.expressions import NOW, SHANGHAI, Expression, expressions

UNDERSTOOD = [said for said in [*expressions("zh"), *expressions("en")] if not said.meaning.startswith("?")]
TIMES = st.tuples(st.integers(0, 23), st.integers(0, 59))
DAYS = st.integers(1, 1500).map(lambda days: NOW.date() + timedelta(days=days))
LOCALE = st.sampled_from(LOCALES)


def says_itself(when: When, locale: str) -> None:
    said = say(when, locale, NOW)
    assert read(said, NOW, SHANGHAI) == when, said


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("said", UNDERSTOOD, ids=lambda said: said.text)
def test_whatever_was_understood_can_be_said(said: Expression, locale: str) -> None:
    says_itself(replace(read(said.text, NOW, SHANGHAI), what=""), locale)


@given(DAYS, TIMES, LOCALE)
def test_moments(day: datetime, time: tuple[int, int], locale: str) -> None:
    says_itself(When("moment", SHANGHAI, local(day, *time, SHANGHAI)), locale)


@given(DAYS, TIMES, st.integers(1, 23 * 60), LOCALE)
def test_ranges(day: datetime, time: tuple[int, int], minutes: int, locale: str) -> None:
    start = local(day, *time, SHANGHAI)
    says_itself(When("moment", SHANGHAI, start, until=start + timedelta(minutes=minutes)), locale)


@given(DAYS, LOCALE)
def test_days(day: datetime, locale: str) -> None:
    says_itself(When("day", SHANGHAI, day), locale)


CLOCKS = st.lists(TIMES, min_size=1, max_size=3, unique=True).map(
    lambda times: "、".join(f"{hour:02}:{minute:02}" for hour, minute in sorted(times))
)
WEEKDAYS = st.lists(st.sampled_from("一二三四五六日"), min_size=1, max_size=7, unique=True).map("".join)
RECURRENCES = st.one_of(
    st.just("每天"),
    st.just("工作日"),
    st.integers(2, 40).map("每{}天".format),
    WEEKDAYS.map("每周{}".format),
    st.builds("每{}周的周{}".format, st.integers(2, 9), st.sampled_from("一二三四五六日")),
    st.integers(1, 31).map("每月{}号".format),
    st.builds("每{}个月的{}号".format, st.integers(2, 9), st.integers(1, 31)),
    st.builds("每月{}号和{}号".format, st.integers(1, 14), st.integers(15, 28)),
    st.builds("每月第{}个周{}".format, st.integers(1, 4), st.sampled_from("一二三四五六日")),
    st.sampled_from("一二三四五六日").map("每月最后一个周{}".format),
    st.builds("每年{}月{}号".format, st.integers(1, 12), st.integers(1, 28)),
)


@given(RECURRENCES, st.one_of(st.just(""), CLOCKS), LOCALE)
def test_recurrences(days: str, times: str, locale: str) -> None:
    when = read(f"{days} {times}", NOW, SHANGHAI)
    if when.reason is Reason.SEVERAL:
        # Times whose hours and minutes do not multiply have no single rule beside an interval or a position.
        assert "、" in times
        return
    assert when.kind == "recurring"
    says_itself(when, locale)


@given(st.integers(1, 900), st.sampled_from(["分钟", "小时"]), LOCALE)
def test_intervals(number: int, unit: str, locale: str) -> None:
    when = read(f"每{number}{unit}", NOW, SHANGHAI)
    assert when.kind == "recurring"
    says_itself(when, locale)


def test_as_a_person_reads_it() -> None:
    assert say(read("明早8点", NOW, SHANGHAI), "zh_CN", NOW) == "周四 5月14日 08:00"
    assert say(read("明早8点", NOW, SHANGHAI), "en", NOW) == "Thu May 14 08:00"
    assert say(read("每周三下午三点", NOW, SHANGHAI), "zh_CN", NOW) == "每周三 15:00"
    assert say(read("每周三下午三点", NOW, SHANGHAI), "en", NOW) == "every Wed at 15:00"
    assert say(read("明年3月5号晚上8点", NOW, SHANGHAI), "zh_CN", NOW) == "周五 2027年3月5日 20:00"


def test_of_what_is_unclear_nothing_is_said() -> None:
    assert say(read("8点", NOW, SHANGHAI), "zh_CN", NOW) == ""


@pytest.mark.parametrize("locale", LOCALES)
def test_every_reason_has_a_question_of_its_own(locale: str) -> None:
    questions = {ask(When("unclear", SHANGHAI, reason=reason), locale) for reason in Reason}
    assert len(questions) == len(Reason)
    assert all(question.endswith(("?", "？", ".", "。", "”", "”。")) for question in questions)
