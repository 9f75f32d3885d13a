"""The history of an appeal: append-only, each event sealed over the one before.

An event's seal is the SHA-256 of the seal before and of its canonical JSON (sorted keys, no spaces). It holds
no word that anybody wrote, only their digest: words may be forgotten, and the chain still tells.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC
from typing import Any, Final

import orjson
import sqlalchemy as sa

from bot.services.appeals.model import Appeal, Deed, Event, Next, Side, State
from bot.store.tables import appeal_events, appeals
from bot.store.work import Work

FIRST_PREVIOUS: Final = "0" * 64
"""What stands in place of a hash before the first event."""
_SEALED: Final = (
    *("number", "at", "move", "role", "actor", "reason", "state", "desk", "branch", "holder", "step"),
    *("next_what", "next_at", "digest"),
)


def digest_of(text: str, attachments: Sequence[str] = ()) -> str:
    """What seals something said: SHA-256 of the canonical JSON of the text and the hashes of its files."""
    said = orjson.dumps([text, *attachments])
    return hashlib.sha256(said).hexdigest()


def event_after(appeal: Appeal, move: str, deed: Deed) -> dict[str, Any]:
    """The event that led to an appeal as it stands now; `hops` counts it already."""
    return {
        "number": appeal.hops,
        "at": appeal.changed_at,
        "move": str(move),
        "role": deed.side.value,
        "actor": deed.actor,
        "reason": deed.reason,
        "state": appeal.state.value,
        "desk": appeal.desk,
        "branch": appeal.branch,
        "holder": appeal.holder,
        "step": appeal.step,
        "next_what": appeal.next_what.value if appeal.next_what else None,
        "next_at": appeal.next_at,
        "words": deed.words,
        "digest": deed.digest,
    }


def seal(appeal: int, previous: str, event: dict[str, Any]) -> str:
    """The hash of an event, from the columns of its row."""
    told: dict[str, Any] = {name: event[name] for name in _SEALED} | {"appeal": appeal}
    for moment in ("at", "next_at"):
        told[moment] = event[moment].astimezone(UTC).isoformat() if event[moment] else None
    entry = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(previous.encode() + entry).hexdigest()


async def append(work: Work, appeal: int, event: dict[str, Any], previous: str) -> str:
    """Write down an event that `event_after` made; gives its hash."""
    sealed = seal(appeal, previous, event)
    row = {**event, "bot": work.bot, "appeal": appeal, "previous": previous, "hash": sealed}
    await work.execute(sa.insert(appeal_events), row)
    return sealed


async def of(work: Work, appeal: int) -> list[Event]:
    """All that happened to an appeal, in order."""
    return [_event(row) for row in await work.fetch(_ALL, {"of": work.bot, "which": appeal})]


def flaws_in(appeal: int, events: Sequence[Event], head: str | None = None) -> list[str]:
    """What is wrong with a history, each as a sentence; with a `head`, also whether it ends there."""
    flaws: list[str] = []
    previous = FIRST_PREVIOUS
    for number, event in enumerate(events, 1):
        if event.number != number:
            flaws.append(f"event {number} is missing")
        if event.previous != previous:
            flaws.append(f"event {event.number} does not follow the one before")
        if event.hash != seal(appeal, event.previous, _columns(event)):
            flaws.append(f"event {event.number} was changed after it was written")
        previous = event.hash
    if head is not None and head != previous:
        flaws.append("the history does not end where it should")
    return flaws


async def verify(work: Work) -> tuple[int, list[str]]:
    """Go through the histories of all appeals: how many there are, and each flaw as a sentence."""
    flaws: list[str] = []
    heads = await work.fetch(_HEADS, {"of": work.bot})
    for row in heads:
        found = flaws_in(row.id, await of(work, row.id), row.head)
        flaws += [f"appeal {row.id}: {flaw}" for flaw in found]
    return len(heads), flaws


def _columns(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in _SEALED}


def _event(row: Any) -> Event:
    return Event(
        row.number,
        row.at,
        row.move,
        Side(row.role),
        row.actor,
        row.reason,
        State(row.state),
        row.desk,
        row.branch,
        row.holder,
        row.step,
        Next(row.next_what) if row.next_what else None,
        row.next_at,
        row.words,
        row.digest,
        row.previous,
        row.hash,
    )


_HEADS: Final = (
    sa.select(appeals.c.id, appeals.c.head).where(appeals.c.bot == sa.bindparam("of")).order_by(appeals.c.id)
)
_ALL: Final = (
    sa.select(appeal_events)
    .where(appeal_events.c.bot == sa.bindparam("of"), appeal_events.c.appeal == sa.bindparam("which"))
    .order_by(appeal_events.c.number)
)
