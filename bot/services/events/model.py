"""What events are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bot.services.notices import Recipient

# The kinds of due things.
ANNOUNCE: Final = "event_announce"
BEFORE: Final = "event_before"
CALL_OFF: Final = "event_call_off"
OVER: Final = "callout_over"

KINDS: Final = ("round_table", "health_check", "job_fair", "training", "other")
CALLOUTS: Final = ("volunteer", "grid_help")
"""Calls for helpers are events, too: who comes helps, and their hours count."""
LONGEST_TITLE: Final = 60
LONGEST_ABOUT: Final = 500
LONGEST_WHERE: Final = 120
"""All in characters."""
MOST_PLACES: Final = 10_000
LASTS: Final = 120
"""How long an event is taken to last where nobody says, in minutes."""
LONGEST: Final = 12 * 60
REMINDED: Final = timedelta(days=1)
"""Who has a place is reminded so long before."""
SOON: Final = timedelta(hours=1)
"""Whoever hears of it so shortly before has to go now."""
DOORS_OPEN: Final = timedelta(hours=2)
"""Before it begins people can check in at the door, and until it ends."""
ROUND_UP: Final = timedelta(minutes=30)
"""Who forgot to check out of a call-out is checked out so long after its end, as of its end."""
KEEP: Final = timedelta(days=400)

When = Literal["soon", "today", "later"]
State = Literal["booked", "waiting"]
Taken = Literal["booked", "waiting", "before", "over"]
"""What became of asking for a place; `before` is somebody who has one or waits already."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that is yet to be announced; `places` is None for as many as come."""

    kind: str
    title: str
    about: str
    where: str
    branch: str | None
    segment: str
    at: datetime
    zone: str
    places: int | None = None
    minutes: int = LASTS

    def __post_init__(self) -> None:
        """Raise ValueError for a kind that is none, no places, or no time."""
        if self.kind not in (*KINDS, *CALLOUTS):
            raise ValueError("no such kind of event")
        if not 0 < self.minutes <= LONGEST:
            raise ValueError("an event lasts up to half a day")
        if self.places is not None and not 0 < self.places <= MOST_PLACES:
            raise ValueError("an event has a place at least")


@dataclass(frozen=True, slots=True)
class Event:
    """An event, with how many have a place and how many wait for one."""

    id: int
    kind: str
    title: str
    about: str
    where: str
    branch: str | None
    segment: str
    at: datetime
    zone: str
    places: int | None
    cancelled: bool
    booked: int = 0
    waiting: int = 0
    minutes: int = LASTS

    @property
    def is_callout(self) -> bool:
        """Whether who comes comes to help."""
        return self.kind in CALLOUTS

    @property
    def ends(self) -> datetime:
        """When it is taken to end."""
        return self.at + timedelta(minutes=self.minutes)

    @property
    def free(self) -> int | None:
        """Places that are left; None where there is no limit."""
        return None if self.places is None else max(self.places - self.booked, 0)

    def is_over(self, now: datetime) -> bool:
        """Whether nobody can ask for a place any more."""
        return self.cancelled or now >= self.at


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place, or their place in the queue: `ahead` so many wait before them."""

    state: State
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody to be told of an event, and their time zone."""

    to: Recipient
    event: Event
    zone: str

    def when(self, now: datetime) -> When:
        """When it begins, for somebody who reads it now."""
        if self.event.at - now <= SOON:
            return "soon"
        here = ZoneInfo(self.zone)
        days = self.event.at.astimezone(here).date() - now.astimezone(here).date()
        return "today" if not days else "later"
