"""The outbox: what is to be said, written in the transaction that decided it, sent after the commit.

A speaker leases rows, sends them and settles them. A lease that runs out gives its rows to whoever claims
next, so a process may die at any moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.services.messages import Body
from bot.store.tables import outbox, people
from bot.store.work import Work

# Replies go before reminders, reminders before broadcasts; a notice is an answer to somebody else's deed.
REPLY = 10
NOTICE = 20
REMINDER = 30
BROADCAST = 50

# What can become of a message.
WAITING = "waiting"
SENT = "sent"
DEAD = "dead"
SKIPPED = "skipped"
UNCERTAIN = "uncertain"

# Longer than a send takes with all its waiting, short enough that a dead process's messages are soon taken
# over.
LEASE = timedelta(seconds=30)

# Numbers that one statement may name: SQLite allows 32,766 in all.
_IDS_PER_STATEMENT = 10_000


@dataclass(slots=True)
class Outgoing:
    """One message on its way. `target` is `{"edit": message_id}` to redraw a message, or None to send one."""

    bot: int
    chat: int
    body: Body
    priority: int = REPLY
    thread: int | None = None
    target: dict[str, Any] | None = None
    update_id: int | None = None
    attempts: int = 0
    id: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of row `id`: its last `state`, the message it turned into, or the reason why not."""

    id: int
    state: str
    message_id: int | None = None
    error: str | None = None


async def put(work: Work, messages: Sequence[Outgoing], owner: str | None = None) -> None:
    """Write messages down, in order, and give each its id.

    With an `owner` they are leased to that process at once: it sends them right after the commit, and any
    other takes them over if it dies before.
    """
    if not messages:
        return
    leased_until = work.now + LEASE if owner else None
    values = [
        {
            "bot": message.bot,
            "chat": message.chat,
            "thread": message.thread,
            "priority": message.priority,
            "body": message.body,
            "target": message.target,
            "state": WAITING,
            "not_before": work.now,
            "leased_by": owner,
            "leased_until": leased_until,
            "attempts": 0,
            "update_id": message.update_id,
            "made_at": work.now,
        }
        for message in messages
    ]
    # A list of one would take the longer way that lists take.
    rows = await work.write(_PUT[work.dialect], values if len(values) > 1 else values[0])
    for message, number in zip(messages, sorted(row.id for row in rows), strict=True):
        message.id = number


async def claim(work: Work, owner: str, limit: int) -> list[Outgoing]:
    """Lease up to `limit` waiting rows that nobody holds: the most urgent first, then the oldest.

    What people who blocked the bot would get is settled as skipped instead, replies excepted: who is answered
    is there.
    """
    rows = await work.write(
        _CLAIM,
        {"of": work.bot, "now": work.now, "owner": owner, "until": work.now + LEASE, "limit": limit},
    )
    claimed = [_outgoing(row) for row in rows]
    claimed.sort(key=lambda message: (message.priority, message.id))
    blocked = await _blocked(work, claimed)
    if not blocked:
        return claimed
    skipped = [message for message in claimed if message.priority > REPLY and message.chat in blocked]
    await settle(work, [Settled(message.id, SKIPPED, error="blocked") for message in skipped])
    return [message for message in claimed if message.priority <= REPLY or message.chat not in blocked]


def _outgoing(row: sa.Row[Any]) -> Outgoing:
    return Outgoing(
        row.bot,
        row.chat,
        row.body,
        row.priority,
        row.thread,
        row.target,
        row.update_id,
        row.attempts,
        row.id,
    )


async def _blocked(work: Work, claimed: Sequence[Outgoing]) -> set[int]:
    chats = {message.chat for message in claimed if message.priority > REPLY and message.chat > 0}
    if not chats:
        return set()
    rows = await work.fetch(_BLOCKED, {"of": work.bot, "chats": list(chats)})
    return {row.account for row in rows}


async def settle(work: Work, results: Sequence[Settled]) -> None:
    """Close rows with what became of them, all in one statement; what they said is forgotten."""
    if not results:
        return
    values = [
        {
            "row": result.id,
            "to": result.state,
            "message": result.message_id,
            "reason": result.error,
            "now": work.now,
        }
        for result in results
    ]
    await work.execute(_SETTLE, values)


async def renew(work: Work, owner: str, ids: Sequence[int]) -> set[int]:
    """Prolong the leases of rows in hand; gives those that are still the owner's."""
    kept: set[int] = set()
    for start in range(0, len(ids), _IDS_PER_STATEMENT):
        some = list(ids[start : start + _IDS_PER_STATEMENT])
        rows = await work.write(_RENEW, {"ids": some, "owner": owner, "until": work.now + LEASE})
        kept.update(row.id for row in rows)
    return kept


