"""Who was where: scanned codes, shared locations at printed ones, and the hours of volunteers.

Once a day at each place. A shared location is compared with the station's and forgotten; of the visit is
kept only that it is the weaker kind.

Hours of help count from one scan of a code of the minute to another: who tapped in passing and checks out at
home was not there, as far as anybody knows. At a call-out its organizer holds up the code, and it has an end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.home import HOME_ZONE
from bot.i18n import is_chinese
from bot.services import certificates
from bot.services.certificates import Issued, Merit
from bot.services.checkins import codes
from bot.services.checkins.codes import EVENT, STATION, Scanned
from bot.services.events import book as events
from bot.services.happenings import Happening, happened
from bot.services.invitations import Links
from bot.services.people import Person
from bot.services.stations.board import StationBoard
from bot.services.stations.geo import metres_between, wgs84_from_gcj02
from bot.services.stations.model import Point, Station
from bot.store.tables import visits
from bot.store.work import Work

NEAR_METRES: Final = 200
"""A phone between high houses is that far off."""
MOST_HOURS: Final = timedelta(hours=12)
"""Nobody helps longer at a stretch: who forgot to check out gets no night for it."""

CERTIFIED_MINUTES: Final = 60
"""Of help, from which on there is a certificate."""

Way = Literal["live", "location", "door"]
Outcome = Literal["here", "before", "old", "where", "far", "full", "gone"]
"""Checked in now, or before today; a code that is over; a printed code that wants a location, one that is too
far away; an event without a place left; a place that is not there."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody at a place, on one day. `helping_since` they help as a volunteer, until `left_at`; in between,
    they last scanned a code of the minute at `scanned_at`."""

    id: int
    place: str
    way: Way
    came_at: datetime
    helping_since: datetime | None = None
    left_at: datetime | None = None
    scanned_at: datetime | None = None

    @property
    def is_at_event(self) -> bool:
        """Whether the place is an event, which somebody looks after."""
        return self.place.startswith(EVENT)

    @property
    def minutes(self) -> int:
        """How long they say they helped."""
        return self._helped_until(self.left_at)

    @property
    def sure_minutes(self) -> int:
        """How long of it they were there: what counts for points and certificates."""
        if self.is_at_event:
            return self.minutes
        if self.way != "live" or self.left_at is None or self.scanned_at is None:
            return 0
        return self._helped_until(min(self.left_at, self.scanned_at))

    def _helped_until(self, end: datetime | None) -> int:
        if self.helping_since is None or end is None:
            return 0
        helped = min(end - self.helping_since, MOST_HOURS)
        return max(int(helped.total_seconds()) // 60, 0)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a scan brought; `title` is the place's name."""

    outcome: Outcome
    title: str = ""
    visit: Visit | None = None


