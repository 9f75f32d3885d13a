"""Groups as rows: what one is bound to, how it wants to be spoken to, and whether the bot can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.services import audit
from bot.services.groups.quiet import NIGHT, QuietHours
from bot.store.tables import chats
from bot.store.work import Work

GROUP: Final = "group"
SUPERGROUP: Final = "supergroup"
SUPERGROUPS_BELOW: Final = -1_000_000_000_000
"""Ids of supergroups lie below this one (core.telegram.org/api/bots/ids)."""
MOST_DIGITS: Final = 16  # of 52 significant bits (Bot API, Chat.id)
LONGEST_TITLE: Final = 128


@dataclass(frozen=True, slots=True)
class Group:
    """A group chat; `locale` is what is spoken there to all, `topic` the forum topic that news go to.

    It wants no broadcasts about what is `muted`. `silent` where the bot may not write, `gone` where it is not
    any more.
    """

    chat: int
    title: str
    locale: str | None
    branch: str | None
    quiet: QuietHours | None
    zone: str
    topic: int | None
    greeted: bool
    silent: bool
    gone: bool
    muted: frozenset[str] = frozenset()


def chat_from(text: str) -> int | None:
    """The id of a group as a link or a button writes it; None for what is none."""
    digits = text.removeprefix("-")
    is_group = digits != text and digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS
    return int(text) if is_group else None


async def get(work: Work, chat: int) -> Group | None:
    """A group by its chat's id; one that became a supergroup is known by the new id only."""
    row = await work.first(_ONE, {"whose_bot": work.bot, "where": chat})
    return _group(row) if row else None


async def of_branch(work: Work, branch: str) -> list[Group]:
    """The groups that are bound to a branch and have the bot, by id."""
    rows = await work.fetch(_OF_BRANCH, {"whose_bot": work.bot, "branch_id": branch})
    return [_group(row) for row in rows]


async def meet(work: Work, chat: int, title: str, locale: str) -> Group:
    """The group of a chat, made with what a new one begins with where it is not known yet."""
    values = {
        "bot": work.bot,
        "chat": chat,
        "kind": SUPERGROUP if chat < SUPERGROUPS_BELOW else GROUP,
        "title": title[:LONGEST_TITLE],
        "language": locale,
        "quiet_from": NIGHT.start,
        "quiet_to": NIGHT.end,
    }
    await work.execute(_MEET[work.dialect], values)
    found = await get(work, chat)
    if found is None:
        raise LookupError("a group that moved is met under its new id")
    return found


async def unbind(work: Work, group: Group, by: int) -> None:
    """Let a group belong to no branch; `by` is the person who wants that. Who may is the caller's to say."""
    await change(work, group.chat, branch=None, bound_by=None, bound_at=None)
    await audit.record(work, "group.unbound", by, chat=group.chat, branch=group.branch)


async def hear(work: Work, chat: int) -> None:
    """The bot may write in a group (again); where it could all the time, nothing is written."""
    await work.execute(_HEAR, {"whose_bot": work.bot, "where": chat})


async def change(work: Work, chat: int, **values: Any) -> None:
    """Write columns of a group anew."""
    await work.execute(sa.update(chats).where(chats.c.bot == work.bot, chats.c.chat == chat).values(values))


def _group(row: Any) -> Group:
    quiet = None if row.quiet_from is None else QuietHours(row.quiet_from, row.quiet_to)
    return Group(
        row.chat,
        row.title,
        row.language,
        row.branch,
        quiet,
        row.zone,
        row.topic,
        row.greeted_at is not None,
        row.silent_since is not None,
        row.left_at is not None,
        frozenset(row.muted or ()),
    )


def _meet(insert: Any) -> Any:
    return insert(chats).on_conflict_do_nothing()


_MEET = {"sqlite": _meet(sqlite.insert), "postgresql": _meet(postgresql.insert)}
_PRESENT = sa.select(chats).where(chats.c.bot == sa.bindparam("whose_bot"), chats.c.became.is_(None))
_ONE = _PRESENT.where(chats.c.chat == sa.bindparam("where"))
_HEAR = (
    sa.update(chats)
    .where(
        chats.c.bot == sa.bindparam("whose_bot"),
        chats.c.chat == sa.bindparam("where"),
        chats.c.silent_since.is_not(None),
    )
    .values(silent_since=None)
)
_OF_BRANCH = _PRESENT.where(
    # The first condition is what the partial index has.
    chats.c.branch.is_not(None),
    chats.c.branch == sa.bindparam("branch_id"),
    chats.c.left_at.is_(None),
).order_by(chats.c.chat)
