"""The parts of a said time, the same for every language: what grammars give and meaning is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Literal

Unit = Literal["minute", "hour", "day", "week", "month", "year"]
LAST_DAY = -1
"""The day of the month that stands for its last one, as RFC 5545 counts."""


class PartOfDay(StrEnum):
    """The parts people divide a day into."""

    SMALL_HOURS = "small hours"
    MORNING = "morning"
    FORENOON = "forenoon"
    NOON = "noon"
    AFTERNOON = "afternoon"
    DUSK = "dusk"
    EVENING = "evening"
    NIGHT = "night"
    MIDNIGHT = "midnight"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time on the clock face: `written` with a colon, `exact` when it can only be of the 24-hour clock."""

    hour: int
    minute: int = 0
    part: PartOfDay | None = None
    written: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """From one time to another, or one time."""

    start: Clock
    end: Clock | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """One or several times of a day."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Offset:
    """So many days from today."""

    days: int


@dataclass(frozen=True, slots=True)
class Weekday:
    """Days of a week, Monday 0: of the coming one (None), this one (0), the next (1) …

    `next_one` is the English "next Friday", which people use for either of two weeks.
    """

    days: tuple[int, ...]
    week: int | None = None
    next_one: bool = False
    through: bool = False  # a range of days: Monday to Friday


@dataclass(frozen=True, slots=True)
class Weekend:
    """Saturday and what follows: of this week (0) or a later one; None for the coming one."""

    week: int | None = None


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of a month; what was not said is None. `ahead` counts months from this one, `years` likewise."""

    day: int | None
    month: int | None = None
    year: int | None = None
    ahead: int | None = None
    years: int | None = None
    or_last: bool = False  # "the 30th or the last day", as we say it ourselves


@dataclass(frozen=True, slots=True)
class DayRange:
    """From one day of a month to another."""

    first: MonthDay
    last: MonthDay


@dataclass(frozen=True, slots=True)
class Feast:
    """A holiday by its key in `holidays`."""

    name: str
    years: int | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """So many days before the day said."""

    days: int


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The first, second … or last (-1) such weekday of a month."""

    nth: int
    day: int


@dataclass(frozen=True, slots=True)
class Delay:
    """So much time from now; `seconds` makes it a moment, days and months alone a day."""

    months: int = 0
    weeks: int = 0
    days: int = 0
    seconds: int = 0

    @property
    def all_days(self) -> int:
        """Weeks and days in days."""
        return self.weeks * 7 + self.days


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again: every `interval` units."""

    unit: Unit
    interval: int = 1
    weekdays: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """So many times a day."""

    times: int


class Mark(Enum):
    """Words that say how the parts belong together."""

    FROM = "from"
    ONWARDS = "onwards"
    UNTIL = "until"
    SAME_TIME = "same time"
    SOON = "soon"
    SOME_DAY = "some day"
    PAST = "past"
    SOME_WEEK = "some week"


Part = (
    Times
    | PartOfDay
    | Offset
    | Weekday
    | Weekend
    | MonthDay
    | DayRange
    | Feast
    | Before
    | NthWeekday
    | Delay
    | Every
    | Count
    | Mark
)
