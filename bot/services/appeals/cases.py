"""One case of many appeals: what an organizer makes of those that tell the same, and who joins it.

The case is an appeal that nobody wrote. Those who belong to it share its life and hear each answer; nobody of
them learns of another, and fewer than five are never counted out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.services.appeals import rows, telling
from bot.services.appeals.desks import Stop
from bot.services.appeals.filing import new_appeal
from bot.services.appeals.handbook import Handbook
from bot.services.appeals.model import Appeal, Changed, Deed, Draft, News, Side, Tiding
from bot.services.appeals.moves import Move, NotPossible, may
from bot.services.appeals.register import Register
from bot.services.people import Person
from bot.services.refusals import NotThere
from bot.services.roles import rules
from bot.services.roles.rules import Action
from bot.store.work import Work

FEWEST: Final = 2
MOST_AT_ONCE: Final = 500


class Cases:
    """Merges appeals for an organizer. What is not theirs to see raises NotThere."""

    def __init__(self, work: Work, person: Person, handbook: Handbook) -> None:
        self._work = work
        self._person = person
        self._register = Register(work, handbook.rules)
        self._randbelow = handbook.randbelow
        self.book = handbook.rules

    async def organizes(self) -> bool:
        """Whether the person may merge anything anywhere."""
        return bool(await rules.reach(self._work, self._person.id, Action.MERGE_APPEALS))

    async def mergeable(self) -> list[Appeal]:
        """What could become part of a case, where the person organizes, the oldest first."""
        reach = await rules.reach(self._work, self._person.id, Action.MERGE_APPEALS)
        if not reach:
            return []
        if reach.everywhere:
            found = await self._register.many(rows.OPEN)
        else:
            found = await self._register.many(rows.UNDER, branches=list(reach.branches))
        mergeable = [one for one in found if may(Move.MERGE, Side.ORGANIZER, one.state)]
        return sorted(mergeable, key=lambda one: one.id)

    async def merge(self, numbers: Sequence[int], story: str) -> Changed:
        """Make one case of open appeals of one kind, told in words of the organizer's.

        If one of them is such a case already, the others join it. Raises NotThere, and ValueError for fewer
        than two, for different kinds, or for two cases at once.
        """
        held = [await self._held(number) for number in sorted(set(numbers))[:MOST_AT_ONCE]]
        cases = [one for one in held if one.is_collective]
        parts = [one for one in held if not one.is_collective]
        if len(held) < FEWEST or len({one.kind for one in held}) > 1 or len(cases) > 1:
            raise ValueError("two or more of one kind, and one case of many at most")
        if not all(may(Move.MERGE, Side.ORGANIZER, one.state) for one in held):
            raise NotPossible("one of them is solved or over")
        case = cases[0] if cases else await self._begin(parts, story)
        news: list[News] = []
        for part in parts:
            news += await join(self._register, part, case, self._deed())
        what = Tiding.NEW if not cases else Tiding.GREW
        return Changed(case, (*news, *await telling.owner(self._register, case, what)))

    async def split(self, number: int) -> Changed:
        """Take an appeal out of its case: it goes on alone, from the start, where the case is."""
        part = await self._held(number)
        case = await self._register.get(part.collective) if part.collective is not None else None
        if case is None:
            raise NotPossible("it is no part of a case")
        part = await self._register.move(
            part,
            Move.SPLIT,
            self._deed(),
            collective=None,
            branch=case.branch,
            desk=case.desk,
            step=case.step,
            holder=None,
            started_at=self._work.now,
        )
        news = await telling.author(self._register, part, Tiding.SPLIT_OFF)
        return Changed(part, (*news, *await telling.owner(self._register, part, Tiding.NEW)))

    async def _begin(self, parts: Sequence[Appeal], story: str) -> Appeal:
        """Enter the case where the oldest of its parts is; nobody waits longer because of the others."""
        oldest = parts[0]
        case = new_appeal(
            Draft(oldest.kind, story, place=oldest.place, district=oldest.district),
            Stop(oldest.branch, oldest.desk),
            self._work.now,
            self._randbelow,
        )
        started_at = min(part.started_at for part in parts)
        case = replace(case, is_collective=True, step=oldest.step, started_at=started_at)
        case, _words = await self._register.open(case, self._deed())
        return case

    async def _held(self, number: int) -> Appeal:
        appeal = await self._register.hold(number)
        if appeal is None or not await rules.may(
            self._work, self._person.id, Action.MERGE_APPEALS, appeal.branch
        ):
            raise NotThere
        return appeal

    def _deed(self) -> Deed:
        return Deed(Side.ORGANIZER, self._person.id)


async def join(register: Register, part: Appeal, case: Appeal, deed: Deed) -> list[News]:
    """Let a held appeal become part of a case. Raises NotPossible where one of them is over."""
    if not may(Move.MERGE, Side.ORGANIZER, case.state):
        raise NotPossible("the case is solved or over")
    merged = await register.move(part, Move.MERGE, deed, collective=case.id, holder=None)
    return [
        replace(news, who=await telling.owner_name(register, case, news.to.locale))
        for news in await telling.author(register, merged, Tiding.JOINED)
    ]
