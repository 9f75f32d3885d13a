"""Out of office: what somebody holds goes to their stand-in, or back to the desk, until they are back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.services.appeals import deadlines, desks, rows
from bot.services.appeals.kinds import Rulebook
from bot.services.appeals.model import News
from bot.services.appeals.register import Register
from bot.services.people import Person
from bot.services.roles.rules import Action, NotAllowed, reach
from bot.store.tables import desk_absences
from bot.store.work import Work


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away `until` a moment; `stand_in` is a person's number, None for the whole desk."""

    until: datetime
    stand_in: int | None


class Absences:
    """Lets somebody who serves be away."""

    def __init__(self, work: Work, person: Person, book: Rulebook) -> None:
        self._work = work
        self._person = person
        self._register = Register(work, book)

    async def now(self) -> Absence | None:
        """Whether the person is away."""
        row = await self._work.first(_MINE, {**self._mine(), "now": self._work.now})
        return Absence(row.until, row.stand_in) if row else None

    async def stand_ins(self) -> list[tuple[str, int]]:
        """Who could take over: (how they call themselves, number) of those who serve at the same branches."""
        reached = await reach(self._work, self._person.id, Action.HANDLE_APPEALS)
        found: dict[int, str] = {}
        for branch in reached.branches:
            for one in await desks.serving(self._work, branch):
                if one.branch == branch and not one.away and one.to.person != self._person.id:
                    found[one.to.person] = one.called or "?"
        return [(called, person) for person, called in found.items()]

    async def leave(self, until: datetime, stand_in: int | None = None) -> tuple[int, list[News]]:
        """Be away, and hand over all one holds; gives how many that were. Raises NotAllowed for others.

        ValueError for a moment that has passed, or for oneself as the stand-in.
        """
        if not await reach(self._work, self._person.id, Action.HANDLE_APPEALS):
            raise NotAllowed(Action.HANDLE_APPEALS)
        if until <= self._work.now or stand_in == self._person.id:
            raise ValueError("until a later moment, with somebody else to stand in")
        values = {"until": until, "stand_in": stand_in, "made_at": self._work.now}
        whose = {"bot": self._work.bot, "person": self._person.id}
        await self._work.execute(_LEAVE[self._work.dialect], {**whose, **values})
        held = await self._register.many(rows.HELD_BY, person=self._person.id)
        news: list[News] = []
        for appeal in held:
            mine = await self._register.hold(appeal.id)
            if mine is not None and mine.holder == self._person.id:
                news += await deadlines.let_go(self._register, mine, "away")
        return len(held), news

    async def come_back(self) -> None:
        """Be there again. What was handed over stays where it is."""
        await self._work.execute(_COME_BACK, self._mine())

    def _mine(self) -> dict[str, Any]:
        return {"of": self._work.bot, "whose": self._person.id}


_WHOSE = sa.and_(desk_absences.c.bot == sa.bindparam("of"), desk_absences.c.person == sa.bindparam("whose"))
_MINE: Final = sa.select(desk_absences.c.until, desk_absences.c.stand_in).where(
    _WHOSE, desk_absences.c.until > sa.bindparam("now")
)
_COME_BACK: Final = sa.delete(desk_absences).where(_WHOSE)


def _leave(insert: Any) -> Any:
    statement = insert(desk_absences)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["bot", "person"],
        set_={"until": new.until, "stand_in": new.stand_in, "made_at": new.made_at},
    )


_LEAVE: Final = {"sqlite": _leave(sqlite.insert), "postgresql": _leave(postgresql.insert)}
