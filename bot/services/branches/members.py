"""Who belongs to a branch: self-declared, with their own consent, one branch at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from bot.services.branches import tree
from bot.services.privacy.consents import MEMBERSHIP, VERSIONS, decide_for
from bot.services.revisions import next_revision
from bot.store.tables import branch_paths, memberships, person_tags
from bot.store.work import Work

CONSENT: Final = f"{MEMBERSHIP}/{VERSIONS[MEMBERSHIP]}"
"""What people agree to when they join."""
CONSENT_LISTED: Final = f"{CONSENT}/listed"
"""The same, and that the organizer sees that a line of their list has joined."""
CONSENT_TAGGED: Final = f"{CONSENT}/tagged"
"""The same, and that they get the tag that the invitation named."""
DECLARED: Final = ("party", "league", "union")
"""What people may say they are a member of; nobody checks it, and nobody has to say."""


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody's present branch, as they declared it."""

    branch: str
    joined_at: datetime
    declared: str | None = None


async def of(work: Work, person: int) -> Membership | None:
    """The person's branch, if they belong to one."""
    row = await work.first(_OF, {"whose_bot": work.bot, "whose": person})
    return Membership(row.branch, row.joined_at, row.declared) if row else None


async def home(work: Work, person: int) -> str | None:
    """The id of the person's branch, if they belong to one."""
    own = await of(work, person)
    return own.branch if own else None


async def join(
    work: Work, person: int, branch: str, declared: str | None = None, consent: str = CONSENT
) -> bool:
    """Belong to a branch from now on, and to no other; False where it takes nobody, or has them already.

    `consent` is the version of the words they agreed to.
    """
    if declared is not None and declared not in DECLARED:
        raise ValueError("nobody can declare that")
    found = await tree.get(work, branch)
    if found is None or not found.is_joinable:
        return False
    # Joining twice at the same time (two devices) would leave two branches.
    await next_revision(work, "memberships")
    before = await of(work, person)
    if before is not None and before.branch == branch:
        return False
    await leave(work, person)
    values = {"bot": work.bot, "person": person, "branch": branch, "declared": declared}
    await work.execute(sa.insert(memberships), {**values, "consent": consent, "joined_at": work.now})
    await decide_for(work, person, MEMBERSHIP, given=True)
    return True


async def leave(work: Work, person: int) -> bool:
    """Belong to no branch any more; False where they didn't. What they declared is forgotten.

    So are the tags that they got there: the organizers of another branch are not to read them.
    """
    params = {"whose_bot": work.bot, "whose": person, "now": work.now}
    if not await work.execute(_LEAVE, params):
        return False
    await work.execute(_LOSE_TAGS, params)
    await decide_for(work, person, MEMBERSHIP, given=False)
    return True


async def counts(work: Work, branches: Sequence[str]) -> dict[str, int]:
    """How many belong to each of these branches or to one below it."""
    rows = await work.fetch(_COUNTS, {"whose_bot": work.bot, "ids": list(branches)})
    found = {row.above: int(row.members) for row in rows}
    return {branch: found.get(branch, 0) for branch in branches}


_PRESENT = sa.and_(memberships.c.bot == sa.bindparam("whose_bot"), memberships.c.left_at.is_(None))
_OF = sa.select(memberships).where(_PRESENT, memberships.c.person == sa.bindparam("whose"))
_LEAVE = (
    sa.update(memberships)
    .where(_PRESENT, memberships.c.person == sa.bindparam("whose"))
    .values(left_at=sa.bindparam("now"), declared=None)
)
_LOSE_TAGS = sa.delete(person_tags).where(
    person_tags.c.bot == sa.bindparam("whose_bot"), person_tags.c.person == sa.bindparam("whose")
)
_COUNTS = (
    sa.select(branch_paths.c.above, sa.func.count().label("members"))
    .join(
        memberships,
        sa.and_(memberships.c.bot == branch_paths.c.bot, memberships.c.branch == branch_paths.c.below),
    )
    .where(_PRESENT, branch_paths.c.above.in_(sa.bindparam("ids", expanding=True)))
    .group_by(branch_paths.c.above)
)
