"""Who takes part in a track: as many as there are places, the others wait in the order they came.

A track without places takes everybody. Changes of one track come one after another (`revisions`), so no
place is given twice, however many ask at the same moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.services import audit
from bot.services.notices import Recipient
from bot.services.revisions import next_revision
from bot.services.roles.rules import Action, demand
from bot.store.tables import enrolments, people, track_places
from bot.store.work import Work

ENROLLED: Final = "enrolled"
WAITING: Final = "waiting"
LEFT: Final = "left"

MOST_PLACES: Final = 100_000


@dataclass(frozen=True, slots=True)
class Places:
    """How many places a track has (None: as many as come), what one gives, who has one and who waits."""

    most: int | None
    about: str
    taken: int
    waiting: int

    @property
    def left(self) -> int | None:
        """Places that are free."""
        return None if self.most is None else max(0, self.most - self.taken)


async def places(work: Work, track: str) -> Places:
    """The places of a track as they are now."""
    limit = await work.first(_LIMIT, {"of": work.bot, "which": track})
    counted = {row.state: int(row.n) for row in await work.fetch(_COUNTS, {"of": work.bot, "which": track})}
    most, about = (int(limit.places), str(limit.about)) if limit else (None, "")
    return Places(most, about, counted.get(ENROLLED, 0), counted.get(WAITING, 0))


async def state_of(work: Work, person: int, track: str) -> str | None:
    """ENROLLED or WAITING; None for who is neither."""
    row = await work.first(_MINE, {"of": work.bot, "which": track, "whose": person})
    return row.state if row is not None and row.state != LEFT else None


async def turn_of(work: Work, person: int, track: str) -> int | None:
    """How many stand in the waiting list up to this person, themselves included; None for who does not."""
    ids = [row.person for row in await work.fetch(_QUEUE, {"of": work.bot, "which": track})]
    return ids.index(person) + 1 if person in ids else None


async def tracks_of(work: Work, person: int) -> list[str]:
    """The tracks in which somebody has a place, or waits for one."""
    rows = await work.fetch(_TRACKS, {"of": work.bot, "whose": person})
    return [row.track for row in rows]


async def join(work: Work, person: int, track: str) -> str:
    """Take a place, or a turn in the waiting list; gives which: ENROLLED or WAITING."""
    await _one_by_one(work, track)
    present = await state_of(work, person, track)
    if present is not None:
        return present
    free = (await places(work, track)).left
    state = WAITING if free == 0 else ENROLLED
    values = {
        "bot": work.bot,
        "person": person,
        "track": track,
        "state": state,
        "made_at": work.now,
        "changed_at": work.now,
    }
    await work.execute(_JOIN[work.dialect], values)
    return state


async def leave(work: Work, person: int, track: str) -> list[Recipient]:
    """Give a place or a turn back; gives those who have a place by that."""
    await _one_by_one(work, track)
    await _set(work, person, track, LEFT)
    return await _fill(work, track)


async def set_places(work: Work, by: int, track: str, most: int | None, about: str) -> list[Recipient]:
    """Say how many places a track has; gives those who have one by that. Nobody loses theirs.

    Raises NotAllowed for who runs no tracks, ValueError for a number out of 1 to MOST_PLACES.
    """
    await demand(work, by, Action.RUN_TRACKS, None)
    if most is not None and not 1 <= most <= MOST_PLACES:
        raise ValueError(f"a track has 1 to {MOST_PLACES} places")
    await _one_by_one(work, track)
    await work.execute(_DROP_LIMIT, {"of": work.bot, "which": track})
    if most is not None:
        values = {"bot": work.bot, "track": track, "places": most, "about": about}
        await work.execute(sa.insert(track_places), {**values, "set_by": by, "set_at": work.now})
    await audit.record(work, "track.places", by, track=track, places=most)
    return await _fill(work, track)


async def _one_by_one(work: Work, track: str) -> None:
    await next_revision(work, f"t:{track[:38]}")


async def _fill(work: Work, track: str) -> list[Recipient]:
    """Give what is free to those who wait, the longest waiting first."""
    free = (await places(work, track)).left
    queue = await work.fetch(_QUEUE, {"of": work.bot, "which": track})
    chosen = queue if free is None else queue[:free]
    for row in chosen:
        await _set(work, row.person, track, ENROLLED)
    return [Recipient(row.person, row.account, row.language) for row in chosen]


async def _set(work: Work, person: int, track: str, state: str) -> None:
    params = {"of": work.bot, "which": track, "whose": person, "to": state, "now": work.now}
    await work.execute(_SET, params)


_LIMIT: Final = sa.select(track_places.c.places, track_places.c.about).where(
    track_places.c.bot == sa.bindparam("of"), track_places.c.track == sa.bindparam("which")
)
_DROP_LIMIT: Final = sa.delete(track_places).where(
    track_places.c.bot == sa.bindparam("of"), track_places.c.track == sa.bindparam("which")
)
_OF_TRACK: Final = sa.and_(
    enrolments.c.bot == sa.bindparam("of"), enrolments.c.track == sa.bindparam("which")
)
_COUNTS: Final = (
    sa.select(enrolments.c.state, sa.func.count().label("n")).where(_OF_TRACK).group_by(enrolments.c.state)
)
_OF_PERSON: Final = sa.and_(_OF_TRACK, enrolments.c.person == sa.bindparam("whose"))
_MINE: Final = sa.select(enrolments.c.state).where(_OF_PERSON)
_TRACKS: Final = (
    sa.select(enrolments.c.track)
    .where(enrolments.c.bot == sa.bindparam("of"), enrolments.c.person == sa.bindparam("whose"))
    .where(enrolments.c.state != LEFT)
    .order_by(enrolments.c.track)
)
_SET: Final = (
    sa.update(enrolments)
    .where(_OF_PERSON)
    .values(state=sa.bindparam("to"), changed_at=sa.bindparam("now", type_=enrolments.c.changed_at.type))
)
_QUEUE: Final = (
    sa.select(enrolments.c.person, people.c.account, people.c.language)
    .join(people, people.c.id == enrolments.c.person)
    .where(_OF_TRACK, enrolments.c.state == WAITING)
    .order_by(enrolments.c.made_at, enrolments.c.id)
)


def _join(insert: Any) -> Any:
    statement = insert(enrolments)
    new = {name: statement.excluded[name] for name in ("state", "made_at", "changed_at")}
    return statement.on_conflict_do_update(index_elements=["bot", "person", "track"], set_=new)


_JOIN: Final = {"sqlite": _join(sqlite.insert), "postgresql": _join(postgresql.insert)}
