"""Letters: what a broadcast says, written once and shared by a row of the outbox for each recipient.

How a broadcast goes through the outbox:

1. `write` its bodies, one for each language. A text may hold marks such as `{name}`.
2. `fill` in the recipients, in batches of a few thousand, each in a transaction of its own so that replies do
   not wait. Nothing is sent yet; filling in the same chat twice changes nothing.
3. `resume` lets the rows go. `pause` and `cancel` hold at once: only requests that have left still land.
4. `counts` says how far it is, `results` what became of each recipient. Once nothing is `waiting` or
   `sending` call `close`; `retry` opens it again for those it names, to be resumed.

A row is `waiting`, then `sending` from just before its request until its answer is written down, then one of
`sent`, `skipped` (blocked, removed, unreachable), `dead` (refused; the reason says why), `uncertain` (perhaps
it arrived: the answer never came, or the process died) or `cancelled`. Nobody gets a broadcast twice unless
`retry` was told so.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from bot.services import letter_statements as sql
from bot.services import outbox
from bot.services.messages import Body
from bot.services.outbox import BROADCAST, DEAD, NOTE, SENDING, WAITING, Outgoing
from bot.store.tables import outbox as outbox_table
from bot.store.work import Work

# Whether a broadcast's rows may go. One that nobody resumed yet is paused.
PAUSED = sql.PAUSED
RUNNING = sql.RUNNING
CANCELLED = outbox.CANCELLED
OVER = sql.OVER

# Rows of a cancelled broadcast that one transaction clears away: a few milliseconds.
CLEARED_AT_ONCE = 2000

_MARK = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a letter goes to: a private chat (the person's account) or a group (negative), and a topic there.

    `blanks` are what the letter's marks stand for, plain text. It goes at `not_before` or later, where quiet
    hours want that.
    """

    chat: int
    letter: int
    blanks: Mapping[str, str] | None = None
    thread: int | None = None
    not_before: datetime | None = None


class Result(NamedTuple):
    """What became of a recipient: a state, the reason where there is one, and the message it turned into."""

    row: int
    chat: int
    letter: int
    state: str
    error: str | None
    message_id: int | None
    settled_at: datetime | None


# -- Writing and filling in ----------------------------------------------------------------------------------


async def write(work: Work, broadcast: int, body: Body) -> int:
    """Keep a body of `messages.compose`; gives the letter's number."""
    values = {"bot": work.bot, "broadcast": broadcast, "body": body, "made_at": work.now}
    (row,) = await work.write(sql.WRITE, values)
    return int(row.id)


async def fill(work: Work, broadcast: int, recipients: Sequence[Recipient]) -> None:
    """Add recipients to a broadcast; chats that it has already are left as they are."""
    await work.execute(sql.OPEN[work.dialect], _run(work, broadcast, PAUSED))
    values = [
        {
            "bot": work.bot,
            "chat": recipient.chat,
            "thread": recipient.thread,
            "priority": BROADCAST,
            "broadcast": broadcast,
            "letter": recipient.letter,
            "blanks": dict(recipient.blanks) if recipient.blanks else None,
            "state": WAITING,
            "not_before": recipient.not_before or work.now,
            "attempts": 0,
            "made_at": work.now,
        }
        for recipient in recipients
    ]
    if values:
        await work.execute(sql.FILL[work.dialect], values)


def fill_in(body: Body, blanks: Mapping[str, str] | None) -> Body:
    """A letter's body with the marks of its text replaced; marks that nothing stands for stay.

    What is put in is plain text whatever it says: spans are moved along, never made.
    """
    if not blanks or "text" not in body:
        return body
    found = [mark for mark in _MARK.finditer(body["text"]) if mark[1] in blanks]
    text, spans = body["text"], [list(span) for span in body["spans"]]
    for mark in reversed(found):
        value = blanks[mark[1]]
        text = text[: mark.start()] + value + text[mark.end() :]
        _stretch(spans, mark.end(), len(value) - len(mark[0]))
    return {**body, "text": text, "spans": [span for span in spans if span[2] > 0]}


def _stretch(spans: list[list[Any]], end: int, more: int) -> None:
    """Text before `end` grew: move the spans that begin after it, lengthen those that reach over it."""
    for span in spans:
        first, last = span[1], span[1] + span[2]
        if first >= end:
            span[1] += more
        elif last >= end:
            span[2] += more


# -- Going, pausing, stopping --------------------------------------------------------------------------------


async def resume(work: Work, broadcast: int) -> None:
    """Let the rows go; what is cancelled stays so."""
    await _set(work, broadcast, RUNNING)
    await work.grown(outbox_table)
    work.note(NOTE, work.now)


async def pause(work: Work, broadcast: int) -> None:
    """Let no more rows go until it is resumed; does nothing to what is cancelled or over."""
    await work.execute(sql.PAUSE, {"of": work.bot, "its": broadcast, "now": work.now})
    work.note(NOTE, work.now)


async def cancel(work: Work, broadcast: int) -> None:
    """Let no more rows go at all. A speaker marks those that wait as cancelled, bit by bit."""
    await _set(work, broadcast, CANCELLED)
    work.note(NOTE, work.now)