class PresenceDesk:
    """Checks one person in and out."""

    def __init__(self, work: Work, person: Person, links: Links, board: StationBoard) -> None:
        self._work = work
        self._person = person
        self._links = links
        self._board = board

    @property
    def zone(self) -> str:
        """The person's time zone (IANA)."""
        return self._person.zone

    async def scan(self, payload: str) -> Arrival:
        """Check in by what was scanned."""
        scanned = codes.read(payload)
        title = await self.title(scanned.place) if scanned else None
        if scanned is None or title is None:
            return Arrival("gone")
        verdict = codes.judge(scanned, self._key(scanned), self._work.now)
        if verdict == "live":
            return await self._arrive(scanned.place, title, "live")
        if verdict == "printed" and self._station(scanned.place) is not None:
            return Arrival("where", title)
        return Arrival("old", title)

    async def share(self, payload: str, point: Point) -> Arrival:
        """Check in by a printed code and the location one shares there."""
        scanned = codes.read(payload)
        station = self._station(scanned.place) if scanned else None
        if scanned is None or station is None:
            return Arrival("gone")
        if codes.judge(scanned, self._key(scanned), self._work.now) == "old":
            return Arrival("old", _name_of(station))
        if _is_far(point, station):
            return Arrival("far", _name_of(station))
        return await self._arrive(scanned.place, _name_of(station), "location")

    def far_from(self, payload: str, point: Point) -> str | None:
        """The name of the station of a printed code, where a point is too far from it; else None."""
        scanned = codes.read(payload)
        station = self._station(scanned.place) if scanned else None
        return _name_of(station) if station is not None and _is_far(point, station) else None

    async def help(self, number: int) -> Visit | None:
        """Help as a volunteer from now on; None where they are not there."""
        await self._work.execute(_HELP, self._mine(number) | {"now": self._work.now})
        return await self.recent(number)

    async def leave(self, number: int) -> Visit | None:
        """Stop helping; None where they were not helping."""
        visit = await self.recent(number)
        if visit is None or visit.helping_since is None:
            return None
        ends = await self._ends(visit)
        if not await self._work.execute(_LEAVE, self._mine(number) | {"ends": ends}):
            return visit
        left = replace(visit, left_at=ends)
        about, minutes = f"visit:{left.id}", left.sure_minutes
        told = Happening("helped", self._person.id, about, self._work.now, minutes, weak=not minutes)
        await happened(self._work, told)
        return left

    async def _ends(self, visit: Visit) -> datetime:
        """When help is over that somebody says is over now: a call-out has an end of its own."""
        event = await events.get(self._work, int(visit.place[1:])) if visit.is_at_event else None
        return min(self._work.now, event.ends) if event is not None else self._work.now

    async def minutes(self) -> int:
        """How long the person helped in all, as far as it counts."""
        rows = await self._work.fetch(_HELPED, {"of": self._work.bot, "whose": self._person.id})
        return sum(visit_from(row).sure_minutes for row in rows)

    async def earns_certificate(self) -> bool:
        """Whether the person has helped long enough for a certificate."""
        return await self.minutes() >= CERTIFIED_MINUTES

    async def issue(self, called: str) -> Issued | None:
        """The certificate of all help so far; None where it is not earned."""
        minutes = await self.minutes()
        if minutes < CERTIFIED_MINUTES:
            return None
        merit = Merit("help", "", minutes)
        return await certificates.issue(self._work, self._person.id, merit, called, self._links.randbelow)

    # -- Arriving ------------------------------------------------------------------------

    async def _arrive(self, place: str, title: str, way: Way) -> Arrival:
        if place.startswith(EVENT) and not await events.seat_at_the_door(
            self._work, int(place[1:]), self._person.id
        ):
            return Arrival("full", title)
        day = self._work.now.astimezone(ZoneInfo(HOME_ZONE)).date()
        row = {
            "bot": self._work.bot,
            "person": self._person.id,
            "place": place,
            "day": day,
            "way": way,
            "came_at": self._work.now,
        }
        came = await self._work.write(_COME[self._work.dialect], row)
        if way == "live":
            # Whoever helps past midnight scans once more on another day.
            whose = {"of": self._work.bot, "whose": self._person.id, "the_place": place}
            since = self._work.now - MOST_HOURS
            await self._work.execute(_SCANNED, {**whose, "since": since, "now": self._work.now})
        if came:
            kind: Literal["came", "checked_in"] = "came" if place.startswith(EVENT) else "checked_in"
            about = f"{place}:{day.isoformat()}"
            told = Happening(kind, self._person.id, about, self._work.now, weak=way == "location")
            await happened(self._work, told)
            if place.startswith(EVENT):
                await self._help_at_callout(int(place[1:]), came[0].id)
        where = {"of": self._work.bot, "whose": self._person.id, "the_place": place, "the_day": day}
        found = await self._work.first(_TODAY, where)
        return Arrival("here" if came else "before", title, visit_from(found) if found else None)

    async def _help_at_callout(self, event: int, number: int) -> None:
        """Who comes to a call-out helps, from its beginning on."""
        found = await events.get(self._work, event)
        if found is not None and found.is_callout:
            since = max(self._work.now, found.at)
            await self._work.execute(_HELP, self._mine(number) | {"now": since})

    async def recent(self, number: int) -> Visit | None:
        """One of the person's own visits of the last MOST_HOURS: it may end after midnight."""
        row = await self._work.first(_ONE, self._mine(number))
        return visit_from(row) if row else None

    def _mine(self, number: int) -> dict[str, Any]:
        since = self._work.now - MOST_HOURS
        return {"of": self._work.bot, "whose": self._person.id, "row": number, "since": since}

    def _key(self, scanned: Scanned) -> str:
        return codes.key_of(self._links.secret, self._work.bot, scanned.place)

    def _station(self, place: str) -> Station | None:
        found = self._board.index.get(place[1:]) if place.startswith(STATION) else None
        return found if found is not None and not found.retired else None

    async def title(self, place: str) -> str | None:
        """What a place is called; None for one that is not there."""
        if place.startswith(EVENT):
            return await events.title_of(self._work, int(place[1:])) if place[1:].isdigit() else None
        station = self._station(place)
        return _name_of(station) if station else None


def _is_far(point: Point, station: Station) -> bool:
    """Whether somebody who shares this point is not at a station."""
    # Chinese map apps share GCJ-02 coordinates.
    nearest = min(metres_between(each, station.point) for each in (point, wgs84_from_gcj02(point)))
    return nearest > NEAR_METRES


def _name_of(station: Station) -> str:
    """A station's name in the reader's language, where it has one."""
    return station.name if is_chinese() or not station.name_en else station.name_en


def visit_from(row: Any) -> Visit:
    """A visit from its row."""
    return Visit(row.id, row.place, row.way, row.came_at, row.helping_since, row.left_at, row.scanned_at)


def _come(insert: Any) -> Any:
    return insert(visits).on_conflict_do_nothing().returning(visits.c.id)


_COME: Final = {"sqlite": _come(sqlite.insert), "postgresql": _come(postgresql.insert)}
_MINE: Final = sa.and_(visits.c.bot == sa.bindparam("of"), visits.c.person == sa.bindparam("whose"))
_TODAY: Final = sa.select(visits).where(
    _MINE, visits.c.place == sa.bindparam("the_place"), visits.c.day == sa.bindparam("the_day")
)
_THIS: Final = sa.and_(_MINE, visits.c.id == sa.bindparam("row"), visits.c.came_at > sa.bindparam("since"))
_ONE: Final = sa.select(visits).where(_THIS)
_HELP: Final = (
    sa.update(visits).where(_THIS, visits.c.helping_since.is_(None)).values(helping_since=sa.bindparam("now"))
)
_LEAVE: Final = (
    sa.update(visits).where(_THIS, visits.c.left_at.is_(None)).values(left_at=sa.bindparam("ends"))
)
_SCANNED: Final = (
    sa.update(visits)
    .where(
        _MINE,
        visits.c.place == sa.bindparam("the_place"),
        visits.c.came_at > sa.bindparam("since"),
        visits.c.helping_since.is_not(None),
        visits.c.left_at.is_(None),
    )
    .values(scanned_at=sa.bindparam("now"))
)
_HELPED: Final = sa.select(visits).where(_MINE, visits.c.left_at.is_not(None))
