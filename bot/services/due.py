"""What happens later: things that are due at a moment, once or by a rule, written by whoever decides it.

A clock leases what is due, and does it in a transaction that holds the row, the deed, its messages and the
next occurrence. Who moves or cancels a thing meanwhile comes before that transaction or after it, never in
between: the row decides. So a lease only shares out the work, and a process may die at any moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.clock import recurrence
from bot.services import due_statements as sql
from bot.store.tables import due as due_table
from bot.store.work import Work

# What can become of a due thing. One that comes again is waiting all the time.
WAITING = sql.WAITING
DONE = "done"
SKIPPED = "skipped"
CANCELLED = sql.CANCELLED
DEAD = sql.DEAD

# What listeners to the database hear of: something was planned, and for when.
NOTE = "due"

# A dead process's things start this much later. A living one may lose a lease without harm.
LEASE = timedelta(seconds=5)

# A deed that fails is tried again after 10, 20, 40 … seconds: eight tries in about twenty minutes.
FIRST_BACK_OFF = timedelta(seconds=10)
LONGEST_BACK_OFF = timedelta(hours=1)
MOST_ATTEMPTS = 8

# Numbers that one statement may name: SQLite allows 32,766 in all.
_IDS_PER_STATEMENT = 10_000


@dataclass(frozen=True, slots=True)
class Plan:
    """Something to happen `at` an aware moment, and again by `rule` (RFC 5545) at wall times of `zone`.

    `what` is for the deed; `whose` names the person, chat or branch it is for, such as `person:7`.
    """

    kind: str
    at: datetime
    what: dict[str, Any]
    whose: str | None = None
    zone: str = "UTC"
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A due thing as its row says. `at` is when it is due, `late` how long ago that was.

    `occurrence` is the rule's own moment (`at` may have been moved), `starts` the wall time it counts from;
    `not_before` is when it may be tried (again).
    """

    id: int
    kind: str
    name: str | None
    what: dict[str, Any]
    whose: str | None
    at: datetime
    zone: str
    rule: str | None
    starts: datetime | None
    occurrence: datetime
    not_before: datetime
    state: str
    leased_by: str | None
    attempts: int
    error: str | None
    late: timedelta


class Claimed(NamedTuple):
    """What a clock has leased and not yet looked at."""

    id: int
    kind: str


# -- Deciding ------------------------------------------------------------------------------------------------


async def plan(
    work: Work,
    kind: str,
    at: datetime,
    what: dict[str, Any],
    *,
    whose: str | None = None,
    zone: str = "UTC",
    rule: str | None = None,
    name: str | None = None,
) -> int:
    """Plan something; gives its number. See Plan for what is what.

    With a `name` it waits once at most: where one of this kind and name waits, that one's number is given
    and nothing changes. ValueError for a naive moment, an unknown zone or what is no rule.
    """
    planned = Plan(kind, at, what, whose, zone, rule)
    if name is None:
        return (await plan_all(work, [planned]))[0]
    values = _values(work, planned) | {"name": name}
    while True:
        rows = await work.write(sql.PLAN_ONCE[work.dialect], values)
        rows = rows or await work.fetch(sql.NAMED, {"of": work.bot, "the_kind": kind, "the_name": name})
        if rows:
            work.note(NOTE, at)
            return int(rows[0].id)


async def plan_all(work: Work, plans: Sequence[Plan]) -> list[int]:
    """Plan many things at once; gives their numbers in order. ValueError as in `plan`."""
    if not plans:
        return []
    values = [_values(work, planned) for planned in plans]
    rows = await work.write(sql.PLAN[work.dialect], values)
    await work.grown(due_table, len(plans))
    work.note(NOTE, min(planned.at for planned in plans))
    return sorted(row.id for row in rows)


def _values(work: Work, planned: Plan) -> dict[str, Any]:
    _check_aware(planned.at)
    # A rule knows no parts of a second.
    starts = recurrence.wall_time(planned.at, planned.zone).replace(microsecond=0)
    if planned.rule:
        recurrence.check(planned.rule, starts, planned.zone)
    return {
        "bot": work.bot,
        "kind": planned.kind,
        "name": None,
        "what": planned.what,
        "whose": planned.whose,
        "at": planned.at,
        "zone": planned.zone,
        "rule": planned.rule,
        "starts": starts if planned.rule else None,
        "occurrence": planned.at,
        "not_before": planned.at,
        "state": WAITING,
        "attempts": 0,
        "made_at": work.now,
    }


