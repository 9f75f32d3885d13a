"""What one person can do with hazards, for the length of one turn: report, see, and mend where they serve."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.services import attachments
from bot.services.appeals import desks
from bot.services.appeals.desks import Stop
from bot.services.appeals.kinds import Rulebook
from bot.services.branches import members
from bot.services.hazards import rows
from bot.services.hazards.kinds import HazardKinds
from bot.services.hazards.model import (
    MOST_LISTED,
    MOST_OPEN,
    NEAR_METRES,
    Changed,
    Draft,
    Hazard,
    Near,
    News,
    State,
)
from bot.services.hazards.register import Register
from bot.services.people import Person
from bot.services.refusals import NotThere, TooMany
from bot.services.roles.rules import Action, reach
from bot.services.stations.geo import metres_between
from bot.services.stations.model import Point
from bot.store.work import Work

MOST_PHOTOS: Final = 4
FEWEST_DISTRICTS: Final = 2
"""Among fewer there is nothing to choose."""


class HazardDesk:
    """Hazards, for one person. What is not there and what is not theirs raises NotThere alike."""

    def __init__(self, work: Work, person: Person, book: Rulebook, kinds: HazardKinds) -> None:
        self._work = work
        self._person = person
        self._register = Register(work, book, kinds)
        self._book = book
        self.kinds = kinds

    @property
    def now(self) -> datetime:
        """The moment of this turn."""
        return self._work.now

    # -- Reporting and seeing ---------------------------------------------------------------

    async def report(self, draft: Draft) -> Changed:
        """Report a hazard, or join what is known there. Raises TooMany, ValueError for an unknown kind."""
        if draft.kind not in self.kinds:
            raise ValueError("no such kind of hazard")
        mine = await rows.reported_by(self._work, self._person.id)
        if sum(one.is_open for one in mine) >= MOST_OPEN:
            raise TooMany
        if not draft.district:
            draft = replace(draft, district=self._person.district or "")
        return await self._register.report(
            draft, self._person.id, await members.home(self._work, self._person.id)
        )

    async def districts_to_ask(self, district: str) -> list[str]:
        """The districts that have desks, where neither the place nor the person says which of them it is."""
        known = (
            self._person.district
            or await members.home(self._work, self._person.id)
            or self._book.district(district)
        )
        several = list(self._book.districts)
        return [] if known or len(several) < FEWEST_DISTRICTS else several

    async def nearby(self, point: Point | None) -> list[Near]:
        """What is open or was mended lately: the nearest first, or the latest first where that is unknown."""
        found = await rows.public(self._work)
        if point is None:
            return [Near(one) for one in found[:MOST_LISTED]]
        near = [Near(one, metres_between(point, one.point)) for one in found if one.point is not None]
        close = [one for one in near if one.metres is not None and one.metres <= NEAR_METRES]
        return sorted(close, key=lambda one: (one.metres or 0.0, one.hazard.id))[:MOST_LISTED]

    async def mine(self) -> list[Hazard]:
        """What the person reported, the latest first."""
        return (await rows.reported_by(self._work, self._person.id))[:MOST_LISTED]

    async def get(self, number: int) -> Hazard:
        """A hazard; everybody may see every one. Raises NotThere."""
        found = await rows.get(self._work, number)
        if found is None:
            raise NotThere
        return found

    async def is_mine(self, number: int) -> bool:
        """Whether the person reported it."""
        return await rows.is_reporter(self._work, number, self._person.id)

    async def me_too(self, number: int) -> bool:
        """Say that one sees it as well; False for who said so before. Raises NotThere for what is over."""
        hazard = await self._register.hold(number)
        if hazard is None or not hazard.is_open:
            raise NotThere
        return await self._register.join(hazard, Draft(hazard.kind), self._person.id)

    async def may_withdraw(self, hazard: Hazard) -> bool:
        """Whether the person reported it, and nobody has gone to it yet."""
        return hazard.state is State.REPORTED and await self.is_mine(hazard.id)

    async def withdraw(self, number: int) -> list[News]:
        """Take one's report back, made by mistake. Raises NotThere once somebody has gone to it."""
        hazard = await self._register.hold(number)
        if hazard is None or not await self.may_withdraw(hazard):
            raise NotThere
        return await self._register.withdraw(hazard, self._person.id)

    async def still_there(self, number: int) -> Changed:
        """Say that what was called mended is not. Raises NotThere for who never reported it."""
        hazard = await self._register.hold(number)
        if hazard is None or hazard.state is not State.FIXED or not await self.is_mine(number):
            raise NotThere
        return await self._register.reopen(hazard)

    async def where_it_is(self, hazard: Hazard) -> str:
        """What people call the desk that has it."""
        stop = Stop(hazard.branch, hazard.desk)
        return await desks.name_of(self._work, self._book, stop, self._person.locale)

    # -- Where the person serves ----------------------------------------------------------------

    async def serves(self) -> bool:
        """Whether the person serves at any desk."""
        return bool(await reach(self._work, self._person.id, Action.HANDLE_APPEALS))

    async def may_handle(self, hazard: Hazard) -> bool:
        """Whether the person serves where it is."""
        return await desks.may_serve(self._work, self._person.id, hazard.branch)

    async def to_do(self) -> list[Hazard]:
        """What is open at the person's desks, the next deadline first."""
        if not await self.serves():
            return []
        found = await rows.open_ones(self._work)
        return [one for one in found if await self.may_handle(one)][:MOST_LISTED]

    async def notes(self, number: int) -> list[str]:
        """What was written along, for those who serve there. Raises NotThere."""
        await self._own(number)
        return [row.note for row in await rows.reports(self._work, number) if row.note]

    async def photos(self, number: int) -> list[str]:
        """Keys of the latest photos that are kept, for those who serve there. Raises NotThere."""
        await self._own(number)
        sent = [
            row.attachment for row in await rows.reports(self._work, number) if row.attachment is not None
        ]
        kept = await attachments.read(self._work, sent)
        return [one.key for one in kept if one.key is not None][-MOST_PHOTOS:]

    async def has_photo(self, number: int) -> bool:
        """Whether a photo came with any of its reports."""
        return any(row.attachment is not None for row in await rows.reports(self._work, number))

    async def confirm(self, number: int) -> Changed:
        """It is really there, and will be mended. Raises NotThere."""
        return await self._register.confirm(await self._own_open(number), self._person.id)

    async def fix(self, number: int, answer: str) -> Changed:
        """It is mended. Raises NotThere."""
        return await self._register.fix(await self._own_open(number), self._person.id, answer)

    async def refuse(self, number: int, answer: str) -> Changed:
        """There is nothing. Raises NotThere."""
        return await self._register.refuse(await self._own_open(number), self._person.id, answer)

    async def _own(self, number: int) -> Hazard:
        """A hazard where the person serves."""
        hazard = await rows.get(self._work, number)
        if hazard is None or not await self.may_handle(hazard):
            raise NotThere
        return hazard

    async def _own_open(self, number: int) -> Hazard:
        """The same, for nobody else to change until the commit, and not over."""
        await self._own(number)
        hazard = await self._register.hold(number)
        if hazard is None or not hazard.is_open or not await self.may_handle(hazard):
            raise NotThere
        return hazard
