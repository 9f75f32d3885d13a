"""From the parts of a time to what it means: the draft of one time, and which of four kinds it is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.services.when import clocks, days
from bot.services.when.days import DayPart
from bot.services.when.model import Reason, UnclearError, When, local
from bot.services.when.parts import (
    Before,
    Clock,
    Count,
    DayRange,
    Delay,
    Every,
    Mark,
    Part,
    PartOfDay,
    Span,
    Times,
    Weekday,
    Weekend,
)

_SOON_MINUTES: Final = (10, 30, 60)
_REASONS: Final = {
    Mark.SOME_DAY: Reason.VAGUE,
    Mark.PAST: Reason.PAST,
    Mark.UNTIL: Reason.UNREAD,
}


@dataclass(slots=True)
class Draft:
    """The parts of one time, each kind in its place."""

    times: Times | None = None
    part: PartOfDay | None = None
    days: list[DayPart] = field(default_factory=list)
    before: int = 0
    delay: Delay | None = None
    every: Every | None = None
    count: int | None = None
    marks: set[Mark] = field(default_factory=set)
    start: list[Part] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Here:
    """When and where something is said: `now` in the zone."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The date where it is said."""
        return self.now.date()


def understand(parts: list[Part], here: Here) -> When:
    """What the parts mean together. Raises UnclearError where they mean nothing or several things."""
    from bot.services.when.recurring import is_recurring, recurrence

    draft = drafted(parts)
    for mark, reason in _REASONS.items():
        if mark in draft.marks:
            raise UnclearError(reason)
    if Mark.SOON in draft.marks:
        raise UnclearError(Reason.VAGUE, tuple(_after(minutes * 60, here) for minutes in _SOON_MINUTES))
    if is_recurring(draft):
        return recurrence(draft, here)
    if draft.start or draft.count:
        raise UnclearError(Reason.UNREAD)
    return once(draft, here)


def drafted(parts: list[Part]) -> Draft:
    """Sort the parts. Raises UnclearError where one contradicts another."""
    draft = Draft()
    for part in _without_start(parts, draft):
        _place(part, draft)
    if draft.times and draft.part:
        draft.times, draft.part = clocks.with_part(draft.times, draft.part), None
    if draft.times:
        draft.times = clocks.settled(draft.times)
    if len(draft.marks - {Mark.SAME_TIME, Mark.SOME_WEEK, Mark.FROM}) > 1:
        raise UnclearError(Reason.UNREAD)
    return draft


def _without_start(parts: list[Part], draft: Draft) -> list[Part]:
    """Take out "from May 13 onwards": what stands between the two words, or beside the only one."""
    if Mark.ONWARDS in parts:
        end = parts.index(Mark.ONWARDS)
        begin = parts.index(Mark.FROM) if Mark.FROM in parts[:end] else -1
        draft.start = parts[begin + 1 : end]
        return [*parts[: max(begin, 0)], *parts[end + 1 :]]
    if Mark.FROM in parts:
        begin = parts.index(Mark.FROM)
        before, after = parts[:begin], parts[begin + 1 :]
        if any(isinstance(part, Every) for part in before) and any(map(days.is_day, after)):
            draft.start = after
            return before
    return parts


def _place(part: Part, draft: Draft) -> None:
    if isinstance(part, Mark):
        draft.marks.add(part)
    elif isinstance(part, Before):
        draft.before = part.days
    elif days.is_day(part):
        if part not in draft.days:
            draft.days.append(part)  # type: ignore[arg-type]
    elif isinstance(part, Every) and draft.every is not None:
        draft.every = _joined(draft.every, part, draft)
    else:
        name = _PLACES[type(part)]
        value = part.times if isinstance(part, Count) else part
        if getattr(draft, name) not in (None, value):
            raise UnclearError(Reason.SEVERAL)
        setattr(draft, name, value)


def _joined(one: Every, other: Every, draft: Draft) -> Every:
    """Every day, and within it every two hours: the larger one says on which days."""
    larger, smaller = (other, one) if one.unit in _WITHIN_DAYS else (one, other)
    if one == other:
        return one
    if smaller.unit not in _WITHIN_DAYS or larger.unit not in ("day", "week") or larger.interval > 1:
        raise UnclearError(Reason.SEVERAL)
    if larger.weekdays:
        draft.days.append(Weekday(larger.weekdays))
    return smaller


_WITHIN_DAYS: Final = ("minute", "hour")
_PLACES: Final[dict[type, str]] = {
    Times: "times",
    PartOfDay: "part",
    Delay: "delay",
    Every: "every",
    Count: "count",
}


def once(draft: Draft, here: Here) -> When:
    """A moment or a day."""
    if draft.delay is not None and draft.delay.seconds:
        if draft.days or draft.times or draft.part:
            raise UnclearError(Reason.SEVERAL)
        return _delayed(draft.delay, here)
    found = _dates(draft, here)
    if Mark.SAME_TIME in draft.marks:
        if draft.times is not None or not found:
            raise UnclearError(Reason.UNREAD)
        draft.times = Times((Span(Clock(here.now.hour, here.now.minute, exact=True)),))
    if draft.times is not None:
        return _one_moment(draft.times, found, here)
    if draft.part is not None:
        return _of_part(draft.part, found, here)
    if not found:
        raise UnclearError(Reason.WHICH_DAY if Mark.SOME_WEEK in draft.marks else Reason.NOTHING)
    return _one_day(draft, found, here)


