"""Working time: the official calendar, spans that end when the office is open, whatever zone asks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services.appeals.working_time import (
    Span,
    WorkingTime,
    is_announced,
    is_working_day,
    read_period,
    read_span,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING, AFTERNOON = (time(9), time(12)), (time(14), time(18))
OFFICE = WorkingTime([MORNING, AFTERNOON])
EARLIEST = datetime(2024, 1, 1, tzinfo=UTC)
MOMENTS = st.builds(
    lambda seconds, zone: (EARLIEST + timedelta(seconds=seconds)).astimezone(zone),
    st.integers(0, 3 * 366 * 86_400),
    st.sampled_from([UTC, SHANGHAI]),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-05-13", True),  # a Wednesday
        ("2026-05-16", False),  # a Saturday
        ("2026-10-01", False),  # National Day
        ("2026-02-14", True),  # a Saturday worked for Spring Festival
        ("2026-02-18", False),  # a Wednesday off
        ("2024-02-04", True),  # a Sunday worked for Spring Festival
    ],
)
def test_the_official_calendar(day: str, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is works


def test_a_year_that_is_not_announced_counts_monday_to_friday_and_says_so() -> None:
    assert not is_announced(2090)
    assert not is_working_day(date(2090, 9, 30))  # a Saturday
    assert is_working_day(date(2090, 10, 2))  # a Monday, whatever will be decided
    deadline = OFFICE.after(datetime(2090, 9, 29, 12, tzinfo=SHANGHAI), Span(2, "days"))
    assert deadline.at == datetime(2090, 10, 3, 18, tzinfo=SHANGHAI)
    assert not deadline.announced


def test_a_span_into_a_year_not_announced_says_so() -> None:
    last = max(year for year in range(2020, 2100) if is_announced(year))
    before_new_year = datetime(last, 12, 30, 10, tzinfo=SHANGHAI)
    assert OFFICE.after(before_new_year - timedelta(days=30), Span(1, "days")).announced
    assert not OFFICE.after(before_new_year, Span(5, "days")).announced


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2026-05-13T09:30", Span(2, "hours"), "2026-05-13T11:30"),
        ("2026-05-13T11:00", Span(2, "hours"), "2026-05-13T15:00"),
        ("2026-05-13T09:00", Span(3, "hours"), "2026-05-13T12:00"),  # not 14:00
        ("2026-05-13T17:30", Span(4, "hours"), "2026-05-14T14:30"),
        ("2026-05-15T20:00", Span(1, "hours"), "2026-05-18T10:00"),  # over a weekend
        ("2026-05-13T03:00", Span(1, "hours"), "2026-05-13T10:00"),
        ("2026-05-13T09:30", Span(1, "days"), "2026-05-14T18:00"),  # its own day does not count
        ("2026-05-13T23:59", Span(1, "days"), "2026-05-14T18:00"),
        ("2026-05-15T10:00", Span(2, "days"), "2026-05-19T18:00"),
        ("2026-09-30T10:00", Span(1, "days"), "2026-10-08T18:00"),  # over National Day
        ("2026-02-13T10:00", Span(1, "days"), "2026-02-14T18:00"),  # to a Saturday that is worked
    ],
)
def test_when_a_span_ends(start: str, span: Span, end: str) -> None:
    assert OFFICE.after(at(start), span).at == at(end)


@given(MOMENTS, st.integers(1, 40))
@settings(max_examples=150)
def test_hours_end_while_the_office_is_open_and_add_up(moment: datetime, hours: int) -> None:
    end = OFFICE.after(moment, Span(hours, "hours")).at
    assert end > moment
    assert is_working_day(end.date())
    assert any(opens <= end.time() <= closes for opens, closes in (MORNING, AFTERNOON))
    assert _open_minutes(moment, end) == pytest.approx(hours * 60, abs=0.1)


def _open_minutes(start: datetime, end: datetime) -> float:
    """Counted day by day, period by period: a second way to the same number."""
    minutes, day = 0.0, start.astimezone(SHANGHAI).date()
    while day <= end.date():
        for opens, closes in (MORNING, AFTERNOON) if is_working_day(day) else ():
            begins = max(start, datetime.combine(day, opens, SHANGHAI))
            ends = min(end, datetime.combine(day, closes, SHANGHAI))
            minutes += max(0.0, (ends - begins).total_seconds() / 60)
        day += timedelta(days=1)
    return minutes


@given(MOMENTS, st.integers(1, 30))
@settings(max_examples=150)
def test_days_end_when_the_office_closes_on_that_working_day(moment: datetime, days: int) -> None:
    end = OFFICE.after(moment, Span(days, "days")).at
    between = (end.date() - moment.astimezone(SHANGHAI).date()).days
    first = moment.astimezone(SHANGHAI).date()
    worked = [one for one in range(1, between + 1) if is_working_day(first + timedelta(days=one))]
    assert len(worked) == days
    assert (end.time(), is_working_day(end.date())) == (time(18), True)


@given(MOMENTS, MOMENTS, st.sampled_from([Span(3, "hours"), Span(30, "hours"), Span(2, "days")]))
@settings(max_examples=100)
def test_who_comes_first_is_due_first(one: datetime, other: datetime, span: Span) -> None:
    earlier, later = sorted([one, other])
    assert OFFICE.after(earlier, span).at <= OFFICE.after(later, span).at


@given(MOMENTS, st.sampled_from([Span(5, "hours"), Span(3, "days")]))
@settings(max_examples=50)
def test_the_zone_of_the_question_does_not_matter(moment: datetime, span: Span) -> None:
    elsewhere = moment.astimezone(ZoneInfo("America/New_York"))
    assert OFFICE.after(moment, span) == OFFICE.after(elsewhere, span)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        OFFICE.after(datetime(2026, 5, 13), Span(1, "hours"))  # noqa: DTZ001 - that is what is tested


@pytest.mark.parametrize("periods", [[], [AFTERNOON, MORNING], [MORNING, (time(11), time(13))]])
def test_hours_must_be_in_order_and_apart(periods: list[tuple[time, time]]) -> None:
    with pytest.raises(ValueError, match=r"needs hours|in order"):
        WorkingTime(periods)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("4 hours", Span(4, "hours")),
        ("1 day", Span(1, "days")),
        ("10 days", Span(10, "days")),
        ("1 hour", Span(1, "hours")),
    ],
)
def test_spans_are_read(text: str, span: Span) -> None:
    assert read_span(text) == span


@given(
    st.text(max_size=12)
    | st.sampled_from(["0 days", "4hours", "4 Hours", " 4 hours", "4 hours\n", "1.5 days", "1000 days"])
)
def test_anything_else_is_no_span(text: str) -> None:
    assert read_span(text) is None


@pytest.mark.parametrize("text", ["09:00", "12:00-09:00", "9:00-12:00", "09:00-24:00", "09:00-09:00", ""])
def test_what_is_no_period(text: str) -> None:
    assert read_period(text) is None
