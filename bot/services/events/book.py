"""Who has a place at which event. Places are given one after the other, so that none is given twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from bot.services.events.model import CALLOUTS, DOORS_OPEN, KEEP, KINDS, LONGEST, Event, Place, Taken
from bot.services.revisions import next_revision
from bot.store.tables import event_places, events
from bot.store.work import Work


async def get(work: Work, number: int) -> Event | None:
    """An event by its number, with its counts."""
    row = await work.first(_ONE, {"of": work.bot, "the_event": number})
    return event_from(row) if row else None


async def title_of(work: Work, number: int) -> str | None:
    """What an event that was not called off is named."""
    found = await get(work, number)
    return None if found is None or found.cancelled else found.title


async def place_of(work: Work, number: int, person: int) -> Place | None:
    """Somebody's place or place in the queue."""
    row = await work.first(_PLACE, {"of": work.bot, "the_event": number, "whose": person})
    if row is None:
        return None
    if row.state == "booked":
        return Place("booked")
    ahead = await work.first(_AHEAD, {"of": work.bot, "the_event": number, "mine": row.number})
    return Place("waiting", int(ahead[0]) if ahead else 0)


async def take(work: Work, number: int, person: int) -> Taken:
    """Ask for a place: it is given, or one waits in line."""
    await _one_by_one(work, number)
    event = await get(work, number)
    if event is None or event.is_over(work.now):
        return "over"
    if await place_of(work, number, person) is not None:
        return "before"
    # Somebody who waits may not have been moved up yet: they come before whoever asks now.
    has_room = event.free is None or (event.free > 0 and not event.waiting)
    state: Taken = "booked" if has_room else "waiting"
    await _add(work, number, person, state)
    return state


async def give_up(work: Work, number: int, person: int) -> list[int]:
    """Give up one's place, or leave the queue; gives the people who move up to a place by it."""
    await _one_by_one(work, number)
    where = {"of": work.bot, "the_event": number, "whose": person}
    if not await work.execute(_LEAVE, where):
        return []
    return await _move_up(work, number)


async def _move_up(work: Work, number: int) -> list[int]:
    """Give what is free to those who wait longest."""
    event = await get(work, number)
    if event is None or event.is_over(work.now):
        return []
    most = event.waiting if event.free is None else min(event.free, event.waiting)
    rows = await work.fetch(_FIRST_IN_LINE, {"of": work.bot, "the_event": number, "most": most})
    moved = [row.person for row in rows]
    if moved:
        await work.execute(_MOVED_UP, {"of": work.bot, "the_event": number, "ids": moved})
    return moved


async def places_of(work: Work, person: int) -> list[int]:
    """The events that are not over at which somebody has a place, or waits for one."""
    rows = await work.fetch(_PLACES_OF, {"of": work.bot, "whose": person, "now": work.now})
    return [row.event for row in rows]


async def seat_at_the_door(work: Work, number: int, person: int) -> bool:
    """Whether somebody who stands at the door has a place; what is free is theirs. False also where the door
    is closed."""
    await _one_by_one(work, number)
    event = await get(work, number)
    if event is None or event.cancelled or not event.at - DOORS_OPEN <= work.now <= event.ends:
        return False
    place = await place_of(work, number, person)
    if place is not None and place.state == "booked":
        return True
    if event.free == 0:
        return False
    if place is not None:
        await work.execute(_MOVED_UP, {"of": work.bot, "the_event": number, "ids": [person]})
    else:
        await _add(work, number, person, "booked")
    return True


async def people(work: Work, number: int, *states: str) -> list[int]:
    """Who has a place or waits (by `states`), in the order in which they asked."""
    rows = await work.fetch(_PEOPLE, {"of": work.bot, "the_event": number, "states": list(states)})
    return [row.person for row in rows]


async def coming(
    work: Work, branches: Sequence[str] | None, kinds: Sequence[str] = (*KINDS, *CALLOUTS)
) -> list[Event]:
    """Events of these kinds that are not over, the next first: of the whole city and of these branches, or
    all for None."""
    params = {"of": work.bot, "since": work.now - timedelta(minutes=LONGEST), "kinds": list(kinds)}
    if branches is None:
        rows = await work.fetch(_COMING, params)
    else:
        rows = await work.fetch(_COMING_TO, {**params, "ids": list(branches)})
    return [one for one in map(event_from, rows) if one.ends > work.now]


