"""Who organizes the demo's branches and serves at its desks: invited and confirmed as everybody is."""

from __future__ import annotations

from bot.i18n import DEFAULT_LOCALE
from bot.services import audit, invitations, people
from bot.services.invitations import Offer, new_token
from bot.services.roles import grants
from bot.services.roles.grants import Grant
from bot.services.roles.rules import Action, Role, may
from bot.store.work import Work

ORGANIZER = 1005
ADMIN = 1006
CLERK = 1007
CHIEF = 1008
# The branch of content/branches.csv that the organizer looks after.
ORGANIZED = "bn"
# And the one at whose desk the clerk takes appeals; the chief does so for the whole city.
SERVED = "bn-rider-ljt"

_ROLES = (
    (ORGANIZER, Role.ORGANIZER, ORGANIZED, "王姐"),
    (CLERK, Role.DESK, SERVED, "老陈"),
    (CHIEF, Role.DESK, None, "周主任"),
)


async def name_roles(work: Work) -> None:
    """Make one persona the admin, another an organizer, two of them desk officers; once each."""
    accounts = (ADMIN, *(account for account, *_ in _ROLES))
    found = await people.welcome(work, dict.fromkeys(accounts), DEFAULT_LOCALE)
    admin = found[ADMIN].id
    if not await may(work, admin, Action.CONFIRM_ROLE, None):
        await _invited(work, Offer(None, Role.ADMIN), audit.OPERATOR, admin, "管理员")
    for account, role, branch, called in _ROLES:
        if await grants.of(work, found[account].id):
            continue
        grant = await _invited(work, Offer(branch, role), admin, found[account].id, called)
        if grant is not None:
            await grants.confirm(work, grant.id, admin)


async def _invited(work: Work, offer: Offer, by: int | None, person: int, called: str) -> Grant | None:
    token = new_token()
    await invitations.make(work, offer, by, token)
    invitation = await invitations.look(work, token)
    return await invitations.take_role(work, invitation.id, person, called) if invitation else None
