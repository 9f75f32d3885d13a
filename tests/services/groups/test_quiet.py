"""Quiet hours: which moments they hold, and when they are over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.groups.quiet import MINUTES_A_DAY, NIGHT, QuietHours

SHANGHAI = "Asia/Shanghai"
minutes = st.integers(0, MINUTES_A_DAY - 1)
hours = st.tuples(minutes, minutes).filter(lambda pair: pair[0] != pair[1]).map(lambda p: QuietHours(*p))
moments = st.integers(1_700_000_000, 1_900_000_000).map(lambda at: datetime.fromtimestamp(at, UTC))
zones = st.sampled_from([SHANGHAI, "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(SHANGHAI))


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2026-05-13T21:59", None),
        ("2026-05-13T22:00", "2026-05-14T07:00"),
        ("2026-05-14T06:59", "2026-05-14T07:00"),
        ("2026-05-14T07:00", None),
    ],
)
def test_a_night(moment: str, end: str | None) -> None:
    assert NIGHT.end_after(_at(moment), SHANGHAI) == (_at(end) if end else None)


@given(hours, moments, zones)
def test_after_the_quiet_it_is_quiet_no_more(quiet: QuietHours, moment: datetime, zone: str) -> None:
    end = quiet.end_after(moment, zone)
    if end is None:
        return
    assert moment < end <= moment + timedelta(hours=25)
    assert quiet.end_after(end, zone) is None


@given(hours, moments)
def test_a_day_is_quiet_for_as_long_as_was_said(quiet: QuietHours, moment: datetime) -> None:
    start = moment.replace(second=0, microsecond=0)
    steps = [start + timedelta(minutes=15 * step) for step in range(MINUTES_A_DAY // 15)]
    held = sum(quiet.end_after(step, SHANGHAI) is not None for step in steps) * 15
    assert abs(held - (quiet.end - quiet.start) % MINUTES_A_DAY) <= 15


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, MINUTES_A_DAY), (60, 60)])
def test_what_is_no_stretch_of_a_day(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=r"day|times"):
        QuietHours(start, end)