async def close(work: Work, broadcast: int) -> None:
    """Nothing waits any more: speakers need not look for its rows."""
    await _set(work, broadcast, OVER)


async def retry(work: Work, broadcast: int, states: Collection[str] = (DEAD,)) -> int:
    """Let those wait again whose rows ended in one of these states, to be resumed; gives their number."""
    values = {"of": work.bot, "its": broadcast, "states": list(states), "now": work.now}
    again = await work.execute(sql.RETRY, values)
    if again:
        await _set(work, broadcast, PAUSED)
    return again


async def state(work: Work, broadcast: int) -> str | None:
    """Whether its rows may go: paused, running, cancelled or over; None where there is no such broadcast."""
    row = await work.first(sql.STATE, {"of": work.bot, "its": broadcast})
    return row.state if row else None


async def _set(work: Work, broadcast: int, to: str) -> None:
    await work.execute(sql.SET[work.dialect], _run(work, broadcast, to))


def _run(work: Work, broadcast: int, to: str) -> dict[str, Any]:
    return {"bot": work.bot, "broadcast": broadcast, "state": to, "changed_at": work.now}


# -- For speakers --------------------------------------------------------------------------------------------


async def claim(work: Work, owner: str, limit: int, *, shared: bool = False) -> list[Outgoing]:
    """Lease up to `limit` rows of running broadcasts, in equal shares, the oldest of each first.

    Where speakers are `shared`, chats in which another one has the turn are left out.
    """
    running = [broadcast for broadcast, state in (await _open_runs(work)).items() if state == RUNNING]
    rows: list[Any] = []
    for place, broadcast in enumerate(running):
        share = math.ceil((limit - len(rows)) / (len(running) - place))
        values = outbox.claim_values(work, owner, share) | {"its": broadcast}
        rows += await work.write(sql.CLAIM[shared], values)
    texts = await _bodies(work, {row.letter for row in rows})
    claimed = [_outgoing(row, texts[row.letter]) for row in sorted(rows, key=lambda row: row.id)]
    return await outbox.skip_unreachable(work, claimed)


async def leave(work: Work, owner: str, ids: Collection[int]) -> set[int]:
    """These leased rows are sent now, once this is committed; gives those that still may.

    From here on nobody knows how far they came, should the process die. What is left out was paused or
    cancelled meanwhile, or is in other hands.
    """
    if not ids:
        return set()
    values = {"of": work.bot, "owner": owner, "ids": list(ids)}
    return {row.id for row in await work.write(sql.LEAVE, values)}


async def tend(work: Work) -> None:
    """What any speaker does now and then: see to rows of dead speakers, and to cancelled broadcasts."""
    runs = await _open_runs(work)
    if runs:
        await outbox.wonder(work)
    for broadcast, state in runs.items():
        if state == CANCELLED and not await _clear(work, broadcast):
            left = await counts(work, broadcast)
            if not left.keys() & {WAITING, SENDING}:
                await close(work, broadcast)


async def _clear(work: Work, broadcast: int) -> bool:
    """Mark some of a cancelled broadcast's waiting rows as cancelled; whether any were left."""
    values = {"of": work.bot, "its": broadcast, "now": work.now, "limit": CLEARED_AT_ONCE}
    return await work.execute(sql.CLEAR, values) > 0


async def _open_runs(work: Work) -> dict[int, str]:
    """The broadcasts that are not over, the oldest first, with their states."""
    rows = await work.fetch(sql.OPEN_RUNS, {"of": work.bot})
    return {row.broadcast: row.state for row in rows}


async def _bodies(work: Work, numbers: Collection[int]) -> dict[int, Body]:
    if not numbers:
        return {}
    rows = await work.fetch(sql.BODIES, {"of": work.bot, "numbers": list(numbers)})
    return {row.id: row.body for row in rows}


def _outgoing(row: Any, body: Body) -> Outgoing:
    return Outgoing(
        row.bot,
        row.chat,
        fill_in(body, row.blanks),
        row.priority,
        row.thread,
        attempts=row.attempts,
        id=row.id,
        broadcast=row.broadcast,
    )


# -- Looking -------------------------------------------------------------------------------------------------


async def counts(work: Work, broadcast: int) -> dict[str, int]:
    """How many of its rows are in each state; read from an index alone: 10 ms for 100,000."""
    rows = await work.fetch(sql.COUNTS, {"of": work.bot, "its": broadcast})
    return {row.state: row.number for row in rows}


async def results(
    work: Work,
    broadcast: int,
    *,
    after: int = 0,
    limit: int = 1000,
    states: Collection[str] | None = None,
) -> list[Result]:
    """A page of the report: recipients with a row number above `after`, in order; all, or some states."""
    values: dict[str, Any] = {"of": work.bot, "its": broadcast, "after": after, "limit": limit}
    statement = sql.RESULTS
    if states is not None:
        statement, values["states"] = sql.RESULTS_IN, list(states)
    return [Result._make(row) for row in await work.fetch(statement, values)]


async def prune(work: Work) -> int:
    """Delete the letters of broadcasts that are over and whose rows are gone; gives their number."""
    pruned = await work.execute(sql.PRUNE_LETTERS, {"of": work.bot})
    await work.execute(sql.PRUNE_RUNS, {"of": work.bot})
    return pruned
