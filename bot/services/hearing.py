"""What a person wants to hear of what nobody asked for, and when: topics, and quiet hours."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.home import HOME_ZONE
from bot.services.groups.quiet import NIGHT, QuietHours
from bot.services.people import Person
from bot.services.privacy.consents import BROADCASTS, Consents, topic
from bot.store.tables import people, quiet_hours
from bot.store.work import Work

TOPICS: Final = ("safety", "notice", "lesson", "event", "care")
"""What broadcasts are about: warnings, notices, lessons, events, and help in everyday life."""


class Hearing:
    """One person's topics and quiet hours, for the length of one turn."""

    def __init__(self, work: Work, person: Person) -> None:
        self._work = work
        self._person = person
        self._consents = Consents(work, person)

    async def muted(self) -> set[str]:
        """The topics they want no more of."""
        decided = await self._consents.all()
        refused = {each.purpose.removeprefix(BROADCASTS) for each in decided if not each.given}
        return refused & set(TOPICS)

    async def hear(self, name: str, wanted: bool) -> None:
        """Have broadcasts on a topic, or none any more. ValueError for what is no topic."""
        if name not in TOPICS:
            raise ValueError("no such topic")
        await self._consents.decide(topic(name), wanted)

    async def quiet(self) -> QuietHours | None:
        """When nothing that can wait is sent to them; the night for who never said, None for never."""
        return await quiet_of(self._work, self._person.id)

    async def keep_quiet(self, quiet: QuietHours | None) -> None:
        """Have other quiet hours from now on, or none."""
        start, end = (quiet.start, quiet.end) if quiet else (None, None)
        values = {"bot": self._work.bot, "person": self._person.id, "set_at": self._work.now}
        await self._work.execute(_KEEP[self._work.dialect], {**values, "quiet_from": start, "quiet_to": end})


async def quiet_of(work: Work, person: int) -> QuietHours | None:
    """A person's quiet hours; the night for who never said, None for never."""
    row = await work.first(_MINE, {"of": work.bot, "whose": person})
    return NIGHT if row is None else hours(row.quiet_from, row.quiet_to)


def hours(start: int | None, end: int | None) -> QuietHours | None:
    """Quiet hours as two columns keep them."""
    return None if start is None or end is None else QuietHours(start, end)


# For statements about many people: whoever never said sleeps at night, in the zone of the bot's city.
QUIET_OF_PEOPLE: Final = sa.and_(quiet_hours.c.bot == people.c.bot, quiet_hours.c.person == people.c.id)
"""What joins `quiet_hours` (outer) to `people`."""
_UNSAID = quiet_hours.c.person.is_(None)
QUIET_FROM: Final = sa.case((_UNSAID, sa.literal(NIGHT.start)), else_=quiet_hours.c.quiet_from).label("start")
QUIET_TO: Final = sa.case((_UNSAID, sa.literal(NIGHT.end)), else_=quiet_hours.c.quiet_to).label("end")
ZONE: Final = sa.func.coalesce(people.c.zone, sa.literal(HOME_ZONE)).label("zone")

_MINE = sa.select(quiet_hours.c.quiet_from, quiet_hours.c.quiet_to).where(
    quiet_hours.c.bot == sa.bindparam("of"), quiet_hours.c.person == sa.bindparam("whose")
)


def _keep(insert: Any) -> Any:
    new = insert(quiet_hours)
    changed = {name: new.excluded[name] for name in ("quiet_from", "quiet_to", "set_at")}
    return new.on_conflict_do_update(index_elements=["bot", "person"], set_=changed)


_KEEP = {"sqlite": _keep(sqlite.insert), "postgresql": _keep(postgresql.insert)}
