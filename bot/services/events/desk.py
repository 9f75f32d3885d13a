"""What somebody can do with events, for the length of one turn: go there, or organize them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from bot.services import due, files
from bot.services.branches import members, tree
from bot.services.calendars import ICS, Entry, calendar
from bot.services.checkins import codes
from bot.services.checkins.asking import meant, people_in, plan_slices
from bot.services.events import book
from bot.services.events.model import (
    ANNOUNCE,
    BEFORE,
    CALL_OFF,
    CALLOUTS,
    KINDS,
    OVER,
    REMINDED,
    ROUND_UP,
    Draft,
    Event,
    Place,
    Taken,
    Told,
)
from bot.services.events.telling import told_of
from bot.services.invitations import Links
from bot.services.lessons.library import Library
from bot.services.people import Person
from bot.services.qr import png
from bot.services.roles.rules import Action, Reach, demand, may, reach
from bot.store.tables import events, visits
from bot.store.work import Work


class EventDesk:
    """Events for one person.

    What is not there and what is not theirs to see is answered the same way: with None.
    """

    def __init__(self, work: Work, person: Person, links: Links, library: Library) -> None:
        self._work = work
        self._person = person
        self._links = links
        self._library = library

    @property
    def zone(self) -> str:
        """The person's time zone (IANA)."""
        return self._person.zone

    @property
    def now(self) -> datetime:
        """The moment of this turn."""
        return self._work.now

    # -- Going there ---------------------------------------------------------------------

    async def coming(self, kinds: Sequence[str] = KINDS) -> list[Event]:
        """What the person can go to, or looks after, of these kinds; the next first."""
        scope = await self.reach()
        if scope.everywhere:
            return await book.coming(self._work, None, kinds)
        found = await book.coming(self._work, await self._line(), kinds)
        seen = {one.id for one in found}
        everything = await book.coming(self._work, None, kinds) if scope else []
        others = [one for one in everything if one.id not in seen]
        found += [one for one in others if await self.may_run(one)]
        return sorted(found, key=lambda one: (one.at, one.id))

    async def get(self, number: int) -> Event | None:
        """An event the person can go to, or looks after."""
        event = await book.get(self._work, number)
        if event is None:
            return None
        is_theirs = event.branch is None or event.branch in await self._line()
        return event if is_theirs or await self.may_run(event) else None

    async def mine(self, number: int) -> Place | None:
        """The person's place, or place in the queue."""
        return await book.place_of(self._work, number, self._person.id)

    async def take(self, number: int) -> Taken | None:
        """Ask for a place."""
        return await book.take(self._work, number, self._person.id) if await self.get(number) else None

    async def places(self) -> list[int]:
        """The events to come at which the person has a place, or waits for one."""
        return await book.places_of(self._work, self._person.id)

    async def give_up(self, number: int) -> list[Told]:
        """Give one's place up, wherever one belongs by now; gives who moves up, to be told."""
        moved = await book.give_up(self._work, number, self._person.id)
        event = await book.get(self._work, number)
        return await told_of(self._work, event, moved) if event is not None else []

    async def calendar(self, number: int) -> tuple[str, str] | None:
        """The file key and name of the event for a calendar."""
        event = await self.get(number)
        if event is None:
            return None
        entry = Entry(
            f"event-{event.id}",
            event.title,
            event.at,
            event.zone,
            event.ends - event.at,
            None,
            event.about,
            event.where,
        )
        key = await files.keep(self._work, calendar(entry, self._work.now), "event.ics", ICS)
        return key, f"{event.title[:40]}.ics"

    # -- Organizing -----------------------------------------------------------------------

    async def reach(self) -> Reach:
        """Where the person may organize events."""
        return await reach(self._work, self._person.id, Action.RUN_EVENTS)

    async def may_run(self, event: Event) -> bool:
        """Whether the person looks after an event."""
        return await may(self._work, self._person.id, Action.RUN_EVENTS, event.branch)

    async def meant(self, typed: str, branch: str | None) -> tuple[str, int]:
        """The segment of a typed line, and how many would be told.

        Raises NotAllowed, and SegmentError for what is no segment, or names what is not there.
        """
        await demand(self._work, self._person.id, Action.RUN_EVENTS, branch)
        return await meant(self._work, typed, branch, self._library)

    async def make(self, draft: Draft) -> int:
        """Announce an event to its segment; gives its number.

        Raises NotAllowed where it is not theirs to announce, ValueError where it has begun.
        """
        await demand(self._work, self._person.id, Action.RUN_EVENTS, draft.branch)
        if draft.at <= self._work.now:
            raise ValueError("this time is over")
        values = {
            "bot": self._work.bot,
            "branch": draft.branch,
            "made_by": self._person.id,
            "kind": draft.kind,
            "title": draft.title,
            "about": draft.about,
            "where": draft.where,
            "segment": draft.segment,
            "zone": draft.zone,
            "at": draft.at,
            "minutes": draft.minutes,
            "places": draft.places,
            "made_at": self._work.now,
        }
        number = int((await self._work.write(_ADD, values))[0].id)
        people = await people_in(self._work, draft.segment, draft.branch)
        await plan_slices(self._work, ANNOUNCE, people, {"event": number})
        before = draft.at - REMINDED
        if before > self._work.now:
            await due.plan(self._work, BEFORE, before, {"event": number})
        if draft.kind in CALLOUTS:
            over = draft.at + timedelta(minutes=draft.minutes) + ROUND_UP
            await due.plan(self._work, OVER, over, {"event": number})
        return number

    async def call_off(self, number: int) -> bool:
        """Call an event off, and tell who has a place or waits; False where it is not theirs, or over."""
        event = await self.get(number)
        if event is None or not await self.may_run(event) or event.is_over(self._work.now):
            return False
        await self._work.execute(_CANCEL, {"of": self._work.bot, "row": number, "now": self._work.now})
        people = await book.people(self._work, number, "booked", "waiting")
        await plan_slices(self._work, CALL_OFF, people, {"event": number})
        return True

    async def arrived(self, event: Event) -> int:
        """How many checked in at the door."""
        where = {"of": self._work.bot, "the_place": codes.event_place(event.id)}
        row = await self._work.first(_ARRIVED, where)
        return int(row[0]) if row else 0

    async def door(self, number: int) -> str | None:
        """The file key of the code to hold up at the door now: good for some minutes."""
        event = await self.get(number)
        if event is None or not await self.may_run(event):
            return None
        place = codes.event_place(number)
        key = codes.key_of(self._links.secret, self._work.bot, place)
        code = codes.live_code(key, place, codes.slot_of(self._work.now))
        drawn = png(codes.link(self._links.username, place, code))
        return await files.keep(self._work, drawn, "door.png", "image/png")

    async def _line(self) -> list[str]:
        """The person's branch and all above it."""
        present = await members.of(self._work, self._person.id)
        return [branch.id for branch in await tree.line(self._work, present.branch)] if present else []


_ADD: Final = sa.insert(events).returning(events.c.id)
_OF: Any = sa.bindparam("of")
_CANCEL: Final = (
    sa.update(events)
    .where(events.c.bot == _OF, events.c.id == sa.bindparam("row"))
    .values(cancelled_at=sa.bindparam("now"))
)
_ARRIVED: Final = sa.select(sa.func.count()).where(
    visits.c.bot == _OF, visits.c.place == sa.bindparam("the_place")
)
