"""Working time in China: the hours of an office on the working days of the official calendar.

Weekends that are worked in exchange for a holiday (调休) are announced by the State Council each November for
the year after; `chinese_calendar` knows them. A year that it does not know yet counts Monday to Friday, and
whatever depends on it says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bot.home import SHANGHAI

Unit = Literal["hours", "days"]

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_SPAN: Final = re.compile(r"([1-9][0-9]{0,2}) (hour|day)s?")
_PERIOD: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class Span:
    """So many working hours, or working days."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment (aware) at which a span of working time ends.

    `announced` is False where a year counted whose holidays are not announced yet: it may come out later.
    """

    at: datetime
    announced: bool = True


def read_span(text: str) -> Span | None:
    """`4 hours` or `1 day` as a span, None for anything else."""
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    return Span(int(match[1]), "hours" if match[2] == "hour" else "days")


def read_period(text: str) -> tuple[time, time] | None:
    """`09:00-12:00` as two times of one day, None for anything else."""
    match = _PERIOD.fullmatch(text)
    if match is None:
        return None
    opens, closes = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    return (opens, closes) if opens < closes else None


def is_working_day(day: date) -> bool:
    """Whether people work on this day; Monday to Friday where the year is not announced."""
    if not is_announced(day.year):
        return day.weekday() < _SATURDAY
    from chinese_calendar import is_workday

    return bool(is_workday(day))


def is_announced(year: int) -> bool:
    """Whether the holidays of this year are known."""
    return year in _announced_years()


@cache
def _announced_years() -> frozenset[int]:
    # Its tables take a while to load, and most processes never need them.
    from chinese_calendar.constants import holidays

    return frozenset(day.year for day in holidays)


class WorkingTime:
    """An office's hours: periods of a day, in order and apart, at wall times of `zone`."""

    def __init__(self, periods: Sequence[tuple[time, time]], zone: ZoneInfo = SHANGHAI) -> None:
        if not periods:
            raise ValueError("an office needs hours")
        times = [moment for period in periods for moment in period]
        if any(earlier >= later for earlier, later in pairwise(times)):
            raise ValueError("the periods of a day must be in order and apart")
        self._periods = tuple(periods)
        self._zone = zone

    def after(self, moment: datetime, span: Span) -> Deadline:
        """When a span that begins at an aware moment ends, in the office's zone.

        Hours run while the office is open. Days are whole: the day of the moment does not count, and the last
        one ends when the office closes (Civil Code, articles 201 and 203). ValueError for a naive moment.
        """
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        local = moment.astimezone(self._zone)
        end = self._after_hours(local, span.amount) if span.unit == "hours" else self._after_days(local, span)
        return Deadline(end, all(map(is_announced, range(local.year, end.year + 1))))

    def last_open(self, since: datetime, until: datetime) -> datetime | None:
        """The last moment from one aware moment to another at which the office is open, or closes."""
        last = None
        for opens, closes in self._open_periods(since.astimezone(self._zone)):
            if opens > until:
                return last
            if closes > since:
                last = min(closes, until)
        raise AssertionError("working days never end")

    def next_open(self, moment: datetime) -> datetime:
        """The first moment at or after an aware one at which the office is open."""
        periods = self._open_periods(moment.astimezone(self._zone))
        opens, _closes = next(period for period in periods if period[1] > moment)
        return max(opens, moment)

    def _after_days(self, start: datetime, span: Span) -> datetime:
        days = _working_days(start.date() + _DAY)
        last = next(day for number, day in enumerate(days, start=1) if number == span.amount)
        return self._at(last, self._periods[-1][1])

    def _after_hours(self, start: datetime, hours: int) -> datetime:
        left = timedelta(hours=hours)
        for opens, closes in self._open_periods(start):
            begins = max(opens, start)
            if begins >= closes:
                continue
            # In UTC: wall times of one zone are subtracted as if no clock were ever put forward.
            lasts = closes.astimezone(UTC) - begins.astimezone(UTC)
            if lasts >= left:
                return (begins.astimezone(UTC) + left).astimezone(self._zone)
            left -= lasts
        raise AssertionError("working days never end")

    def _open_periods(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        for day in _working_days(start.date()):
            for opens, closes in self._periods:
                yield self._at(day, opens), self._at(day, closes)

    def _at(self, day: date, moment: time) -> datetime:
        return datetime.combine(day, moment, self._zone)


def _working_days(first: date) -> Iterator[date]:
    """The working days from `first` on."""
    day = first
    while True:
        if is_working_day(day):
            yield day
        day += _DAY
