"""The outbox: what is to be said, written in the transaction that decided it, sent after the commit.

A speaker leases rows, sends them and settles them. A lease that runs out gives its rows to whoever claims
next, so a process may die at any moment.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.services import outbox_statements as sql
from bot.services.messages import Body
from bot.store.work import Work

# Replies go before reminders, reminders before broadcasts; a notice is an answer to somebody else's deed.
REPLY = 10
NOTICE = 20
REMINDER = 30
BROADCAST = 50

# What can become of a message.
WAITING = sql.WAITING
SENDING = sql.SENDING
SENT = "sent"
DEAD = sql.DEAD
SKIPPED = "skipped"
UNCERTAIN = sql.UNCERTAIN
CANCELLED = sql.CANCELLED

# What listeners to the database hear of: something waits that any speaker may send.
NOTE = "outbox"

# Why a message did not go, or nobody knows.
BLOCKED = "blocked"
SILENCED = "silenced"
OPTED_OUT = "opted out"
LEFT = "the bot left the group"
DIED = "the process ended before the answer"

# Longer than a send takes with all its waiting, short enough that a dead process's messages are soon taken
# over.
LEASE = timedelta(seconds=30)

# Numbers that one statement may name: SQLite allows 32,766 in all.
_IDS_PER_STATEMENT = 10_000


@dataclass(slots=True)
class Outgoing:
    """One message on its way. `target` is None to send one, `{"edit": message_id}` to redraw a message, and
    `{"row": id}` to redraw what an earlier row for the same chat, of the same priority, becomes.

    It `is_begun` once a part of it was said: a long text takes several messages.
    """

    bot: int
    chat: int
    body: Body
    priority: int = REPLY
    thread: int | None = None
    target: dict[str, Any] | None = None
    update_id: int | None = None
    attempts: int = 0
    id: int = 0
    broadcast: int | None = None
    is_begun: bool = False
    made_at: datetime | None = None

    @property
    def is_repeatable(self) -> bool:
        """Whether it is sent again when nobody knows if it arrived: twice beats never, but for broadcasts."""
        return self.broadcast is None


class Dead(NamedTuple):
    """A message that was refused for good: where it was to go, why not, since when."""

    id: int
    chat: int
    priority: int
    broadcast: int | None
    attempts: int
    error: str | None
    settled_at: datetime


class Tally(NamedTuple):
    """How many messages are in a state, and since when the oldest of them is there to be sent."""

    state: str
    number: int
    oldest: datetime


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
    rows = await work.write(sql.PUT[work.dialect], values)
    for message, number in zip(messages, sorted(row.id for row in rows), strict=True):
        message.id, message.made_at = number, work.now
    if owner is None:
        work.note(NOTE, work.now)


async def claim(work: Work, owner: str, limit: int, *, shared: bool = False) -> list[Outgoing]:
    """Lease up to `limit` waiting rows that nobody holds: the most urgent first, then the oldest.

    Broadcasts are claimed by `letters.claim`. What people who blocked the bot would get is settled as skipped
    instead, replies excepted: who is answered is there. Where speakers are `shared`, chats in which another
    one has the turn are left out.
    """
    rows = await work.write(sql.CLAIM[shared], claim_values(work, owner, limit))
    claimed = [_outgoing(row) for row in rows]
    claimed.sort(key=lambda message: (message.priority, message.id))
    return await skip_unreachable(work, claimed)


def claim_values(work: Work, owner: str, limit: int) -> dict[str, Any]:
    """What a claim's statement wants to know."""
    return {
        "of": work.bot,
        "now": work.now,
        "seconds": work.now.timestamp(),
        "owner": owner,
        "until": work.now + LEASE,
        "limit": limit,
    }


async def skip_unreachable(work: Work, claimed: Sequence[Outgoing]) -> list[Outgoing]:
    """Settle as skipped what goes to who blocked or silenced the bot, or to groups that it left; gives the
    rest.

    Whoever silenced it gets answers and notices, and nothing that comes by itself.
    """
    reasons = await _why_unheard(work, claimed)
    skipped = [Settled(row.id, SKIPPED, error=why) for row, why in zip(claimed, reasons, strict=True) if why]
    await settle(work, skipped)
    return [message for message, why in zip(claimed, reasons, strict=True) if why is None]


async def heard(work: Work, messages: Sequence[Outgoing]) -> list[Outgoing]:
    """Those of new messages that somebody wants to hear: the others need not be written down."""
    reasons = await _why_unheard(work, messages)
    return [message for message, why in zip(messages, reasons, strict=True) if why is None]


async def _why_unheard(work: Work, messages: Sequence[Outgoing]) -> list[str | None]:
    deaf = await _deaf(work, {message.chat for message in messages if message.priority > REPLY})
    return [deaf.get(message.chat, {}).get(_layer(message)) for message in messages]


def _layer(message: Outgoing) -> int:
    """Which kind of messages one belongs to, by the least urgent that is as urgent as it is."""
    return next((layer for layer in (REPLY, NOTICE, REMINDER) if message.priority <= layer), BROADCAST)


async def _deaf(work: Work, chats: Collection[int]) -> dict[int, dict[int, str]]:
    """Chats where not everything is heard: by kind of message, why not."""
    found: dict[int, dict[int, str]] = {}
    if people := [chat for chat in chats if chat > 0]:
        for row in await work.fetch(sql.DEAF, {"of": work.bot, "chats": people}):
            found[row.chat] = _unheard(row)
    if groups := [chat for chat in chats if chat < 0]:
        for row in await work.fetch(sql.LEFT, {"of": work.bot, "chats": groups}):
            found[row.chat] = dict.fromkeys((NOTICE, REMINDER, BROADCAST), LEFT)
    return found