def _check_aware(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")


async def move(work: Work, number: int, at: datetime, *, only: datetime | None = None) -> bool:
    """Let a thing be due at another moment; False when it is done, cancelled or gone.

    Of a series this moves the next occurrence, its rule stays. With `only` it is moved just if it is still
    due at that moment: of an occurrence that has happened meanwhile the next one is left alone. ValueError
    for a naive moment.
    """
    _check_aware(at)
    values = {"of": work.bot, "row": number, "to": at, "seen": only}
    moved = await work.execute(sql.MOVE_ONLY if only else sql.MOVE, values) > 0
    if moved:
        work.note(NOTE, at)
    return moved


async def cancel(work: Work, number: int) -> bool:
    """Let a thing, or the rest of a series, never happen; False when it is done, cancelled or gone."""
    return await work.execute(sql.CANCEL, {"of": work.bot, "row": number, "now": work.now}) > 0


async def cancel_all(work: Work, whose: str, kind: str | None = None) -> int:
    """Cancel all that waits for a person, chat or branch, or what of it is of a kind; gives the number."""
    values = {"of": work.bot, "the_whose": whose, "the_kind": kind, "now": work.now}
    return await work.execute(sql.CANCEL_ALL if kind is None else sql.CANCEL_KIND, values)


async def coming(work: Work, limit: int, whose: str | None = None) -> list[Due]:
    """What waits, the soonest first."""
    values = {"of": work.bot, "the_whose": whose, "limit": limit}
    rows = await work.fetch(sql.COMING if whose is None else sql.COMING_TO, values)
    return [_due(work, row) for row in rows]


async def dead(work: Work, limit: int) -> list[Due]:
    """What failed for good, the latest first."""
    rows = await work.fetch(sql.DEAD_ONES, {"of": work.bot, "limit": limit})
    return [_due(work, row) for row in rows]


# -- Doing ---------------------------------------------------------------------------------------------------


async def claim(work: Work, owner: str, limit: int, kinds: Sequence[str]) -> list[Claimed]:
    """Lease up to `limit` things that are due, of these kinds, and in nobody else's hands: the oldest first.

    What the owner itself left undone comes again: it has finished with its earlier claims.
    """
    rows = await work.write(
        sql.CLAIM,
        {
            "of": work.bot,
            "kinds": list(kinds),
            "now": work.now,
            "owner": owner,
            "until": work.now + LEASE,
            "limit": limit,
        },
    )
    return [Claimed(row.id, row.kind) for row in sorted(rows, key=lambda row: (row.not_before, row.id))]


async def hold(work: Work, owner: str, ids: Sequence[int]) -> list[Due]:
    """Of claimed things those that still wait, are due and the owner's, locked until the transaction ends.

    Left out is what was moved, cancelled or taken over, and what somebody is about to change: it is claimed
    again if it stays due.
    """
    rows = await work.fetch(sql.HOLD, {"ids": list(ids), "owner": owner, "now": work.now})
    return [_due(work, row) for row in rows]


async def finish(work: Work, owner: str, things: Sequence[Due], state: str = DONE) -> None:
    """Close what was held: done (or another `state`), or waiting for the next occurrence of its rule.

    The next one is the first after now: a series that was missed for a while goes on, it does not catch up.
    What the deed itself moved or cancelled stays as the deed wants it.
    """
    upcoming = {thing.id: _next(work, thing) for thing in things if thing.rule}
    again = {number: at for number, at in upcoming.items() if at}
    over = [thing.id for thing in things if thing.id not in again]
    if over:
        await work.execute(sql.SETTLE, {"ids": over, "owner": owner, "to": state, "now": work.now})
    if again:
        rows = [{"row": number, "owner": owner, "next": at} for number, at in again.items()]
        await work.execute(sql.AGAIN, rows)
        work.note(NOTE, min(again.values()))


async def fail(work: Work, owner: str, thing: Due, reason: str) -> bool:
    """Try a held thing again later; False when it has been tried often enough and is dead.

    Of a series only the occurrence dies, as a row of its own.
    """
    attempts = thing.attempts + 1
    if attempts < MOST_ATTEMPTS:
        later = work.now + min(FIRST_BACK_OFF * 2 ** (attempts - 1), LONGEST_BACK_OFF)
        values = {"row": thing.id, "owner": owner, "tries": attempts, "later": later, "reason": reason}
        await work.execute(sql.POSTPONE, values)
        return True
    values = {"row": thing.id, "owner": owner, "tries": attempts, "reason": reason, "now": work.now}
    if _next(work, thing):
        await work.execute(sql.BURY_OCCURRENCE, values)
        await finish(work, owner, [thing])
    else:
        await work.execute(sql.BURY, values)
    return False


def _next(work: Work, thing: Due) -> datetime | None:
    if thing.rule is None or thing.starts is None:
        return None
    return recurrence.following(thing.rule, thing.starts, thing.zone, max(thing.occurrence, work.now))


async def renew(work: Work, owner: str, ids: Sequence[int]) -> int:
    """Prolong the leases of what is in hand; gives the number of those that are still the owner's."""
    renewed = 0
    for start in range(0, len(ids), _IDS_PER_STATEMENT):
        some = list(ids[start : start + _IDS_PER_STATEMENT])
        rows = await work.write(sql.RENEW, {"ids": some, "owner": owner, "until": work.now + LEASE})
        renewed += len(rows)
    return renewed


async def release(work: Work, owner: str, ids: Sequence[int]) -> None:
    """Give claimed things back undone, for anybody to claim."""
    for start in range(0, len(ids), _IDS_PER_STATEMENT):
        some = list(ids[start : start + _IDS_PER_STATEMENT])
        await work.execute(sql.RELEASE, {"ids": some, "owner": owner})


async def recover(work: Work, owner: str, since: datetime) -> int:
    """Free what an earlier life of this process, before `since`, held; gives the number of things.

    On SQLite there is one process, so every lease is one of its own.
    """
    statement = sql.RECOVER_ALL if work.dialect == "sqlite" else sql.RECOVER_OWN
    return await work.execute(statement, {"of": work.bot, "owner": owner, "ends": since + LEASE})


async def next_at(work: Work, kinds: Sequence[str]) -> datetime | None:
    """When the next thing of these kinds will be due, after now; None where nothing is planned."""
    row = await work.first(sql.NEXT_AT, {"of": work.bot, "kinds": list(kinds), "now": work.now})
    return row.not_before if row else None


async def prune(work: Work, older_than: datetime) -> int:
    """Delete what was settled before a moment; gives its number."""
    return await work.execute(sql.PRUNE, {"of": work.bot, "before": older_than})


def _due(work: Work, row: sa.Row[Any]) -> Due:
    late = max(work.now - row.at, timedelta(0))
    return Due(
        row.id,
        row.kind,
        row.name,
        row.what or {},
        row.whose,
        row.at,
        row.zone,
        row.rule,
        row.starts,
        row.occurrence,
        row.not_before,
        row.state,
        row.leased_by,
        row.attempts,
        row.error,
        late,
    )
