"""Who is asked and told: an audience, and slices of it that go out one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.services import due
from bot.services.due import Plan
from bot.services.roles.rules import Reach
from bot.services.segments import audience, parse
from bot.services.segments.model import Everyone, Segment
from bot.store.work import Work

SLICE: Final = 200
"""People whose messages one transaction writes."""


def reach_of(branch: str | None) -> Reach:
    """A branch with all below it, or the whole city for None."""
    return Reach(everywhere=True) if branch is None else Reach(branches=(branch,))


async def people_in(work: Work, segment: str, branch: str | None) -> tuple[int, ...]:
    """The people of a segment within a branch, who can be reached; for "" everybody there.

    SegmentError where the text is none, or names what is not there.
    """
    meant = parse(segment) if segment else Segment(Everyone())
    return (await audience(work, meant.sent_to("people"), reach_of(branch))).people


async def plan_slices(work: Work, kind: str, people: Sequence[int], what: dict[str, Any]) -> None:
    """Plan a due thing of `kind` for every SLICE people: `what`, and under `people` who they are."""
    slices = [list(people[start : start + SLICE]) for start in range(0, len(people), SLICE)]
    await due.plan_all(work, [Plan(kind, work.now, {**what, "people": some}) for some in slices])