def _dates(draft: Draft, here: Here) -> list[date]:
    """The dates that fit; none where no day was said."""
    if draft.delay is not None:
        if draft.days:
            raise UnclearError(Reason.SEVERAL)
        found = [days.later(days.months_later(here.today, draft.delay.months), draft.delay.all_days)]
    elif not draft.days:
        return []
    else:
        found = _agreeing(draft.days, here)
    return [days.later(day, -draft.before) for day in found]


def _agreeing(parts: list[DayPart], here: Here) -> list[date]:
    """One day, said once or by its weekday and date: both must fall together."""
    weekdays = [part for part in parts if isinstance(part, Weekday)]
    others = [part for part in parts if not isinstance(part, Weekday)]
    if not others:
        if len(weekdays) > 1:
            raise UnclearError(Reason.SEVERAL)
        return days.dates(weekdays[0], here.today)
    found = days.dates(others[0], here.today)
    if any(days.dates(other, here.today) != found for other in others[1:]) or len(weekdays) > 1:
        raise UnclearError(Reason.SEVERAL)
    if weekdays and found[0].weekday() not in weekdays[0].days:
        raise UnclearError(Reason.WEEKDAY, (When("day", here.zone, found[0]),))
    return found


def _one_moment(times: Times, dates: list[date], here: Here) -> When:
    if len(times.spans) > 1:
        several = tuple(_one_moment(Times((span,)), dates, here) for span in times.spans)
        raise UnclearError(Reason.SEVERAL, several)
    span = times.spans[0]
    clock = clocks.before_its_end(span)
    if not dates:
        return _chosen([_moment(span, each, here) for each in clocks.from_now(clock, here.now, here.zone)])
    moments = [reading.on(day, here.zone) for day in dates for reading in _on_day(clock, day, here)]
    ahead = [each for each in moments if each > here.now]
    if not ahead:
        raise UnclearError(Reason.PAST, _a_day_later(moments, here))
    # A weekday that is today is meant as long as its time is still to come.
    if len(dates) > 1 and dates[0] == here.today:
        ahead = [each for each in ahead if each.date() == ahead[0].date()]
    reason = Reason.WHICH_DAY if len(dates) > 1 else Reason.HALF
    return _chosen([_moment(span, each, here) for each in ahead], reason)


def _on_day(clock: Clock, day: date, here: Here) -> list[clocks.Reading]:
    """What is likely; on today, where that is over, what is still to come."""
    likely = clocks.on_named_day(clock)
    if day != here.today or any(each.on(day, here.zone) > here.now for each in likely):
        return likely
    return clocks.readings(clock)


def _a_day_later(moments: list[datetime], here: Here) -> tuple[When, ...]:
    """To offer instead of what was over today: the same tomorrow."""
    later = [local(each.date() + timedelta(days=1), each.hour, each.minute, here.zone) for each in moments]
    return tuple(When("moment", here.zone, each) for each in later if each > here.now)


def _chosen(found: list[When], reason: Reason = Reason.HALF) -> When:
    if len(found) > 1:
        raise UnclearError(reason, tuple(found))
    return found[0]


def _moment(span: Span, start: datetime, here: Here) -> When:
    return When("moment", here.zone, start, until=clocks.end_of(span, start, here.zone))


def _of_part(part: PartOfDay, dates: list[date], here: Here) -> When:
    """Noon is a moment; of an evening the hour is asked."""
    whole = clocks.whole_part(part)
    if whole is not None:
        return _one_moment(Times((Span(whole),)), dates, here)
    moments: list[datetime] = []
    for day in dates or [here.today, days.later(here.today, 1)]:
        moments = [
            each for reading in clocks.typical(part) if (each := reading.on(day, here.zone)) > here.now
        ]
        if moments:
            break
    if not moments:
        raise UnclearError(Reason.PAST)
    raise UnclearError(Reason.HOUR, tuple(When("moment", here.zone, each) for each in moments))


def _one_day(draft: Draft, found: list[date], here: Here) -> When:
    if found[0] < here.today:
        raise UnclearError(Reason.PAST)
    if isinstance(draft.days[0] if draft.days else None, Weekend):
        found = found[:1]
    ranges = [part for part in draft.days if isinstance(part, DayRange)]
    until = days.end_of_range(ranges[0], found[0]) if ranges else None
    return _chosen([When("day", here.zone, day, until=until) for day in found], Reason.WHICH_DAY)


def _delayed(delay: Delay, here: Here) -> When:
    """Elapsed time after so many days and months by the calendar."""
    if not delay.months and not delay.all_days:
        return _after(delay.seconds, here)
    day = days.later(days.months_later(here.today, delay.months), delay.all_days)
    start = local(day, here.now.hour, here.now.minute, here.zone)
    return _after(delay.seconds, replace(here, now=start))


def _after(seconds: int, here: Here) -> When:
    """So many seconds later, rounded up to the full minute: never earlier than asked for."""
    try:
        moment = here.now.astimezone(UTC) + timedelta(seconds=seconds)
        rest = timedelta(seconds=moment.second, microseconds=moment.microsecond)
        moment += timedelta(minutes=1) - rest if rest else timedelta()
        return When("moment", here.zone, moment.astimezone(here.zone))
    except OverflowError:
        raise UnclearError(Reason.NO_SUCH_DAY) from None
