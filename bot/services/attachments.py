"""What people send along: noted in the turn that heard it, fetched from the channel right after.

A row waits until its bytes are fetched and checked; then it holds a file, or it is refused with the reason.
What was made for somebody is held the same way: it goes with them when they are forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from bot import limits
from bot.services import due, files
from bot.services.due import Due
from bot.services.notices import Recipient, recipient
from bot.services.people import Person
from bot.store.tables import attachments
from bot.store.work import Work
from bot.talk import hears

WAITING: Final = "waiting"
KEPT: Final = "kept"
REFUSED: Final = "refused"

# Why something was refused.
TOO_BIG: Final = "too_big"
NO_PICTURE: Final = "no_picture"
TELLS_PLACE: Final = "tells_place"
GONE: Final = "gone"

REFUSAL: Final = "attachment_refused"
"""The kind of due things that tell who sent something that it was refused."""

# What listeners to the database hear of: there is something to fetch.
NOTE: Final = "attachments"

# A fetcher that died leaves its share to others this much later; a fetch itself takes seconds.
LEASE: Final = timedelta(minutes=2)
FIRST_BACK_OFF: Final = timedelta(seconds=5)
# 5, 10, 20 … seconds: about an hour. Telegram keeps a file at least as long.
MOST_ATTEMPTS: Final = 10
LONGEST_NAME: Final = 120

MADE_HERE: Final = ""
"""In place of the channel's id: nobody sent it, it was made for the person."""

Heard = hears.Photo | hears.File | hears.Voice


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that was sent. `key` sends or reads it, once it is kept; `size` is in bytes."""

    id: int
    kind: str
    purpose: str
    name: str
    state: str
    why: str | None
    hash: str | None
    size: int
    made_at: datetime
    fetched_at: datetime | None

    @property
    def key(self) -> str | None:
        """The file's key; None while it waits or was refused."""
        return files.KEPT + self.hash if self.hash else None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that was refused, for who sent it."""

    to: Recipient
    name: str
    kind: str
    purpose: str
    why: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something to fetch."""

    id: int
    kind: str
    channel_file: str
    name: str
    attempts: int


class Attachments:
    """What one person sends along, in one turn."""

    def __init__(self, work: Work, person: Person) -> None:
        self._work = work
        self._person = person

    async def take(self, heard: Heard, purpose: str) -> int:
        """Note something that was sent, to be fetched; gives its number. What is too big is refused here."""
        kind, name = _kind_and_name(heard)
        too_big = heard.size > limits.DOWNLOAD_BYTES
        values = {
            "bot": self._work.bot,
            "person": self._person.id,
            "kind": kind,
            "purpose": purpose,
            "channel_file": heard.file,
            "name": name,
            "state": REFUSED if too_big else WAITING,
            "why": TOO_BIG if too_big else None,
            "size": heard.size,
            "made_at": self._work.now,
            "not_before": self._work.now,
            "attempts": 0,
        }
        (row,) = await self._work.write(_TAKE, values)
        if too_big:
            await _plan_word(self._work, row.id, self._person.id)
        self._work.note(NOTE, self._work.now)
        return int(row.id)


def _kind_and_name(heard: Heard) -> tuple[str, str]:
    if isinstance(heard, hears.Photo):
        return "photo", "photo.jpg"
    if isinstance(heard, hears.Voice):
        return "voice", "voice.ogg"
    return "file", heard.name[-LONGEST_NAME:] or "file"


async def read(work: Work, numbers: Sequence[int]) -> list[Attachment]:
    """Attachments by number, in the order they were sent. Who may see them is the caller's to say."""
    rows = await work.fetch(_READ, {"of": work.bot, "ids": list(numbers)})
    return [Attachment(**row._mapping) for row in rows]


async def held_for(work: Work, person: int, purpose: str) -> list[Attachment]:
    """What is held of or for somebody with this purpose."""
    rows = await work.fetch(_HELD, {"of": work.bot, "whose": person, "purpose": purpose})
    return [Attachment(**row._mapping) for row in rows]


async def hold_for(work: Work, person: int, purpose: str, content: bytes, name: str, mime: str) -> str:
    """Hold what was made for somebody; gives the key to send it by. It never was at the channel."""
    key = await files.hold(work, content, name, mime)
    values = {
        "bot": work.bot,
        "person": person,
        "kind": "file",
        "purpose": purpose,
        "channel_file": MADE_HERE,
        "name": name,
        "state": KEPT,
        "hash": key.removeprefix(files.KEPT),
        "size": len(content),
        "made_at": work.now,
        "not_before": work.now,
    }
    await work.execute(sa.insert(attachments), values)
    return key


async def forget(work: Work, numbers: Sequence[int]) -> None:
    """Let go of attachments; a file that nothing else holds goes with them."""
    await work.execute(_FORGET, {"of": work.bot, "ids": list(numbers)})
    await files.prune(work)