async def prune(work: Work) -> None:
    """Forget events long over, with who had a place."""
    for statement in _PRUNE:
        await work.execute(statement, {"of": work.bot, "before": work.now - KEEP})


def event_from(row: Any) -> Event:
    """An event from a row of these statements."""
    return Event(
        row.id,
        row.kind,
        row.title,
        row.about,
        row.where,
        row.branch,
        row.segment,
        row.at,
        row.zone,
        row.places,
        row.cancelled_at is not None,
        row.booked,
        row.waiting,
        row.minutes,
    )


async def _add(work: Work, number: int, person: int, state: str) -> None:
    last = await work.first(_LAST, {"of": work.bot, "the_event": number})
    row = {
        "bot": work.bot,
        "event": number,
        "person": person,
        "state": state,
        "number": (last[0] or 0) + 1 if last else 1,
        "asked_at": work.now,
    }
    await work.execute(sa.insert(event_places), row)


async def _one_by_one(work: Work, number: int) -> None:
    """Two people who ask at the same time could both get the last place."""
    await next_revision(work, f"event:{number}")


def _count(state: str) -> Any:
    return (
        sa.select(sa.func.count())
        .where(
            event_places.c.bot == events.c.bot,
            event_places.c.event == events.c.id,
            event_places.c.state == state,
        )
        .scalar_subquery()
        .label(state)
    )


_OF: Any = sa.bindparam("of")
_ROW: Final = sa.select(events, _count("booked"), _count("waiting")).where(events.c.bot == _OF)
_ONE: Final = _ROW.where(events.c.id == sa.bindparam("the_event"))
_COMING: Final = _ROW.where(
    events.c.at > sa.bindparam("since"),
    events.c.kind.in_(sa.bindparam("kinds", expanding=True)),
    events.c.cancelled_at.is_(None),
).order_by(events.c.at, events.c.id)
_COMING_TO: Final = _COMING.where(
    sa.or_(events.c.branch.is_(None), events.c.branch.in_(sa.bindparam("ids", expanding=True)))
)
_AT: Final = sa.and_(event_places.c.bot == _OF, event_places.c.event == sa.bindparam("the_event"))
_MINE: Final = sa.and_(_AT, event_places.c.person == sa.bindparam("whose"))
_PLACES_OF: Final = (
    sa.select(event_places.c.event)
    .join(events, sa.and_(events.c.bot == event_places.c.bot, events.c.id == event_places.c.event))
    .where(event_places.c.bot == _OF, event_places.c.person == sa.bindparam("whose"))
    .where(events.c.at > sa.bindparam("now"), events.c.cancelled_at.is_(None))
    .order_by(event_places.c.event)
)
_WAITS: Final = event_places.c.state == "waiting"
_PLACE: Final = sa.select(event_places.c.state, event_places.c.number).where(_MINE)
_AHEAD: Final = sa.select(sa.func.count()).where(_AT, _WAITS, event_places.c.number < sa.bindparam("mine"))
_LAST: Final = sa.select(sa.func.max(event_places.c.number)).where(_AT)
_LEAVE: Final = sa.delete(event_places).where(_MINE)
_FIRST_IN_LINE: Final = (
    sa.select(event_places.c.person)
    .where(_AT, _WAITS)
    .order_by(event_places.c.number)
    .limit(sa.bindparam("most"))
)
_MOVED_UP: Final = (
    sa.update(event_places)
    .where(_AT, event_places.c.person.in_(sa.bindparam("ids", expanding=True)))
    .values(state="booked")
)
_PEOPLE: Final = (
    sa.select(event_places.c.person)
    .where(_AT, event_places.c.state.in_(sa.bindparam("states", expanding=True)))
    .order_by(event_places.c.number)
)
_OLD: Final = sa.select(events.c.id).where(events.c.bot == _OF, events.c.at < sa.bindparam("before"))
_PRUNE: Final = (
    sa.delete(event_places).where(event_places.c.bot == _OF, event_places.c.event.in_(_OLD)),
    sa.delete(events).where(events.c.bot == _OF, events.c.at < sa.bindparam("before")),
)
