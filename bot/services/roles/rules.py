"""Who may do what: one table of actions and the roles that carry each, and the questions asked of it.

A role counts for a branch and all below it; one without a branch counts for the whole city. A member counts
for their branch and all above it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from bot.store.tables import branch_paths, grants, memberships
from bot.store.work import Work


class Role(StrEnum):
    """What somebody is to a branch. Everybody is a person."""

    PERSON = "person"
    MEMBER = "member"
    SHOP = "shop"
    DESK = "desk"
    ORGANIZER = "organizer"
    ADMIN = "admin"


GRANTED: Final = (Role.SHOP, Role.DESK, Role.ORGANIZER, Role.ADMIN)
"""Roles that are proposed and confirmed; the others come by themselves."""


class Action(StrEnum):
    """Everything that somebody must be allowed to do."""

    JOIN = "join a branch"
    LEAVE = "leave a branch"
    COUNT_MEMBERS = "see how many belong to a branch"
    INVITE_MEMBERS = "invite people into a branch"
    PROPOSE_SHOP = "propose a shop"
    PROPOSE_DESK = "propose a desk"
    PROPOSE_ORGANIZER = "propose an organizer"
    PROPOSE_ADMIN = "propose an admin"
    SEE_ROLES = "see who has which role"
    CONFIRM_ROLE = "confirm or refuse a role"
    REVOKE_ROLE = "take a role away"
    BROADCAST = "send something to many"
    APPROVE_BROADCAST = "approve what somebody else sends to many"
    HANDLE_APPEALS = "take, answer and solve appeals"
    MERGE_APPEALS = "make one case of many appeals"
    SEE_LEDGER = "see the ledger of appeals and what it comes to"
    RUN_CHECKINS = "ask rounds and see what was answered"
    RUN_EVENTS = "invite to events and see who comes"
    RUN_TRACKS = "set the places of a track and start lessons"
    OFFER_REMINDERS = "offer reminders"
    BIND_GROUP = "bind a group chat to a branch"
    TAG_PEOPLE = "give people tags and take them away"
    SEE_ROSTERS = "see which lines of a roster have joined"
    SEE_WISHES_FIRST = "let wishes be seen, or not"
    CLAIM_AS_SHOP = "take wishes on as a shop"
    HAND_OUT = "give out rewards for their codes"
    SETTLE_FLAGS = "settle what people report of stations"
    MIND_POINTS = "see what points come to, and take back wrong ones"
    ANSWER_IDEAS = "let suggestions be seen, and answer them"


_EVERYBODY: Final = frozenset({Role.PERSON})
_MEMBERS: Final = frozenset({Role.MEMBER})
_SHOPS: Final = frozenset({Role.SHOP})
_DESKS: Final = frozenset({Role.DESK})
_ORGANIZERS: Final = frozenset({Role.ORGANIZER, Role.ADMIN})
_ADMINS: Final = frozenset({Role.ADMIN})

RULES: Final[Mapping[Action, frozenset[Role]]] = {
    Action.JOIN: _EVERYBODY,
    Action.LEAVE: _MEMBERS,
    Action.COUNT_MEMBERS: _ORGANIZERS,
    Action.INVITE_MEMBERS: _ORGANIZERS,
    Action.PROPOSE_SHOP: _ORGANIZERS,
    Action.PROPOSE_DESK: _ORGANIZERS,
    Action.PROPOSE_ORGANIZER: _ADMINS,
    Action.PROPOSE_ADMIN: _ADMINS,
    Action.SEE_ROLES: _ORGANIZERS,
    Action.CONFIRM_ROLE: _ADMINS,
    Action.REVOKE_ROLE: _ADMINS,
    Action.BROADCAST: _ORGANIZERS,
    Action.APPROVE_BROADCAST: _ORGANIZERS,
    Action.HANDLE_APPEALS: _DESKS,
    Action.MERGE_APPEALS: _ORGANIZERS,
    Action.SEE_LEDGER: _ORGANIZERS,
    Action.RUN_CHECKINS: _ORGANIZERS,
    Action.RUN_EVENTS: _ORGANIZERS,
    Action.RUN_TRACKS: _ORGANIZERS,
    Action.OFFER_REMINDERS: _ORGANIZERS,
    Action.BIND_GROUP: _ORGANIZERS,
    Action.TAG_PEOPLE: _ORGANIZERS,
    Action.SEE_ROSTERS: _ORGANIZERS,
    Action.SEE_WISHES_FIRST: _ORGANIZERS,
    Action.CLAIM_AS_SHOP: _SHOPS,
    Action.SETTLE_FLAGS: _ORGANIZERS,
    Action.MIND_POINTS: _ORGANIZERS,
    Action.ANSWER_IDEAS: _ORGANIZERS,
    Action.HAND_OUT: _DESKS | _ORGANIZERS,
}
PROPOSING: Final = {
    Role.SHOP: Action.PROPOSE_SHOP,
    Role.DESK: Action.PROPOSE_DESK,
    Role.ORGANIZER: Action.PROPOSE_ORGANIZER,
    Role.ADMIN: Action.PROPOSE_ADMIN,
}


class NotAllowed(Exception):
    """Somebody tried what their roles don't carry."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a person may do something: in the whole city, or in these branches and all below them."""

    everywhere: bool = False
    branches: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.branches)


