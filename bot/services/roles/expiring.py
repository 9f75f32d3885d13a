"""A role that ends by itself: its holder hears of it a week before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.services import due
from bot.services.branches import tree
from bot.services.branches.tree import Branch
from bot.services.due import Due
from bot.services.notices import Recipient, recipient
from bot.services.roles import grants
from bot.services.roles.grants import Grant
from bot.store.work import Work

EXPIRES: Final = "role_expires"
"""The kind of due things that say so."""
AHEAD: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Ending:
    """A role that ends soon: whose, and where it counts (None for the whole city)."""

    to: Recipient
    grant: Grant
    branch: Branch | None


async def plan(work: Work, grant: Grant) -> None:
    """See to it that the holder hears of the end; one that is nearer than that was just told to them."""
    if grant.expires_at is None or grant.expires_at - AHEAD <= work.now:
        return
    what = {"grant": grant.id}
    await due.plan(work, EXPIRES, grant.expires_at - AHEAD, what, whose=f"person:{grant.person}")


async def ending_of(work: Work, thing: Due) -> Ending | None:
    """Whom to tell of which role; None where it was taken away meanwhile."""
    grant = await grants.standing(work, thing.what["grant"])
    if grant is None or not grant.confirmed or grant.expires_at is None:
        return None
    to = await recipient(work, grant.person)
    branch = await tree.get(work, grant.branch) if grant.branch else None
    return Ending(to, grant, branch) if to else None
