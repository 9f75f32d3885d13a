"""Housekeeping: once an hour what nobody needs any more is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from bot.clock.kinds import Kind
from bot.services import due, files, letters, outbox, paces
from bot.services.broadcasts import keeping
from bot.services.broadcasts import rows as broadcasts
from bot.services.checkins import running
from bot.services.due import Due
from bot.services.events import book as events
from bot.services.hazards import rows as hazards
from bot.services.ideas import book as ideas
from bot.services.notices import worded
from bot.services.outbox import NOTICE, Outgoing
from bot.services.points.rewards import take_back_expired
from bot.services.privacy.retention import forget_what_is_old
from bot.services.reminders import ringing
from bot.services.roles import grants
from bot.services.roles.grants import Lapsed
from bot.services.rosters import rows as rosters
from bot.services.wishes import book as wishes
from bot.store.tables import updates
from bot.store.work import Work
from bot.talk import says

# Telegram keeps an update for a day; nothing older can come again.
KEEP_UPDATES = timedelta(days=2)
KEEP_OUTBOX = timedelta(days=7)
# What became of a broadcast, and what was refused for good.
KEEP_REPORTS = timedelta(days=30)
KEEP_DUE = timedelta(days=7)


NAME: Final = "tidy"

Draw = Callable[[Lapsed], says.Message]


def tidying(draw: Draw) -> Kind:
    """The kind of due things that tidies up; `draw` words that a role was never confirmed."""

    async def deed(work: Work, _thing: Due) -> Sequence[Outgoing]:
        await tidy(work)
        await grants.end_expired(work)
        return [worded(work, one.to, NOTICE, draw, one) for one in await grants.let_lapse(work)]

    return Kind(NAME, deed, limit_seconds=300)


async def tidy(work: Work) -> None:
    """Forget what can't come again, what was sent long ago and what is long done."""
    old = sa.and_(updates.c.bot == work.bot, updates.c.taken_at < work.now - KEEP_UPDATES)
    await work.execute(sa.delete(updates).where(old))
    await keeping.keep(work, work.now - KEEP_REPORTS)
    await outbox.prune(work, work.now - KEEP_OUTBOX, work.now - KEEP_REPORTS)
    await letters.prune(work)
    await paces.prune(work)
    await broadcasts.prune(work, work.now - KEEP_REPORTS)
    await due.prune(work, work.now - KEEP_DUE)
    await ringing.prune(work)
    await files.prune(work)
    await rosters.prune(work)
    await running.prune(work)
    await events.prune(work)
    await hazards.prune(work)
    await ideas.prune(work)
    await wishes.prune(work)
    await forget_what_is_old(work)
    await take_back_expired(work)


async def plan_tidying(work: Work) -> None:
    """See to it that this bot tidies up every hour; does nothing where that is planned already."""
    await due.plan(work, NAME, work.now, {}, rule="FREQ=HOURLY", name=NAME)
