"""Forgetting somebody: everywhere, at once, in one transaction; and what stays, with the reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from bot.i18n import Phrase
from bot.services import audit, due, files
from bot.services.privacy.holdings import Holding, Whom
from bot.services.privacy.register import REGISTER
from bot.store.tables import attachments, file_copies, outbox, paces, people
from bot.store.tables import files as kept_files
from bot.store.work import Work

FORGOTTEN: Final = "person.forgotten"
"""What the log notes."""
SWEEP: Final = "sweep"
"""The kind of due things that delete what was still on its way to somebody who is forgotten."""
SWEEPS: Final = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
"""After the last word to them: it needs a moment to be sent, longer where the channel is slow."""


async def what_stays(work: Work, whom: Whom) -> list[Phrase]:
    """Sentences on what would stay of somebody, in the language of the moment; each once."""
    said: dict[str, None] = {}
    for holding in REGISTER:
        if holding.why is not None and await _has_rows(work, holding, whom):
            said[holding.why()] = None
    return [Phrase(one) for one in said]


async def forget(work: Work, whom: Whom) -> None:
    """Forget somebody. Their next word is that of a stranger.

    The log notes that a person, by a number that leads to nobody now, was forgotten.
    """
    hashes = await _their_files(work, whom)
    for holding in REGISTER:
        for statement in holding.forget(whom):
            await work.execute(statement)
    await _drop_files(work, hashes)
    await audit.record(work, FORGOTTEN, whom.person)
    await plan_sweep(work)


async def plan_sweep(work: Work) -> None:
    """Come back for the last messages to people who are forgotten."""
    for later in SWEEPS:
        at = work.now + later
        await due.plan(work, SWEEP, at, {}, name=f"{at:%Y-%m-%dT%H:%M}")


async def sweep(work: Work) -> None:
    """Delete what is left of messages in private chats of nobody, once they were sent or can't be."""
    for statement in _SWEEP:
        await work.execute(statement, {"of": work.bot})


async def _has_rows(work: Work, holding: Holding, whom: Whom) -> bool:
    rows = holding.rows_of(whom)
    return rows is not None and await work.first(rows.limit(1)) is not None


async def _their_files(work: Work, whom: Whom) -> list[str]:
    rows = await work.fetch(
        sa.select(attachments.c.hash).where(
            attachments.c.bot == whom.bot,
            attachments.c.person == whom.person,
            attachments.c.hash.is_not(None),
        )
    )
    return [row.hash for row in rows]


async def _drop_files(work: Work, hashes: list[str]) -> None:
    """Files that nobody else sent too, whatever they are kept for."""
    if not hashes:
        return
    for table in (kept_files, file_copies):
        held = sa.exists().where(attachments.c.bot == table.c.bot, attachments.c.hash == table.c.hash)
        await work.execute(sa.delete(table).where(table.c.bot == work.bot, table.c.hash.in_(hashes), ~held))
    await files.prune(work)


def _in_the_chat_of_nobody(table: sa.Table) -> sa.ColumnElement[bool]:
    known = sa.exists().where(people.c.bot == table.c.bot, people.c.account == table.c.chat)
    return sa.and_(table.c.bot == sa.bindparam("of"), table.c.chat > 0, ~known)


_SWEEP: Final = (
    sa.delete(outbox).where(_in_the_chat_of_nobody(outbox), outbox.c.settled_at.is_not(None)),
    sa.delete(paces).where(_in_the_chat_of_nobody(paces)),
)
