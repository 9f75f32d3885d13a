"""Invitations: links into a branch, or to a role that a second person then confirms.

The token is in the link only; the database knows its hash. It is random (144 bits), expires, and serves as
often as was said, even where people open it at the same moment.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta

from bot.services import audit
from bot.services.branches import members, tree
from bot.services.codes import Randbelow, hash_of
from bot.services.people import Person
from bot.services.roles import expiring, grants
from bot.services.roles.grants import Grant
from bot.services.roles.rules import PROPOSING, Action, Role, demand, may
from bot.services.tags import book as tags
from bot.store.tables import invitations, people, roster_rows
from bot.store.work import Work

TOKEN_BYTES: Final = 18  # 144 bits, and 24 characters without padding
LINK: Final = "https://t.me/{bot}?start=join_{token}"
GOOD_FOR: Final = timedelta(days=7)
MOST_MEMBERS: Final = 50
"""How many may join by one link: a group chat's worth, so that a leaked one stays small."""
_HASHES_AT_ONCE: Final = 500


def new_token() -> str:
    """A token that nobody guesses; fits into a deep link."""
    return secrets.token_urlsafe(TOKEN_BYTES)


@dataclass(frozen=True, slots=True)
class Links:
    """How links and codes are made: the bot's name without @, and where what nobody guesses comes from."""

    username: str
    new_token: Callable[[], str] = new_token
    randbelow: Randbelow = secrets.randbelow
    secret: str = field(default="", repr=False)
    """What the codes of places are made from."""

    def invitation(self, token: str) -> str:
        """The link that opens an invitation in the chat with the bot."""
        return LINK.format(bot=self.username, token=token)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a good link leads to: a branch to join (`role` is None), or a role for a branch or the city.

    One that is `listed` was made for a line of an office's list: the organizer sees that it was used. Who
    joins by one with a `tag` has it from then on.
    """

    id: int
    branch: str | None
    role: Role | None
    made_by: int | None
    expires_at: datetime
    role_expires_at: datetime | None = None
    listed: bool = False
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A new invitation: its number, and when it expires."""

    number: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """What to invite to, and with which tag. Raises ValueError for an invitation to nothing."""

    branch: str | None
    role: Role | None = None
    role_expires_at: datetime | None = None
    tag: str = ""

    def __post_init__(self) -> None:
        if self.role is None and self.branch is None:
            raise ValueError("a member belongs to a branch: name it")
        if self.role is not None and self.role not in PROPOSING:
            raise ValueError(f"nobody can be invited to be {self.role.value}")

    @property
    def actions(self) -> tuple[Action, ...]:
        """What one must be allowed to do to make such an invitation."""
        inviting = Action.INVITE_MEMBERS if self.role is None else PROPOSING[self.role]
        return (inviting, Action.TAG_PEOPLE) if self.tag else (inviting,)


async def make(work: Work, offer: Offer, by: int | None, token: str) -> Made:
    """Make an invitation.

    Raises NotAllowed where `by` (a person's id, or audit.OPERATOR) may not invite to that, ValueError where
    the branch does not exist, is closed, or takes no members.
    """
    await _check(work, offer, by)
    expires_at = work.now + GOOD_FOR
    most_uses = MOST_MEMBERS if offer.role is None else 1
    values = _values(work, offer, by, token, most_uses=most_uses, expires_at=expires_at)
    number = int((await work.write(_ADD, values))[0].id)
    role = offer.role.value if offer.role else None
    await audit.record(work, "invitation.made", by, branch=offer.branch, role=role)
    return Made(number, expires_at)


async def withdraw(work: Work, number: int, by: int) -> bool:
    """Let an invitation's link lead nowhere from now on; False where it does already.

    Raises NotAllowed for who did not make it and may not make such.
    """
    row = await work.first(_BY_ID, {"whose_bot": work.bot, "number": number, "now": work.now})
    if row is None:
        return False
    offer = Offer(row.branch, Role(row.role) if row.role else None)
    for action in offer.actions if row.made_by != by else ():
        await demand(work, by, action, offer.branch)
    await work.execute(_WITHDRAW, {"whose_bot": work.bot, "number": number, "now": work.now})
    await audit.record(work, "invitation.withdrawn", by, branch=row.branch, role=row.role)
    return True


