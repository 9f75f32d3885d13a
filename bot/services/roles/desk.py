"""What one person can do with roles, for the length of one turn."""

from __future__ import annotations

from bot.services.notices import Recipient, recipient
from bot.services.people import Person
from bot.services.roles import expiring, grants, rules
from bot.services.roles.grants import Grant
from bot.services.roles.rules import Action
from bot.store.work import Work


class RoleDesk:
    """Says what a person may do, and lets them decide about the roles of others."""

    def __init__(self, work: Work, person: Person) -> None:
        self._work = work
        self._person = person

    async def may(self, action: Action, branch: str | None) -> bool:
        """Whether the person may do something to a branch, or to the whole city for None."""
        return await rules.may(self._work, self._person.id, action, branch)

    async def has(self, action: Action) -> bool:
        """Whether their roles let them do something anywhere."""
        return bool(await rules.reach(self._work, self._person.id, action))

    async def mine(self) -> list[Grant]:
        """The person's own roles, in force or waiting."""
        return await grants.of(self._work, self._person.id)

    async def under(self, branch: str | None) -> list[Grant]:
        """Roles for a branch and all below it, or for the whole city. Raises NotAllowed where not theirs."""
        await rules.demand(self._work, self._person.id, Action.SEE_ROLES, branch)
        return await grants.under(self._work, branch)

    async def confirm(self, grant: int) -> Grant | None:
        """Put a proposed role in force; None where it waits no more. Raises NotAllowed."""
        confirmed = await grants.confirm(self._work, grant, self._person.id)
        if confirmed is not None:
            await expiring.plan(self._work, confirmed)
        return confirmed

    async def confirmed(self, grant: int) -> Grant | None:
        """A role in force, to whoever may confirm such; None to others, and where it is in force no more."""
        found = await grants.standing(self._work, grant)
        if found is None or not found.confirmed or not await self.may(Action.CONFIRM_ROLE, found.branch):
            return None
        return found

    async def refuse(self, grant: int) -> Grant | None:
        """Turn a proposed role down; None where it waits no more. Raises NotAllowed."""
        return await grants.refuse(self._work, grant, self._person.id)

    async def revoke(self, grant: int) -> Grant | None:
        """Take a role away, or give up one's own; None where it is not in force. Raises NotAllowed."""
        return await grants.revoke(self._work, grant, self._person.id)

    def is_mine(self, grant: Grant) -> bool:
        """Whether it is a role of the person's own."""
        return grant.person == self._person.id

    async def may_decide(self, grant: Grant) -> bool:
        """Whether a proposed role is the person's to confirm or refuse."""
        return self._person.id in {admin.person for admin in await grants.confirmers(self._work, grant)}

    async def confirmers(self, grant: Grant) -> list[Recipient]:
        """Who may confirm a proposed role."""
        return await grants.confirmers(self._work, grant)

    async def holder(self, grant: Grant) -> Recipient | None:
        """How to write to the person whose role it is."""
        return await recipient(self._work, grant.person)
