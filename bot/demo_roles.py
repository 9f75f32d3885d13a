"""Who organizes the demo's branches: made through the same invitations and confirmations as everybody."""

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
# The branch of content/branches.csv that the organizer looks after.
ORGANIZED = "bn"


async def name_roles(work: Work) -> None:
    """Make one persona the admin and another an organizer; does nothing where they are."""
    found = await people.welcome(work, {ORGANIZER: None, ADMIN: None}, DEFAULT_LOCALE)
    admin, organizer = found[ADMIN].id, found[ORGANIZER].id
    if not await may(work, admin, Action.CONFIRM_ROLE, None):
        await _invited(work, Offer(None, Role.ADMIN), audit.OPERATOR, admin, "管理员")
    if await may(work, organizer, Action.COUNT_MEMBERS, ORGANIZED):
        return
    grant = await _invited(work, Offer(ORGANIZED, Role.ORGANIZER), admin, organizer, "王姐")
    if grant is not None:
        await grants.confirm(work, grant.id, admin)


async def _invited(work: Work, offer: Offer, by: int | None, person: int, called: str) -> Grant | None:
    token = new_token()
    await invitations.make(work, offer, by, token)
    invitation = await invitations.look(work, token)
    return await invitations.take_role(work, invitation.id, person, called) if invitation else None
