"""Recurrence: wall times across changes of the clocks, leap days, month ends, and rules that are none."""

# ruff: noqa: DTZ001 - wall times have no zone

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from dateutil import rrule
from hypothesis import given
from hypothesis import strategies as st

from bot.clock.recurrence import check, following, moment_of, wall_time, zone_named

BERLIN = "Europe/Berlin"
SHANGHAI = "Asia/Shanghai"
ZONES = (BERLIN, SHANGHAI, "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC")


def series(rule: str, starts: str, zone: str, count: int) -> list[str]:
    """The first moments of a rule as local times with their offsets."""
    start = datetime.fromisoformat(starts)
    moment: datetime | None = moment_of(start, zone) - timedelta(seconds=1)
    found: list[str] = []
    while moment is not None and len(found) < count:
        moment = following(rule, start, zone, moment)
        if moment is not None:
            found.append(moment.astimezone(zone_named(zone)).isoformat(timespec="minutes"))
    return found


def test_eight_oclock_stays_eight_oclock() -> None:
    assert series("FREQ=DAILY", "2026-03-28T08:00", BERLIN, 3) == [
        "2026-03-28T08:00+01:00",
        "2026-03-29T08:00+02:00",
        "2026-03-30T08:00+02:00",
    ]
    assert series("FREQ=DAILY", "2026-10-24T08:00", BERLIN, 2) == [
        "2026-10-24T08:00+02:00",
        "2026-10-25T08:00+01:00",
    ]


def test_a_wall_time_that_does_not_exist_is_put_off_that_day_only() -> None:
    assert series("FREQ=DAILY", "2026-03-28T02:30", BERLIN, 3) == [
        "2026-03-28T02:30+01:00",
        "2026-03-29T03:30+02:00",
        "2026-03-30T02:30+02:00",
    ]


def test_a_wall_time_that_exists_twice_means_its_first() -> None:
    assert series("FREQ=DAILY", "2026-10-24T02:30", BERLIN, 3) == [
        "2026-10-24T02:30+02:00",
        "2026-10-25T02:30+02:00",
        "2026-10-26T02:30+01:00",
    ]


def test_every_half_hour_through_the_gap_comes_in_order_and_once() -> None:
    """02:00 and 02:30 become 03:00 and 03:30, where others are already."""
    assert series("FREQ=MINUTELY;INTERVAL=30", "2026-03-29T01:30", BERLIN, 4) == [
        "2026-03-29T01:30+01:00",
        "2026-03-29T03:00+02:00",
        "2026-03-29T03:30+02:00",
        "2026-03-29T04:00+02:00",
    ]


def test_what_was_put_off_may_come_after_its_successor() -> None:
    assert series("FREQ=DAILY;BYHOUR=2,3;BYMINUTE=15", "2026-03-29T00:00", BERLIN, 2) == [
        "2026-03-29T03:15+02:00",
        "2026-03-30T02:15+02:00",
    ]
    rule = "FREQ=MINUTELY;INTERVAL=45"
    assert series(rule, "2026-03-29T01:30", BERLIN, 4) == [
        "2026-03-29T01:30+01:00",
        "2026-03-29T03:00+02:00",
        "2026-03-29T03:15+02:00",
        "2026-03-29T03:45+02:00",
    ]


def test_shanghai_changed_its_clocks_until_1991_and_does_no_more() -> None:
    assert series("FREQ=YEARLY;BYMONTH=7", "1991-07-01T08:00", SHANGHAI, 2) == [
        "1991-07-01T08:00+09:00",
        "1992-07-01T08:00+08:00",
    ]
    offsets = {one[-6:] for one in series("FREQ=WEEKLY;BYDAY=WE", "2026-01-07T15:00", SHANGHAI, 60)}
    assert offsets == {"+08:00"}


def test_leap_days_and_month_ends() -> None:
    assert [one[:10] for one in series("FREQ=YEARLY", "2096-02-29T08:00", SHANGHAI, 2)] == [
        "2096-02-29",
        "2104-02-29",
    ]
    assert [one[:10] for one in series("FREQ=MONTHLY", "2026-01-31T08:00", SHANGHAI, 3)] == [
        "2026-01-31",
        "2026-03-31",
        "2026-05-31",
    ]
    last_days = series("FREQ=MONTHLY;BYMONTHDAY=-1", "2028-01-31T08:00", SHANGHAI, 3)
    assert [one[:10] for one in last_days] == ["2028-01-31", "2028-02-29", "2028-03-31"]


