"""China's statutory holidays, and opening hours that mention them.

opening-hours-py knows one day of each holiday and no Tomb-Sweeping Day. The days here are the thirteen of
the State Council's decree on public holidays (全国年节及纪念日放假办法, in force since 2025). Which weekends
are worked in exchange is announced each autumn and follows no formula: those days count as ordinary ones.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from opening_hours import OpeningHours

COUNTRY: Final = "CN"
_DAY: Final = timedelta(days=1)
# Spring Festival is the second new moon after the winter solstice: 21 January to 21 February.
_SPRING_FROM, _SPRING_TO = (1, 21), (2, 21)
# Qingming falls on floor(0.2422 y + 4.81) − floor(y / 4) April, y = year of the century (the almanac's
# formula for 2000 to 2099).
_QINGMING_DRIFT, _QINGMING_START = 0.2422, 4.81

_RULES: Final = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')  # semicolons outside of quoted comments
_HOLIDAY_RULE: Final = re.compile(
    r"^\s*(?P<before>(?:[A-Z][a-z](?:-[A-Z][a-z])?,)*)PH"
    r"(?P<after>(?:,[A-Z][a-z](?:-[A-Z][a-z])?)*)(?P<rest>\s.*)?$"
)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FIXED_DAYS: Final = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
_NOON: Final = time(12)


@lru_cache(maxsize=64)
def statutory_days(year: int) -> tuple[date, ...]:
    """The statutory holidays of `year`, in order. The lunar ones are known from 2000 to 2076."""
    known = _days_the_library_knows(year)
    spring = [day for day in known if _SPRING_FROM <= (day.month, day.day) <= _SPRING_TO]
    fixed = [date(year, month, day) for month, day in _FIXED_DAYS]
    days = {*known, *fixed, _qingming(year)}
    for first in spring:
        days |= {first - _DAY, first + _DAY, first + 2 * _DAY}
    return tuple(sorted(days))


def _days_the_library_knows(year: int) -> list[date]:
    holidays = OpeningHours("PH", country=COUNTRY, auto_country=False, auto_timezone=False)
    days = (date(year, 1, 1) + offset * _DAY for offset in range(366))
    return [day for day in days if day.year == year and holidays.is_open(datetime.combine(day, _NOON))]


def with_holidays(hours: str, year: int) -> str:
    """`hours` with `PH` at the head of a rule replaced by the statutory days of `year` and the year after.

    `PH` in other places is left to the library."""
    if "PH" not in hours:
        return hours
    days = ",".join(_written(day) for day in (*statutory_days(year), *statutory_days(year + 1)))
    return ";".join(_expanded(rule, days) for rule in _RULES.split(hours))


def _written(day: date) -> str:
    return f"{day.year} {_MONTHS[day.month - 1]} {day.day:02d}"


def _qingming(year: int) -> date:
    y = year % 100
    return date(year, 4, int(_QINGMING_DRIFT * y + _QINGMING_START) - y // 4)


def _expanded(rule: str, days: str) -> str:
    match = _HOLIDAY_RULE.match(rule)
    if match is None:
        return rule
    rest = match["rest"] or ""
    weekdays = ",".join(part for part in (match["before"].rstrip(","), match["after"].lstrip(",")) if part)
    return f"{weekdays}{rest};{days}{rest}" if weekdays else f"{days}{rest}"
