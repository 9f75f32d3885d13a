"""Opening hours: open until when, opening when, Chinese holidays, and texts that are no hours at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.home import SHANGHAI
from bot.services.stations.holidays import statutory_days, with_holidays
from bot.services.stations.hours import OpeningBoard, opening, problem_with

SUNDAY_NOON = datetime(2026, 11, 22, 12, tzinfo=SHANGHAI)


def shanghai(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[arg-type, misc]


def test_open_says_until_when() -> None:
    found = opening("Mo-Su 08:00-22:00", SUNDAY_NOON)
    assert (found.open, found.until, found.always) == (True, shanghai(2026, 11, 22, 22), False)


def test_closed_says_when_it_opens() -> None:
    found = opening("Mo-Fr 09:00-18:00", SUNDAY_NOON)
    assert (found.open, found.opens) == (False, shanghai(2026, 11, 23, 9))


def test_around_the_clock_is_always() -> None:
    assert opening("24/7", SUNDAY_NOON).always
    assert opening("Mo-Su 00:00-24:00", SUNDAY_NOON).always


def test_never_open_has_no_next_opening() -> None:
    found = opening("24/7 off", SUNDAY_NOON)
    assert (found.open, found.opens) == (False, None)


def test_nothing_is_known_without_hours() -> None:
    assert opening("", SUNDAY_NOON).open is None
    assert opening("whenever", SUNDAY_NOON).open is None


def test_a_night_shift_runs_over_midnight() -> None:
    found = opening("Mo-Su 18:00-08:00", shanghai(2026, 11, 22, 3))
    assert (found.open, found.until) == (True, shanghai(2026, 11, 22, 8))


def test_the_lunch_break_closes() -> None:
    found = opening("Mo-Su 08:00-12:00,14:00-20:00", shanghai(2026, 11, 22, 13))
    assert (found.open, found.opens) == (False, shanghai(2026, 11, 22, 14))


def test_a_comment_that_changes_is_no_closing() -> None:
    found = opening('Mo-Su 08:00-12:00 "ring"; Mo-Su 12:00-20:00', shanghai(2026, 11, 22, 13))
    assert found.open
    hours = 'Mo-Su 08:00-12:00 "ring", 12:00-20:00 "knock"'
    assert opening(hours, shanghai(2026, 11, 22, 9)).until == shanghai(2026, 11, 22, 20)


def test_utc_and_shanghai_mean_the_same_moment() -> None:
    assert opening("Mo-Su 08:00-22:00", SUNDAY_NOON.astimezone(UTC)) == opening(
        "Mo-Su 08:00-22:00", SUNDAY_NOON
    )


def test_another_city_keeps_its_own_clock() -> None:
    at_23_in_shanghai = shanghai(2026, 11, 22, 23)
    assert not opening("Mo-Su 08:00-22:00", at_23_in_shanghai).open
    assert opening("Mo-Su 08:00-22:00", at_23_in_shanghai, ZoneInfo("Asia/Urumqi")).open


def test_the_statutory_holidays_of_2026() -> None:
    # As the State Council announced them, without the days that are only moved.
    assert [f"{day:%m-%d}" for day in statutory_days(2026)] == [
        *("01-01", "02-16", "02-17", "02-18", "02-19", "04-05", "05-01", "05-02"),
        *("06-19", "09-25", "10-01", "10-02", "10-03"),
    ]


@given(st.integers(2000, 2070))
def test_every_year_has_its_thirteen_days(year: int) -> None:
    # Twelve where Mid-Autumn falls on a day of the National Day holiday.
    assert len(statutory_days(year)) in {12, 13}


def test_closed_on_every_day_of_a_holiday() -> None:
    # The library alone knows only the first: a station that is closed on holidays was said to be open on 2
    # October.
    for day in (1, 2, 3):
        assert not opening("Mo-Su 09:00-18:00; PH off", shanghai(2026, 10, day, 12)).open
    assert opening("Mo-Su 09:00-18:00; PH off", shanghai(2026, 10, 4, 12)).open


def test_holidays_may_stand_beside_weekdays() -> None:
    hours = "Mo-Fr 09:00-18:00; Sa,PH 10:00-12:00"
    assert opening(hours, shanghai(2026, 10, 2, 11)).until == shanghai(2026, 10, 2, 12)
    assert opening(hours, shanghai(2026, 11, 21, 11)).until == shanghai(2026, 11, 21, 12)


def test_new_years_eve_looks_into_the_next_year() -> None:
    found = opening("Mo-Su 09:00-18:00; PH off", shanghai(2026, 12, 31, 20))
    assert found.opens == shanghai(2027, 1, 2, 9)


def test_a_quoted_holiday_stays_a_comment() -> None:
    assert with_holidays('Mo-Su 09:00-18:00 "PH; maybe"', 2026) == 'Mo-Su 09:00-18:00 "PH; maybe"'


def test_a_problem_says_where_and_what_to_write() -> None:
    problem = problem_with("Mo-Su 8-22")
    assert problem is not None
    assert "character 7" in problem
    assert "Mo-Su 08:00-22:00" in problem


@pytest.mark.parametrize("hours", ["x" * 10_000, "(" * 200, "\ud800", "\x00", "周一到周五"])
def test_hostile_hours_are_a_problem_and_no_exception(hours: str) -> None:
    assert problem_with(hours)
    assert opening(hours, SUNDAY_NOON).open is None


@given(st.text(max_size=40))
def test_any_text_is_either_readable_or_a_problem(hours: str) -> None:
    found = opening(hours, SUNDAY_NOON)
    if problem_with(hours):
        assert found.open is None


HOURS = [
    "24/7",
    "",
    "Mo-Su 08:00-22:00",
    "Mo-Fr 09:00-18:00; PH off",
    "Mo-Su 18:00-08:00",
    "08:00-12:00,14:00-20:00",
]


@given(st.lists(st.integers(0, 60 * 24 * 40), min_size=1, max_size=12))
def test_the_board_agrees_with_every_single_opening_even_back_in_time(minutes: list[int]) -> None:
    board = OpeningBoard(HOURS)
    start = datetime.combine(date(2026, 9, 20), datetime.min.time(), SHANGHAI)
    for minute in minutes:
        now = start + timedelta(minutes=minute)
        assert board.open_at(now).tolist() == [opening(hours, now).open is True for hours in HOURS]


def test_the_board_counts_only_changes() -> None:
    board = OpeningBoard(["Mo-Su 08:00-22:00"])
    board.open_at(shanghai(2026, 11, 22, 9))
    version = board.version
    board.open_at(shanghai(2026, 11, 22, 21))
    assert board.version == version
    board.open_at(shanghai(2026, 11, 22, 23))
    assert board.version == version + 1
