"""What each rule of en.lark gives: the parts of a time said in English."""

from __future__ import annotations

from dataclasses import replace

from lark import v_args

from bot.services.when import english as words
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
    Weekday,
    Weekend,
)
from bot.services.when.shared import (
    MINUTES_IN_QUARTER,
    SECONDS_IN_HOUR,
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


@v_args(inline=True)
class EnglishRules(SharedRules):
    """Turns each rule into its part."""

    # ---- the clock

    def bare(self, hour: str) -> Clock:
        """8."""
        return words.clock(hour)

    def span_from_number(self, hour: str, end: Clock) -> Span:
        """2 to 4 pm: in the half of the day that the end is in, where that comes before it."""
        start = words.clock(hour)
        if start.exact or not end.exact or end.part:
            return Span(start, end)
        later = start.hour % 12 + 12
        return Span(Clock(later if later < end.hour else start.hour % 12, exact=True), end)

    def written_half(self, text: str, meridiem: str) -> Clock:
        """8:30 pm."""
        return words.in_half(self._face(text), meridiem)

    def written(self, text: str) -> Clock:
        """18:45, 18.45."""
        return self._face(text)

    def full_half(self, hour: str, meridiem: str) -> Clock:
        """8 am."""
        return words.in_half(Clock(english(hour)), meridiem)

    def full_hour(self, hour: str) -> Clock:
        """Eight o'clock."""
        return words.clock(hour)

    def half_past(self, hour: str) -> Clock:
        """Half past seven."""
        return words.clock(hour, words.HALF)

    def minutes_past(self, minutes: str, hour: str) -> Clock:
        """Ten past eight."""
        return words.clock(hour, english(minutes))

    def minutes_to(self, minutes: str, hour: str) -> Clock:
        """Ten to eight."""
        return earlier(words.clock(hour), english(minutes))

    def quarter_past(self, hour: str) -> Clock:
        """Quarter past eight."""
        return words.clock(hour, MINUTES_IN_QUARTER)

    def quarter_to(self, hour: str) -> Clock:
        """Quarter to nine."""
        return earlier(words.clock(hour), MINUTES_IN_QUARTER)

    def noon(self, _word: str) -> Clock:
        """Noon."""
        return words.NOON

    def midnight(self, _word: str) -> Clock:
        """Midnight."""
        return words.MIDNIGHT

    def part(self, word: str) -> PartOfDay:
        """In the morning, at night."""
        return next(part for name, part in words.PARTS.items() if name in word)

    def tonight(self, _word: str) -> tuple[Part, ...]:
        """Tonight."""
        return (Offset(0), PartOfDay.EVENING)

    def this_part(self, word: str) -> tuple[Part, ...]:
        """This evening."""
        return (Offset(0), words.PARTS[word.removeprefix("this ")])

    # ---- days

    def day_word(self, word: str) -> Offset:
        """Tomorrow, the day after tomorrow."""
        text = word.removeprefix("the ")
        if text.startswith("day"):
            return Offset(2 if "after" in text else -2)
        return Offset({"tod": 0, "yes": -1}.get(text[:3], 1))

    def weekday(self, *names: str) -> Weekday:
        """Wednesday, Mon and Tue."""
        return Weekday(tuple(sorted({words.weekday(name) for name in names})))

    def weekday_of(self, ref: str, *names: str) -> Weekday:
        """This Friday; next Friday, which is one of two."""
        weekdays = self.weekday(*names).days
        if "coming" in ref:
            return Weekday(weekdays)
        if ref.startswith("next"):
            return Weekday(weekdays, next_one=True)
        return Weekday(weekdays, words.weeks_ahead(ref))

    def weekday_range(self, first: str, last: str) -> Weekday:
        """Monday to Friday."""
        return Weekday(through(words.weekday(first), words.weekday(last)), through=True)

    def weekday_next_week(self, day: str, week: str) -> Weekday:
        """Monday next week."""
        return Weekday((words.weekday(day),), 2 if "after" in week else words.weeks_ahead(week))

    def next_week_weekday(self, week: str, day: str) -> Weekday:
        """Next week Monday."""
        return self.weekday_next_week(day, week)

    def weekend(self, *ref: str) -> Weekend:
        """The weekend, next weekend."""
        return Weekend(words.weeks_ahead(ref[0]) if ref and "coming" not in ref[0] else None)

    def some_month(self, ref: str) -> MonthDay | Every:
        """Next month, no day said; "of the month" says that any is meant."""
        return MonthDay(None, ahead=words.weeks_ahead(ref))

    def month_day(self, month: str, day: str) -> MonthDay:
        """May 20."""
        return MonthDay(words.ordinal(day), words.month(month))

    def month_day_year(self, month: str, day: str, year: str) -> MonthDay:
        """May 20, 2026."""
        return MonthDay(words.ordinal(day), words.month(month), int(year))

    def day_month(self, day: str, month: str) -> MonthDay:
        """20 May."""
        return MonthDay(words.ordinal(day), words.month(month))

    def day_month_year(self, day: str, month: str, year: str) -> MonthDay:
        """20 May 2026."""
        return MonthDay(words.ordinal(day), words.month(month), int(year))

    def bare_day(self, day: str) -> MonthDay:
        """The 15th."""
        return MonthDay(words.ordinal(day))

    def day_or_last(self, day: str) -> MonthDay:
        """The 30th or the last day."""
        return MonthDay(words.ordinal(day), or_last=True)

    def day_of_month_ref(self, day: str, ref: str) -> MonthDay:
        """The 5th of next month."""
        return MonthDay(words.ordinal(day), ahead=None if ref.startswith("the") else words.weeks_ahead(ref))

    def month_ref_day(self, ref: str, day: str) -> MonthDay:
        """Next month on the 5th."""
        return self.day_of_month_ref(day, ref)

    def bare_last(self) -> MonthDay:
        """The last day, of the month that is spoken of."""
        return MonthDay(LAST_DAY)

    def last_of_month(self, month: str) -> MonthDay:
        """The last day of June."""
        return MonthDay(LAST_DAY, words.month(month))

    def last_of_month_ref(self, ref: str) -> MonthDay:
        """The end of next month."""
        return MonthDay(LAST_DAY, ahead=words.weeks_ahead(ref))

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
        return Feast(next(key for name, key in words.FEASTS.items() if word.startswith(name)))

    def nth(self, number: str, day: str) -> NthWeekday:
        """The first Monday."""
        return NthWeekday(words.ordinal(number), words.weekday(day))

    def last_weekday(self, _last: str, day: str) -> NthWeekday:
        """The last Friday."""
        return NthWeekday(LAST_DAY, words.weekday(day))

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

    def every_minute(self) -> Every:
        """Every minute."""
        return Every("minute")

    def every_other(self, length: Delay) -> Every:
        """Every other week."""
        every = every_length(length)
        return replace(every, interval=every.interval * 2)

    def every_other_day(self) -> Every:
        """Every other day."""
        return Every("day", 2)

    def every_weekday(self, *names: str) -> Every:
        """Every Monday and Wednesday; Mondays."""
        return Every("week", 1, tuple(sorted({words.weekday(name) for name in names})))

    def every_weekday_range(self, first: str, last: str) -> Every:
        """Every Monday to Friday."""
        return Every("week", 1, through(words.weekday(first), words.weekday(last)))

    def every_nth(self, number: str, day: str, *_month: str) -> tuple[Part, ...]:
        """Every second Tuesday of the month."""
        return (Every("month"), self.nth(number, day))

    def every_ordinals(self, *numbers: str) -> tuple[Part, ...]:
        """Every 1st and 15th of the month."""
        return (Every("month"), *(self.bare_day(each) for each in numbers if each[0].isdigit()))

    def every_other_weekday(self, name: str) -> Every:
        """Every other Tuesday."""
        return Every("week", 2, (words.weekday(name),))

    def every_workday(self) -> Every:
        """On weekdays."""
        return Every("week", 1, WORKDAYS)

    def every_weekend(self) -> Every:
        """Every weekend."""
        return Every("week", 1, WEEKEND)

    def adverb(self, word: str) -> Every | tuple[Part, ...]:
        """Daily, weekly."""
        return (Every("day"), PartOfDay.EVENING) if word == "nightly" else words.ADVERBS[word]

    def count_a_day(self, word: str) -> tuple[Part, ...]:
        """Twice a day."""
        first = word.split()[0].removesuffix("x")
        return (Every("day"), Count(words.COUNTS[first] if first in words.COUNTS else english(first)))

    # ---- lengths of time

    def ago(self, _length: Delay) -> Mark:
        """Ten minutes ago."""
        return Mark.PAST

    def amount(self, number: str, unit: str) -> Delay:
        """Two hours, 1.5 hours, three weeks."""
        if "." in number:
            return of_hours(float(number))
        return words.length(words.number(number), unit)

    def days(self, number: str) -> Delay:
        """Three days."""
        return Delay(days=words.number(number))

    def minutes(self, number: str) -> Delay:
        """20 minutes."""
        return of_minutes(words.number(number))

    def compact(self, text: str) -> Delay:
        """2h, 2h30, 45m."""
        match = words.COMPACT.match(text)
        hours, minutes = match.groups() if match else (None, None)
        return Delay(seconds=int(hours or 0) * 3600 + int(minutes or 0) * 60)

    def half(self, unit: str) -> Delay:
        """Half an hour."""
        return words.half(unit)

    def quarter_of(self, unit: str) -> Delay:
        """A quarter of an hour."""
        if not unit.startswith("h"):
            raise UnclearError(Reason.UNREAD)
        return of_minutes(MINUTES_IN_QUARTER)

    def duration_and_half(self, whole: Delay) -> Delay:
        """An hour and a half."""
        if whole.seconds < SECONDS_IN_HOUR:
            raise UnclearError(Reason.UNREAD)
        return self.duration(whole, words.half("hour"))

    def amount_and_half(self, number: str, unit: str) -> Delay:
        """One and a half hours."""
        return self.duration(self.amount(number, unit), words.half(unit))

    @staticmethod
    def _face(text: str) -> Clock:
        hour, minute = text.replace(".", ":").split(":")[:2]
        return replace(words.clock(hour, int(minute)), written=True)
