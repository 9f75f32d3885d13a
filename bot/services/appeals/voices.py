"""How many people tell the same: told to whoever is about to file, suggested to organizers as one case."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from bot.services.appeals import rows, similar
from bot.services.appeals.cases import Cases
from bot.services.appeals.model import FEWEST_TOLD, Appeal, Draft, State
from bot.services.appeals.register import Register
from bot.store.tables import appeal_authors, appeals
from bot.store.work import Work


@dataclass(frozen=True, slots=True)
class Voices:
    """So many people (never fewer than FEWEST_TOLD) tell the same; `case` is the one they belong to."""

    count: int
    case: int | None


async def same(register: Register, draft: Draft) -> Voices | None:
    """Who tells what a draft tells; None for fewer than FEWEST_TOLD people.

    Where a case of many tells it, its people are counted; otherwise all whose open appeals do.
    """
    told = await register.many(rows.OPEN_OF_KIND, kind=draft.kind)
    # Stories are compared only where that can come to something: it takes a while.
    if not draft.story or not (len(told) >= FEWEST_TOLD or any(one.is_collective for one in told)):
        return None
    alike = [told[place] for place in await asyncio.to_thread(similar.likest, draft, told)]
    case = next((one for one in alike if one.is_collective), None)
    numbers = [part.id for part in await register.parts(case)] if case else [one.id for one in alike]
    count = await people_behind(register.work, numbers)
    return Voices(count, case.id if case else None) if count >= FEWEST_TOLD else None


async def suggested(cases: Cases) -> list[list[Appeal]]:
    """Appeals within somebody's reach that could become one case, the largest group first.

    At most one of a group is a case of many already, and leads it: the others would join it.
    """
    mergeable = await cases.mergeable()
    found = await asyncio.to_thread(similar.clusters, mergeable)
    groups = [[mergeable[place] for place in cluster.members] for cluster in found]
    return [
        sorted(group, key=lambda one: not one.is_collective)
        for group in groups
        if sum(one.is_collective for one in group) <= 1
    ]


async def people_behind(work: Work, numbers: Sequence[int]) -> int:
    """How many different people wrote these appeals; those they took back count no more."""
    row = await work.first(_PEOPLE, {"of": work.bot, "ids": list(numbers)})
    return int(row[0]) if row else 0


_PEOPLE: Final = (
    sa.select(sa.func.count(sa.distinct(appeal_authors.c.person)))
    .join(appeals, sa.and_(appeals.c.bot == appeal_authors.c.bot, appeals.c.id == appeal_authors.c.appeal))
    .where(
        appeal_authors.c.bot == sa.bindparam("of"),
        appeal_authors.c.appeal.in_(sa.bindparam("ids", expanding=True)),
        appeals.c.state != State.WITHDRAWN.value,
    )
)
