"""Who is asked and told: an audience, and slices of it that go out one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from bot.services import due
from bot.services.due import Plan
from bot.services.lessons.library import Library
from bot.services.notices import Recipient
from bot.services.roles.rules import Reach
from bot.services.segments import audience, parse, say, settle
from bot.services.segments.model import Everyone, Segment
from bot.store.tables import people
from bot.store.work import Work

SLICE: Final = 200
"""People whose messages one transaction writes."""


def reach_of(branch: str | None) -> Reach:
    """A branch with all below it, or the whole city for None."""
    return Reach(everywhere=True) if branch is None else Reach(branches=(branch,))


async def meant(work: Work, typed: str, branch: str | None, library: Library) -> tuple[str, int]:
    """The segment of a typed line, with ids in place of names, and how many it reaches within a branch now.

    SegmentError where the text is none, or names what is not there.
    """
    segment = say(await settle(work, parse(typed), reach_of(branch), library))
    return segment, len(await people_in(work, segment, branch))


async def people_in(work: Work, segment: str, branch: str | None) -> tuple[int, ...]:
    """The people of a segment within a branch, who can be reached; for "" everybody there.

    SegmentError where the text is none, or names what is not there.
    """
    meant = parse(segment) if segment else Segment(Everyone())
    return (await audience(work, meant.sent_to("people"), reach_of(branch))).people


async def plan_slices(work: Work, kind: str, ids: Sequence[int], what: dict[str, Any]) -> None:
    """Plan a due thing of `kind` for every SLICE people: `what`, and under `people` their ids."""
    slices = [list(ids[start : start + SLICE]) for start in range(0, len(ids), SLICE)]
    await due.plan_all(work, [Plan(kind, work.now, {**what, "people": some}) for some in slices])


async def reachable(work: Work, people_ids: Sequence[int]) -> list[Recipient]:
    """Of these people those who did not block the bot."""
    rows = await work.fetch(_REACHABLE, {"of": work.bot, "ids": list(people_ids)})
    return [Recipient(row.id, row.account, row.language) for row in rows]


_REACHABLE: Final = (
    sa.select(people.c.id, people.c.account, people.c.language)
    .where(
        people.c.bot == sa.bindparam("of"),
        people.c.id.in_(sa.bindparam("ids", expanding=True)),
        people.c.blocked_at.is_(None),
    )
    .order_by(people.c.id)
)
