"""What comes again and again: from a draft to a rule and its first occurrence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Final

from bot.services.when import clocks, days, holidays
from bot.services.when.days import DayPart
from bot.services.when.meaning import Draft, Here, drafted, once
from bot.services.when.model import Instant, Reason, UnclearError, When, local, upcoming
from bot.services.when.parts import (
    LAST_DAY,
    Clock,
    Every,
    Feast,
    Mark,
    MonthDay,
    NthWeekday,
    Span,
    Times,
    Weekday,
    Weekend,
)
from bot.services.when.rules import SAFE_DAY, Rule, day_of_month

_WEEKEND: Final = (5, 6)
_MINUTES_IN_HOUR: Final = 60
_MINUTES_IN_DAY: Final = 1440
_HOURS_IN_DAY: Final = 24
_MOST_INTERVAL: Final = 1000
_MOST_TIMES: Final = 48
_ELAPSED: Final = {"minute": 1, "hour": _MINUTES_IN_HOUR}


def is_recurring(draft: Draft) -> bool:
    """Every …, so many times a day, or a run of weekdays, which nobody says of a single week."""
    return (
        draft.every is not None
        or draft.count is not None
        or any(isinstance(part, Weekday) and len(part.days) > 1 and part.week is None for part in draft.days)
        or (len(draft.days) > 1 and all(isinstance(part, Weekday) for part in draft.days))
    )


def recurrence(draft: Draft, here: Here) -> When:
    """The rule and its first occurrence. Raises UnclearError where no single rule says it."""
    every = draft.every or Every("week" if draft.days else "day")
    if (
        draft.delay
        or draft.before
        or draft.marks - {Mark.FROM}
        or every.interval not in range(1, _MOST_INTERVAL)
    ):
        raise UnclearError(Reason.UNREAD)
    if every.unit in _ELAPSED:
        return _windowed(draft.times, draft, every, here) if draft.times else _elapsed(draft, every, here)
    rule = _days_of(draft, every)
    times, part = draft.times, draft.part
    if times is None and part is not None:
        whole = clocks.whole_part(part)
        if whole is None:
            offers = [
                Times((Span(Clock(each.hour, each.minute, exact=True)),)) for each in clocks.typical(part)
            ]
            raise UnclearError(Reason.HOUR, tuple(_first(rule, each, draft, here) for each in offers))
        times = Times((Span(whole),))
    if draft.count is not None and (times is None or len(times.spans) != draft.count):
        raise UnclearError(Reason.HOUR)
    if times is None:
        return _started(rule, draft, here)
    return _with_times(rule, times, draft, here)


def _with_times(rule: Rule, times: Times, draft: Draft, here: Here) -> When:
    """Ask where a bare hour may be of the morning or the evening; each choice is a whole recurrence."""
    options = [clocks.on_named_day(clocks.before_its_end(span)) for span in times.spans]
    if len(times.spans) > 1 and any(len(each) > 1 for each in options):
        raise UnclearError(Reason.HALF)
    found = []
    for choice in product(*options):
        exact = (
            Span(Clock(reading.hour + _HOURS_IN_DAY * reading.days, reading.minute, exact=True), span.end)
            for reading, span in zip(choice, times.spans, strict=True)
        )
        found.append(_first(rule, Times(tuple(exact)), draft, here))
    if len(set(found)) > 1:
        raise UnclearError(Reason.HALF, tuple(found))
    return found[0]


def _first(rule: Rule, times: Times, draft: Draft, here: Here) -> When:
    """The recurrence at times that are exact; a night's hour past midnight moves to the day after."""
    past_midnight = {span.start.hour >= _HOURS_IN_DAY for span in times.spans}
    if True in past_midnight and rule.unit != "day":
        if False in past_midnight:
            raise UnclearError(Reason.UNREAD)
        rule = _a_day_later(rule)
    clock = tuple(sorted({(span.start.hour % _HOURS_IN_DAY, span.start.minute) for span in times.spans}))
    when = _started(replace(rule, times=clock), draft, here)
    ranges = [span for span in times.spans if span.end]
    if ranges and len(times.spans) == 1 and isinstance(when.at, datetime):
        return replace(when, until=clocks.end_of(ranges[0], when.at, here.zone))
    return when


def _a_day_later(rule: Rule) -> Rule:
    if rule.unit != "week":
        raise UnclearError(Reason.UNREAD)
    return replace(rule, weekdays=tuple(sorted((day + 1) % 7 for day in rule.weekdays)))


def _started(rule: Rule, draft: Draft, here: Here) -> When:
    """The rule from its first occurrence on: the next one, or the first after the start that was said."""
    try:
        text, nearest = rule.text(), replace(rule, interval=1).text()
    except ValueError:
        raise UnclearError(Reason.SEVERAL) from None
    start = _start(draft, here)
    begin = start if isinstance(start, datetime) else local(start, 0, 0, here.zone)
    since = max(here.now, begin - timedelta(seconds=1))
    anchor: Instant = local(begin.date(), *rule.times[0], here.zone) if rule.times else begin.date()
    found = upcoming(When("recurring", here.zone, anchor, nearest), since, 1)
    if not found:
        raise UnclearError(Reason.NO_SUCH_DAY)
    return When("recurring", here.zone, found[0], text)


