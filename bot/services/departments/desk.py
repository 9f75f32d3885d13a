"""The directory for one person, for the length of one turn."""

from __future__ import annotations

from bot.services.branches import members
from bot.services.departments import directory
from bot.services.departments.directory import Department
from bot.services.people import Person
from bot.store.work import Work


class DepartmentDesk:
    """Shows who helps with what; those in charge of the person's own branch first."""

    def __init__(self, work: Work, person: Person) -> None:
        self._work = work
        self._person = person

    async def get(self, department: str) -> Department | None:
        """A department by its id."""
        return await directory.get(self._work, department)

    async def of_branch(self, branch: str) -> list[Department]:
        """The departments in charge of a branch, the nearest first."""
        return await directory.serving(self._work, branch)

    async def listed(self) -> list[Department]:
        """All of them: first those in charge of the person's branch, the nearest first."""
        present = await members.of(self._work, self._person.id)
        near = await directory.serving(self._work, present.branch) if present else []
        others = await directory.all_departments(self._work)
        return [*near, *(one for one in others if one not in near)]