# -- Fetching --------------------------------------------------------------------------------------


async def claim(work: Work, limit: int) -> list[Wanted]:
    """Lease up to `limit` attachments to fetch, the oldest first."""
    params = {"of": work.bot, "now": work.now, "limit": limit}
    found = await work.fetch(_DUE[work.dialect], params)
    if found:
        until = {"ids": [row.id for row in found], "of": work.bot, "until": work.now + LEASE}
        await work.execute(_LEASE, until)
    return [Wanted(**row._mapping) for row in found]


async def note_kept(work: Work, wanted: Wanted, content: bytes, name: str, mime: str) -> None:
    """The bytes are here."""
    key = await files.hold(work, content, name, mime)
    await _settle(work, wanted, state=KEPT, name=name, hash=key.removeprefix(files.KEPT), size=len(content))


async def note_refused(work: Work, wanted: Wanted, why: str) -> None:
    """It will never be kept; who sent it hears of it."""
    for row in await work.write(_REFUSE, {"of": work.bot, "which": wanted.id, "now": work.now, "why": why}):
        await _plan_word(work, wanted.id, row.person)


async def refusal(work: Work, thing: Due) -> Refusal | None:
    """What a due thing tells of; None where it is gone, or who sent it."""
    row = await work.first(_REFUSED, {"of": work.bot, "which": thing.what["attachment"]})
    to = await recipient(work, row.person) if row else None
    return Refusal(to, row.name, row.kind, row.purpose, row.why) if row and to else None


async def note_failed(work: Work, wanted: Wanted) -> None:
    """The channel did not give it this time: again later, a last time after about an hour."""
    if wanted.attempts + 1 >= MOST_ATTEMPTS:
        await note_refused(work, wanted, GONE)
        return
    again = work.now + FIRST_BACK_OFF * 2**wanted.attempts
    values = {"attempts": wanted.attempts + 1, "not_before": again}
    await work.execute(sa.update(attachments).where(_this(work, wanted)).values(values))


async def _plan_word(work: Work, number: int, person: int) -> None:
    await due.plan(work, REFUSAL, work.now, {"attachment": number}, whose=f"person:{person}")


async def _settle(work: Work, wanted: Wanted, **values: Any) -> None:
    settled = sa.update(attachments).where(_this(work, wanted)).values(fetched_at=work.now, **values)
    await work.execute(settled)


def _this(work: Work, wanted: Wanted) -> sa.ColumnElement[bool]:
    return sa.and_(
        attachments.c.bot == work.bot, attachments.c.id == wanted.id, attachments.c.state == WAITING
    )


_TAKE: Final = sa.insert(attachments).returning(attachments.c.id)
_THESE: Final = sa.and_(
    attachments.c.bot == sa.bindparam("of"), attachments.c.id.in_(sa.bindparam("ids", expanding=True))
)
_ALL: Final = sa.select(
    *(attachments.c[name] for name in ("id", "kind", "purpose", "name", "state", "why", "hash", "size")),
    attachments.c.made_at,
    attachments.c.fetched_at,
).order_by(attachments.c.id)
_READ: Final = _ALL.where(_THESE)
_HELD: Final = _ALL.where(
    attachments.c.bot == sa.bindparam("of"),
    attachments.c.person == sa.bindparam("whose"),
    attachments.c.purpose == sa.bindparam("purpose"),
)
_WHICH: Final = sa.and_(attachments.c.bot == sa.bindparam("of"), attachments.c.id == sa.bindparam("which"))
_REFUSE: Final = (
    sa.update(attachments)
    .where(_WHICH, attachments.c.state == WAITING)
    .values(state=REFUSED, why=sa.bindparam("why"), fetched_at=sa.bindparam("now"))
    .returning(attachments.c.person)
)
_REFUSED: Final = sa.select(
    *(attachments.c[name] for name in ("person", "name", "kind", "purpose", "why"))
).where(_WHICH, attachments.c.state == REFUSED)
_FORGET: Final = sa.delete(attachments).where(_THESE)
_LEASE: Final = sa.update(attachments).where(_THESE).values(not_before=sa.bindparam("until"))
_WAITING: Final = (
    sa.select(*(attachments.c[name] for name in ("id", "kind", "channel_file", "name", "attempts")))
    .where(
        attachments.c.bot == sa.bindparam("of"),
        attachments.c.state == WAITING,
        attachments.c.not_before <= sa.bindparam("now"),
    )
    .order_by(attachments.c.not_before, attachments.c.id)
    .limit(sa.bindparam("limit"))
)
_DUE: Final = {"sqlite": _WAITING, "postgresql": _WAITING.with_for_update(skip_locked=True)}
