"""What happens when a reminder is due, and what is forgotten of those that are over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.clock import recurrence
from bot.services import due
from bot.services.due import Due
from bot.services.reminders import rows
from bot.services.reminders.model import (
    DONE,
    KEEP_DELETED,
    KEEP_DONE,
    MOST_NAGS,
    NAG_AFTER,
    REMIND,
    Ring,
    state_after,
)
from bot.store.work import Work


async def ring(work: Work, thing: Due, grace: timedelta) -> Ring | None:
    """Let a reminder ring; later than `grace` it was missed. None where nobody is to be told.

    Whoever blocked the bot is not told; their series goes on. A series' next occurrence is planned by the
    clock itself, in the same transaction.
    """
    row = await work.first(rows.RINGING, {"of": work.bot, "row": thing.what.get("reminder")})
    if row is None or thing.id not in (row.due, row.again):
        return None
    is_first = thing.id == row.due
    number = row.rings + 1
    first = row.due if not is_first or _goes_on(work, thing) else None
    again = row.again if is_first else None
    if again is None and row.until_done and row.blocked_at is None:
        again = await _nag(work, row, thing)
    state = state_after(row.state, first, again)
    values = {
        "of": work.bot,
        "row": row.id,
        "new_due": first,
        "new_again": again,
        "new_state": state,
        "new_settled_at": work.now if state == DONE else None,
        "new_rings": number,
        "new_rung_for": thing.at if is_first else row.rung_for,
    }
    await work.execute(rows.RUNG, values)
    if row.blocked_at is not None:
        return None
    due_at = thing.at.astimezone(recurrence.zone_named(row.zone))
    return Ring(row.id, number, row.what, row.account, row.language, thing.late > grace, due_at)


async def prune(work: Work) -> int:
    """Forget what was done or deleted long enough ago; gives the number."""
    values = {
        "of": work.bot,
        "done_before": work.now - KEEP_DONE,
        "deleted_before": work.now - KEEP_DELETED,
    }
    return await work.execute(rows.PRUNE, values)


def _goes_on(work: Work, thing: Due) -> bool:
    if thing.rule is None or thing.starts is None:
        return False
    after = max(thing.occurrence, work.now)
    return recurrence.following(thing.rule, thing.starts, thing.zone, after) is not None


async def _nag(work: Work, row: Any, thing: Due) -> int | None:
    """Ring again soon, unless it did so often enough."""
    times = int(thing.what.get("nags", 0)) + 1
    if times > MOST_NAGS:
        return None
    what = {"reminder": row.id, "nags": times}
    return await due.plan(work, REMIND, work.now + NAG_AFTER, what, whose=thing.whose, zone=row.zone)