def test_every_second_week_keeps_its_weeks_after_years() -> None:
    start = datetime(2026, 5, 13, 15)
    after = moment_of(datetime(2031, 1, 1), SHANGHAI)
    moment = following("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", start, SHANGHAI, after)
    assert moment is not None
    assert (wall_time(moment, SHANGHAI) - start) % timedelta(weeks=2) == timedelta(0)


def test_count_and_until_end_a_series() -> None:
    assert len(series("FREQ=DAILY;COUNT=3", "2026-05-13T08:00", SHANGHAI, 9)) == 3
    assert len(series("FREQ=DAILY;UNTIL=20260515", "2026-05-13T08:00", SHANGHAI, 9)) == 3
    # 08:00 in Shanghai is midnight in UTC.
    assert len(series("FREQ=DAILY;UNTIL=20260515T000000Z", "2026-05-13T08:00", SHANGHAI, 9)) == 3
    assert len(series("FREQ=DAILY;UNTIL=20260514T235959Z", "2026-05-13T08:00", SHANGHAI, 9)) == 2
    assert len(series("FREQ=DAILY;UNTIL=20260515T075959", "2026-05-13T08:00", SHANGHAI, 9)) == 2


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "every day",
        "FREQ=SECONDLY",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=²",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=2;UNTIL=20260515",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=DAILY;BYHOUR=25",
        "FREQ=DAILY;BYEASTER=0",
        "FREQ=DAILY\nRDATE:20260514T080000",
        "FREQ=MONTHLY;BYDAY=9MO",
        "FREQ=MONTHLY;BYMONTHDAY=99",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYDAY=" + "MO," * 200,
    ],
)
def test_what_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        check(rule, datetime(2026, 5, 13, 14, 20), SHANGHAI)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "Asia", "a\0b"])
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        zone_named(name)


PIECES = st.sampled_from(
    ["FREQ", "COUNT", "UNTIL", "BYDAY", "BYHOUR", "BYSETPOS", "BYMONTHDAY", "BYWEEKNO", "WKST", "INTERVAL"]
)
VALUES = st.one_of(
    st.sampled_from(["DAILY", "MONTHLY", "MO", "-1SU", "20260515", "1,2,3", "-1"]),
    st.integers(-400, 400).map(str),
    st.text(max_size=6),
)


@given(st.lists(st.tuples(PIECES, VALUES), max_size=5))
def test_hostile_rules_are_refused_or_happen(parts: list[tuple[str, str]]) -> None:
    rule = "FREQ=DAILY;" + ";".join(f"{key}={value}" for key, value in parts)
    starts = datetime(2026, 5, 13, 14, 20)
    try:
        check(rule, starts, BERLIN)
    except ValueError:
        return
    assert following(rule, starts, BERLIN, moment_of(starts, BERLIN) - timedelta(days=1)) is not None


RULES = st.sampled_from(
    [
        "FREQ=MINUTELY;INTERVAL=50",
        "FREQ=HOURLY;INTERVAL=5",
        "FREQ=HOURLY;BYHOUR=1,2,3",
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=DAILY;BYHOUR=2,3;BYMINUTE=10,40",
        "FREQ=WEEKLY;BYDAY=SU,WE",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,MO;WKST=SU",
        "FREQ=MONTHLY;BYDAY=-1SU",
    ]
)
STARTS = st.datetimes(datetime(2009, 1, 1), datetime(2012, 1, 10)).map(
    lambda wall: wall.replace(second=0, microsecond=0)
)


@given(RULES, STARTS, st.sampled_from(ZONES), st.integers(0, 400 * 1440))
def test_following_is_the_first_of_all_moments_after(
    rule: str, starts: datetime, zone: str, far: int
) -> None:
    """Against the slow way: every wall time from the start, each as a moment, sorted."""
    after = moment_of(starts, zone) + timedelta(minutes=far)
    last = starts + timedelta(minutes=far, days=70)
    walls = list(rrule.rrulestr(rule, dtstart=starts).between(starts, last, inc=True))
    moments = sorted({moment_of(wall, zone) for wall in walls})
    assert following(rule, starts, zone, after) == next(one for one in moments if one > after)


@given(RULES, STARTS, st.sampled_from(ZONES))
def test_a_series_goes_up(rule: str, starts: datetime, zone: str) -> None:
    moments = [moment_of(starts, zone)]
    for _ in range(5):
        moment = following(rule, starts, zone, moments[-1])
        assert moment is not None
        moments.append(moment)
    assert all(earlier < later for earlier, later in pairwise(moments))
    assert all(moment.tzinfo == UTC for moment in moments)