def _start(draft: Draft, here: Here) -> Instant:
    if not draft.start:
        return here.today
    said = once(drafted(draft.start), here)
    if said.at is None:
        raise UnclearError(Reason.UNREAD)
    return said.at


def _days_of(draft: Draft, every: Every) -> Rule:
    """The rule's days. Raises UnclearError where days and unit do not go together."""
    weekdays = set(every.weekdays)
    others = []
    for part in draft.days:
        if isinstance(part, Weekday) and part.week is None:
            weekdays |= set(part.days)
        elif isinstance(part, Weekend) and part.week is None:
            weekdays |= set(_WEEKEND)
        else:
            others.append(part)
    if weekdays:
        if others or every.unit not in ("week", "day") or (every.unit == "day" and every.interval > 1):
            raise UnclearError(Reason.UNREAD)
        return Rule("week", every.interval, tuple(sorted(weekdays)))
    if every.unit in ("month", "year"):
        return replace(_of_calendar(others, every), interval=every.interval)
    if others:
        raise UnclearError(Reason.UNREAD)
    if every.unit == "week":
        raise UnclearError(Reason.WHICH_DAY)
    return Rule(every.unit, every.interval)


def _of_calendar(parts: Sequence[DayPart], every: Every) -> Rule:
    if not parts:
        raise UnclearError(Reason.WHICH_DAY)
    if len(parts) > 1:
        return _several_days(parts, every)
    part = parts[0]
    if isinstance(part, NthWeekday) and every.unit == "month":
        if part.nth not in (LAST_DAY, 1, 2, 3, 4):
            raise UnclearError(Reason.NO_SUCH_DAY)
        return Rule("month", nth=(part.nth, part.day))
    if isinstance(part, Feast) and every.unit == "year" and part.years is None:
        return _yearly_feast(part)
    if (
        not isinstance(part, MonthDay)
        or part.day is None
        or part.ahead
        or part.year
        or part.years is not None
    ):
        raise UnclearError(Reason.UNREAD)
    if part.or_last and part.day <= SAFE_DAY:
        raise UnclearError(Reason.UNREAD)
    if (part.month is None) != (every.unit == "month"):
        raise UnclearError(Reason.UNREAD)
    days.dates(replace(part, or_last=False), date(2000, 1, 1))  # the 32nd, 31 April: no such day
    return day_of_month(part.day, part.month)


def _yearly_feast(part: Feast) -> Rule:
    if part.name not in holidays.FIXED:
        raise UnclearError(Reason.HOLIDAY)
    month, day = holidays.FIXED[part.name]
    return day_of_month(day, month)


def _several_days(parts: Sequence[DayPart], every: Every) -> Rule:
    found = set()
    for part in parts:
        if not isinstance(part, MonthDay) or part.day is None or part.month or part.ahead:
            raise UnclearError(Reason.UNREAD)
        days.dates(part, date(2000, 1, 1))
        found.add(part.day)
    if every.unit != "month":
        raise UnclearError(Reason.UNREAD)
    return Rule("month", monthdays=tuple(sorted(found, key=lambda day: day if day > 0 else 32)))


def _elapsed(draft: Draft, every: Every, here: Here) -> When:
    """Every two hours, counted from now or from the moment said."""
    if draft.days or draft.part or draft.count:
        raise UnclearError(Reason.UNREAD)
    minutes = every.interval * _ELAPSED[every.unit]
    rule = Rule(every.unit, every.interval)
    if draft.start:
        at = once(drafted(draft.start), here).at
    else:
        at = (here.now.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(here.zone)
        at = at.replace(second=0, microsecond=0) + timedelta(minutes=bool(at.second or at.microsecond))
    if not isinstance(at, datetime):
        raise UnclearError(Reason.HOUR)
    return When("recurring", here.zone, at, rule.text())


def _windowed(times: Times, draft: Draft, every: Every, here: Here) -> When:
    """Every two hours from 8 to 20: the times of each day, one by one."""
    span, *more = times.spans
    if more or draft.count:
        raise UnclearError(Reason.UNREAD)
    starts = clocks.on_named_day(clocks.before_its_end(span))
    if len(starts) > 1:
        raise UnclearError(Reason.HALF)
    first = starts[0].on(here.today, here.zone)
    last = clocks.end_of(span, first, here.zone)
    if last is None:
        raise UnclearError(Reason.UNREAD)
    step = every.interval * _ELAPSED[every.unit]
    begin = first.hour * _MINUTES_IN_HOUR + first.minute
    end = begin + round((last - first).total_seconds()) // 60
    minutes = range(begin, end + 1, step)
    if end >= _MINUTES_IN_DAY or len(minutes) > _MOST_TIMES:
        raise UnclearError(Reason.UNREAD)
    clock = tuple(divmod(each, _MINUTES_IN_HOUR) for each in minutes)
    within = replace(draft, every=None)
    rule = _days_of(within, Every("week") if draft.days else Every("day"))
    return _started(replace(rule, times=clock), draft, here)
