"""Who missed a safety check-in: the buddy they chose is told first, organizers half an hour later.

Only who consented is looked for. A case is settled by the person themselves, by the buddy or an organizer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import sqlalchemy as sa

from bot.services import due
from bot.services.checkins import book
from bot.services.checkins.keepers import keepers
from bot.services.checkins.model import BUDDY_HAS, RAISE, Checkin, Round
from bot.services.checkins.profile import of
from bot.services.notices import Recipient, reachable
from bot.services.people import Person
from bot.store.tables import checkin_people, safety_cases
from bot.store.work import Work

Whom = Literal["buddy", "organizer", "themselves"]
"""Whom a word about a case is for."""


@dataclass(frozen=True, slots=True)
class Case:
    """Somebody who stayed silent. `buddy` was told first, organizers too once it is `raised`."""

    id: int
    round: int
    person: int
    called: str
    buddy: int | None
    raised: bool
    settled: bool


@dataclass(frozen=True, slots=True)
class Word:
    """Who is to be told of a case, and as what."""

    to: Recipient
    whom: Whom
    case: Case
    checkin: Checkin


# -- The clock -------------------------------------------------------------------------------


async def look_for(work: Work, checkin: Checkin, one: Round, silent: Sequence[int]) -> list[Word]:
    """Open a case for everybody who missed a safety round and consented; gives whom to tell now."""
    if not checkin.safety or not silent:
        return []
    words: list[Word] = []
    rows = await work.fetch(_CONSENTED, {"of": work.bot, "ids": list(silent)})
    for row in rows:
        words += await _opened(work, checkin, one, row)
    return words


async def _opened(work: Work, checkin: Checkin, one: Round, row: Any) -> list[Word]:
    buddy = await reachable(work, row.buddy)
    values = {
        "bot": work.bot,
        "round": one.id,
        "person": row.person,
        "buddy": buddy.person if buddy else None,
        "made_at": work.now,
        "raised_at": None if buddy else work.now,
    }
    number = int((await work.write(_ADD, values))[0].id)
    case = Case(number, one.id, row.person, row.called, row.buddy if buddy else None, buddy is None, False)
    themselves = await reachable(work, row.person)
    words = [Word(themselves, "themselves", case, checkin)] if themselves else []
    if buddy is None:
        return [*words, *await _to_organizers(work, case, checkin)]
    await due.plan(work, RAISE, work.now + BUDDY_HAS, {"case": number})
    return [*words, Word(buddy, "buddy", case, checkin)]


async def raise_case(work: Work, number: int) -> list[Word]:
    """Tell organizers of a case that nobody settled; gives whom to tell."""
    case = await _case(work, number)
    found = await book.round_of(work, case.round) if case else None
    if case is None or found is None:
        return []
    if not await work.execute(_RAISED, {"of": work.bot, "row": number, "now": work.now}):
        return []
    return await _to_organizers(work, case, found[0])


async def _to_organizers(work: Work, case: Case, checkin: Checkin) -> list[Word]:
    return [Word(keeper, "organizer", case, checkin) for keeper in await keepers(work, checkin)]


# -- People --------------------------------------------------------------------------------------


class SafetyDesk:
    """Lets the silent one, the buddy or an organizer say how things are.

    A case that is not there and one that is not theirs are answered the same way, with None.
    """

    def __init__(self, work: Work, person: Person) -> None:
        self._work = work
        self._person = person

    async def find(self, number: int) -> tuple[Case, Checkin] | None:
        """A case the person has a part in."""
        case = await _case(self._work, number)
        found = await book.round_of(self._work, case.round) if case else None
        if case is None or found is None:
            return None
        if self._person.id not in (case.person, case.buddy):
            watching = {keeper.person for keeper in await keepers(self._work, found[0])}
            if not case.raised or self._person.id not in watching:
                return None
        return case, found[0]

    async def settle(self, number: int) -> list[Word] | None:
        """Somebody knows that all is well: gives who was told of it before and should know.

        Empty where it was settled before.
        """
        found = await self.find(number)
        if found is None:
            return None
        case, checkin = found
        values = {"of": self._work.bot, "row": number, "now": self._work.now, "who": self._person.id}
        if not await self._work.execute(_SETTLED, values):
            return []
        told = await _to_organizers(self._work, case, checkin) if case.raised else []
        buddy = await reachable(self._work, case.buddy)
        told += [Word(buddy, "buddy", case, checkin)] if buddy else []
        return [word for word in told if word.to.person != self._person.id]

    async def raise_now(self, number: int) -> list[Word] | None:
        """The buddy can't reach them: gives the organizers to tell; empty where they know already."""
        found = await self.find(number)
        if found is None:
            return None
        return [] if found[0].settled else await raise_case(self._work, number)

    async def mine(self) -> list[Case]:
        """Open cases about the person themselves."""
        rows = await self._work.fetch(_MINE, {"of": self._work.bot, "whose": self._person.id})
        return [await _with_name(self._work, row) for row in rows]


async def _case(work: Work, number: int) -> Case | None:
    row = await work.first(_ONE, {"of": work.bot, "row": number})
    return await _with_name(work, row) if row else None


async def _with_name(work: Work, row: Any) -> Case:
    called = (await of(work, row.person)).called
    return Case(
        row.id,
        row.round,
        row.person,
        called,
        row.buddy,
        row.raised_at is not None,
        row.settled_at is not None,
    )


_OF_BOT: Final = safety_cases.c.bot == sa.bindparam("of")
_THIS: Final = sa.and_(_OF_BOT, safety_cases.c.id == sa.bindparam("row"))
_OPEN: Final = safety_cases.c.settled_at.is_(None)
_ADD: Final = sa.insert(safety_cases).returning(safety_cases.c.id)
_ONE: Final = sa.select(safety_cases).where(_THIS)
_MINE: Final = sa.select(safety_cases).where(_OF_BOT, safety_cases.c.person == sa.bindparam("whose"), _OPEN)
_RAISED: Final = (
    sa.update(safety_cases)
    .where(_THIS, _OPEN, safety_cases.c.raised_at.is_(None))
    .values(raised_at=sa.bindparam("now"))
)
_SETTLED: Final = (
    sa.update(safety_cases)
    .where(_THIS, _OPEN)
    .values(settled_at=sa.bindparam("now"), settled_by=sa.bindparam("who"))
)
_CONSENTED: Final = (
    sa.select(checkin_people.c.person, checkin_people.c.called, checkin_people.c.buddy)
    .where(
        checkin_people.c.bot == sa.bindparam("of"),
        checkin_people.c.person.in_(sa.bindparam("ids", expanding=True)),
        checkin_people.c.consented_at.is_not(None),
    )
    .order_by(checkin_people.c.person)
)
