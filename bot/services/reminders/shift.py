"""When a person's shift begins: what comes some minutes before it, again and again."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.clock import recurrence
from bot.services.people import Person
from bot.services.reminders.desk import ReminderDesk
from bot.services.reminders.timing import Json, from_json, on_clocks_of, to_json
from bot.services.when import When
from bot.store.tables import shifts
from bot.store.work import Work

MINUTES_IN_HOUR: Final = 60
MINUTES_IN_DAY: Final = 24 * 60
LONGEST_BEFORE: Final = 3 * MINUTES_IN_HOUR
"""In minutes."""
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_RULE: Final = re.compile(
    r"FREQ=(?:DAILY|WEEKLY)(?:;INTERVAL=1)?(?:;BYDAY=(?P<days>[A-Z,]+))?;BYHOUR=(?P<hours>[\d,]+)"
    r";BYMINUTE=(?P<minute>\d+)(?:;BYSECOND=0)?\Z"
)


class ShiftDesk:
    """Keeps when a person's shift begins, and the reminder before it."""

    def __init__(self, work: Work, person: Person) -> None:
        self._work = work
        self._person = person
        self._reminders = ReminderDesk(work, person)

    async def mine(self) -> When | None:
        """When the person's shift begins; None while unsaid."""
        row = await self._work.first(_MINE, self._whose())
        return from_json(row.timing) if row else None

    async def choose(self, timing: Json, minutes: int, what: str) -> int | None:
        """Keep when the shift begins, and remind so many minutes before; gives the reminder's number.

        What was kept before is forgotten with its reminder. None where there are too many reminders;
        ValueError for a time that `before` cannot take.
        """
        earlier = before(from_json(timing), minutes)
        row = await self._work.first(_MINE, self._whose())
        if row is not None and row.reminder is not None:
            await self._reminders.delete(row.reminder)
        number = await self._reminders.create(what, to_json(earlier))
        values = {**self._row(), "timing": timing, "reminder": number}
        await self._work.execute(_KEEP[self._work.dialect], values)
        return number

    async def before(self, minutes: int) -> Json | None:
        """A time so many minutes before every shift, for whatever is to come then (a lesson, a reminder).

        None while nobody said when the shift begins.
        """
        mine = await self.mine()
        return to_json(self._upcoming(before(mine, minutes))) if mine else None

    async def move_to(self, zone: str) -> None:
        """The shift begins at the same hour on the clocks of another zone (IANA)."""
        mine = await self.mine()
        if mine is None:
            return
        values = self._whose() | {"moved": to_json(on_clocks_of(mine, zone))}
        await self._work.execute(_MOVE, values)

    def _upcoming(self, when: When) -> When:
        """A series, told from its next occurrence on."""
        if when.rrule is None or not isinstance(when.at, datetime) or when.at > self._work.now:
            return when
        starts = recurrence.wall_time(when.at, when.zone.key)
        upcoming = recurrence.following(when.rrule, starts, when.zone.key, self._work.now)
        return replace(when, at=upcoming.astimezone(when.zone)) if upcoming else when

    def _whose(self) -> dict[str, Any]:
        return {"of": self._work.bot, "whose": self._person.id}

    def _row(self) -> dict[str, Any]:
        return {"bot": self._work.bot, "person": self._person.id}


def before(when: When, minutes: int) -> When:
    """A time that comes so many minutes earlier, each time. ValueError for what is no daily or weekly hour.

    An hour past midnight moves to the day before, with the days of the week.
    """
    match = _RULE.match(when.rrule or "")
    if match is None or not isinstance(when.at, datetime) or not 0 <= minutes <= LONGEST_BEFORE:
        raise ValueError("a shift begins at an hour of the day")
    starts = [
        int(hour) * MINUTES_IN_HOUR + int(match["minute"]) - minutes for hour in match["hours"].split(",")
    ]
    if len({start < 0 for start in starts}) > 1:
        raise ValueError("one shift begins just past midnight, another later: take one of them")
    hours = sorted(start % MINUTES_IN_DAY // MINUTES_IN_HOUR for start in starts)
    days = match["days"]
    if days and starts[0] < 0:
        days = ",".join(_DAYS[_DAYS.index(day) - 1] for day in days.split(","))
    rule = f"FREQ=WEEKLY;BYDAY={days}" if days else "FREQ=DAILY"
    said = f"{rule};BYHOUR={','.join(map(str, hours))};BYMINUTE={starts[0] % MINUTES_IN_HOUR};BYSECOND=0"
    return replace(when, at=when.at - timedelta(minutes=minutes), rrule=said)


_MINE: Final = sa.select(shifts.c.timing, shifts.c.reminder).where(
    shifts.c.bot == sa.bindparam("of"), shifts.c.person == sa.bindparam("whose")
)


_MOVE: Final = (
    sa.update(shifts)
    .where(shifts.c.bot == sa.bindparam("of"), shifts.c.person == sa.bindparam("whose"))
    .values(timing=sa.bindparam("moved", type_=shifts.c.timing.type))
)


def _keep(insert: Any) -> Any:
    statement = insert(shifts)
    fresh = {name: statement.excluded[name] for name in ("timing", "reminder")}
    return statement.on_conflict_do_update(index_elements=["bot", "person"], set_=fresh)


_KEEP: Final = {"sqlite": _keep(sqlite.insert), "postgresql": _keep(postgresql.insert)}
