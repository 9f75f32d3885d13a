"""Departments as rows: the whole directory is what the last file said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from bot.services import audit
from bot.services.branches import tree
from bot.services.revisions import next_revision
from bot.store.tables import branch_paths, departments
from bot.store.work import Work

_DIRECTORY: Final = "departments"


@dataclass(frozen=True, slots=True)
class Department:
    """A department: what one can come to it with, and how to reach it. None as its branch is the city."""

    id: str
    branch: str | None
    name: str
    does: str
    name_en: str = ""
    does_en: str = ""
    phone: str = ""


async def all_departments(work: Work) -> list[Department]:
    """Every department of the bot, by id."""
    return [_department(row) for row in await work.fetch(_ALL, {"whose_bot": work.bot})]


async def get(work: Work, department: str) -> Department | None:
    """A department by its id."""
    row = await work.first(_ONE, {"whose_bot": work.bot, "department_id": department})
    return _department(row) if row else None


async def serving(work: Work, branch: str) -> list[Department]:
    """The departments in charge of a branch: its own, those of the branches above it, and the city's.

    The nearest ones come first.
    """
    rows = await work.fetch(_SERVING, {"whose_bot": work.bot, "branch_id": branch})
    return [_department(row) for row in rows]


async def import_departments(work: Work, wanted: Sequence[Department]) -> int:
    """Make the directory what a file says; gives how many departments it had before.

    Raises ValueError for one under a branch that is not there.
    """
    known = {branch.id for branch in await tree.all_branches(work) if not branch.closed}
    for department in wanted:
        if department.branch is not None and department.branch not in known:
            raise ValueError(f"{department.id}: there is no branch {department.branch}; correct it")
    await next_revision(work, _DIRECTORY)
    before = await work.execute(_FORGET, {"whose_bot": work.bot})
    values = [
        {
            "bot": work.bot,
            "id": one.id,
            "branch": one.branch,
            "name": one.name,
            "name_en": one.name_en,
            "does": one.does,
            "does_en": one.does_en,
            "phone": one.phone,
            "changed_at": work.now,
        }
        for one in wanted
    ]
    if values:
        await work.execute(sa.insert(departments), values)
    await audit.record(work, "departments.imported", audit.OPERATOR, count=len(values))
    return before


def _department(row: Any) -> Department:
    return Department(row.id, row.branch, row.name, row.does, row.name_en, row.does_en, row.phone)


_OF_BOT = departments.c.bot == sa.bindparam("whose_bot")
_ALL = sa.select(departments).where(_OF_BOT).order_by(departments.c.id)
_ONE = _ALL.where(departments.c.id == sa.bindparam("department_id"))
_FORGET = sa.delete(departments).where(_OF_BOT)
_SERVING = (
    sa.select(departments)
    .outerjoin(
        branch_paths,
        sa.and_(
            branch_paths.c.bot == departments.c.bot,
            branch_paths.c.above == departments.c.branch,
            branch_paths.c.below == sa.bindparam("branch_id", type_=sa.String),
        ),
    )
    .where(_OF_BOT, sa.or_(departments.c.branch.is_(None), branch_paths.c.steps.is_not(None)))
    # The city's own have no steps; SQLite would put them first, PostgreSQL last.
    .order_by(sa.func.coalesce(branch_paths.c.steps, tree.MOST_LEVELS + 1), departments.c.id)
)
