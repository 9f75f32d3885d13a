"""Which day is meant: from a part that names a day, and today, to the dates that fit."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from bot.services.when import holidays
from bot.services.when.model import Reason, UnclearError
from bot.services.when.parts import (
    LAST_DAY,
    DayRange,
    Feast,
    MonthDay,
    NthWeekday,
    Offset,
    Part,
    Weekday,
    Weekend,
)

DayPart = Offset | Weekday | Weekend | MonthDay | Feast | NthWeekday | DayRange
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_SATURDAY: Final = 5
_SUNDAY: Final = 6
_MONTHS: Final = 12
# The nearest year with a 29 February is at most eight away (1896 to 1904, 2096 to 2104).
_YEARS_TO_LEAP: Final = 8


def is_day(part: Part) -> bool:
    """Whether a part names a day."""
    return isinstance(part, DayPart)


def dates(part: DayPart, today: date) -> list[date]:
    """The dates that fit, likeliest first; of dates without a year none that is gone by.

    Raises UnclearError where there is no such day.
    """
    match part:
        case Offset():
            return [later(today, part.days)]
        case Weekday():
            return _weekday(part, today)
        case Weekend():
            return _weekend(part, today)
        case MonthDay():
            return [_month_day(part, today)]
        case DayRange():
            return [_month_day(part.first, today)]
        case NthWeekday():
            raise UnclearError(Reason.UNREAD)
        case Feast():
            return [_feast(part, today)]


def later(day: date, days: int) -> date:
    """So many days later. Raises UnclearError beyond the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise UnclearError(Reason.NO_SUCH_DAY) from None


def months_later(day: date, months: int) -> date:
    """So many months later, the last day where that month is shorter."""
    count = day.year * _MONTHS + day.month - 1 + months
    year, month = divmod(count, _MONTHS)
    return _on(year, month + 1, min(day.day, _days_in(year, month + 1)))


def end_of_range(part: DayRange, first: date) -> date:
    """The last day of a range whose first is known."""
    last = part.last if part.last.month else MonthDay(part.last.day, first.month, first.year)
    found = _month_day(last, first)
    if found <= first:
        raise UnclearError(Reason.NO_SUCH_DAY)
    return found


def _weekday(part: Weekday, today: date) -> list[date]:
    if len(part.days) != 1:
        raise UnclearError(Reason.SEVERAL)
    monday = today - today.weekday() * _DAY
    wanted = part.days[0]
    coming = today + (wanted - today.weekday()) % 7 * _DAY
    if part.next_one:
        after = coming if coming > today else coming + _WEEK
        following = monday + _WEEK + wanted * _DAY
        return [after] if after == following else [after, following]
    if part.week is not None:
        return [later(monday, part.week * 7 + wanted)]
    return [coming, coming + _WEEK] if coming == today else [coming]


def _weekend(part: Weekend, today: date) -> list[date]:
    saturday = today + (_SATURDAY - today.weekday()) * _DAY
    if part.week is not None:
        return [later(saturday, part.week * 7)]
    if today.weekday() == _SUNDAY:
        return [today, saturday + _WEEK]
    return [saturday, saturday + _DAY] if today == saturday else [saturday]


def _month_day(part: MonthDay, today: date) -> date:
    if part.or_last:
        raise UnclearError(Reason.UNREAD)
    if part.day is None:
        raise UnclearError(Reason.WHICH_DAY)
    if part.ahead is not None:
        first = months_later(today.replace(day=1), part.ahead)
        return _on(first.year, first.month, part.day)
    if part.month is None:
        return _coming_day(part.day, today)
    if part.year is not None or part.years is not None:
        year = part.year if part.year is not None else today.year + (part.years or 0)
        return _on(year, part.month, part.day)
    return _coming_date(part.month, part.day, today)


def _coming_day(day: int, today: date) -> date:
    """The 31st: of this month, or the next that has one."""
    for ahead in range(_MONTHS):
        first = months_later(today.replace(day=1), ahead)
        if day > _days_in(first.year, first.month):
            continue
        found = _on(first.year, first.month, day)
        if found >= today:
            return found
    raise UnclearError(Reason.NO_SUCH_DAY)


def _coming_date(month: int, day: int, today: date) -> date:
    """29 February: of the next leap year."""
    for year in range(today.year, today.year + _YEARS_TO_LEAP + 1):
        if not 1 <= month <= _MONTHS:
            break
        if day > _days_in(year, month):
            continue
        found = _on(year, month, day)
        if found >= today:
            return found
    raise UnclearError(Reason.NO_SUCH_DAY)


def _feast(part: Feast, today: date) -> date:
    years = (today.year, today.year + 1) if part.years is None else (today.year + part.years,)
    for year in years:
        found = holidays.date_of(part.name, year)
        if found is None:
            raise UnclearError(Reason.HOLIDAY)
        if found >= today or part.years is not None:
            return found
    raise UnclearError(Reason.HOLIDAY)


def _on(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, _days_in(year, month) if day == LAST_DAY else day)
    except ValueError:
        raise UnclearError(Reason.NO_SUCH_DAY) from None


def _days_in(year: int, month: int) -> int:
    try:
        return monthrange(year, month)[1]
    except (ValueError, IndexError, OverflowError):
        raise UnclearError(Reason.NO_SUCH_DAY) from None
