"""Reminders that organizers offer to people: accepted with a tap, never forced.

Who accepts has a reminder of their own from then on, at wall times of their own zone; the organizer learns
only how many did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from bot.services.branches import members, tree
from bot.services.checkins.asking import meant, people_in, plan_slices, reachable
from bot.services.due import Due
from bot.services.lessons.library import Library
from bot.services.notices import Recipient
from bot.services.people import Person
from bot.services.reminders.desk import ReminderDesk
from bot.services.reminders.model import LONGEST_WHAT
from bot.services.reminders.timing import Json, from_json, on_clocks_of, to_json
from bot.services.roles.rules import Action, Reach, demand, reach
from bot.services.when import When
from bot.store.tables import offers_taken, reminder_offers
from bot.store.work import Work

OFFER: Final = "reminder_offer"
"""The kind of due things that offer reminders."""

Taken = Literal["taken", "before", "late", "gone"]
"""Taken over; taken before; too many reminders, or its time is over; not there."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A reminder that is offered: what it says, and when it would ring."""

    id: int
    what: str
    when: When
    branch: str | None
    made_at: datetime


class OfferDesk:
    """Offers reminders, or takes one over."""

    def __init__(self, work: Work, person: Person, library: Library) -> None:
        self._work = work
        self._person = person
        self._library = library

    async def reach(self) -> Reach:
        """Where the person may offer reminders."""
        return await reach(self._work, self._person.id, Action.OFFER_REMINDERS)

    async def meant(self, typed: str, branch: str | None) -> tuple[str, int]:
        """The segment of a typed line, and how many would be asked.

        Raises NotAllowed, and SegmentError for what is no segment, or names what is not there.
        """
        await demand(self._work, self._person.id, Action.OFFER_REMINDERS, branch)
        return await meant(self._work, typed, branch, self._library)

    async def make(self, what: str, timing: Json, branch: str | None, segment: str) -> int:
        """Offer a reminder to a segment; gives the offer's number. Raises NotAllowed."""
        await demand(self._work, self._person.id, Action.OFFER_REMINDERS, branch)
        values = {
            "bot": self._work.bot,
            "branch": branch,
            "made_by": self._person.id,
            "what": what[:LONGEST_WHAT],
            "timing": timing,
            "segment": segment,
            "made_at": self._work.now,
        }
        number = int((await self._work.write(_ADD, values))[0].id)
        await plan_slices(self._work, OFFER, await people_in(self._work, segment, branch), {"offer": number})
        return number

    async def get(self, number: int) -> Offer | None:
        """An offer to a branch that the person belongs to, or to one above it; None for any other."""
        offer = await _offer(self._work, number)
        if offer is None or offer.branch is None:
            return offer
        present = await members.of(self._work, self._person.id)
        above = await tree.line(self._work, present.branch) if present else []
        return offer if offer.branch in {branch.id for branch in above} else None

    async def take(self, number: int) -> Taken:
        """Have this reminder, too, from now on."""
        offer = await self.get(number)
        if offer is None:
            return "gone"
        mine = {"of": self._work.bot, "the_offer": number, "whose": self._person.id}
        if await self._work.first(_TAKEN, mine) is not None:
            return "before"
        timing = to_json(on_clocks_of(offer.when, self._person.zone))
        reminder = await ReminderDesk(self._work, self._person).create(offer.what, timing)
        if reminder is None:
            return "late"
        row = {"bot": self._work.bot, "offer": number, "person": self._person.id, "reminder": reminder}
        await self._work.execute(sa.insert(offers_taken), row)
        return "taken"


async def to_offer(work: Work, thing: Due) -> tuple[Offer | None, Sequence[Recipient]]:
    """The people of a slice, and what they are offered."""
    offer = await _offer(work, thing.what["offer"])
    return offer, await reachable(work, thing.what["people"])


async def _offer(work: Work, number: int) -> Offer | None:
    row = await work.first(_ONE, {"of": work.bot, "the_offer": number})
    if row is None:
        return None
    when = from_json(row.timing)
    return Offer(row.id, row.what, when, row.branch, row.made_at.astimezone(when.zone))


_OF: Any = sa.bindparam("of")
_ADD: Final = sa.insert(reminder_offers).returning(reminder_offers.c.id)
_ONE: Final = sa.select(reminder_offers).where(
    reminder_offers.c.bot == _OF, reminder_offers.c.id == sa.bindparam("the_offer")
)
_TAKEN: Final = sa.select(offers_taken.c.reminder).where(
    offers_taken.c.bot == _OF,
    offers_taken.c.offer == sa.bindparam("the_offer"),
    offers_taken.c.person == sa.bindparam("whose"),
)
