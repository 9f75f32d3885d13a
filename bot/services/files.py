"""Files that the bot keeps: known by the hash of their content, sent by a key such as `kept:9f86d0…`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.tables import attachments, file_copies, files
from bot.store.work import Work

KEPT: Final = "kept:"
CONTENT: Final = "content:"

# A drawing or an export goes out at once; a week covers a quiet night, a long pause and a retry.
KEEP_DRAWINGS: Final = timedelta(days=7)
KEEP_TABLES: Final = timedelta(days=1)
"""Tables that name people, or hold what they wrote: somebody just asked for them."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept file."""

    content: bytes
    name: str
    mime: str


class FileGone(Exception):
    """Nothing is kept under this key any more."""


def hash_of(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


async def keep(work: Work, content: bytes, name: str, mime: str) -> str:
    """Keep what the bot drew or wrote for a week; gives the key to send it by. The same twice is one."""
    return await _keep(work, content, name, mime, work.now + KEEP_DRAWINGS)


async def keep_for_a_day(work: Work, content: bytes, name: str, mime: str) -> str:
    """Keep a table that names people, or holds what they wrote; gives the key to send it by."""
    return await _keep(work, content, name, mime, work.now + KEEP_TABLES)


async def hold(work: Work, content: bytes, name: str, mime: str) -> str:
    """Keep what an attachment holds, as long as it does; gives the key."""
    return await _keep(work, content, name, mime, None)


async def _keep(work: Work, content: bytes, name: str, mime: str, until: datetime | None) -> str:
    digest = hash_of(content)
    values = {
        "bot": work.bot,
        "hash": digest,
        "content": content,
        "mime": mime,
        "name": name,
        "made_at": work.now,
        "expires_at": until,
    }
    await work.execute(_KEEP[work.dialect], values)
    return KEPT + digest


async def read(work: Work, key: str) -> Kept:
    """A kept file by its key. Raises FileGone where there is none."""
    digest = key.removeprefix(KEPT)
    row = await work.first(_READ, {"of": work.bot, "the_hash": digest})
    if row is None:
        raise FileGone(key)
    return Kept(row.content, row.name, row.mime)


async def prune(work: Work) -> None:
    """Forget what nobody holds and nobody needs to send any more, and where the channel had it."""
    await work.execute(_COPIES_OF_THE_OLD, {"of": work.bot, "now": work.now})
    await work.execute(_EXPIRED, {"of": work.bot, "now": work.now})
    await work.execute(_ORPHANED, {"of": work.bot})
    await work.execute(_OLD_COPIES, {"of": work.bot, "before": work.now - KEEP_DRAWINGS})


# -- Where the channel has them ------------------------------------------------------------------


async def copy_of(work: Work, digest: str, kind: str) -> str | None:
    """The channel's own id of a file that was sent before as this kind of message, or None."""
    row = await work.first(_COPY, {"of": work.bot, "the_hash": digest, "the_kind": kind})
    return None if row is None else str(row.channel_file)


async def note_copy(work: Work, digest: str, kind: str, channel_file: str) -> None:
    """The channel has a file now."""
    values = {
        "bot": work.bot,
        "hash": digest,
        "kind": kind,
        "channel_file": channel_file,
        "made_at": work.now,
    }
    await work.execute(_NOTE_COPY[work.dialect], values)


async def forget_copy(work: Work, digest: str, kind: str) -> None:
    """The channel has lost a file."""
    await work.execute(_FORGET_COPY, {"of": work.bot, "the_hash": digest, "the_kind": kind})


def _keep_by(insert: Any) -> sa.Executable:
    new = insert(files)
    # What is held stays held; what is drawn again stays another week.
    until = sa.case((files.c.expires_at.is_(None), None), else_=new.excluded.expires_at)
    held: sa.Executable = new.on_conflict_do_update(
        index_elements=["bot", "hash"],
        set_={"expires_at": sa.case((new.excluded.expires_at.is_(None), None), else_=until)},
    )
    return held


def _note_by(insert: Any) -> sa.Executable:
    new = insert(file_copies)
    noted: sa.Executable = new.on_conflict_do_update(
        index_elements=["bot", "hash", "kind"],
        set_={"channel_file": new.excluded.channel_file, "made_at": new.excluded.made_at},
    )
    return noted


_KEEP: Final = {"sqlite": _keep_by(sqlite.insert), "postgresql": _keep_by(postgresql.insert)}
_NOTE_COPY: Final = {"sqlite": _note_by(sqlite.insert), "postgresql": _note_by(postgresql.insert)}
_READ: Final = sa.select(files.c.content, files.c.name, files.c.mime).where(
    files.c.bot == sa.bindparam("of"), files.c.hash == sa.bindparam("the_hash")
)
_HELD: Final = sa.exists().where(attachments.c.bot == files.c.bot, attachments.c.hash == files.c.hash)
_IS_EXPIRED: Final = sa.and_(files.c.expires_at < sa.bindparam("now"), ~_HELD)
_IS_ORPHANED: Final = sa.and_(files.c.expires_at.is_(None), ~_HELD)
_EXPIRED: Final = sa.delete(files).where(files.c.bot == sa.bindparam("of"), _IS_EXPIRED)
_ORPHANED: Final = sa.delete(files).where(files.c.bot == sa.bindparam("of"), _IS_ORPHANED)
_COPIES_OF_THE_OLD: Final = sa.delete(file_copies).where(
    file_copies.c.bot == sa.bindparam("of"),
    sa.exists().where(
        files.c.bot == file_copies.c.bot,
        files.c.hash == file_copies.c.hash,
        sa.or_(_IS_EXPIRED, _IS_ORPHANED),
    ),
)
_THIS_COPY: Final = sa.and_(
    file_copies.c.bot == sa.bindparam("of"),
    file_copies.c.hash == sa.bindparam("the_hash"),
    file_copies.c.kind == sa.bindparam("the_kind"),
)
_COPY: Final = sa.select(file_copies.c.channel_file).where(_THIS_COPY)
_FORGET_COPY: Final = sa.delete(file_copies).where(_THIS_COPY)
_STILL_KEPT: Final = sa.exists().where(files.c.bot == file_copies.c.bot, files.c.hash == file_copies.c.hash)
_OLD_COPIES: Final = sa.delete(file_copies).where(
    file_copies.c.bot == sa.bindparam("of"),
    file_copies.c.made_at < sa.bindparam("before"),
    ~_STILL_KEPT,
)
