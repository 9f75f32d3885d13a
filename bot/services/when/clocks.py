"""Which hour is meant: 12-hour clocks, parts of the day, and when two readings are both likely."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.services.when.model import Reason, UnclearError, local
from bot.services.when.parts import Clock, PartOfDay, Span, Times

_HOURS: Final = 24
_MINUTES: Final = 60
_HALF_DAY: Final = 12
_TWO_FIGURES: Final = 10
# A bare hour that comes round so soon is the one meant: 3点 at 14:20 is 15:00.
SOON: Final = timedelta(hours=3)
# Nobody means the small hours (0 to 4) without saying so, if the other reading is as near.
_DAYTIME: Final = 5
# On a day that is named, people say the hours of the working day bare (6 to 17); from five to seven, when
# some begin and some end their day, either may be meant.
_WORKING_HOURS: Final = range(6, 18)
_EITHER: Final = range(5, 8)
_WRITTEN_EITHER: Final = range(1, 6)


@dataclass(frozen=True, slots=True, order=True)
class Reading:
    """A time of the day that was named: `days` is 1 when it belongs to the night after it (晚上12点)."""

    days: int
    hour: int
    minute: int

    def on(self, day: date, zone: ZoneInfo) -> datetime:
        """This reading's moment."""
        return local(day + timedelta(days=self.days), self.hour, self.minute, zone)


# For each part of the day: the hours as said → (days later, hour). What is not listed does not fit the part.
def _hours(*runs: tuple[range, int, int]) -> dict[int, tuple[int, int]]:
    return {hour: (days, hour + plus) for hours, plus, days in runs for hour in hours}


_BY_PART: Final = {
    PartOfDay.SMALL_HOURS: _hours((range(7), 0, 0), (range(12, 13), -12, 0)),
    PartOfDay.MORNING: _hours((range(4, 13), 0, 0)),
    PartOfDay.FORENOON: _hours((range(6, 13), 0, 0)),
    PartOfDay.NOON: _hours((range(10, 13), 0, 0), (range(1, 4), 12, 0)),
    PartOfDay.AFTERNOON: _hours((range(12, 13), 0, 0), (range(1, 9), 12, 0)),
    PartOfDay.DUSK: _hours((range(4, 9), 12, 0)),
    PartOfDay.EVENING: _hours((range(5, 12), 12, 0), (range(12, 13), -12, 1), (range(5), 0, 1)),
    PartOfDay.NIGHT: _hours((range(8, 12), 12, 0), (range(12, 13), -12, 1), (range(7), 0, 1)),
    PartOfDay.MIDNIGHT: _hours((range(12, 13), -12, 1), (range(1), 0, 1)),
}
# "Tomorrow at midnight": the night before tomorrow or the one after it.
_NIGHTS: Final = (PartOfDay.NIGHT, PartOfDay.MIDNIGHT)
_WHOLE_PARTS: Final = {PartOfDay.NOON: Clock(12, exact=True), PartOfDay.MIDNIGHT: Clock(24, exact=True)}
# What to offer when only the part of the day was said.
_TYPICAL: Final = {
    PartOfDay.SMALL_HOURS: (3, 4, 5),
    PartOfDay.MORNING: (7, 8, 9),
    PartOfDay.FORENOON: (9, 10, 11),
    PartOfDay.AFTERNOON: (14, 15, 16),
    PartOfDay.DUSK: (17, 18, 19),
    PartOfDay.EVENING: (19, 20, 21),
    PartOfDay.NIGHT: (22, 23, 24),
}


def whole_part(part: PartOfDay) -> Clock | None:
    """The clock that a part of the day stands for by itself: noon, midnight."""
    return _WHOLE_PARTS.get(part)


def typical(part: PartOfDay) -> list[Reading]:
    """Hours to offer for a part of the day."""
    return [_exact(Clock(hour)) for hour in _TYPICAL[part]]


def with_part(times: Times, part: PartOfDay) -> Times:
    """Bare clocks take the part that was said elsewhere: 晚上…8点."""
    return Times(tuple(replace(span, start=_inheriting(span.start, part)) for span in times.spans))


def settled(times: Times) -> Times:
    """Bare clocks of a list take what the others tell: 下午2点和4点, at 8 and 20."""
    clocks = [clock for span in times.spans for clock in (span.start, span.end) if clock]
    if any(map(_tells_24_hours, clocks)):
        return Times(tuple(_all_exact(span) for span in times.spans))
    part: PartOfDay | None = None
    spans = []
    for span in times.spans:
        part = span.start.part or part
        spans.append(replace(span, start=_inheriting(span.start, part)) if part else span)
    return Times(tuple(spans))


