"""Who looks after a check-in or an event: whose roles carry it there."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from bot.services.checkins.model import Checkin
from bot.services.notices import Recipient
from bot.services.roles.rules import IN_FORCE, RULES, Action, may, over
from bot.store.tables import grants, people
from bot.store.work import Work


async def keepers(work: Work, checkin: Checkin) -> list[Recipient]:
    """Who is told of what can't wait: its maker, or where they may no more, all organizers of the branch."""
    if await may(work, checkin.made_by, Action.RUN_CHECKINS, checkin.branch):
        return await _people(work, [checkin.made_by])
    return await organizers(work, checkin.branch)


async def organizers(work: Work, branch: str | None) -> list[Recipient]:
    """Everybody whose roles let them run check-ins in a branch, or in the whole city for None."""
    params = {"whose_bot": work.bot, "now": work.now}
    if branch is None:
        rows = await work.fetch(_CITY, params)
    else:
        rows = await work.fetch(_BRANCH, {**params, "branch_id": branch})
    return [Recipient(row.id, row.account, row.language) for row in rows]


async def _people(work: Work, ids: list[int]) -> list[Recipient]:
    rows = await work.fetch(_ONES, {"whose_bot": work.bot, "ids": ids})
    return [Recipient(row.id, row.account, row.language) for row in rows]


_COLUMNS: Final = (people.c.id, people.c.account, people.c.language)
_THERE: Final = sa.and_(people.c.bot == sa.bindparam("whose_bot"), people.c.blocked_at.is_(None))
_ONES: Final = (
    sa.select(*_COLUMNS)
    .where(_THERE, people.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(people.c.id)
)
_RUNNING: Final = (
    sa.select(*_COLUMNS)
    .distinct()
    .join(grants, sa.and_(grants.c.bot == people.c.bot, grants.c.person == people.c.id))
    .where(_THERE, IN_FORCE, grants.c.role.in_([role.value for role in RULES[Action.RUN_CHECKINS]]))
    .order_by(people.c.id)
)
_CITY: Final = _RUNNING.where(grants.c.branch.is_(None))
_BRANCH: Final = _RUNNING.where(over(sa.bindparam("branch_id", type_=sa.String)))
