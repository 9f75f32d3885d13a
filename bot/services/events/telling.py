"""Whom the clock tells of an event: everybody it is for, who has a place the day before, who had one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from bot.home import HOME_ZONE
from bot.services.checkins.asking import plan_slices
from bot.services.due import Due
from bot.services.events import book
from bot.services.events.model import BEFORE, Event, Told
from bot.services.notices import Recipient
from bot.store.tables import people
from bot.store.work import Work


async def to_tell(work: Work, thing: Due, *, called_off: bool = False) -> list[Told]:
    """The people of a slice, with their event; nobody where it is not as it was when this was planned."""
    event = await book.get(work, thing.what["event"])
    if event is None or event.cancelled is not called_off or event.at <= work.now:
        return []
    return await told_of(work, event, thing.what["people"])


async def told_of(work: Work, event: Event, ids: Sequence[int]) -> list[Told]:
    """Those of some people who can be told of an event, in their own time."""
    rows = await work.fetch(_PEOPLE, {"of": work.bot, "ids": list(ids)})
    return [Told(Recipient(row.id, row.account, row.language), event, row.zone or HOME_ZONE) for row in rows]


async def plan_reminding(work: Work, thing: Due) -> None:
    """The day before has come: plan to remind who has a place."""
    number = thing.what["event"]
    booked = await book.people(work, number, "booked")
    await plan_slices(work, BEFORE, booked, {"event": number})


_PEOPLE: Final = (
    sa.select(people.c.id, people.c.account, people.c.language, people.c.zone)
    .where(
        people.c.bot == sa.bindparam("of"),
        people.c.id.in_(sa.bindparam("ids", expanding=True)),
        people.c.blocked_at.is_(None),
    )
    .order_by(people.c.id)
)
