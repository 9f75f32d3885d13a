"""What one person can do with branches, for the length of one turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.services.branches import members, tree
from bot.services.branches.members import Membership
from bot.services.branches.tree import Branch
from bot.services.groups import rows as groups
from bot.services.groups.rows import Group
from bot.services.people import Person
from bot.services.roles.rules import Action, demand, may, reach
from bot.store.work import Work

SMALLEST_COUNT: Final = 5
"""Fewer members are not counted out: in so small a branch a number would tell who. More are told by fives:
else a small branch is what its neighbours leave of the one above."""


class BranchDesk:
    """Shows the tree, and lets a person join and leave."""

    def __init__(self, work: Work, person: Person) -> None:
        self._work = work
        self._person = person

    async def get(self, branch: str) -> Branch | None:
        """A branch by its id, also a closed one."""
        return await tree.get(self._work, branch)

    async def line(self, branch: str) -> list[Branch]:
        """The branch and those above it, from the top down."""
        return await tree.line(self._work, branch)

    async def children(self, parent: str | None) -> list[Branch]:
        """The open branches right under one, or at the top for None."""
        return await tree.children(self._work, parent)

    async def organized(self) -> list[Branch]:
        """The topmost branches that the person looks after; empty for who looks after none, or after all."""
        scope = await reach(self._work, self._person.id, Action.COUNT_MEMBERS)
        found = [await tree.get(self._work, branch) for branch in scope.branches]
        return [branch for branch in found if branch is not None and not branch.closed]

    async def joinable(self, within: str | None) -> list[Branch]:
        """The open branches below one, or in the whole city for None, that people can belong to; by id."""
        found = [branch for branch in await tree.all_branches(self._work) if branch.is_joinable]
        if within is None:
            return found
        below = await tree.below(self._work, within)
        return [branch for branch in found if branch.id in below]

    async def counts(self, branches: Sequence[str]) -> dict[str, int | None]:
        """How many belong to each branch or below it at least, by fives; None for fewer than SMALLEST_COUNT.

        Raises NotAllowed where one of them is not the person's to look after.
        """
        for branch in branches:
            await demand(self._work, self._person.id, Action.COUNT_MEMBERS, branch)
        exact = await members.counts(self._work, branches)
        return {branch: count // SMALLEST_COUNT * SMALLEST_COUNT or None for branch, count in exact.items()}

    # -- Its groups ---------------------------------------------------------------------------

    async def groups(self, branch: str) -> list[Group]:
        """The group chats of a branch. Raises NotAllowed for whoever may not bind any to it."""
        await demand(self._work, self._person.id, Action.BIND_GROUP, branch)
        return await groups.of_branch(self._work, branch)

    async def unbind(self, chat: int) -> bool:
        """Let a group belong to no branch; False where it does already.

        Raises NotAllowed for whoever may not bind any to that branch.
        """
        group = await groups.get(self._work, chat)
        if group is None or group.branch is None:
            return False
        await demand(self._work, self._person.id, Action.BIND_GROUP, group.branch)
        await groups.unbind(self._work, group, self._person.id)
        return True

    # -- The person's own branch ---------------------------------------------------------

    async def mine(self) -> Membership | None:
        """The person's own branch."""
        return await members.of(self._work, self._person.id)

    async def join(self, branch: str, declared: str | None = None) -> bool:
        """Join a branch, and leave the one before; False where it takes nobody, or has them already."""
        await demand(self._work, self._person.id, Action.JOIN, branch)
        return await members.join(self._work, self._person.id, branch, declared)

    async def leave(self) -> bool:
        """Leave one's branch; False where there is none."""
        if not await may(self._work, self._person.id, Action.LEAVE, None):
            return False
        return await members.leave(self._work, self._person.id)
