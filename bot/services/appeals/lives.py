"""What became of appeals, read from their history alone: nothing here trusts what a row says now.

Figures about appeals are made of these; an appeal that became part of a case of many goes on in the history
of the case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from bot.services.appeals.model import OF_THE_DESK, Next, Side, State
from bot.services.appeals.moves import Move
from bot.services.roles.rules import Reach
from bot.store.tables import appeal_events, appeals, branch_paths
from bot.store.work import Work

# Numbers that one statement may name: SQLite allows 32,766 in all.
_IDS_PER_STATEMENT: Final = 10_000
_MISSED: Final = (Move.GO_UP, Move.OVERDUE)
_UNDONE: Final = (Move.REOPEN, Move.SPLIT, Move.WITHDRAW)


@dataclass(frozen=True, slots=True)
class Hop:
    """One event, without who made it: what happened, and how the appeal stood afterwards."""

    at: datetime
    move: str
    role: Side
    state: State
    desk: str
    branch: str
    next_what: Next | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A desk's deadline that is over: what for and until when, when it ended, and whether it was kept."""

    what: Next
    at: datetime
    ended_at: datetime
    kept: bool
    desk: str
    branch: str


@dataclass(frozen=True, slots=True)
class Life:
    """An appeal from its filing on. `hops` are its own, `shared` those of its case since it belongs to it."""

    appeal: int
    kind: str
    is_case: bool
    hops: tuple[Hop, ...]
    shared: tuple[Hop, ...] = field(default=())

    @property
    def filed_at(self) -> datetime:
        """When it was filed."""
        return self.hops[0].at

    def until(self, moment: datetime) -> list[Hop]:
        """All that happened before a moment, to it or to its case, in order."""
        hops = sorted((*self.hops, *self.shared), key=lambda hop: hop.at)
        return [hop for hop in hops if hop.at < moment]

    def solved(self, moment: datetime) -> Hop | None:
        """The hop that solved it, as it stood right before a moment; None where it was not (any more)."""
        solved = None
        for hop in self.until(moment):
            if hop.move == Move.SOLVE:
                solved = hop
            elif hop.move in _UNDONE:
                solved = None
        return solved

    def is_waiting(self, moment: datetime) -> bool:
        """Whether it was with a desk right before a moment: neither solved, nor taken back, nor over."""
        hops = self.until(moment)
        if not hops or self.solved(moment) is not None:
            return False
        own = [hop for hop in self.hops if hop.at < moment]
        return own[-1].state is not State.WITHDRAWN and hops[-1].state is not State.CLOSED

    def verdict(self, start: datetime, end: datetime) -> bool | None:
        """What its author last said in a time: solved, not solved, or None for nothing."""
        said = [hop.move for hop in self.until(end) if hop.at >= start and hop.role is Side.AUTHOR]
        decided = [move == Move.CONFIRM for move in said if move in (Move.CONFIRM, Move.REOPEN)]
        return decided[-1] if decided else None

    def deadlines(self) -> Iterator[Deadline]:
        """Every deadline of a desk that is over: kept, or missed. One that fell away is left out."""
        since = self.hops[0]
        for hop in self.hops[1:]:
            if (hop.next_what, hop.next_at) == (since.next_what, since.next_at):
                continue
            ended = _ended(since, hop)
            if ended is not None:
                yield ended
            since = hop


def _ended(since: Hop, hop: Hop) -> Deadline | None:
    """How the deadline that stood since a hop ended with another."""
    if since.next_what not in OF_THE_DESK or since.next_at is None or since.next_what is None:
        return None
    missed = hop.move in _MISSED or hop.at > since.next_at
    # Who gave it to another desk or into a case before the time was up kept nothing and missed nothing.
    if not missed and hop.move not in (Move.TAKE, Move.ANSWER, Move.SOLVE):
        return None
    return Deadline(since.next_what, since.next_at, hop.at, not missed, since.desk, since.branch)


# -- Reading them ----------------------------------------------------------------------