def _tells_24_hours(clock: Clock) -> bool:
    """20, 0:15, 08:00: whoever writes these counts to 24."""
    by_figure = clock.hour == 0 or clock.hour > _HALF_DAY or clock.written
    return clock.exact and clock.part is None and by_figure


def _all_exact(span: Span) -> Span:
    end = replace(span.end, exact=True) if span.end and not span.end.part else span.end
    start = span.start if span.start.part else replace(span.start, exact=True)
    return Span(start, end)


def _inheriting(clock: Clock, part: PartOfDay | None) -> Clock:
    if part is None or clock.part or clock.exact:
        return clock
    return replace(clock, part=part)


def readings(clock: Clock) -> list[Reading]:
    """All that a clock may mean, on the day it is said of. Raises UnclearError for a time that is none."""
    if not 0 <= clock.minute < _MINUTES or not 0 <= clock.hour <= _HOURS:
        raise UnclearError(Reason.UNREAD)
    if clock.part is not None and (not clock.exact or clock.hour <= _HALF_DAY):
        return [_in_part(clock, clock.part)]
    if clock.exact or clock.hour > _HALF_DAY or clock.hour == 0:
        return [_exact(clock)]
    early = clock.hour % _HALF_DAY
    return [Reading(0, early, clock.minute), Reading(0, early + _HALF_DAY, clock.minute)]


def _exact(clock: Clock) -> Reading:
    if clock.hour == _HOURS and clock.minute:
        raise UnclearError(Reason.UNREAD)
    return Reading(clock.hour // _HOURS, clock.hour % _HOURS, clock.minute)


def _in_part(clock: Clock, part: PartOfDay) -> Reading:
    found = _BY_PART[part].get(clock.hour)
    if found is None:
        raise UnclearError(Reason.UNREAD)
    return Reading(found[0], found[1], clock.minute)


def on_named_day(clock: Clock) -> list[Reading]:
    """The likely readings on a day that was named, or that come again and again."""
    found = readings(clock)
    if clock.part in _NIGHTS and found[0].days:
        return [*found, replace(found[0], days=0)]
    if len(found) == 1:
        return found
    if clock.written and clock.hour not in _WRITTEN_EITHER:
        return [_exact(clock)]
    if clock.hour in _EITHER or clock.written:
        return found
    return [reading for reading in found if reading.hour in _WORKING_HOURS]


def from_now(clock: Clock, now: datetime, zone: ZoneInfo) -> list[datetime]:
    """The likely moments of a clock without a day, soonest first (`now` in the zone)."""
    today = now.date()
    found = readings(clock)
    moments = sorted(_next(reading, now, zone) for reading in found)
    if len(moments) == 1:
        return moments
    first, second = moments
    # Bare hours come round every twelve; the later one counts only when it is in the daytime.
    if first - now <= SOON or (second.hour < _DAYTIME and second.date() != today):
        return [first]
    return [first, second]


def _next(reading: Reading, now: datetime, zone: ZoneInfo) -> datetime:
    base = now.date() - timedelta(days=reading.days)
    return next(
        moment for ahead in range(4) if (moment := reading.on(base + timedelta(days=ahead), zone)) > now
    )


def end_of(span: Span, start: datetime, zone: ZoneInfo) -> datetime | None:
    """When a range ends that starts at `start`: the first such time after it."""
    if span.end is None:
        return None
    in_figures = _in_four_figures(span.start) and _in_four_figures(span.end)
    found = readings(replace(span.end, exact=True) if in_figures else span.end)
    nearby = [start.date() + timedelta(days=days) for days in (-1, 0, 1)]
    return min(moment for day in nearby for each in found if (moment := each.on(day, zone)) > start)


def _in_four_figures(clock: Clock) -> bool:
    """12:00 to 10:00 counts to 24; 9:00 to 5:00 may not."""
    return clock.written and (clock.exact or clock.hour >= _TWO_FIGURES)


def before_its_end(span: Span) -> Clock:
    """The start of a range, in the half of the day that its end tells: from 2 to 4 pm."""
    start, end = span.start, span.end
    if end is None or end.part is None or start.part or start.exact:
        return start
    last, candidates = readings(end)[0], readings(start)
    fitting = [each for each in candidates if each < last]
    return _as_clock(max(fitting)) if fitting else start


def _as_clock(reading: Reading) -> Clock:
    return Clock(reading.hour, reading.minute, exact=True)
