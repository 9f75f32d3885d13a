"""Reading times: every expression of the two sets, and the rules behind them one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.when import Reason, When, read, upcoming
from bot.services.when.reading import LONGEST_TEXT
from tests.services.when.expressions import NOW, SHANGHAI, Expression, expressions, meaning

BERLIN = ZoneInfo("Europe/Berlin")
SAID = [*expressions("zh"), *expressions("en")]


def at(text: str, now: datetime = NOW, zone: ZoneInfo = SHANGHAI) -> str:
    return meaning(read(text, now, zone))


@pytest.mark.parametrize("said", SAID, ids=lambda said: said.text)
def test_expression(said: Expression) -> None:
    found = read(said.text, NOW, SHANGHAI)
    assert (meaning(found), found.what) == (said.meaning, said.what)


def test_there_are_enough_expressions_of_each_kind() -> None:
    kinds = [read(said.text, NOW, SHANGHAI).kind for said in SAID]
    assert len(SAID) >= 500
    assert all(kinds.count(kind) >= 50 for kind in ("moment", "day", "recurring", "unclear"))


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert isinstance(read(text, NOW, SHANGHAI), When)


ROW = """
    每 每隔 周 一 三五 两 半 个 小时 分钟 后 前 前天 明天 下 下周 月 号 31 99 9999 点 : 8 25 差 刻 到 至 和
    从 起 开始 的 早 晚 半夜 底 最后一天 第 年 2月29号 端午 次 每天 提醒我 in at every 2 hours past half
    quarter to monday may 31st of the month other from until next last and noon midnight pm . / - , T
