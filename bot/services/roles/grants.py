"""How a role comes about and ends. It is in force once a second person confirmed it.

1. Nobody confirms a role of their own.
2. Who proposed it does not confirm it, unless no other admin could.
3. While no admin could confirm it at all, an admin proposed from the command line is in force at once: so the
   first one comes about.

Every change goes into the audit log, with the rule that was used.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from bot.services import audit
from bot.services.branches import tree
from bot.services.branches.tree import Branch
from bot.services.notices import Recipient, recipient
from bot.services.revisions import next_revision
from bot.services.roles.rules import IN_FORCE, PROPOSING, Action, NotAllowed, Role, demand, over
from bot.store.tables import branch_paths, grants, people
from bot.store.work import Work

PROPOSED_FOR: Final = timedelta(days=30)
"""So long a proposed role waits for somebody to confirm it."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One person's role for a branch, proposed or in force; `called` is how they named themselves for it."""

    id: int
    person: int
    role: Role
    branch: str | None
    called: str
    granted_by: int | None
    confirmed: bool
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A role that nobody confirmed in time, for who proposed it; `branch` is None for the whole city."""

    to: Recipient
    grant: Grant
    branch: Branch | None


# -- Proposing, confirming, taking away ------------------------------------------------


async def propose(
    work: Work,
    person: int,
    role: Role,
    branch: str | None,
    *,
    by: int | None,
    called: str = "",
    expires_at: datetime | None = None,
) -> Grant | None:
    """Propose a role for a person; None where they have it, or it waits already.

    Raises NotAllowed where `by` (a person's id, or audit.OPERATOR) may not propose it.
    """
    if by is not audit.OPERATOR:
        await demand(work, by, PROPOSING[role], branch)
    await _one_by_one(work)
    if any(grant.role == role and grant.branch == branch for grant in await of(work, person)):
        return None
    is_first = role == Role.ADMIN and by is audit.OPERATOR and not await _admins(work, branch)
    values = {
        "bot": work.bot,
        "person": person,
        "role": role.value,
        "branch": branch,
        "called": called,
        "granted_by": by,
        "made_at": work.now,
        "confirmed_at": work.now if is_first else None,
        "expires_at": expires_at,
    }
    rows = await work.write(sa.insert(grants).returning(grants.c.id), values)
    grant = Grant(rows[0].id, person, role, branch, called, by, is_first, expires_at)
    await _record(work, "role.proposed", by, grant, rule="first admin" if is_first else "needs confirmation")
    return grant


async def confirm(work: Work, grant_id: int, by: int) -> Grant | None:
    """Put a proposed role in force; None where it doesn't wait any more.

    Raises NotAllowed for whoever the rules keep from confirming it.
    """
    grant = await _to_decide(work, grant_id, by)
    if grant is None:
        return None
    await work.execute(_CONFIRM, {"whose_bot": work.bot, "grant_id": grant.id, "who": by, "now": work.now})
    rule = "only admin" if by == grant.granted_by else "second person"
    await _record(work, "role.confirmed", by, grant, rule=rule)
    return grant


async def refuse(work: Work, grant_id: int, by: int) -> Grant | None:
    """Turn a proposed role down; None where it doesn't wait any more. Raises NotAllowed as `confirm` does."""
    grant = await _to_decide(work, grant_id, by)
    if grant is None:
        return None
    await work.execute(_REVOKE, {"whose_bot": work.bot, "grant_id": grant.id, "who": by, "now": work.now})
    await _record(work, "role.refused", by, grant)
    return grant


async def revoke(work: Work, grant_id: int, by: int) -> Grant | None:
    """Take a role away, or give up one's own; None where it is not in force any more.

    Raises NotAllowed for who may not, and for the last admin of the city: nobody could name another.
    """
    await _one_by_one(work)
    grant = await standing(work, grant_id)
    if grant is None or not grant.confirmed:
        return None
    if by != grant.person:
        await demand(work, by, Action.REVOKE_ROLE, grant.branch)
    if grant.role == Role.ADMIN and grant.branch is None and len(await _admins(work, None)) == 1:
        raise NotAllowed(Action.REVOKE_ROLE)
    await work.execute(_REVOKE, {"whose_bot": work.bot, "grant_id": grant.id, "who": by, "now": work.now})
    await _record(work, "role.revoked", by, grant)
    return grant


async def end_expired(work: Work) -> None:
    """End the roles whose time is over: the names that were given for them go."""
    for row in await work.fetch(_EXPIRED, {"whose_bot": work.bot, "now": work.now}):
        await _end(work, "role.expired", _grant(row))


async def let_lapse(work: Work) -> list[Lapsed]:
    """End what was proposed and never confirmed; gives who proposed it, to be told."""
    lapsed = []
    for row in await work.fetch(_UNCONFIRMED, {"whose_bot": work.bot, "before": work.now - PROPOSED_FOR}):
        grant = _grant(row)
        await _end(work, "role.lapsed", grant)
        to = await recipient(work, grant.granted_by) if grant.granted_by is not None else None
        if to is not None:
            branch = await tree.get(work, grant.branch) if grant.branch is not None else None
            lapsed.append(Lapsed(to, grant, branch))
    return lapsed


async def _end(work: Work, event: str, grant: Grant) -> None:
    """Nobody took it away: its time did."""
    ended = {"whose_bot": work.bot, "grant_id": grant.id, "who": None, "now": work.now}
    await work.execute(_REVOKE, ended)
    await _record(work, event, audit.OPERATOR, grant)


async def confirmers(work: Work, grant: Grant) -> list[Recipient]:
    """Who may confirm a proposed role, by the rules above."""
    admins = [admin for admin in await _admins(work, grant.branch) if admin.person != grant.person]
    others = [admin for admin in admins if admin.person != grant.granted_by]
    return others or admins


async def of(work: Work, person: int) -> list[Grant]:
    """A person's roles that are in force or wait to be."""
    return [_grant(row) for row in await work.fetch(_OF, {**_whose(work, person), "now": work.now})]


async def under(work: Work, branch: str | None) -> list[Grant]:
    """Roles in force or waiting for a branch and all below it; for None all there are. Oldest first."""
    params = {"whose_bot": work.bot, "now": work.now}
    if branch is None:
        rows = await work.fetch(_STANDING_ALL, params)
    else:
        rows = await work.fetch(_UNDER, {**params, "branch_id": branch})
    return [_grant(row) for row in rows]


async def holders(work: Work, role: Role, branch: str | None) -> list[Recipient]:
    """Who has a role in force whose scope holds the branch, or the whole city for None."""
    params = {"whose_bot": work.bot, "now": work.now, "the_role": role.value}
    if branch is None:
        rows = await work.fetch(_HOLDERS_EVERYWHERE, params)
    else:
        rows = await work.fetch(_HOLDERS_OVER, {**params, "branch_id": branch})
    return [Recipient(row.id, row.account, row.language) for row in rows]


async def is_last_admin(work: Work, person: int) -> bool:
    """Whether somebody is the one admin of the whole city: without them nobody could name another."""
    return [admin.person for admin in await _admins(work, None)] == [person]


async def _admins(work: Work, branch: str | None) -> list[Recipient]:
    return await holders(work, Role.ADMIN, branch)


async def standing(work: Work, grant_id: int) -> Grant | None:
    """A role that is in force or waits, by its number."""
    row = await work.first(_ONE, {"whose_bot": work.bot, "grant_id": grant_id, "now": work.now})
    return _grant(row) if row else None


async def _to_decide(work: Work, grant_id: int, by: int) -> Grant | None:
    """A role that waits, for somebody who may confirm it (else NotAllowed)."""
    await _one_by_one(work)
    grant = await standing(work, grant_id)
    if grant is None or grant.confirmed:
        return None
    await demand(work, by, Action.CONFIRM_ROLE, grant.branch)
    if by not in {admin.person for admin in await confirmers(work, grant)}:
        raise NotAllowed(Action.CONFIRM_ROLE)
    return grant


async def _one_by_one(work: Work) -> None:
    """Two changes of roles at the same time could each miss what the other makes true."""
    await next_revision(work, "grants")


async def _record(work: Work, event: str, actor: int | None, grant: Grant, **more: str) -> None:
    details = {"grant": grant.id, "person": grant.person, "role": grant.role.value, "branch": grant.branch}
    await audit.record(work, event, actor, **details, **more)


def _grant(row: Any) -> Grant:
    return Grant(
        row.id,
        row.person,
        Role(row.role),
        row.branch,
        row.called,
        row.granted_by,
        row.confirmed_at is not None,
        row.expires_at,
    )


def _whose(work: Work, person: int) -> dict[str, int]:
    return {"whose_bot": work.bot, "whose": person}


_STANDING = sa.and_(
    grants.c.bot == sa.bindparam("whose_bot"),
    grants.c.revoked_at.is_(None),
    sa.or_(grants.c.expires_at.is_(None), grants.c.expires_at > sa.bindparam("now")),
)
_STANDING_ALL = sa.select(grants).where(_STANDING).order_by(grants.c.id)
_OF = _STANDING_ALL.where(grants.c.person == sa.bindparam("whose"))
_ONE = _STANDING_ALL.where(grants.c.id == sa.bindparam("grant_id"))
_UNDER = _STANDING_ALL.where(
    grants.c.branch.in_(
        sa.select(branch_paths.c.below).where(
            branch_paths.c.bot == sa.bindparam("whose_bot"),
            branch_paths.c.above == sa.bindparam("branch_id"),
        )
    )
)
_HOLDERS = (
    sa.select(people.c.id, people.c.account, people.c.language)
    .distinct()
    .join(grants, sa.and_(grants.c.bot == people.c.bot, grants.c.person == people.c.id))
    .where(IN_FORCE, grants.c.role == sa.bindparam("the_role"))
    .order_by(people.c.id)
)
_HOLDERS_EVERYWHERE = _HOLDERS.where(grants.c.branch.is_(None))
_HOLDERS_OVER = _HOLDERS.where(over(sa.bindparam("branch_id", type_=sa.String)))
_NOT_ENDED = sa.select(grants).where(grants.c.bot == sa.bindparam("whose_bot"), grants.c.revoked_at.is_(None))
_EXPIRED = _NOT_ENDED.where(grants.c.expires_at <= sa.bindparam("now")).order_by(grants.c.id)
_UNCONFIRMED = _NOT_ENDED.where(
    grants.c.confirmed_at.is_(None), grants.c.made_at < sa.bindparam("before")
).order_by(grants.c.id)
_OF_ID = sa.and_(grants.c.bot == sa.bindparam("whose_bot"), grants.c.id == sa.bindparam("grant_id"))
_CONFIRM = (
    sa.update(grants).where(_OF_ID).values(confirmed_by=sa.bindparam("who"), confirmed_at=sa.bindparam("now"))
)
# A name is kept only as long as the role it was given for.
_REVOKE = (
    sa.update(grants)
    .where(_OF_ID)
    .values(revoked_by=sa.bindparam("who", type_=sa.BigInteger), revoked_at=sa.bindparam("now"), called="")
)
