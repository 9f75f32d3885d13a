"""Recurrence: RFC 5545 rules at wall times of a time zone.

A rule counts wall times, so 08:00 stays 08:00 across a change of the clocks. As the RFC (3.3.5) has it, a
wall time that exists twice means its first, one that does not exist is read with the offset from before the
gap: 02:30 becomes 03:30. A date that does not exist is left out (3.3.10): the 31st in April, 29 February in
most years; the last day of every month is `BYMONTHDAY=-1`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil import rrule

# How far ahead a rule is searched: beyond it a rule that finds nothing counts as over, so that none of
# them can keep the clock busy. 29 February may be eight years away, a fifth Friday in one hundreds of weeks.
HORIZONS = {
    "MINUTELY": timedelta(days=35),
    "HOURLY": timedelta(days=400),
    "DAILY": timedelta(days=366 * 9),
    "WEEKLY": timedelta(days=366 * 9),
    "MONTHLY": timedelta(days=366 * 41),
    "YEARLY": timedelta(days=366 * 41),
}
# The longest gap that ever was: Samoa left out 30 December 2011.
LONGEST_GAP = timedelta(days=1)
# A rule with COUNT is counted from its start each time.
COUNT_MOST = 1_000
LENGTH_MOST = 500
INTERVAL_MOST = 10_000

# The calendar, weekdays included, repeats after so many years. dateutil looks for a date that never comes
# until the year 9999: the search is made in the last cycle before, where that takes a moment.
CALENDAR_CYCLE = 400

_STEPS = {
    "MINUTELY": timedelta(minutes=1),
    "HOURLY": timedelta(hours=1),
    "DAILY": timedelta(days=1),
    "WEEKLY": timedelta(weeks=1),
}
_BY = {
    "BYMONTH",
    "BYMONTHDAY",
    "BYYEARDAY",
    "BYWEEKNO",
    "BYDAY",
    "BYHOUR",
    "BYMINUTE",
    "BYSECOND",
    "BYSETPOS",
    "WKST",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule's parts: `by` is what goes to dateutil as it is, `until` the last wall time."""

    frequency: str
    interval: int
    count: int | None
    until: datetime | None
    by: str


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """A time zone by its IANA name. ValueError where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"no time zone {name!r}: use an IANA name such as Asia/Shanghai") from None


def wall_time(moment: datetime, zone: str) -> datetime:
    """What the clocks of a zone show at an aware moment, without a zone."""
    return moment.astimezone(zone_named(zone)).replace(tzinfo=None, fold=0)


def moment_of(wall: datetime, zone: str) -> datetime:
    """The moment, in UTC, at which the clocks of a zone show a wall time; see above for none and for two."""
    return wall.replace(tzinfo=zone_named(zone), fold=0).astimezone(UTC)


def check(rule: str, starts: datetime, zone: str) -> None:
    """Refuse with ValueError a rule that is not RFC 5545, is finer than minutes or never happens."""
    try:
        first = following(rule, starts, zone, moment_of(starts, zone) - LONGEST_GAP)
    except (TypeError, IndexError, OverflowError) as error:
        raise ValueError(f"not a rule: {rule!r}") from error
    if first is None:
        raise ValueError(f"this never happens: {rule!r}")


def following(rule: str, starts: datetime, zone: str, after: datetime) -> datetime | None:
    """The first moment of a rule strictly after an aware moment, in UTC; None when it is over.

    `starts` is the wall time from which the rule counts, in whole seconds. ValueError where the rule is none.
    """
    first: datetime | None = None
    for wall in _walls(parse(rule, zone), starts, wall_time(after, zone) - _gap_before(after, zone)):
        # A time in a gap is put off, so that one after it may come before it.
        if first is not None and wall >= wall_time(first, zone):
            break
        moment = moment_of(wall, zone)
        if moment > after and (first is None or moment < first):
            first = moment
    return first


def _gap_before(moment: datetime, zone: str) -> timedelta:
    """How far the clocks of a zone were put forward within the day before."""
    jump = wall_time(moment, zone) - wall_time(moment - LONGEST_GAP, zone) - LONGEST_GAP
    return max(jump, timedelta(0))


@lru_cache(maxsize=4096)
def parse(rule: str, zone: str) -> Rule:
    """Take a rule apart. ValueError says what is wrong with it."""
    if len(rule) > LENGTH_MOST:
        raise ValueError("this rule is too long")
    parts = _parts(rule)
    frequency = parts.pop("FREQ", "")
    if frequency not in HORIZONS:
        raise ValueError(f"FREQ must be one of {', '.join(HORIZONS)}")
    if "COUNT" in parts and "UNTIL" in parts:
        raise ValueError("a rule has COUNT or UNTIL, not both")
    interval = _number(parts.pop("INTERVAL", "1"), INTERVAL_MOST)
    count = _number(parts.pop("COUNT"), COUNT_MOST) if "COUNT" in parts else None
    until = _until(parts.pop("UNTIL"), zone) if "UNTIL" in parts else None
    strange = parts.keys() - _BY
    if strange:
        raise ValueError(f"unknown in a rule: {', '.join(sorted(strange))}")
    return Rule(frequency, interval, count, until, "".join(f";{key}={parts[key]}" for key in parts))


def _parts(rule: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in rule.upper().removeprefix("RRULE:").split(";"):
        key, equals, value = part.partition("=")
        if not equals or not value or key in parts:
            raise ValueError(f"not a rule: {rule!r}")
        parts[key] = value
    return parts


def _number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise ValueError(f"a number from 1 to {most} is needed, not {text!r}")
    return int(text)


def _until(text: str, zone: str) -> datetime:
    """The last wall time: a date means its whole day, a time ends with Z where it is UTC."""
    if text.endswith("Z"):
        return wall_time(datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC), zone)
    if "T" in text:
        return datetime.strptime(text, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - a wall time has no zone
    day = datetime.strptime(text, "%Y%m%d")  # noqa: DTZ007
    return day + timedelta(days=1, microseconds=-1)


def _walls(rule: Rule, starts: datetime, since: datetime) -> Iterator[datetime]:
    """The rule's wall times in order, none of them long before `since`, up to the horizon."""
    since = max(since, starts)
    horizon = since + HORIZONS[rule.frequency]
    last = min(horizon, rule.until or horizon)
    start = starts if rule.count else _wound_on(rule, starts, since)
    cycles = (MAXYEAR - horizon.year) // CALENDAR_CYCLE * CALENDAR_CYCLE
    until = f"{_years_on(last, cycles):%Y%m%dT%H%M%S}"
    text = f"FREQ={rule.frequency};INTERVAL={rule.interval};UNTIL={until}{rule.by}"
    walls = islice(rrule.rrulestr(text, dtstart=_years_on(start, cycles)), rule.count)
    return (wall for wall in (_years_on(wall, -cycles) for wall in walls) if wall >= since)


def _years_on(wall: datetime, years: int) -> datetime:
    return wall.replace(year=wall.year + years)


def _wound_on(rule: Rule, starts: datetime, since: datetime) -> datetime:
    """A later start with the same occurrences from `since` on: whole steps from the real one.

    Months and years are left alone: there are few of them, and they differ in length.
    """
    if rule.frequency not in _STEPS:
        return starts
    step = _STEPS[rule.frequency] * rule.interval
    # A week's rule may name days before the one it started on.
    return starts + max((since - starts) // step - 1, 0) * step
