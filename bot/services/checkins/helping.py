"""At the end of a call-out: who forgot to check out is checked out, and everybody who helped is thanked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from bot.services.checkins import codes
from bot.services.checkins.asking import reachable
from bot.services.checkins.presence import visit_from
from bot.services.due import Due
from bot.services.events import book
from bot.services.events.model import Event
from bot.services.happenings import Happening, happened
from bot.services.notices import Recipient
from bot.store.tables import visits
from bot.store.work import Work


@dataclass(frozen=True, slots=True)
class Thanked:
    """Somebody who helped at a call-out, and for how many minutes."""

    to: Recipient
    event: Event
    minutes: int


async def round_up(work: Work, thing: Due) -> list[Thanked]:
    """Close what is open as of the end of the call-out; gives who is to be thanked."""
    event = await book.get(work, int(thing.what["event"]))
    if event is None or event.cancelled:
        return []
    place = {"of": work.bot, "the_place": codes.event_place(event.id)}
    for row in await work.write(_CLOSE, {**place, "ends": event.ends}):
        visit = visit_from(row)
        about = f"visit:{visit.id}"
        await happened(work, Happening("helped", row.person, about, work.now, visit.sure_minutes))
    helped = {row.person: visit_from(row) for row in await work.fetch(_HELPED, place)}
    told = await reachable(work, list(helped))
    return [Thanked(to, event, helped[to.person].minutes) for to in told if helped[to.person].minutes]


_OF: Any = sa.bindparam("of")
_THERE: Final = sa.and_(
    visits.c.bot == _OF, visits.c.place == sa.bindparam("the_place"), visits.c.helping_since.is_not(None)
)
_CLOSE: Final = (
    sa.update(visits)
    .where(_THERE, visits.c.left_at.is_(None))
    .values(left_at=sa.bindparam("ends"))
    .returning(*visits.c)
)
_HELPED: Final = sa.select(visits).where(_THERE, visits.c.left_at.is_not(None)).order_by(visits.c.id)
