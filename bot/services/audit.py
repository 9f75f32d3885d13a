"""The audit log: who did what with roles and branches. Append-only, each entry sealed over the one before.

An entry is canonical JSON (sorted keys, no spaces); its hash is the SHA-256 of the hash before and the entry.
It holds numbers of persons and ids of branches, never a name or a word anybody wrote.

Old entries are cut off at the beginning. The cut is an entry itself: what stays says up to where the log was
cut, and the hash with which it goes on.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
import sqlalchemy as sa

from bot.services.revisions import next_revision
from bot.store.tables import audit, revisions
from bot.store.work import Work
from bot.talk.says import Json

AUDIT: Final = "audit"
FIRST_PREVIOUS: Final = "0" * 64
"""What stands in place of a hash before the first entry."""
OPERATOR: Final = None
"""The actor where somebody with the command line did it, not a person in the chat."""
PRUNED: Final = "audit.pruned"
"""The entry that says up to where the log was cut off."""
CUT_EVERY: Final = timedelta(days=30)
"""So much at least is cut off at once: each cut is an entry of its own."""
_ENTRIES_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found: how many entries, the last one's hash, and each flaw as a sentence."""

    entries: int
    head: str
    flaws: tuple[str, ...] = ()


async def record(work: Work, event: str, actor: int | None, **details: Json) -> None:
    """Write down that `actor` (a person's id, or OPERATOR) did something, in the transaction that does it."""
    number = await next_revision(work, AUDIT)
    last = await work.first(_LAST, {"whose_bot": work.bot})
    previous = last.hash if last else FIRST_PREVIOUS
    entry = _canonical(
        {
            "actor": actor,
            "at": work.now.isoformat(),
            "bot": work.bot,
            "details": details,
            "event": event,
            "number": number,
        }
    )
    row = {"bot": work.bot, "number": number, "at": work.now, "entry": entry, "previous": previous}
    await work.execute(sa.insert(audit), {**row, "hash": _seal(previous, entry)})


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of some event: when, and who did it."""

    at: datetime
    actor: int | None


async def told(work: Work, event: str) -> list[Told]:
    """The entries of an event that are still there, the oldest first."""
    rows = await work.fetch(_OF_EVENT, {"whose_bot": work.bot, "named": f'"event":"{event}"'})
    return [Told(row.at, orjson.loads(row.entry)["actor"]) for row in rows]


async def verify(work: Work) -> Verdict:
    """Go through the whole log of this bot and name every entry that is not as it was written."""
    flaws: list[str] = []
    previous, number = await _beginning(work)
    cut = (number, previous)
    told = (0, FIRST_PREVIOUS)
    while rows := await work.fetch(_NEXT, {"whose_bot": work.bot, "after": number, "most": _ENTRIES_AT_ONCE}):
        for row in rows:
            flaws += _flaws(row, number + 1, previous)
            previous, number = row.hash, row.number
            told = _cut_told_by(row) or told
    if cut != told:
        flaws.append(f"the log begins after entry {cut[0]}, and no entry says so")
    expected = await work.first(_EXPECTED, {"whose_bot": work.bot})
    if expected is not None and expected.number != number:
        flaws.append(f"the log ends at entry {number}, but {expected.number} were written")
    return Verdict(number, previous, tuple(flaws))


async def prune(work: Work, before: datetime) -> int:
    """Cut off the entries from before a moment, if they go back long enough; gives their number.

    The log says itself where it was cut, so it verifies as before.
    """
    first = await work.first(_FIRST, {"whose_bot": work.bot})
    if first is None or first.at > before - CUT_EVERY:
        return 0
    kept = await work.first(_FIRST_SINCE, {"whose_bot": work.bot, "since": before})
    last = await work.first(_LAST_BELOW, {"whose_bot": work.bot, "below": kept.number if kept else None})
    if last is None:
        return 0
    await record(work, PRUNED, OPERATOR, up_to=last.number, hash=last.hash)
    return await work.execute(_CUT, {"whose_bot": work.bot, "up_to": last.number})


async def _beginning(work: Work) -> tuple[str, int]:
    """The hash and the number before the first entry that is still there."""
    first = await work.first(_FIRST, {"whose_bot": work.bot})
    return (first.previous, first.number - 1) if first else (FIRST_PREVIOUS, 0)


def _cut_told_by(row: Any) -> tuple[int, str] | None:
    """Up to where the log was cut, and the hash there, if this entry says so."""
    if PRUNED not in row.entry:
        return None
    try:
        entry = orjson.loads(row.entry)
        details = entry["details"] if entry["event"] == PRUNED else None
        return (details["up_to"], details["hash"]) if details else None
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None


def _flaws(row: Any, number: int, previous: str) -> list[str]:
    flaws = []
    if row.number != number:
        flaws.append(f"entry {number} is missing")
    if row.previous != previous:
        flaws.append(f"entry {row.number} does not follow the one before")
    if row.hash != _seal(row.previous, row.entry):
        flaws.append(f"entry {row.number} was changed after it was written")
    elif not _tells(row):
        flaws.append(f"entry {row.number} stands in the wrong place or under the wrong time")
    return flaws


def _tells(row: Any) -> bool:
    """Whether the sealed entry says itself where and when it was written."""
    try:
        entry = orjson.loads(row.entry)
        told = (entry["bot"], entry["number"], entry["at"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return False
    return told == (row.bot, row.number, row.at.isoformat())


def _canonical(entry: dict[str, Json]) -> str:
    return orjson.dumps(entry, option=orjson.OPT_SORT_KEYS).decode()


def _seal(previous: str, entry: str) -> str:
    return hashlib.sha256(f"{previous}{entry}".encode()).hexdigest()


_LAST = (
    sa.select(audit.c.hash)
    .where(audit.c.bot == sa.bindparam("whose_bot"))
    .order_by(audit.c.number.desc())
    .limit(1)
)
_OF_BOT = audit.c.bot == sa.bindparam("whose_bot")
_OF_EVENT = (
    sa.select(audit.c.at, audit.c.entry)
    .where(_OF_BOT, audit.c.entry.contains(sa.bindparam("named"), autoescape=False))
    .order_by(audit.c.number)
)
_FIRST = sa.select(audit).where(_OF_BOT).order_by(audit.c.number).limit(1)
_FIRST_SINCE = _FIRST.where(audit.c.at >= sa.bindparam("since"))
_BELOW: sa.BindParameter[int | None] = sa.bindparam("below", type_=sa.BigInteger)
_LAST_BELOW = (
    sa.select(audit.c.number, audit.c.hash)
    .where(_OF_BOT, sa.or_(_BELOW.is_(None), audit.c.number < _BELOW))
    .order_by(audit.c.number.desc())
    .limit(1)
)
_CUT = sa.delete(audit).where(_OF_BOT, audit.c.number <= sa.bindparam("up_to"))
_NEXT = (
    sa.select(audit)
    .where(audit.c.bot == sa.bindparam("whose_bot"), audit.c.number > sa.bindparam("after"))
    .order_by(audit.c.number)
    .limit(sa.bindparam("most"))
)
_EXPECTED = sa.select(revisions.c.number).where(
    revisions.c.bot == sa.bindparam("whose_bot"), revisions.c.name == AUDIT
)
