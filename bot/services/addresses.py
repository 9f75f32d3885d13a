"""Chats and people that can be written to no more, and what becomes of the messages that wait for them.

Rows of broadcasts are left alone here: they are many, and who claims them skips them.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.services.outbox import SKIPPED
from bot.services.outbox_statements import FREE, IN_HAND, IS_ORDINARY
from bot.store.tables import chats, desk_groups, outbox, people
from bot.store.work import Work

MOVED = "moved to a chat that gets it too"


async def block(work: Work, account: int, why: str) -> None:
    """A person blocked the bot or is gone: mark it, and skip what waits for them, with the reason."""
    await work.execute(_BLOCK, {"of": work.bot, "who": account, "now": work.now})
    await _skip(work, account, why)


async def leave(work: Work, chat: int, why: str) -> None:
    """The bot is no longer in a group: mark it, and skip what waits for the group, with the reason."""
    await work.execute(_LEAVE, {"of": work.bot, "where": chat, "now": work.now})
    await _skip(work, chat, why)


async def migrate(work: Work, old: int, new: int) -> None:
    """A group became a supergroup: remember its new id, and send there what waits for it.

    The new one is what the old one was, unless it was greeted as a group of its own.
    """
    params = {"of": work.bot, "old": old, "new": new}
    await work.execute(_FORGET_STRANGER, params)
    await work.execute(_SUCCEED, params)
    await work.execute(_BECOME, params)
    await work.execute(_SKIP_TWINS, params | {"now": work.now})
    await work.execute(_READDRESS, params)
    await work.execute(_MOVE_DESKS, params)


async def _skip(work: Work, chat: int, why: str) -> None:
    await work.execute(_SKIP, {"of": work.bot, "where": chat, "now": work.now, "why": why})


_BLOCK = (
    sa.update(people)
    .where(
        people.c.bot == sa.bindparam("of"),
        people.c.account == sa.bindparam("who"),
        people.c.blocked_at.is_(None),
    )
    .values(blocked_at=sa.bindparam("now"))
)

_LEAVE = (
    sa.update(chats)
    .where(
        chats.c.bot == sa.bindparam("of"), chats.c.chat == sa.bindparam("where"), chats.c.left_at.is_(None)
    )
    .values(left_at=sa.bindparam("now"))
)

_SKIP = (
    sa.update(outbox)
    .where(outbox.c.bot == sa.bindparam("of"), IS_ORDINARY, outbox.c.chat == sa.bindparam("where"))
    .values(
        state=SKIPPED,
        error=sa.bindparam("why"),
        settled_at=sa.bindparam("now"),
        body=sa.null(),
        **FREE,
    )
)

_successor = chats.alias("successor")

# Only where the old one is known: else nothing would take its place.
_FORGET_STRANGER = sa.delete(chats).where(
    chats.c.bot == sa.bindparam("of"),
    chats.c.chat == sa.bindparam("new"),
    chats.c.greeted_at.is_(None),
    sa.exists().where(
        _successor.c.bot == sa.bindparam("of"),
        _successor.c.chat == sa.bindparam("old"),
        _successor.c.became.is_(None),
    ),
)
_CARRIED = [column for column in chats.c if column.name not in ("bot", "chat", "kind", "left_at", "became")]
_SUCCEED = sa.insert(chats).from_select(
    ["bot", "chat", "kind", *(column.name for column in _CARRIED)],
    sa.select(
        chats.c.bot,
        sa.bindparam("new", type_=sa.BigInteger),
        sa.literal("supergroup"),
        *_CARRIED,
    ).where(
        chats.c.bot == sa.bindparam("of"),
        chats.c.chat == sa.bindparam("old"),
        ~sa.exists().where(
            _successor.c.bot == sa.bindparam("of"),
            _successor.c.chat == sa.bindparam("new", type_=sa.BigInteger),
        ),
    ),
)

_BECOME = (
    sa.update(chats)
    .where(chats.c.bot == sa.bindparam("of"), chats.c.chat == sa.bindparam("old"))
    .values(became=sa.bindparam("new"))
)

_MOVE_DESKS = (
    sa.update(desk_groups)
    .where(desk_groups.c.bot == sa.bindparam("of"), desk_groups.c.chat == sa.bindparam("old"))
    .values(chat=sa.bindparam("new"))
)

_IS_THERE = sa.and_(outbox.c.bot == sa.bindparam("of"), IN_HAND, outbox.c.chat == sa.bindparam("old"))
_twin = outbox.alias("twin")
_SKIP_TWINS = (
    sa.update(outbox)
    .where(
        _IS_THERE,
        sa.exists().where(
            _twin.c.bot == outbox.c.bot,
            _twin.c.broadcast == outbox.c.broadcast,
            _twin.c.chat == sa.bindparam("new", type_=sa.BigInteger),
        ),
    )
    .values(state=SKIPPED, error=MOVED, settled_at=sa.bindparam("now"), **FREE)
)
_READDRESS = sa.update(outbox).where(_IS_THERE).values(chat=sa.bindparam("new"))