# -- Asking -------------------------------------------------------------------------


async def may(work: Work, person: int, action: Action, branch: str | None) -> bool:
    """Whether a person may do something to a branch, or to the whole city for None."""
    allowed = RULES[action]
    if Role.PERSON in allowed:
        return True
    if Role.MEMBER in allowed and await _belongs_below(work, person, branch):
        return True
    params = {**_whose(work, person), "roles": _granted(allowed), "now": work.now}
    if branch is None:
        return await work.first(_MAY_EVERYWHERE, params) is not None
    return await work.first(_MAY, {**params, "branch_id": branch}) is not None


async def demand(work: Work, person: int, action: Action, branch: str | None) -> None:
    """Raise NotAllowed unless the person may do it."""
    if not await may(work, person, action, branch):
        raise NotAllowed(action)


async def reach(work: Work, person: int, action: Action) -> Reach:
    """Everywhere a person's granted roles let them do something; no branch of it stands below another."""
    params = {**_whose(work, person), "roles": _granted(RULES[action]), "now": work.now}
    found = {row.branch for row in await work.fetch(_SCOPES, params)}
    if None in found:
        return Reach(everywhere=True)
    below = {row.below for row in await work.fetch(_BELOW, {"whose_bot": work.bot, "ids": list(found)})}
    return Reach(branches=tuple(sorted(found - below)))


async def _belongs_below(work: Work, person: int, branch: str | None) -> bool:
    if branch is None:
        return await work.first(_BELONGS, _whose(work, person)) is not None
    return await work.first(_BELONGS_BELOW, {**_whose(work, person), "branch_id": branch}) is not None


def _granted(roles: frozenset[Role]) -> list[str]:
    return [role.value for role in GRANTED if role in roles]


def _whose(work: Work, person: int) -> dict[str, int]:
    return {"whose_bot": work.bot, "whose": person}


IN_FORCE: Final = sa.and_(
    grants.c.bot == sa.bindparam("whose_bot"),
    grants.c.revoked_at.is_(None),
    grants.c.confirmed_at.is_not(None),
    sa.or_(grants.c.expires_at.is_(None), grants.c.expires_at > sa.bindparam("now")),
)
"""A role that counts now. Takes `whose_bot` and `now`."""


def over(branch: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether a grant's scope holds a branch. Takes `whose_bot`."""
    above = sa.select(branch_paths.c.above).where(
        branch_paths.c.bot == sa.bindparam("whose_bot"), branch_paths.c.below == branch
    )
    return sa.or_(grants.c.branch.is_(None), grants.c.branch.in_(above))


_MINE = sa.and_(
    IN_FORCE,
    grants.c.person == sa.bindparam("whose"),
    grants.c.role.in_(sa.bindparam("roles", expanding=True)),
)
_SCOPES = sa.select(grants.c.branch).where(_MINE)
_MAY_EVERYWHERE = _SCOPES.where(grants.c.branch.is_(None))
_MAY = _SCOPES.where(over(sa.bindparam("branch_id", type_=sa.String)))
_BELOW = sa.select(branch_paths.c.below).where(
    branch_paths.c.bot == sa.bindparam("whose_bot"),
    branch_paths.c.above.in_(sa.bindparam("ids", expanding=True)),
    branch_paths.c.steps > 0,
)
_BELONGS = sa.select(memberships.c.branch).where(
    memberships.c.bot == sa.bindparam("whose_bot"),
    memberships.c.person == sa.bindparam("whose"),
    memberships.c.left_at.is_(None),
)
_BELONGS_BELOW = _BELONGS.where(
    memberships.c.branch.in_(
        sa.select(branch_paths.c.below).where(
            branch_paths.c.bot == sa.bindparam("whose_bot"),
            branch_paths.c.above == sa.bindparam("branch_id"),
        )
    )
)