async def make_single(
    work: Work, offer: Offer, by: int | None, tokens: Sequence[str], good_for: timedelta
) -> list[int]:
    """Make an invitation for one member each, good for so long; gives their ids, in order. Raises as `make`.

    Whoever makes them writes the audit log, once for all.
    """
    await _check(work, offer, by)
    values = [
        _values(work, offer, by, token, most_uses=1, expires_at=work.now + good_for) for token in tokens
    ]
    await work.execute(sa.insert(invitations), values)
    ids: dict[str, int] = {}
    hashes = [value["token_hash"] for value in values]
    for start in range(0, len(hashes), _HASHES_AT_ONCE):
        some = hashes[start : start + _HASHES_AT_ONCE]
        found = await work.fetch(_IDS, {"whose_bot": work.bot, "hashes": some})
        ids.update({row.token_hash: row.id for row in found})
    return [ids[one] for one in hashes]


async def look(work: Work, token: str) -> Invitation | None:
    """What a link leads to, or None: never made, used up, expired, or made by who may not invite any more."""
    row = await work.first(_BY_HASH, {"whose_bot": work.bot, "hash": hash_of(token), "now": work.now})
    return await _sound(work, row)


async def led_to(work: Work, token: str) -> Offer | None:
    """What a link was made for, whether it still is good or not; None for one that was never made."""
    row = await work.first(_MADE, {"whose_bot": work.bot, "hash": hash_of(token)})
    return Offer(row.branch, Role(row.role) if row.role else None) if row else None


async def find(work: Work, number: int) -> Invitation | None:
    """A good invitation by its id, for whoever opened its link before."""
    row = await work.first(_BY_ID, {"whose_bot": work.bot, "number": number, "now": work.now})
    return await _sound(work, row)


async def join(work: Work, number: int, person: int, declared: str | None = None) -> bool:
    """Join the branch of an invitation; False where it is good no more, or they belong there already."""
    invitation = await find(work, number)
    if invitation is None or invitation.branch is None or invitation.role is not None:
        return False
    present = await members.of(work, person)
    if present is not None and present.branch == invitation.branch:
        return False
    if not await _use(work, number):
        return False
    if not await members.join(work, person, invitation.branch, declared, _consent(invitation)):
        return False
    if invitation.tag:
        await tags.give(work, invitation.tag, people.c.id == person, invitation.made_by)
    return True


def _consent(invitation: Invitation) -> str:
    """The version of the words that this invitation is accepted with."""
    if invitation.tag:
        return members.CONSENT_TAGGED
    return members.CONSENT_LISTED if invitation.listed else members.CONSENT


async def take_role(work: Work, number: int, person: int, called: str) -> Grant | None:
    """Accept the role of an invitation: it waits for a second person from then on.

    None where the invitation is good no more, or they have that role or wait for it already.
    """
    invitation = await find(work, number)
    if invitation is None or invitation.role is None or not await _use(work, number):
        return None
    grant = await grants.propose(
        work,
        person,
        invitation.role,
        invitation.branch,
        by=invitation.made_by,
        called=called,
        expires_at=invitation.role_expires_at,
    )
    if grant is not None and grant.confirmed:
        await expiring.plan(work, grant)
    return grant


class InvitationDesk:
    """What one person can do with invitations, for the length of one turn."""

    def __init__(self, work: Work, person: Person, links: Links) -> None:
        self._work = work
        self._person = person
        self._links = links

    async def make(self, offer: Offer) -> tuple[str, int]:
        """Make an invitation; gives its link and number. Raises NotAllowed and ValueError as `make` does."""
        token = self._links.new_token()
        made = await make(self._work, offer, self._person.id, token)
        return self._links.invitation(token), made.number

    async def withdraw(self, number: int) -> bool:
        """Withdraw a link; False where it leads nowhere already. Raises NotAllowed where it is not theirs."""
        return await withdraw(self._work, number, self._person.id)

    def in_months(self, months: int) -> datetime:
        """When a role ends that is to last so many months."""
        return self._work.now + relativedelta(months=months)

    async def look(self, token: str) -> Invitation | None:
        """What a link leads to; None for one that is good no more."""
        return await look(self._work, token)

    async def led_to(self, token: str) -> Offer | None:
        """What a link was made for, used up or not; None for one that was never made."""
        return await led_to(self._work, token)

    async def find(self, number: int) -> Invitation | None:
        """An invitation whose link was opened before; None for one that is good no more."""
        return await find(self._work, number)

    async def join(self, number: int, declared: str | None = None) -> bool:
        """Join its branch; False where it is good no more, or they belong there already."""
        return await join(self._work, number, self._person.id, declared)

    async def take_role(self, number: int, called: str) -> Grant | None:
        """Accept its role; None where it is good no more, or they have it already."""
        return await take_role(self._work, number, self._person.id, called)