async def postpone(work: Work, owner: str, messages: Sequence[Outgoing], not_before: datetime) -> None:
    """Give leased rows back unsent, with their attempts; anybody may claim them from `not_before` on."""
    if not messages:
        return
    values = [
        {"row": message.id, "owner": owner, "tries": message.attempts, "later": not_before}
        for message in messages
    ]
    await work.execute(_POSTPONE, values)


async def recover(work: Work, owner: str, since: datetime) -> int:
    """Free what an earlier life of this process, before `since`, held; gives the number of rows.

    On SQLite there is one process, so every lease is one of its own.
    """
    statement = _RECOVER_ALL if work.dialect == "sqlite" else _RECOVER_OWN
    return await work.execute(statement, {"of": work.bot, "owner": owner, "ends": since + LEASE})


async def prune(work: Work, older_than: datetime) -> int:
    """Delete rows that were settled before a moment; gives their number."""
    return await work.execute(_PRUNE, {"of": work.bot, "before": older_than})


_IS_WAITING = outbox.c.state == sa.literal_column(f"'{WAITING}'")  # as the partial index words it

# SQLite numbers the rows of one INSERT in their order; asked for that order, SQLAlchemy would insert them
# there one by one, at four times the cost.
_PUT = {
    "sqlite": sa.insert(outbox).returning(outbox.c.id),
    "postgresql": sa.insert(outbox).returning(outbox.c.id, sort_by_parameter_order=True),
}

_PICKED = (
    sa.select(outbox.c.id)
    .where(
        outbox.c.bot == sa.bindparam("of"),
        _IS_WAITING,
        outbox.c.not_before <= sa.bindparam("now"),
        sa.or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= sa.bindparam("now")),
    )
    .order_by(outbox.c.priority, outbox.c.id)
    .limit(sa.bindparam("limit"))
    .with_for_update(skip_locked=True)  # SQLite has one writer and leaves this out
    .cte("picked")
)

_CLAIM = (
    sa.update(outbox)
    .where(outbox.c.id.in_(sa.select(_PICKED.c.id)))
    .values(leased_by=sa.bindparam("owner"), leased_until=sa.bindparam("until"))
    .returning(
        outbox.c.id,
        outbox.c.bot,
        outbox.c.chat,
        outbox.c.thread,
        outbox.c.priority,
        outbox.c.body,
        outbox.c.target,
        outbox.c.update_id,
        outbox.c.attempts,
    )
)

_BLOCKED = sa.select(people.c.account).where(
    people.c.bot == sa.bindparam("of"),
    people.c.account.in_(sa.bindparam("chats", expanding=True)),
    people.c.blocked_at.is_not(None),
)

_SETTLE = (
    sa.update(outbox)
    .where(outbox.c.id == sa.bindparam("row"))
    .values(
        state=sa.bindparam("to"),
        message_id=sa.bindparam("message"),
        error=sa.bindparam("reason"),
        settled_at=sa.bindparam("now"),
        body=sa.null(),
        leased_by=None,
        leased_until=None,
    )
)

_RENEW = (
    sa.update(outbox)
    .where(
        outbox.c.id.in_(sa.bindparam("ids", expanding=True)),
        outbox.c.leased_by == sa.bindparam("owner"),
        _IS_WAITING,
    )
    .values(leased_until=sa.bindparam("until"))
    .returning(outbox.c.id)
)

_POSTPONE = (
    sa.update(outbox)
    .where(outbox.c.id == sa.bindparam("row"), outbox.c.leased_by == sa.bindparam("owner"), _IS_WAITING)
    .values(
        leased_by=None,
        leased_until=None,
        attempts=sa.bindparam("tries"),
        not_before=sa.bindparam("later"),
    )
)

_RECOVER_ALL = (
    sa.update(outbox)
    .where(outbox.c.bot == sa.bindparam("of"), _IS_WAITING, outbox.c.leased_until < sa.bindparam("ends"))
    .values(leased_by=None, leased_until=None)
)
_RECOVER_OWN = _RECOVER_ALL.where(outbox.c.leased_by == sa.bindparam("owner"))

_PRUNE = sa.delete(outbox).where(
    outbox.c.bot == sa.bindparam("of"), outbox.c.settled_at < sa.bindparam("before")
)
