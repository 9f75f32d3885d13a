"""Figures counted a second time, from the raw rows of the history and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final

import sqlalchemy as sa

from bot.services.appeals import lives, report
from bot.services.roles.rules import Reach
from bot.store.tables import appeal_authors, appeal_events, appeals, outbox, people
from bot.store.work import Work

_DESKS: Final = ("acknowledge", "answer", "solve")
_OPEN: Final = ("filed", "acknowledged", "in_progress", "reopened")
_SOLVED: Final = ("answered", "confirmed", "closed")
# As the author reads it in Chinese: it went up, or it is late and can't go up.
_SAID: Final = ("⬆️", "⌛")
# The clock looks once a second.
_TICK: Final = timedelta(seconds=2)

Rows = Sequence[Any]


async def _histories(work: Work) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in await work.fetch(sa.select(appeal_events).order_by("appeal", "number")):
        found[row.appeal].append(row)
    return found


# -- Nothing happens in silence ------------------------------------------------------------


async def silences(work: Work, end: datetime) -> list[str]:
    """Deadlines that passed without an event, and misses that an author was not told of, as sentences."""
    histories = await _histories(work)
    found = [line for number, rows in histories.items() for line in _passed(number, rows, end)]
    misses: dict[int, int] = defaultdict(int)
    for author, number in await _authors(work):
        misses[author] += sum(row.move in ("go_up", "overdue") for row in histories[number])
    told: dict[int, int] = defaultdict(int)
    for row in await work.fetch(sa.select(outbox.c.chat, outbox.c.body)):
        told[row.chat] += any(mark in row.body.get("text", "") for mark in _SAID)
    return found + [
        f"{author} missed word of {count - told[author]}"
        for author, count in misses.items()
        if told[author] < count
    ]


def _passed(number: int, rows: Rows, end: datetime) -> list[str]:
    """Where a deadline stood until after its moment."""
    found = []
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        moment = following.at if following is not None else end
        if row.next_at is not None and moment > row.next_at + _TICK:
            found.append(f"appeal {number}, event {row.number}: {row.next_what} was due at {row.next_at}")
        if row.state in _OPEN and (row.next_at is None or not row.branch):
            found.append(f"appeal {number}, event {row.number}: open without an owner or a deadline")
    return found


async def _authors(work: Work) -> list[tuple[int, int]]:
    """(account, appeal), without those who share a case: of it everybody hears once."""
    rows = await work.fetch(
        sa.select(people.c.account, appeal_authors.c.appeal).join(
            appeal_authors, appeal_authors.c.person == people.c.id
        )
    )
    return [(row.account, row.appeal) for row in rows]


# -- Reports -------------------------------------------------------------------------------


async def weeks_that_differ(work: Work, start: datetime, end: datetime) -> list[tuple[Any, Any]]:
    """Each figure of each week in which the report says something else than the raw rows."""
    histories = await _histories(work)
    cases = {
        row.id: row
        for row in await work.fetch(
            sa.select(appeals.c.id, appeals.c.is_collective, appeals.c.collective, appeals.c.kind)
        )
    }
    differ = []
    while start < end:
        week_end = start + timedelta(weeks=1)
        counted = _counted(histories, cases, start, week_end)
        found = report.tally(
            await lives.within(work, Reach(everywhere=True), start, week_end), start, week_end
        )
        told = {
            "received": found.whole.received,
            "solved": found.whole.solved,
            "waiting": found.whole.waiting,
            "deadlines": (found.kept, found.deadlines),
            "verdicts": (found.reopened, found.verdicts),
            "median": round(median(found.whole.hours), 6) if found.whole.hours else None,
            "kinds": {kind: (part.received, part.solved, part.waiting) for kind, part in found.kinds.items()},
        }
        differ += [
            ((start, name), (value, counted[name])) for name, value in told.items() if value != counted[name]
        ]
        start = week_end
    return differ


def _counted(
    histories: dict[int, list[Any]], cases: dict[int, Any], start: datetime, end: datetime
) -> dict[str, Any]:
    kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    hours: list[float] = []
    verdicts: list[bool] = []
    for number, rows in histories.items():
        before = [row for row in rows if row.at < end]
        if cases[number].is_collective or not before:
            continue
        shared = _shared(before, histories.get(cases[number].collective, []), end)
        state = _state(before, shared)
        mine = kinds[cases[number].kind]
        mine[0] += before[0].at >= start
        mine[2] += state in _OPEN
        if state in _SOLVED:
            at = max(row.at for row in (*before, *shared) if row.move == "solve")
            if at >= start:
                mine[1] += 1
                hours.append((at - before[0].at).total_seconds() / 3600)
        said = [
            row
            for row in (*before, *shared)
            if row.at >= start and row.role == "author" and row.move in ("confirm", "reopen")
        ]
        if said:
            verdicts.append(max(said, key=lambda row: row.at).move == "reopen")
    ended = [kept for rows in histories.values() for kept in _deadlines(rows, start, end)]
    told = {kind: tuple(counts) for kind, counts in kinds.items() if any(counts)}
    return {
        "received": sum(one[0] for one in told.values()),
        "solved": sum(one[1] for one in told.values()),
        "waiting": sum(one[2] for one in told.values()),
        "deadlines": (sum(ended), len(ended)),
        "verdicts": (sum(verdicts), len(verdicts)),
        "median": round(median(hours), 6) if hours else None,
        "kinds": told,
    }


def _shared(before: Rows, case: Rows, end: datetime) -> Rows:
    """What happened to the case since one belongs to it."""
    if before[-1].state not in ("merged", "withdrawn", "closed") or not case:
        return []
    joined = [row.at for row in before if row.move == "merge"]
    return [row for row in case if joined and joined[-1] <= row.at < end]


def _state(before: Rows, shared: Rows) -> str:
    """How it stands: for who belongs to a case, as the case does."""
    own = str(before[-1].state)
    return str(shared[-1].state) if own == "merged" and shared else "filed" if own == "merged" else own


def _deadlines(rows: Rows, start: datetime, end: datetime) -> list[bool]:
    """For each deadline of a desk that ended in a time, whether it was kept."""
    found = []
    stood = rows[0]
    for row in rows[1:]:
        if (row.next_what, row.next_at) == (stood.next_what, stood.next_at):
            continue
        if stood.next_what in _DESKS and start <= row.at < end:
            if row.move in ("go_up", "overdue") or row.at > stood.next_at:
                found.append(False)
            elif row.move in ("take", "answer", "solve"):
                found.append(True)
        stood = row
    return found
