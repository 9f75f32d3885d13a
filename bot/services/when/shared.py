"""The rules that both grammars share by name."""

from __future__ import annotations

from typing import Final

from lark import Transformer, v_args

from bot.services.when.model import Reason, UnclearError
from bot.services.when.parts import Clock, Delay, Every, Mark, MonthDay, Part, Span, Times, Unit

DAYS_IN_WEEK: Final = 7
WORKDAYS: Final = (0, 1, 2, 3, 4)
WEEKEND: Final = (5, 6)
MINUTES_IN_QUARTER: Final = 15
SECONDS_IN_MINUTE: Final = 60
SECONDS_IN_HOUR: Final = 3600
_CENTURY: Final = 2000


@v_args(inline=True)
class SharedRules(Transformer[object, list[Part]]):
    """Dates in figures, clocks with a colon, lists and marks: the same in every language."""

    def start(self, *parts: object) -> list[Part]:
        """All parts in the order said."""
        found: list[Part] = []
        for part in parts:
            if isinstance(part, tuple):
                found.extend(part)
            else:
                found.append(part)  # type: ignore[arg-type]
        return found

    def times(self, *spans: Span) -> Times:
        """One or several times of a day."""
        return Times(spans)

    def span(self, start: Clock, end: Clock | None = None) -> Span:
        """One time, or from one to another."""
        return Span(start, end)

    def written(self, text: str) -> Clock:
        """18:45; a nought in front (08:30) tells the 24-hour clock."""
        hour, minute = text.split(":")[:2]
        number = int(hour)
        exact = number > 12 or number == 0 or (len(hour) == 2 and hour[0] == "0")
        return Clock(number, int(minute), written=True, exact=exact)

    def iso_date(self, text: str) -> MonthDay:
        """2026-06-03."""
        year, month, day = text.rstrip("t").replace("/", "-").replace(".", "-").split("-")
        return MonthDay(int(day), int(month), int(year))

    def some_week(self, *_words: str) -> Mark:
        """Next week, no day said."""
        return Mark.SOME_WEEK

    def from_(self, *_word: str) -> Mark:
        """From."""
        return Mark.FROM

    def onwards(self, _word: str) -> Mark:
        """Onwards."""
        return Mark.ONWARDS

    def until(self, _word: str) -> Mark:
        """Until."""
        return Mark.UNTIL

    def same_time(self, _word: str) -> Mark:
        """The same time of day as now."""
        return Mark.SAME_TIME

    def SOON(self, _word: str) -> Mark:  # noqa: N802 - the terminal's name
        """In a while."""
        return Mark.SOON

    def SOME_DAY(self, _word: str) -> Mark:  # noqa: N802 - the terminal's name
        """Some day."""
        return Mark.SOME_DAY

    def duration(self, *amounts: Delay) -> Delay:
        """All amounts together."""
        return Delay(
            sum(each.months for each in amounts),
            sum(each.weeks for each in amounts),
            sum(each.days for each in amounts),
            sum(each.seconds for each in amounts),
        )

    def delay(self, length: Delay) -> Delay:
        """A length of time from now."""
        return length


def of_hours(hours: float) -> Delay:
    """So many hours."""
    return Delay(seconds=round(hours * SECONDS_IN_HOUR))


def of_minutes(minutes: float) -> Delay:
    """So many minutes."""
    return Delay(seconds=round(minutes * SECONDS_IN_MINUTE))


def full_year(year: int) -> int:
    """26 is 2026."""
    return year + _CENTURY if year < 100 else year


def every_length(length: Delay) -> Every:
    """A recurrence by its length; of mixed lengths (a day and two hours) there is no rule."""
    amounts: tuple[tuple[Unit, int], ...] = (
        ("month", length.months),
        ("week", length.weeks),
        ("day", length.days),
        ("minute", length.seconds // SECONDS_IN_MINUTE),
    )
    said = [(unit, number) for unit, number in amounts if number]
    if len(said) != 1 or length.seconds % SECONDS_IN_MINUTE:
        raise UnclearError(Reason.UNREAD)
    return Every(*_in_larger_units(*said[0]))


_LARGER: Final[dict[Unit, tuple[Unit, int]]] = {
    "minute": ("hour", 60),
    "month": ("year", 12),
}


def _in_larger_units(unit: Unit, number: int) -> tuple[Unit, int]:
    larger, size = _LARGER.get(unit, (unit, 1))
    return (larger, number // size) if number % size == 0 else (unit, number)


def through(first: int, last: int) -> tuple[int, ...]:
    """All weekdays from one to another, over the end of the week too."""
    length = (last - first) % DAYS_IN_WEEK
    return tuple(sorted((first + step) % DAYS_IN_WEEK for step in range(length + 1)))


def earlier(clock: Clock, minutes: int) -> Clock:
    """So many minutes to an hour."""
    total = clock.hour * 60 + clock.minute - minutes
    return Clock(total // 60 % 24, total % 60, clock.part, exact=clock.exact)
