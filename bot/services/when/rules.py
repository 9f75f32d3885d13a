"""Recurrences as RFC 5545 writes them, there and back."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Final

from bot.services.when.parts import LAST_DAY, Unit

DAY_NAMES: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES: Final[dict[Unit, str]] = {
    "minute": "MINUTELY",
    "hour": "HOURLY",
    "day": "DAILY",
    "week": "WEEKLY",
    "month": "MONTHLY",
    "year": "YEARLY",
}
_UNITS: Final = {name: unit for unit, name in _FREQUENCIES.items()}
# Every month has this day; of later ones some months have none.
SAFE_DAY: Final = 28
_LONGEST_MONTH: Final = 31

Time = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rule:
    """Every `interval` units, on these days, at these times (hour, minute).

    `nth` is (which, weekday) of a month. `or_last` is the day of the month (29, 30) or, in months that are
    shorter, the last one.
    """

    unit: Unit
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    monthdays: tuple[int, ...] = ()
    nth: tuple[int, int] | None = None
    month: int | None = None
    or_last: int | None = None
    times: tuple[Time, ...] = ()

    def text(self) -> str:
        """The value of an RRULE. Raises ValueError where there is no single rule for it."""
        hours = sorted({hour for hour, _ in self.times})
        minutes = sorted({minute for _, minute in self.times})
        grid = list(product(hours, minutes))
        days = self._days()
        if len(grid) == len(self.times):
            position = [] if self.or_last is None else [f"BYSETPOS={_last(max(1, len(grid)))}"]
            frequency = self._frequency(self.unit)
        elif self.interval == 1 and self.or_last is None and self.nth is None:
            # Hours and minutes multiply: of 07:00, 07:30, 20:00, 20:30 a day the second and third are meant.
            position = [f"BYSETPOS={_joined(grid.index(time) + 1 for time in sorted(self.times))}"]
            frequency = self._frequency("day")
        else:
            raise ValueError("no single rule has these times")
        clock = (
            [f"BYHOUR={_joined(hours)}", f"BYMINUTE={_joined(minutes)}", "BYSECOND=0"] if self.times else []
        )
        return ";".join([*frequency, *days, *clock, *position])

    def _frequency(self, unit: Unit) -> list[str]:
        interval = [f"INTERVAL={self.interval}"] if self.interval > 1 else []
        return [f"FREQ={_FREQUENCIES[unit]}", *interval]

    def _days(self) -> list[str]:
        parts = []
        if self.month is not None:
            parts.append(f"BYMONTH={self.month}")
        if self.weekdays:
            parts.append("BYDAY=" + ",".join(DAY_NAMES[day] for day in self.weekdays))
        if self.nth is not None:
            parts.append(f"BYDAY={self.nth[0]}{DAY_NAMES[self.nth[1]]}")
        if self.monthdays:
            parts.append(f"BYMONTHDAY={_joined(self.monthdays)}")
        if self.or_last is not None:
            parts.append(f"BYMONTHDAY={_joined(range(SAFE_DAY, self.or_last + 1))}")
        return parts

    @classmethod
    def of(cls, text: str) -> Rule:
        """The rule that `text` gives back."""
        said = dict(part.split("=", 1) for part in text.split(";"))
        unit = _UNITS[said["FREQ"]]
        weekdays, nth = _weekdays(said.get("BYDAY", ""))
        monthdays = _numbers(said.get("BYMONTHDAY", ""))
        positions = _numbers(said.get("BYSETPOS", ""))
        or_last = monthdays[-1] if positions and positions[0] < 0 else None
        if unit == "day":
            unit = _unit_of_days(weekdays, monthdays, "BYMONTH" in said)
        return cls(
            unit,
            int(said.get("INTERVAL", 1)),
            weekdays,
            monthdays if or_last is None else (),
            nth,
            int(said["BYMONTH"]) if "BYMONTH" in said else None,
            or_last,
            _times(said, positions),
        )


def day_of_month(day: int, month: int | None = None) -> Rule:
    """A day of every month (or of one): the last day stands in wherever the month is too short for it."""
    unit: Unit = "month" if month is None else "year"
    if month is not None:
        return Rule(unit, monthdays=(LAST_DAY if (month, day) == (2, 29) else day,), month=month)
    if day in (_LONGEST_MONTH, LAST_DAY):
        return Rule(unit, monthdays=(LAST_DAY,))
    return Rule(unit, or_last=day) if day > SAFE_DAY else Rule(unit, monthdays=(day,))


def _last(count: int) -> str:
    return _joined(range(-count, 0))


def _joined(numbers: object) -> str:
    return ",".join(map(str, numbers))  # type: ignore[call-overload]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in text.split(",") if each)


def _weekdays(text: str) -> tuple[tuple[int, ...], tuple[int, int] | None]:
    if not text:
        return (), None
    if text in DAY_NAMES or "," in text:
        return tuple(DAY_NAMES.index(each) for each in text.split(",")), None
    return (), (int(text[:-2]), DAY_NAMES.index(text[-2:]))


def _unit_of_days(weekdays: tuple[int, ...], monthdays: tuple[int, ...], of_year: bool) -> Unit:
    if of_year:
        return "year"
    if monthdays:
        return "month"
    return "week" if weekdays else "day"


def _times(said: dict[str, str], positions: tuple[int, ...]) -> tuple[Time, ...]:
    grid = sorted(product(_numbers(said.get("BYHOUR", "")), _numbers(said.get("BYMINUTE", ""))))
    if positions and positions[0] > 0:
        return tuple(grid[position - 1] for position in positions)
    return tuple(grid)