async def within(work: Work, reach: Reach, start: datetime, end: datetime) -> list[Life]:
    """The lives, until `end`, of appeals that were alive in a time and ever at a branch within a reach."""
    params = {"of": work.bot, "start": start, "end": end, "branches": list(reach.branches)}
    rows = await work.fetch(_ALIVE if reach.everywhere else _ALIVE_WITHIN, params)
    cases = {row.collective for row in rows if row.collective is not None}
    hops = await _hops(work, {row.id for row in rows} | cases, end)
    return [_life(row, hops) for row in rows if row.id in hops]


async def of(work: Work, numbers: Iterable[int], end: datetime) -> dict[int, Life]:
    """The lives of appeals by number, until `end`."""
    found: dict[int, Life] = {}
    for some in _portions(sorted(set(numbers))):
        rows = await work.fetch(_THESE, {"of": work.bot, "ids": some})
        cases = {row.collective for row in rows if row.collective is not None}
        hops = await _hops(work, {row.id for row in rows} | cases, end)
        found |= {row.id: _life(row, hops) for row in rows if row.id in hops}
    return found


def _life(row: Any, hops: dict[int, list[Hop]]) -> Life:
    own = tuple(hops[row.id])
    joined = [hop.at for hop in own if hop.move == Move.MERGE]
    shared: tuple[Hop, ...] = ()
    if row.collective is not None and joined:
        # What its author took back has no part in what becomes of the case.
        left = own[-1].at if own[-1].state is State.WITHDRAWN else datetime.max.replace(tzinfo=UTC)
        shared = tuple(hop for hop in hops.get(row.collective, ()) if joined[-1] <= hop.at < left)
    return Life(row.id, row.kind, row.is_collective, own, shared)


async def _hops(work: Work, numbers: set[int], end: datetime) -> dict[int, list[Hop]]:
    found: dict[int, list[Hop]] = defaultdict(list)
    for some in _portions(sorted(numbers)):
        for row in await work.fetch(_EVENTS, {"of": work.bot, "ids": some, "end": end}):
            found[row.appeal].append(_hop(row))
    return found


def _hop(row: Any) -> Hop:
    return Hop(
        row.at,
        row.move,
        Side(row.role),
        State(row.state),
        row.desk,
        row.branch,
        Next(row.next_what) if row.next_what else None,
        row.next_at,
    )


def _portions(numbers: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), _IDS_PER_STATEMENT):
        yield list(numbers[start : start + _IDS_PER_STATEMENT])


_OF_BOT = appeals.c.bot == sa.bindparam("of")
_BASIC = sa.select(appeals.c.id, appeals.c.kind, appeals.c.is_collective, appeals.c.collective)
_THESE: Final = _BASIC.where(_OF_BOT, appeals.c.id.in_(sa.bindparam("ids", expanding=True)))
# What was merged counted as settled then, and goes on with its case.
_ALIVE: Final = _BASIC.where(
    _OF_BOT,
    appeals.c.filed_at < sa.bindparam("end"),
    sa.or_(
        appeals.c.settled_at.is_(None),
        appeals.c.settled_at >= sa.bindparam("start"),
        appeals.c.collective.is_not(None),
    ),
).order_by(appeals.c.id)


def touched(branches: str) -> sa.Select[Any]:
    """Appeals that were ever at some branches, or below. Takes `of`, and the branches by the given name."""
    below = sa.select(branch_paths.c.below).where(
        branch_paths.c.bot == sa.bindparam("of"),
        branch_paths.c.above.in_(sa.bindparam(branches, expanding=True)),
    )
    return sa.select(appeal_events.c.appeal).where(
        appeal_events.c.bot == sa.bindparam("of"), appeal_events.c.branch.in_(below)
    )


_ALIVE_WITHIN: Final = _ALIVE.where(appeals.c.id.in_(touched("branches")))
_EVENTS: Final = (
    sa.select(
        *(appeal_events.c[name] for name in ("appeal", "at", "move", "role", "state", "desk", "branch")),
        appeal_events.c.next_what,
        appeal_events.c.next_at,
    )
    .where(
        appeal_events.c.bot == sa.bindparam("of"),
        appeal_events.c.appeal.in_(sa.bindparam("ids", expanding=True)),
        appeal_events.c.at < sa.bindparam("end"),
    )
    .order_by(appeal_events.c.appeal, appeal_events.c.number)
)
