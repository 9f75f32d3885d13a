"""A broadcast to many wants a second organizer: who that may be, and what they decide."""

from __future__ import annotations

import sqlalchemy as sa

from bot.i18n import speaking
from bot.services import outbox
from bot.services.broadcasts import counting, rows
from bot.services.broadcasts.counting import Whom, is_within
from bot.services.broadcasts.model import Broadcast, Draws, Terms
from bot.services.lessons.library import Library
from bot.services.messages import compose
from bot.services.notices import Recipient
from bot.services.outbox import NOTICE, Outgoing
from bot.services.roles.rules import RULES, Action, reach
from bot.services.segments import describe, names
from bot.store.tables import grants, people
from bot.store.work import Work

MOST_ASKED = 5
"""Organizers who are asked at a time: one answer is enough."""


async def approvers(work: Work, made_by: int, audience: Whom, limit: int = MOST_ASKED) -> list[Recipient]:
    """Others who look after the whole audience, those with the narrowest roles first."""
    roles = [role.value for role in RULES[Action.APPROVE_BROADCAST]]
    params = {"of": work.bot, "author": made_by, "now": work.now, "roles": roles}
    found: list[Recipient] = []
    for row in await work.fetch(_CANDIDATES, params):
        if len(found) < limit and await may_approve(work, row.id, made_by, audience):
            found.append(Recipient(row.id, row.account, row.language))
    return found


async def ask(
    work: Work, broadcast: Broadcast, audience: Whom, terms: Terms, draws: Draws, library: Library
) -> int:
    """Ask others for their word; gives how many were asked."""
    waits = broadcast.as_of(work.now)
    counted = await counting.dry_run(work, audience, waits.starts_at)
    found = await approvers(work, broadcast.made_by, audience)
    cards = []
    for approver in found:
        with speaking(approver.locale):
            called = await names(work, audience.segment, library)
            who = describe(audience.segment, called, is_own=False)
            card = compose(draws.asked(waits, counted, who, terms.per_second))
        cards.append(Outgoing(work.bot, approver.account, card, NOTICE))
    await outbox.put(work, cards)
    await rows.change(work, broadcast.id, shown={"asked": work.now.isoformat()})
    return len(found)


async def may_approve(work: Work, person: int, made_by: int, audience: Whom) -> bool:
    """Whether it is somebody else than who made it, and all of the audience is theirs to look after."""
    if person == made_by:
        return False
    scope = await reach(work, person, Action.APPROVE_BROADCAST)
    return bool(scope) and await is_within(work, audience, scope)


_CANDIDATES = (
    sa.select(people.c.id, people.c.account, people.c.language)
    .join(grants, sa.and_(grants.c.bot == people.c.bot, grants.c.person == people.c.id))
    .where(
        people.c.bot == sa.bindparam("of"),
        people.c.id != sa.bindparam("author"),
        people.c.blocked_at.is_(None),
        grants.c.role.in_(sa.bindparam("roles", expanding=True)),
        grants.c.confirmed_at.is_not(None),
        grants.c.revoked_at.is_(None),
        sa.or_(grants.c.expires_at.is_(None), grants.c.expires_at > sa.bindparam("now")),
    )
    .group_by(people.c.id, people.c.account, people.c.language)
    .order_by(sa.func.max(sa.case((grants.c.branch.is_(None), 1), else_=0)), people.c.id)
)