async def _check(work: Work, offer: Offer, by: int | None) -> None:
    """Raise NotAllowed where `by` may not invite to that, ValueError where nobody can be invited to it."""
    branch = await tree.get(work, offer.branch) if offer.branch is not None else None
    if offer.branch is not None and (branch is None or branch.closed):
        raise ValueError(f"there is no branch {offer.branch}")
    if offer.role is None and branch is not None and not branch.is_joinable:
        raise ValueError(f"{branch.id} is a {branch.kind}: people belong to a branch or a group below it")
    if by is not audit.OPERATOR:
        for action in offer.actions:
            await demand(work, by, action, offer.branch)


def _values(
    work: Work, offer: Offer, by: int | None, token: str, *, most_uses: int, expires_at: datetime
) -> dict[str, Any]:
    return {
        "bot": work.bot,
        "token_hash": hash_of(token),
        "branch": offer.branch,
        "role": offer.role.value if offer.role else None,
        "role_expires_at": offer.role_expires_at,
        "tag": offer.tag or None,
        "most_uses": most_uses,
        "made_by": by,
        "made_at": work.now,
        "expires_at": expires_at,
    }


async def _sound(work: Work, row: Any) -> Invitation | None:
    """The invitation of a row, unless what it needs is gone: its maker's right, or the branch."""
    if row is None:
        return None
    role = Role(row.role) if row.role else None
    offer = Offer(row.branch, role, row.role_expires_at, row.tag or "")
    for action in offer.actions if row.made_by is not None else ():
        if not await may(work, row.made_by, action, row.branch):
            return None
    if row.branch is not None:
        branch = await tree.get(work, row.branch)
        if branch is None or branch.closed:
            return None
    return Invitation(
        row.id,
        row.branch,
        role,
        row.made_by,
        row.expires_at,
        row.role_expires_at,
        bool(row.listed),
        offer.tag,
    )


async def _use(work: Work, number: int) -> bool:
    """Count one use; False where there was none left, or its time is over."""
    return bool(await work.write(_USE, {"whose_bot": work.bot, "number": number, "now": work.now}))


_GOOD = sa.and_(
    invitations.c.bot == sa.bindparam("whose_bot"),
    invitations.c.uses < invitations.c.most_uses,
    invitations.c.expires_at > sa.bindparam("now"),
)
_LISTED = sa.exists().where(
    roster_rows.c.bot == invitations.c.bot, roster_rows.c.invitation == invitations.c.id
)
_FOUND = sa.select(invitations, _LISTED.label("listed")).where(_GOOD)
_MADE = sa.select(invitations.c.branch, invitations.c.role).where(
    invitations.c.bot == sa.bindparam("whose_bot"), invitations.c.token_hash == sa.bindparam("hash")
)
_BY_HASH = _FOUND.where(invitations.c.token_hash == sa.bindparam("hash"))
_BY_ID = _FOUND.where(invitations.c.id == sa.bindparam("number"))
_IDS = sa.select(invitations.c.id, invitations.c.token_hash).where(
    invitations.c.bot == sa.bindparam("whose_bot"),
    invitations.c.token_hash.in_(sa.bindparam("hashes", expanding=True)),
)
_ADD = sa.insert(invitations).returning(invitations.c.id)
_WITHDRAW = (
    sa.update(invitations)
    .where(invitations.c.bot == sa.bindparam("whose_bot"), invitations.c.id == sa.bindparam("number"))
    .values(expires_at=sa.bindparam("now"))
)
_USE = (
    sa.update(invitations)
    .where(_GOOD, invitations.c.id == sa.bindparam("number"))
    .values(uses=invitations.c.uses + 1)
    .returning(invitations.c.id)
)
