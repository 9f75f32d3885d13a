"""The dates of holidays: fixed ones by their date, those of the lunar year as far as they are announced."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

FIXED: Final = {
    "new_year": (1, 1),
    "women": (3, 8),
    "labour": (5, 1),
    "youth": (5, 4),
    "children": (6, 1),
    "teachers": (9, 10),
    "national": (10, 1),
    "christmas": (12, 25),
}
# As chinese_calendar calls them.
_MOVABLE: Final = {
    "spring_festival": "Spring Festival",
    "spring_eve": "Spring Festival",
    "tomb_sweeping": "Tomb-sweeping Day",
    "dragon_boat": "Dragon Boat Festival",
    "mid_autumn": "Mid-autumn Festival",
}
_DAY: Final = timedelta(days=1)


@lru_cache(maxsize=64)
def date_of(name: str, year: int) -> date | None:
    """The day itself, not the days off around it; None where the year's calendar is not announced yet."""
    if name in FIXED:
        return date(year, *FIXED[name])
    days = _days_off(_MOVABLE[name], year)
    if name == "spring_eve":
        return days[0] if days else None
    if name == "spring_festival":
        return days[0] + _DAY if days else None
    return days[0] if days else None


def _days_off(name: str, year: int) -> list[date]:
    """The statutory days among those off for a holiday: the lunar day is one of them, bridges are not."""
    # Both load tables that most texts never need.
    from chinese_calendar.constants import holidays

    from bot.services.stations.holidays import statutory_days

    off = {day for day, called in holidays.items() if day.year == year and called == name}
    return [day for day in statutory_days(year) if day in off] if off else []
