"""What each rule of en.lark gives: the parts of a time said in English."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from lark import v_args

from bot.services.when.model import Reason, UnclearError
from bot.services.when.numbers import english
from bot.services.when.parts import (
    LAST_DAY,
    Before,
    Clock,
    Count,
    DayRange,
    Delay,
    Every,
    Feast,
    Mark,
    MonthDay,
    NthWeekday,
    Offset,
    Part,
    PartOfDay,
    Span,
    Unit,
    Weekday,
    Weekend,
)
from bot.services.when.shared import (
    DAYS_IN_WEEK,
    MINUTES_IN_QUARTER,
    WEEKEND,
    WORKDAYS,
    SharedRules,
    earlier,
    every_length,
    full_year,
    of_hours,
    of_minutes,
    through,
)

_HALF: Final = 30
_NOON: Final = Clock(12, exact=True)
_MIDNIGHT: Final = Clock(12, part=PartOfDay.MIDNIGHT)
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MISSPELT: Final = {"wen": "wed"}
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PARTS: Final = {
    "early morning": PartOfDay.SMALL_HOURS,
    "small hours": PartOfDay.SMALL_HOURS,
    "morning": PartOfDay.MORNING,
    "afternoon": PartOfDay.AFTERNOON,
    "evening": PartOfDay.EVENING,
    "night": PartOfDay.EVENING,
}
_UNITS: Final[dict[str, Unit]] = {
    "h": "hour",
    "s": "minute",
    "w": "week",
    "m": "month",
    "y": "year",
}
_ORDINALS: Final = {
    word: number
    for number, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
        ],
        start=1,
    )
} | {"thirtieth": 30}
_FEASTS: Final = {
    "new year": "new_year", "spring": "spring_festival", "chinese": "spring_festival", "lunar": "spring_festival",
    "qingming": "tomb_sweeping", "tomb": "tomb_sweeping", "labo": "labour", "may": "labour",
    "dragon": "dragon_boat", "mid": "mid_autumn", "national": "national", "women": "women", "youth": "youth",
    "children": "children", "teacher": "teachers", "christmas": "christmas",
}  # fmt: skip
_ADVERBS: Final = {
    "daily": Every("day"),
    "hourly": Every("hour"),
    "weekly": Every("week"),
    "fortnightly": Every("week", 2),
    "biweekly": Every("week", 2),
    "monthly": Every("month"),
    "quarterly": Every("month", 3),
    "yearly": Every("year"),
    "annually": Every("year"),
}
_COUNTS: Final = {"once": 1, "twice": 2, "thrice": 3}
_COMPACT: Final = re.compile(r"(?:(\d+)h)?(?:(\d+)m?)?")


def _weekday(word: str) -> int:
    start = word[:3]
    return _WEEKDAYS.index(_MISSPELT.get(start, start))


def _month(word: str) -> int:
    return _MONTHS.index(word[:3]) + 1


def _ordinal(word: str) -> int:
    """The 15th, twenty-first; a plain number too."""
    digits = "".join(each for each in word if each.isdecimal())
    if digits:
        return int(digits)
    if word in _ORDINALS:
        return _ORDINALS[word]
    tens, _, ones = word.replace("-", " ").partition(" ")
    return english(tens) + _ORDINALS.get(ones, 0)


def _ahead(ref: str) -> int:
    if ref.startswith("next"):
        return 1
    return -1 if ref.startswith("last") else 0


def _clock(hour: str, minute: int = 0) -> Clock:
    number = english(hour)
    exact = number > 12 or number == 0 or (len(hour) == 2 and hour[0] == "0")
    return Clock(number, minute, exact=exact)


def _in_half(clock: Clock, meridiem: str) -> Clock:
    """12 am is midnight, 12 pm noon."""
    if not 1 <= clock.hour <= 12:
        raise UnclearError(Reason.UNREAD)
    hour = clock.hour % 12 + (12 if meridiem.startswith("p") else 0)
    return Clock(hour, clock.minute, exact=True)


@v_args(inline=True)
class EnglishRules(SharedRules):
    """Turns each rule into its part."""

    # ---- the clock

    def bare(self, hour: str) -> Clock:
        """8."""
        return _clock(hour)

    def span_from_number(self, hour: str, end: Clock) -> Span:
        """2 to 4 pm: in the half of the day that the end is in, where that comes before it."""
        start = _clock(hour)
        if start.exact or not end.exact or end.part:
            return Span(start, end)
        later = start.hour % 12 + 12
        return Span(Clock(later if later < end.hour else start.hour % 12, exact=True), end)

    def written_half(self, text: str, meridiem: str) -> Clock:
        """8:30 pm."""
        return _in_half(self._face(text), meridiem)

    def written(self, text: str) -> Clock:
        """18:45, 18.45."""
        return self._face(text)

    def full_half(self, hour: str, meridiem: str) -> Clock:
        """8 am."""
        return _in_half(Clock(english(hour)), meridiem)

    def full_hour(self, hour: str) -> Clock:
        """Eight o'clock."""
        return _clock(hour)

    def half_past(self, hour: str) -> Clock:
        """Half past seven."""
        return _clock(hour, _HALF)

    def minutes_past(self, minutes: str, hour: str) -> Clock:
        """Ten past eight."""
        return _clock(hour, english(minutes))

    def minutes_to(self, minutes: str, hour: str) -> Clock:
        """Ten to eight."""
        return earlier(_clock(hour), english(minutes))

    def quarter_past(self, hour: str) -> Clock:
        """Quarter past eight."""
        return _clock(hour, MINUTES_IN_QUARTER)

    def quarter_to(self, hour: str) -> Clock:
        """Quarter to nine."""
        return earlier(_clock(hour), MINUTES_IN_QUARTER)

    def noon(self, _word: str) -> Clock:
        """Noon."""
        return _NOON

    def midnight(self, _word: str) -> Clock:
        """Midnight."""
        return _MIDNIGHT

    def part(self, word: str) -> PartOfDay:
        """In the morning, at night."""
        return next(part for name, part in _PARTS.items() if name in word)

    def tonight(self, _word: str) -> tuple[Part, ...]:
        """Tonight."""
        return (Offset(0), PartOfDay.EVENING)

    def this_part(self, word: str) -> tuple[Part, ...]:
        """This evening."""
        return (Offset(0), _PARTS[word.removeprefix("this ")])

    # ---- days

    def day_word(self, word: str) -> Offset:
        """Tomorrow, the day after tomorrow."""
        text = word.removeprefix("the ")
        if text.startswith("day"):
            return Offset(2 if "after" in text else -2)
        return Offset({"tod": 0, "yes": -1}.get(text[:3], 1))

    def weekday(self, *words: str) -> Weekday:
        """Wednesday, this Friday; next Friday, which is one of two."""
        ref, *names = words if words[0].type == "WEEK_REF" else (None, *words)  # type: ignore[attr-defined]
        weekdays = tuple(sorted({_weekday(name) for name in names}))
        if ref is None or "coming" in ref:
            return Weekday(weekdays)
        if ref.startswith("next"):
            return Weekday(weekdays, next_one=True)
        return Weekday(weekdays, _ahead(ref))

    def weekday_range(self, *words: str) -> Weekday:
        """Monday to Friday."""
        return Weekday(
            through(_weekday(words[-2]), _weekday(words[-1])), 0 if len(words) > 2 else None, through=True
        )

    def weekday_next_week(self, day: str, week: str) -> Weekday:
        """Monday next week."""
        return Weekday((_weekday(day),), 2 if "after" in week else _ahead(week))

    def next_week_weekday(self, week: str, day: str) -> Weekday:
        """Next week Monday."""
        return self.weekday_next_week(day, week)

    def weekend(self, *ref: str) -> Weekend:
        """The weekend, next weekend."""
        return Weekend(_ahead(ref[0]) if ref and "coming" not in ref[0] else None)

    def some_month(self, ref: str) -> MonthDay | Every:
        """Next month, no day said; "of the month" says that any is meant."""
        return MonthDay(None, ahead=_ahead(ref))

    def month_day(self, month: str, day: str) -> MonthDay:
        """May 20."""
        return MonthDay(_ordinal(day), _month(month))

    def month_day_year(self, month: str, day: str, year: str) -> MonthDay:
        """May 20, 2026."""
        return MonthDay(_ordinal(day), _month(month), int(year))

    def day_month(self, day: str, month: str) -> MonthDay:
        """20 May."""
        return MonthDay(_ordinal(day), _month(month))

    def day_month_year(self, day: str, month: str, year: str) -> MonthDay:
        """20 May 2026."""
        return MonthDay(_ordinal(day), _month(month), int(year))

    def bare_day(self, day: str) -> MonthDay:
        """The 15th."""
        return MonthDay(_ordinal(day))

    def day_or_last(self, day: str) -> MonthDay:
        """The 30th or the last day."""
        return MonthDay(_ordinal(day), or_last=True)

    def day_of_month_ref(self, day: str, ref: str) -> MonthDay:
        """The 5th of next month."""
        return MonthDay(_ordinal(day), ahead=None if ref.startswith("the") else _ahead(ref))

    def month_ref_day(self, ref: str, day: str) -> MonthDay:
        """Next month on the 5th."""
        return self.day_of_month_ref(day, ref)

    def bare_last(self) -> MonthDay:
        """The last day, of the month that is spoken of."""
        return MonthDay(LAST_DAY)

    def last_of_month(self, month: str) -> MonthDay:
        """The last day of June."""
        return MonthDay(LAST_DAY, _month(month))

    def last_of_month_ref(self, ref: str) -> MonthDay:
        """The end of next month."""
        return MonthDay(LAST_DAY, ahead=_ahead(ref))

    def slash_date(self, text: str) -> MonthDay:
        """5/20 or 20/5: only where one of the two can't be a month."""
        first, second, *year = (int(each) for each in text.split("/"))
        if first <= 12 and second <= 12 and first != second:
            raise UnclearError(Reason.WHICH_DAY)
        month, day = (first, second) if first <= 12 else (second, first)
        return MonthDay(day, month, full_year(year[0]) if year else None)

    def day_range(self, first: MonthDay, last: MonthDay) -> DayRange:
        """June 1 to June 5."""
        return DayRange(first, last)

    def feast(self, word: str) -> Feast:
        """National Day."""
        return Feast(next(key for name, key in _FEASTS.items() if word.startswith(name)))

    def nth(self, number: str, day: str) -> NthWeekday:
        """The first Monday."""
        return NthWeekday(_ordinal(number), _weekday(day))

    def last_weekday(self, _last: str, day: str) -> NthWeekday:
        """The last Friday."""
        return NthWeekday(LAST_DAY, _weekday(day))

    def day_before(self) -> Before:
        """The day before."""
        return Before(1)

    def days_before(self, number: str) -> Before:
        """Three days before."""
        return Before(english(number))

    # ---- again and again

    def daily(self) -> Every:
        """Every day."""
        return Every("day")

    def every_part(self, part: str) -> tuple[Part, ...]:
        """Every morning."""
        return (Every("day"), self.part(part))

    def every_duration(self, length: Delay) -> Every:
        """Every two weeks."""
        return every_length(length)

    def unit(self, word: str) -> Delay:
        """A unit by itself."""
        return self.amount("1", word)

    def every_unit(self, length: Delay) -> Every:
        """Every week."""
        return every_length(length)

    def every_other(self, length: Delay) -> Every:
        """Every other week."""
        every = every_length(length)
        return replace(every, interval=every.interval * 2)

    def every_other_day(self) -> Every:
        """Every other day."""
        return Every("day", 2)

    def every_weekday(self, *names: str) -> Every:
        """Every Monday and Wednesday; Mondays."""
        return Every("week", 1, tuple(sorted({_weekday(name) for name in names})))

    def every_weekday_range(self, first: str, last: str) -> Every:
        """Every Monday to Friday."""
        return Every("week", 1, through(_weekday(first), _weekday(last)))

    def every_other_weekday(self, name: str) -> Every:
        """Every other Tuesday."""
        return Every("week", 2, (_weekday(name),))

    def every_workday(self) -> Every:
        """On weekdays."""
        return Every("week", 1, WORKDAYS)

    def every_weekend(self) -> Every:
        """Every weekend."""
        return Every("week", 1, WEEKEND)

    def adverb(self, word: str) -> Every | tuple[Part, ...]:
        """Daily, weekly."""
        return (Every("day"), PartOfDay.EVENING) if word == "nightly" else _ADVERBS[word]

    def count_a_day(self, word: str) -> tuple[Part, ...]:
        """Twice a day."""
        first = word.split()[0].removesuffix("x")
        return (Every("day"), Count(_COUNTS[first] if first in _COUNTS else english(first)))

    # ---- lengths of time

    def ago(self, _length: Delay) -> Mark:
        """Ten minutes ago."""
        return Mark.PAST

    def amount(self, number: str, unit: str) -> Delay:
        """Two hours, 1.5 hours, three weeks."""
        if "." in number:
            return of_hours(float(number))
        return _length(_number(number), unit)

    def days(self, number: str) -> Delay:
        """Three days."""
        return Delay(days=_number(number))

    def minutes(self, number: str) -> Delay:
        """20 minutes."""
        return of_minutes(_number(number))

    def compact(self, text: str) -> Delay:
        """2h, 2h30, 45m."""
        match = _COMPACT.match(text)
        hours, minutes = match.groups() if match else (None, None)
        return Delay(seconds=int(hours or 0) * 3600 + int(minutes or 0) * 60)

    def half(self, unit: str) -> Delay:
        """Half an hour."""
        return _half(unit)

    def quarter_of(self, unit: str) -> Delay:
        """A quarter of an hour."""
        if not unit.startswith("h"):
            raise UnclearError(Reason.UNREAD)
        return of_minutes(MINUTES_IN_QUARTER)

    def amount_and_half(self, number: str, unit: str) -> Delay:
        """An hour and a half."""
        return self.duration(self.amount(number, unit), _half(unit))

    @staticmethod
    def _face(text: str) -> Clock:
        hour, minute = text.replace(".", ":").split(":")[:2]
        return replace(_clock(hour, int(minute)), written=True)


def _number(text: str) -> int:
    return 2 if text.startswith("a couple") else english(text)


def _length(number: int, unit: str) -> Delay:
    if unit.startswith("f"):
        return Delay(days=number * 2 * DAYS_IN_WEEK)
    if unit.startswith("q"):
        return Delay(months=number * 3)
    match _UNITS[unit[0]]:
        case "hour":
            return of_hours(number)
        case "minute":
            return Delay(seconds=number)
        case "week":
            return Delay(days=number * DAYS_IN_WEEK)
        case "month":
            return Delay(months=number)
        case _:
            return Delay(months=number * 12)


def _half(unit: str) -> Delay:
    if unit.startswith("h"):
        return of_minutes(_HALF)
    if unit.startswith("y"):
        return Delay(months=6)
    raise UnclearError(Reason.UNREAD)
