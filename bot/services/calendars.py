"""Calendar files (RFC 5545): something to put into the calendar of one's phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vRecur

ICS: Final = "text/calendar"
_PRODUCT: Final = "-//Wayside//Wayside//EN"
_DOMAIN: Final = "wayside"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: it begins `at`, and again by `rule` (RFC 5545) on the clocks of `zone` (IANA).

    `name` tells it from all others of the bot, so that a second import moves the first.
    """

    name: str
    title: str
    at: datetime
    zone: str
    lasts: timedelta
    rule: str | None = None
    about: str = ""
    where: str = ""
    alarm: timedelta | None = None


def calendar(entry: Entry, now: datetime) -> bytes:
    """The file of one entry, written `now`, with what its time zone does at that time."""
    made = Calendar()
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    made.add_component(_event(entry, now))
    made.add_missing_timezones()
    return bytes(made.to_ical())


def _event(entry: Entry, now: datetime) -> Event:
    # A series goes by the clock on the wall; what is once is a moment, even in an hour that comes twice.
    at = entry.at.astimezone(ZoneInfo(entry.zone) if entry.rule else UTC)
    event = Event()
    event.add("uid", f"{entry.name}@{_DOMAIN}")
    event.add("dtstamp", now)
    event.add("summary", entry.title)
    event.add("dtstart", at)
    event.add("dtend", at + entry.lasts)
    if entry.rule:
        event.add("rrule", vRecur.from_ical(entry.rule))
    if entry.about:
        event.add("description", entry.about)
    if entry.where:
        event.add("location", entry.where)
    if entry.alarm is not None:
        event.add_component(_alarm(entry.title, entry.alarm))
    return event


def _alarm(title: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -before)
    return alarm
