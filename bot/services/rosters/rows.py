"""Rosters as rows: which line of a list has which invitation. Who a line is, only the office's file knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from bot.services import attachments, audit, invitations
from bot.services.invitations import Offer
from bot.services.roles.rules import Action, demand
from bot.services.rosters.files import Line
from bot.store.tables import attachments as attachments_table
from bot.store.tables import invitations as invitations_table
from bot.store.tables import roster_rows, rosters
from bot.store.work import Work

GOOD_FOR: Final = timedelta(days=30)
"""Longer than other links: lists are passed on at meetings."""
KEEP: Final = timedelta(days=180)
KEEP_UPLOADS: Final = timedelta(days=1)
"""Names and telephone numbers stand in a list that was sent."""
PURPOSE: Final = "roster"


@dataclass(frozen=True, slots=True)
class Roster:
    """A list that was brought in: how many lines it has, and how many of their links were used."""

    id: int
    branch: str
    made_at: datetime
    lines: int
    joined: int

    @property
    def expires_at(self) -> datetime:
        """When its links end."""
        return self.made_at + GOOD_FOR


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a roster, and whether its link was used."""

    line: int
    reference: str
    joined: bool


async def make(work: Work, branch: str, lines: Sequence[Line], by: int | None, tokens: Sequence[str]) -> int:
    """Invite each line of a list by a link of its own; gives the roster's number.

    Raises NotAllowed where `by` (a person's id, or audit.OPERATOR) may not invite there, ValueError where
    the branch is closed or takes no members.
    """
    made = await invitations.make_single(work, Offer(branch), by, tokens, GOOD_FOR)
    values = {"bot": work.bot, "branch": branch, "made_by": by, "made_at": work.now}
    (row,) = await work.write(sa.insert(rosters).returning(rosters.c.id), values)
    entries = [
        {
            "bot": work.bot,
            "roster": row.id,
            "line": line.number,
            "reference": line.reference,
            "invitation": invitation,
        }
        for line, invitation in zip(lines, made, strict=True)
    ]
    await work.execute(sa.insert(roster_rows), entries)
    await audit.record(work, "roster.made", by, roster=row.id, branch=branch, lines=len(lines))
    return int(row.id)


async def of_branch(work: Work, branch: str) -> list[Roster]:
    """The rosters of a branch, the newest first. Who may see them is the caller's to say."""
    found = await work.fetch(_COUNTED.where(rosters.c.branch == branch), {"whose_bot": work.bot})
    return [_roster(row) for row in found]


async def all_rosters(work: Work) -> list[Roster]:
    """Every roster of the bot, the newest first."""
    return [_roster(row) for row in await work.fetch(_COUNTED, {"whose_bot": work.bot})]


async def entries(work: Work, roster: int) -> list[Entry]:
    """The lines of a roster, in order; empty where there is none."""
    found = await work.fetch(_ENTRIES, {"whose_bot": work.bot, "number": roster})
    return [Entry(row.line, row.reference, row.uses > 0) for row in found]


async def seen_by(work: Work, roster: int, person: int) -> Roster | None:
    """A roster, for whoever looks after its branch (others: NotAllowed); None where there is none."""
    found = await work.first(_COUNTED.where(rosters.c.id == roster), {"whose_bot": work.bot})
    if found is None:
        return None
    await demand(work, person, Action.SEE_ROSTERS, found.branch)
    return _roster(found)


async def prune(work: Work) -> None:
    """Forget rosters whose links ended long ago, and lists that were sent and never used."""
    left = await work.fetch(_LEFT_BEHIND, {"whose_bot": work.bot, "before": work.now - KEEP_UPLOADS})
    if left:
        await attachments.forget(work, [row.id for row in left])
    params = {"whose_bot": work.bot, "before": work.now - KEEP}
    await work.execute(_PRUNE_ROWS, params)
    await work.execute(_PRUNE, params)


def _roster(row: Any) -> Roster:
    return Roster(row.id, row.branch, row.made_at, row.lines, row.joined or 0)


_INVITED = sa.and_(
    invitations_table.c.bot == roster_rows.c.bot, invitations_table.c.id == roster_rows.c.invitation
)
_USED = sa.case((invitations_table.c.uses > 0, 1), else_=0)
_COUNTED = (
    sa.select(
        *(rosters.c.id, rosters.c.branch, rosters.c.made_at),
        sa.func.count(roster_rows.c.line).label("lines"),
        sa.func.sum(_USED).label("joined"),
    )
    .join(roster_rows, sa.and_(roster_rows.c.bot == rosters.c.bot, roster_rows.c.roster == rosters.c.id))
    .join(invitations_table, _INVITED)
    .where(rosters.c.bot == sa.bindparam("whose_bot"))
    .group_by(rosters.c.id, rosters.c.branch, rosters.c.made_at)
    .order_by(rosters.c.id.desc())
)
_ENTRIES = (
    sa.select(roster_rows.c.line, roster_rows.c.reference, invitations_table.c.uses)
    .join(invitations_table, _INVITED)
    .where(roster_rows.c.bot == sa.bindparam("whose_bot"), roster_rows.c.roster == sa.bindparam("number"))
    .order_by(roster_rows.c.line)
)
_OLD = sa.and_(rosters.c.bot == sa.bindparam("whose_bot"), rosters.c.made_at < sa.bindparam("before"))
_PRUNE_ROWS = sa.delete(roster_rows).where(
    roster_rows.c.bot == sa.bindparam("whose_bot"),
    roster_rows.c.roster.in_(sa.select(rosters.c.id).where(_OLD)),
)
_LEFT_BEHIND = sa.select(attachments_table.c.id).where(
    attachments_table.c.bot == sa.bindparam("whose_bot"),
    attachments_table.c.purpose == PURPOSE,
    attachments_table.c.made_at < sa.bindparam("before"),
)
_PRUNE = sa.delete(rosters).where(_OLD)
