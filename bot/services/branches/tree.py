"""The tree of branches as rows: what stands under what, and making it what a file says.

`branch_paths` holds every pair of a branch and one above it, itself included, so that "under this node" is a
join in any statement: roles, counts and segments use it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.i18n import is_chinese
from bot.services import audit
from bot.services.revisions import next_revision
from bot.store.tables import branch_paths, branches
from bot.store.work import Work

KINDS: Final = ("work_committee", "industry_committee", "branch", "group")
"""From the highest to the lowest; nothing stands under a lower kind than its own."""
JOINABLE: Final = ("branch", "group")
"""People belong to these; committees are made of branches."""
MOST_LEVELS: Final = 10
"""Deeper than any organization; it bounds how many pairs a tree makes."""

_TREE: Final = "branches"
_ROWS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Branch:
    """A node of the tree; `parent` is the id of the one above, None at the top."""

    id: str
    name: str
    kind: str
    parent: str | None = None
    name_en: str = ""
    closed: bool = False

    @property
    def is_joinable(self) -> bool:
        """Whether people can belong to it."""
        return self.kind in JOINABLE and not self.closed


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did, or would do: ids in order. `reopened` had been closed and are in the file again."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    unchanged: int = 0

    @property
    def changes_nothing(self) -> bool:
        """Whether the database says already what the file says."""
        return not (self.added or self.changed or self.reopened or self.closed)


def name_of(branch: Branch) -> str:
    """The branch's name in the reader's language, where it has one."""
    return branch.name if is_chinese() or not branch.name_en else branch.name_en


# -- Looking ---------------------------------------------------------------------


async def all_branches(work: Work) -> list[Branch]:
    """Every branch of the bot, closed ones too, by id."""
    return [_branch(row) for row in await work.fetch(_ALL, {"whose_bot": work.bot})]


async def get(work: Work, branch: str) -> Branch | None:
    """A branch by its id, also a closed one."""
    row = await work.first(_ONE, {"whose_bot": work.bot, "branch_id": branch})
    return _branch(row) if row else None


async def line(work: Work, branch: str) -> list[Branch]:
    """The branch and those above it, from the top down; empty where there is no such branch."""
    return [_branch(row) for row in await work.fetch(_LINE, {"whose_bot": work.bot, "branch_id": branch})]


async def below(work: Work, branch: str) -> set[str]:
    """The ids of a branch and of all below it, closed ones too."""
    return {row.below for row in await work.fetch(_BELOW, {"whose_bot": work.bot, "branch_id": branch})}


async def children(work: Work, parent: str | None) -> list[Branch]:
    """The open branches right under one, or at the top for None, by id."""
    statement = _TOPS if parent is None else _CHILDREN
    return [_branch(row) for row in await work.fetch(statement, {"whose_bot": work.bot, "parent_id": parent})]


# -- Making the tree what a file says ----------------------------------------------


def problems_with(wanted: Mapping[str, Branch]) -> dict[str, str]:
    """What makes these branches (by id) no tree: for the id of each that is wrong, what to do about it."""
    problems = {}
    for branch in wanted.values():
        if problem := _problem(branch, wanted):
            problems[branch.id] = problem
    return problems


def _problem(branch: Branch, wanted: Mapping[str, Branch]) -> str | None:
    if branch.parent is None:
        return None
    parent = wanted.get(branch.parent)
    if parent is None:
        return f"there is no branch {branch.parent} to stand under; add it, or correct the parent"
    if KINDS.index(branch.kind) < KINDS.index(parent.kind):
        return f"a {branch.kind} can't stand under a {parent.kind}; change the kind or the parent"
    above = _above(branch, wanted)
    if branch.id in above:
        return "it stands under itself; correct the parent"
    if len(above) >= MOST_LEVELS:
        return f"it stands more than {MOST_LEVELS} levels deep; make the tree flatter"
    return None


def _above(branch: Branch, known: Mapping[str, Branch]) -> list[str]:
    """The ids above a branch, nearest first; stops at the first that comes again."""
    above: list[str] = []
    parent = branch.parent
    while parent is not None and parent not in above:
        above.append(parent)
        parent = known[parent].parent if parent in known else None
    return above


async def import_branches(
    work: Work, wanted: Sequence[Branch], actor: int | None = audit.OPERATOR, *, dry_run: bool = False
) -> Report:
    """Add, change and close branches until the bot's open ones are exactly `wanted` (a tree, ids unique).

    Everything happens in the transaction of `work`. A branch that is not wanted is closed, not deleted: its
    members and its place are kept. Raises ValueError where `wanted` is no tree.
    """
    by_id = {branch.id: branch for branch in wanted}
    if problems := problems_with(by_id):
        branch, problem = next(iter(problems.items()))
        raise ValueError(f"{branch}: {problem}")
    if not dry_run:
        await next_revision(work, _TREE)
    known = {branch.id: branch for branch in await all_branches(work)}
    report = compare(known, wanted)
    if dry_run or report.changes_nothing:
        return report
    await _write(work, report, by_id)
    await _draw_paths(work)
    details = {"added": report.added, "changed": report.changed, "reopened": report.reopened}
    await audit.record(work, "branches.imported", actor, **details, closed=report.closed)
    return report


def compare(known: Mapping[str, Branch], wanted: Sequence[Branch]) -> Report:
    """What has to happen to the `known` branches (closed ones included) to make them the `wanted` ones."""
    added, changed, reopened, unchanged = [], [], [], 0
    for branch in wanted:
        before = known.get(branch.id)
        if before is None:
            added.append(branch.id)
        elif before.closed:
            reopened.append(branch.id)
        elif before != replace(branch, closed=False):
            changed.append(branch.id)
        else:
            unchanged += 1
    ids = {branch.id for branch in wanted}
    closed = [one.id for one in known.values() if not one.closed and one.id not in ids]
    return Report(tuple(added), tuple(changed), tuple(reopened), tuple(closed), unchanged)


async def _write(work: Work, report: Report, wanted: Mapping[str, Branch]) -> None:
    rows = [
        {
            "bot": work.bot,
            "id": name,
            "parent": wanted[name].parent,
            "name": wanted[name].name,
            "name_en": wanted[name].name_en,
            "kind": wanted[name].kind,
            "closed_at": None,
            "changed_at": work.now,
        }
        for name in (*report.added, *report.changed, *report.reopened)
    ]
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        await work.execute(_UPSERT[work.dialect], rows[start : start + _ROWS_AT_ONCE])
    if report.closed:
        await work.execute(_CLOSE, {"whose_bot": work.bot, "ids": report.closed, "moment": work.now})


async def _draw_paths(work: Work) -> None:
    """Write anew what stands under what; a tree of hundreds takes some milliseconds."""
    known = {branch.id: branch for branch in await all_branches(work)}
    rows = [
        {"bot": work.bot, "above": above, "below": branch.id, "steps": steps}
        for branch in known.values()
        for steps, above in enumerate([branch.id, *_above(branch, known)])
    ]
    await work.execute(_FORGET_PATHS, {"whose_bot": work.bot})
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        await work.execute(sa.insert(branch_paths), rows[start : start + _ROWS_AT_ONCE])


def _branch(row: Any) -> Branch:
    return Branch(row.id, row.name, row.kind, row.parent, row.name_en, row.closed_at is not None)


_OF_BOT = branches.c.bot == sa.bindparam("whose_bot")
_ALL = sa.select(branches).where(_OF_BOT).order_by(branches.c.id)
_ONE = sa.select(branches).where(_OF_BOT, branches.c.id == sa.bindparam("branch_id"))
_OPEN = sa.select(branches).where(_OF_BOT, branches.c.closed_at.is_(None)).order_by(branches.c.id)
_TOPS = _OPEN.where(branches.c.parent.is_(None))
_CHILDREN = _OPEN.where(branches.c.parent == sa.bindparam("parent_id"))
_LINE = (
    sa.select(branches)
    .join(
        branch_paths,
        sa.and_(branch_paths.c.bot == branches.c.bot, branch_paths.c.above == branches.c.id),
    )
    .where(_OF_BOT, branch_paths.c.below == sa.bindparam("branch_id"))
    .order_by(branch_paths.c.steps.desc())
)
_BELOW = sa.select(branch_paths.c.below).where(
    branch_paths.c.bot == sa.bindparam("whose_bot"), branch_paths.c.above == sa.bindparam("branch_id")
)
_CLOSE = (
    sa.update(branches)
    .where(_OF_BOT, branches.c.id.in_(sa.bindparam("ids", expanding=True)))
    .values(closed_at=sa.bindparam("moment"), changed_at=sa.bindparam("moment"))
)
_FORGET_PATHS = sa.delete(branch_paths).where(branch_paths.c.bot == sa.bindparam("whose_bot"))


def _upsert(insert: Any) -> Any:
    statement = insert(branches)
    fresh = {column.name: statement.excluded[column.name] for column in branches.c if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=["bot", "id"], set_=fresh)


_UPSERT = {"sqlite": _upsert(sqlite.insert), "postgresql": _upsert(postgresql.insert)}