"""
WORDS = st.sampled_from(ROW.split())


@given(st.lists(WORDS, max_size=14), st.sampled_from(["", " "]))
def test_any_row_of_time_words_is_read_without_an_error(words: list[str], glue: str) -> None:
    found = read(glue.join(words), NOW, SHANGHAI)
    assert (found.kind == "unclear") == (found.at is None) == (found.reason is not None)
    upcoming(found, NOW)


MOMENTS = st.integers(0, 2_000_000_000).map(
    lambda seconds: datetime.fromtimestamp(1_600_000_000 + seconds, UTC)
)


@given(st.lists(WORDS, max_size=14), MOMENTS)
def test_what_is_understood_lies_ahead(words: list[str], now: datetime) -> None:
    found = read("".join(words), now, BERLIN)
    if isinstance(found.at, datetime):
        assert found.at >= now
    elif found.at is not None:
        assert found.at >= now.astimezone(BERLIN).date()
    for choice in found.choices:
        assert choice.at is not None
        assert choice.what == found.what


@pytest.mark.parametrize(
    "junk", ["明天8点" * 2500, "每" * 10_000, "8" * 10_000, "in " * 4000, "\ud800" * 10_000]
)
def test_ten_thousand_characters_are_refused_at_once(junk: str) -> None:
    assert read(junk, NOW, SHANGHAI).reason is Reason.TOO_LONG


@pytest.mark.parametrize("junk", ["每", "8", "差", "下下", "every ", "on the ", "1-", "一二三"])
def test_rows_of_one_word_up_to_the_limit_are_read_quickly(junk: str) -> None:
    text = (junk * LONGEST_TEXT)[:LONGEST_TEXT]
    assert read(text, NOW, SHANGHAI).kind == "unclear"


def test_hostile_characters_stay_in_the_task() -> None:
    found = read("明天8点提醒我<b>\u202e[x](tg://user?id=1)\ud800", NOW, SHANGHAI)
    assert found.what == "<b>\u202e[x](tg://user?id=1)\ud800"


class TestBareHours:
    """A clock without a part of the day: the one meant, or both where both are likely."""

    def test_soon_is_meant(self) -> None:
        assert at("8点", NOW.replace(hour=6, minute=0)) == "2026-05-13 08:00"
        assert at("8点", NOW.replace(hour=19, minute=50)) == "2026-05-13 20:00"

    def test_otherwise_both_are_offered(self) -> None:
        assert at("8点") == "? half 2026-05-13 20:00 / 2026-05-14 08:00"

    def test_each_choice_keeps_the_task_and_the_rule(self) -> None:
        first, second = read("每天6点提醒我出车", NOW, SHANGHAI).choices
        assert (first.what, second.what) == ("出车", "出车")
        assert first.rrule == "FREQ=DAILY;BYHOUR=6;BYMINUTE=0;BYSECOND=0"
        assert second.rrule == "FREQ=DAILY;BYHOUR=18;BYMINUTE=0;BYSECOND=0"

    def test_today_only_what_is_to_come(self) -> None:
        assert at("今天8点") == "2026-05-13 20:00"
        assert at("今天2点").startswith("? past")

    def test_of_the_24_hour_clock_there_is_no_doubt(self) -> None:
        assert at("20点") == "2026-05-13 20:00"
        assert at("08:00") == "2026-05-14 08:00"


class TestCalendar:
    """Leap days, month ends, weekdays at the edges."""

    def test_29_february_is_of_the_next_leap_year(self) -> None:
        assert at("2月29号") == "2028-02-29"
        assert at("2月29号", datetime(2096, 3, 1, tzinfo=SHANGHAI)) == "2104-02-29"

    def test_a_yearly_leap_day_falls_on_the_last_of_february(self) -> None:
        days = upcoming(read("每年2月29号", NOW, SHANGHAI), NOW, 3)
        assert days == [date(2027, 2, 28), date(2028, 2, 29), date(2029, 2, 28)]

    def test_the_31st_is_of_the_next_month_that_has_one(self) -> None:
        assert at("31号", datetime(2026, 6, 2, 9, 0, tzinfo=SHANGHAI)) == "2026-07-31"

    def test_every_month_has_its_30th_or_its_last_day(self) -> None:
        now = datetime(2027, 1, 31, 12, 0, tzinfo=SHANGHAI)
        days = upcoming(read("每月30号", now, SHANGHAI), now, 3)
        assert days == [date(2027, 2, 28), date(2027, 3, 30), date(2027, 4, 30)]

    def test_a_month_later_from_a_long_month(self) -> None:
        assert at("一个月后", datetime(2027, 1, 31, 12, 0, tzinfo=SHANGHAI)) == "2027-02-28"

    def test_the_weekend_on_a_weekend(self) -> None:
        saturday = datetime(2026, 5, 16, 9, 0, tzinfo=SHANGHAI)
        assert at("周末", saturday) == "2026-05-16"
        assert at("周末", saturday + timedelta(days=1)) == "2026-05-17"

    def test_on_sunday_next_monday_is_tomorrow(self) -> None:
        sunday = datetime(2026, 5, 17, 9, 0, tzinfo=SHANGHAI)
        assert at("下周一", sunday) == "2026-05-18"
        assert at("next Monday", sunday) == "2026-05-18"

    def test_new_year_s_eve(self) -> None:
        eve = datetime(2026, 12, 31, 23, 50, tzinfo=SHANGHAI)
        assert at("20分钟后", eve) == "2027-01-01 00:10"
        assert at("1月1号", eve) == "2027-01-01"

    def test_the_day_itself_of_a_holiday_not_the_first_day_off(self) -> None:
        # In 2024 the days off began two days before the festival.
        assert at("端午节", datetime(2024, 6, 1, tzinfo=SHANGHAI)) == "2024-06-10"
        assert at("清明节", datetime(2026, 3, 1, tzinfo=SHANGHAI)) == "2026-04-05"
        assert at("春节", datetime(2026, 2, 1, tzinfo=SHANGHAI)) == "2026-02-17"
        assert at("除夕", datetime(2026, 2, 1, tzinfo=SHANGHAI)) == "2026-02-16"

    def test_at_the_end_of_the_calendar_nothing_breaks(self) -> None:
        for text in ("9999年12月31号", "9999天后", "每9999天8点", "9999年后", "9999小时后"):
            read(text, datetime(9999, 6, 1, tzinfo=UTC), SHANGHAI)


class TestSummerTime:
    """Days of 23 and 25 hours: Berlin goes forward on 29 March 2026 at 2:00, back on 25 October at 3:00."""

    SPRING = datetime(2026, 3, 28, 12, 0, tzinfo=BERLIN)
    AUTUMN = datetime(2026, 10, 24, 12, 0, tzinfo=BERLIN)

    def test_a_time_that_the_clocks_skip_comes_an_hour_later_on_the_wall(self) -> None:
        found = read("明天凌晨2点半", self.SPRING, BERLIN)
        assert found.at is not None
        assert found.at.isoformat() == "2026-03-29T03:30:00+02:00"

    def test_of_a_time_that_comes_twice_the_first_is_meant(self) -> None:
        found = read("明天凌晨2点半", self.AUTUMN, BERLIN)
        assert found.at is not None
        assert found.at.isoformat() == "2026-10-25T02:30:00+02:00"

    def test_every_day_follows_the_wall(self) -> None:
        found = read("every day at 8am", self.SPRING, BERLIN)
        said = [each.isoformat() for each in upcoming(found, self.SPRING, 2)]
        assert said == ["2026-03-29T08:00:00+02:00", "2026-03-30T08:00:00+02:00"]

    def test_every_day_at_a_time_that_is_skipped_once(self) -> None:
        found = read("每天凌晨2点半", self.SPRING, BERLIN)
        said = [each.isoformat() for each in upcoming(found, self.SPRING, 2)]
        assert said == ["2026-03-29T03:30:00+02:00", "2026-03-30T02:30:00+02:00"]

    def test_in_the_hour_that_comes_twice(self) -> None:
        # The two 2:30 compare as equal by the wall clock: nothing seemed to come any more.
        first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
        found = read("in 1 hour", first, BERLIN)
        assert [each.isoformat() for each in upcoming(found, first)] == ["2026-10-25T02:30:00+01:00"]

    def test_hours_are_elapsed_time(self) -> None:
        night = datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN)
        assert at("两小时后", night, BERLIN) == "2026-03-29 04:30"
        hourly = upcoming(read("每小时", night, BERLIN), night, 3)
        assert [each.strftime("%H:%M") for each in hourly] == ["03:30", "04:30", "05:30"]


class TestFound:
    """What went wrong once."""

    def test_a_decimal_is_not_cut_in_half(self) -> None:
        # "1.5小时后" was read as five hours.
        assert at("1.5小时后") == "2026-05-13 15:50"
        assert at("10.55小时后").startswith("?")

    def test_three_or_four_is_not_thirty_four(self) -> None:
        assert at("三四天后") == "? vague"

    def test_every_one_and_a_half_hours_is_not_every_half(self) -> None:
        assert read("每一个半小时", NOW, SHANGHAI).rrule == "FREQ=MINUTELY;INTERVAL=90"
        assert read("每个半小时", NOW, SHANGHAI).rrule == "FREQ=MINUTELY;INTERVAL=30"

    def test_two_languages_in_one_time_are_not_half_read(self) -> None:
        assert at("every 周三 at 15:00").startswith("?")

    def test_at_the_end_of_the_month_in_the_afternoon(self) -> None:
        # 底下 is a word of its own.
        assert at("下月底下午5点") == "2026-06-30 17:00"

    def test_minutes_after_hours_are_not_lost(self) -> None:
        assert at("in 2 hours and 30 minutes") == "2026-05-13 16:50"

    def test_a_year_of_another_century(self) -> None:
        assert at("Jun 14, 2155 12:00") == "2155-06-14 12:00"

    def test_seconds_round_up(self) -> None:
        assert at("1分钟后", NOW.replace(second=59)) == "2026-05-13 14:22"

    def test_now_may_be_of_another_zone(self) -> None:
        assert at("明天早上8点", NOW.astimezone(UTC)) == "2026-05-14 08:00"
        assert at("明天早上8点", NOW.astimezone(UTC), BERLIN) == "2026-05-14 08:00"
