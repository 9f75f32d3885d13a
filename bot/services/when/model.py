"""What a said time means: a moment, a day, a recurrence, or something to ask about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import islice
from typing import Final, Literal
from zoneinfo import ZoneInfo

Kind = Literal["moment", "day", "recurring", "unclear"]
Instant = datetime | date

# Rules that count hours or minutes go by elapsed time, all others by the clock on the wall.
_ELAPSED: Final = ("FREQ=HOURLY", "FREQ=MINUTELY")


class Reason(StrEnum):
    """Why a time is unclear; each has a question of its own (see `saying.ask`)."""

    NOTHING = "nothing"  # no time in it
    UNREAD = "unread"  # a time, but in words that the grammar does not know
    VAGUE = "vague"  # soon, some day
    HALF = "half"  # morning or evening
    HOUR = "hour"  # the hour is missing
    WHICH_DAY = "which_day"  # two days fit
    SEVERAL = "several"  # more than one time
    PAST = "past"  # gone by
    NO_SUCH_DAY = "no_such_day"  # 30 February
    WEEKDAY = "weekday"  # the date falls on another weekday
    HOLIDAY = "holiday"  # its date that year is not known
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class When:
    """A time as understood.

    `at` is an aware datetime in `zone` for a moment, a date for a day, the first occurrence (either of the
    two) for a recurrence. `until` ends a range that begins at `at`. `rrule` is the value of an RFC 5545
    RRULE, with `at` as its DTSTART. `choices` are the likely readings of what is unclear, likeliest first.
    """

    kind: Kind
    zone: ZoneInfo
    at: Instant | None = None
    rrule: str | None = None
    until: Instant | None = None
    what: str = ""
    choices: tuple[When, ...] = ()
    reason: Reason | None = None


class UnclearError(Exception):
    """Raised while reading: what was said has no reading, or more than one."""

    def __init__(self, reason: Reason, choices: tuple[When, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.choices = choices


def local(day: date, hour: int, minute: int, zone: ZoneInfo) -> datetime:
    """The moment the wall clock shows this; of a repeated hour the first.

    A time that the clocks skip is taken by the offset before the gap (RFC 5545, 3.3.5).
    """
    shown = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
    return shown.astimezone(UTC).astimezone(zone)


def upcoming(when: When, after: datetime, count: int = 5) -> list[Instant]:
    """At most `count` occurrences later than `after` (aware), in order; dates where no hour was said."""
    if when.kind == "unclear" or when.at is None:
        return []
    if when.rrule is None:
        return [when.at] if is_later(when.at, after.astimezone(when.zone)) else []
    return list(islice(_occurrences(when.at, when.rrule, when.zone, after.astimezone(when.zone)), count))


def is_later(instant: Instant, after: datetime) -> bool:
    """Whether a moment is later, or a day not over yet.

    Two datetimes of one zone compare by the wall clock: in a repeated hour that is not their order.
    """
    if isinstance(instant, datetime):
        return instant.timestamp() > after.timestamp()
    return instant >= after.date()


def _occurrences(at: Instant, rrule: str, zone: ZoneInfo, after: datetime) -> Iterator[Instant]:
    from dateutil.rrule import rrulestr

    if not isinstance(at, datetime):
        start = datetime(at.year, at.month, at.day)  # noqa: DTZ001 - dates have no zone
        midnight = after.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        for found in rrulestr(rrule, dtstart=start).xafter(midnight, inc=True):
            yield found.date()
    elif rrule.startswith(_ELAPSED):
        for found in rrulestr(rrule, dtstart=at.astimezone(UTC)).xafter(after.astimezone(UTC)):
            yield found.astimezone(zone)
    else:
        # From the midnight before: where the clocks skip a time, the first occurrence shows a later one.
        start = datetime(at.year, at.month, at.day)  # noqa: DTZ001 - on the wall
        since = after.replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
        for found in rrulestr(rrule, dtstart=start).xafter(since, inc=True):
            moment = local(found.date(), found.hour, found.minute, zone)
            if is_later(moment, after) and moment >= at:
                yield moment