def _unheard(row: Any) -> dict[int, str]:
    if row.blocked_at is not None:
        return dict.fromkeys((NOTICE, REMINDER, BROADCAST), BLOCKED)
    if row.silenced_at is not None:
        return dict.fromkeys((REMINDER, BROADCAST), SILENCED)
    return {REMINDER: SILENCED}


async def too_early(work: Work, owner: str, claimed: Sequence[Outgoing]) -> list[Outgoing]:
    """Those of claimed rows that would overtake an older one of their chat, which waits or another has.

    Broadcasts are not asked about: a person gets one row of each, and they come in no order.
    """
    ordinary = [row for row in claimed if row.broadcast is None]
    if not ordinary:
        return []
    values = {
        "of": work.bot,
        "now": work.now,
        "owner": owner,
        "chats": sorted({row.chat for row in ordinary}),
        "newest": max(row.id for row in ordinary),
    }
    oldest: dict[tuple[int, int], int] = {}
    for left in await work.fetch(sql.LEFT_BEHIND, values):
        line = left.chat, left.priority
        oldest[line] = min(left.id, oldest.get(line, left.id))
    return [row for row in ordinary if oldest.get((row.chat, row.priority), row.id) < row.id]


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
        made_at=row.made_at,
    )


async def settle(work: Work, results: Sequence[Settled]) -> None:
    """Close rows with what became of them, all in one statement.

    What they said is forgotten, unless somebody may want to try it again.
    """
    if not results:
        return
    if work.dialect == "postgresql":
        values = {
            "rows": [result.id for result in results],
            "states": [result.state for result in results],
            "messages": [result.message_id for result in results],
            "reasons": [result.error for result in results],
            "now": work.now,
        }
        await work.execute(sql.SETTLE_TOGETHER, values)
        return
    each = [
        {"row": one.id, "to": one.state, "message": one.message_id, "reason": one.error, "now": work.now}
        for one in results
    ]
    await work.execute(sql.SETTLE_EACH, each)


async def renew(work: Work, owner: str, ids: Sequence[int]) -> set[int]:
    """Prolong the leases of rows in hand; gives those that are still the owner's."""
    kept: set[int] = set()
    for start in range(0, len(ids), _IDS_PER_STATEMENT):
        some = list(ids[start : start + _IDS_PER_STATEMENT])
        rows = await work.write(sql.RENEW, {"ids": some, "owner": owner, "until": work.now + LEASE})
        kept.update(row.id for row in rows)
    return kept


async def aim(work: Work, message: Outgoing) -> None:
    """Find the message to redraw where only its row was known; a row that became none leaves one to send."""
    if message.target is None or "row" not in message.target:
        return
    row = await work.first(sql.MESSAGE, {"of": work.bot, "row": message.target["row"]})
    message.target = {"edit": row.message_id} if row and row.message_id else None


async def is_on_its_way(work: Work, number: int) -> bool:
    """Whether a row has not been settled yet."""
    row = await work.first(sql.MESSAGE, {"of": work.bot, "row": number})
    return row is not None and row.state == WAITING


async def postpone(work: Work, owner: str, messages: Sequence[Outgoing], not_before: datetime) -> None:
    """Give leased rows back unsent, with their attempts; anybody may claim them from `not_before` on."""
    if not messages:
        return
    values = [
        {"row": message.id, "owner": owner, "tries": message.attempts, "later": not_before}
        for message in messages
    ]
    await work.execute(sql.POSTPONE, values)


async def recover(work: Work, owner: str, since: datetime) -> int:
    """Free what an earlier life of this process, before `since`, held; gives the number of rows.

    Of broadcasts it may have arrived: they are uncertain. On SQLite there is one process, so every lease is
    one of its own.
    """
    values = {"of": work.bot, "owner": owner, "ends": since + LEASE, "now": work.now, "why": DIED}
    own = work.dialect != "sqlite"
    wondering = await work.execute(sql.WONDER_OWN if own else sql.WONDER_ALL, values)
    return wondering + await work.execute(sql.RECOVER_OWN if own else sql.RECOVER_ALL, values)


async def wonder(work: Work) -> int:
    """Mark broadcast rows as uncertain whose speaker died while it had them in hand; gives their number."""
    return await work.execute(sql.WONDER, {"of": work.bot, "now": work.now, "why": DIED})


async def set_back(work: Work, before: datetime) -> int:
    """The clock was set back from `before`: what could go then may go now; gives the number of rows."""
    return await work.execute(sql.SET_BACK, {"of": work.bot, "before": before, "now": work.now})


# -- Looking after -------------------------------------------------------------------------------------------


async def tallies(work: Work) -> list[Tally]:
    """How many messages there are in each state."""
    return [Tally._make(row) for row in await work.fetch(sql.TALLIES, {"of": work.bot})]


async def dead(work: Work, limit: int) -> list[Dead]:
    """What was refused for good, the latest first."""
    rows = await work.fetch(sql.DEAD_ONES, {"of": work.bot, "limit": limit})
    return [Dead._make(row) for row in rows]


async def revive(work: Work, number: int) -> bool:
    """Let a dead message be tried again now; False where there is none of this number.

    Those of a broadcast are tried again with it: `letters.retry`.
    """
    revived = await work.execute(sql.REVIVE, {"of": work.bot, "row": number, "now": work.now}) > 0
    if revived:
        work.note(NOTE, work.now)
    return revived


async def prune(work: Work, older_than: datetime, reported_before: datetime) -> int:
    """Delete rows that were settled before a moment; gives their number.

    What somebody may ask about, broadcasts and dead messages, stays until it was settled before
    `reported_before`.
    """
    values = {"of": work.bot, "before": older_than, "reported": reported_before}
    return await work.execute(sql.PRUNE, values)
