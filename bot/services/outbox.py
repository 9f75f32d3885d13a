"""The outbox: what is to be said, written in the transaction that decided it, sent after the commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from bot.services.messages import Body
from bot.store.tables import outbox
from bot.store.work import Work

# Replies go before reminders, reminders before broadcasts; a notice is an answer to somebody else's deed.
REPLY = 10
NOTICE = 20
REMINDER = 30
BROADCAST = 50

# Longer than a send with all its waiting; short enough that a dead process's messages soon go on.
LEASE = timedelta(seconds=30)


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


async def put(work: Work, messages: Sequence[Outgoing], owner: str | None = None) -> None:
    """Write messages down, in order, and give each its id.

    With an `owner` they are leased to that process at once: it sends them right after the commit, and
    any other takes them over if it dies before.
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
            "state": "waiting",
            "not_before": work.now,
            "leased_by": owner,
            "leased_until": leased_until,
            "attempts": 0,
            "update_id": message.update_id,
            "made_at": work.now,
        }
        for message in messages
    ]
    rows = await work.write(_PUT, values)
    for message, row in zip(messages, rows, strict=True):
        message.id = row.id


_PUT = sa.insert(outbox).returning(outbox.c.id, sort_by_parameter_order=True)
