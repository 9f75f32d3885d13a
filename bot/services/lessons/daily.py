"""Lessons that come by themselves: one every day at a chosen time, and the one that an order interrupted.

Never in quiet hours, and the daily one never the same twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.clock import recurrence
from bot.services import due
from bot.services.due import Due
from bot.services.lessons.course import PAUSED
from bot.services.lessons.desk import LessonDesk
from bot.services.lessons.model import Lesson
from bot.services.lessons.shelf import Shelf
from bot.services.people import COLUMNS, Person, person_from
from bot.services.stations.hours import SHANGHAI
from bot.store.tables import lesson_days, people
from bot.store.work import Work

DAILY: Final = "daily_lesson"
# People who start at five sleep early, people who ride until midnight sleep late: leave both alone.
QUIET_FROM: Final = time(22)
QUIET_UNTIL: Final = time(7)
SNOOZE: Final = timedelta(hours=1)
# A rush at noon or in the evening is over by then.
PAUSE: Final = timedelta(hours=2)
PAUSED_LESSON: Final = "paused_lesson"
# After a night: before the rush at noon begins.
NEXT_MORNING: Final = time(10)


def is_quiet(moment: time) -> bool:
    """Whether nobody is to be written to at this time of day."""
    return moment >= QUIET_FROM or moment < QUIET_UNTIL


@dataclass(frozen=True, slots=True)
class Offer:
    """A lesson for somebody: account at the channel, language, the lesson."""

    account: int
    locale: str
    lesson: Lesson


class DailyDesk:
    """When a person gets their daily lesson."""

    def __init__(self, work: Work, person: Person, zone: str = SHANGHAI.key) -> None:
        self._work = work
        self._person = person
        self._zone = zone

    async def chosen(self) -> str | None:
        """The time of day as `07:30`, None for never."""
        row = await self._work.first(_ROW, self._mine())
        return _clock(row.at_minute) if row and row.at_minute is not None else None

    async def choose(self, moment: str) -> bool:
        """From now on every day at `07:30`; False in quiet hours, where nothing changes."""
        at = time.fromisoformat(moment)
        if is_quiet(at):
            return False
        await self._silence()
        values = self._values(at.hour * 60 + at.minute)
        await self._work.execute(_CHOOSE[self._work.dialect], values)
        await due.plan(
            self._work, DAILY, self._next(at), {}, whose=self._whose(), zone=self._zone, rule="FREQ=DAILY"
        )
        return True

    async def stop(self) -> None:
        """No daily lesson any more; what was sent is remembered."""
        await self._silence()
        await self._work.execute(_CHOOSE[self._work.dialect], self._values(None))

    async def later(self, lesson: str) -> bool:
        """The same lesson again in an hour; False where that is in quiet hours."""
        at = self._work.now + SNOOZE
        if is_quiet(recurrence.wall_time(at, self._zone).time()):
            return False
        name = f"{self._whose()}:{lesson}"
        what = {"lesson": lesson}
        await due.plan(self._work, DAILY, at, what, whose=self._whose(), zone=self._zone, name=name)
        return True

    async def remind_of(self, lesson: str) -> datetime:
        """Remind of the lesson paused last, after the rush or in the morning; gives when (wall time)."""
        at = self._work.now + PAUSE
        if is_quiet(recurrence.wall_time(at, self._zone).time()):
            at = self._next(NEXT_MORNING)
        await due.cancel_all(self._work, self._whose(), PAUSED_LESSON)
        what = {"lesson": lesson}
        await due.plan(self._work, PAUSED_LESSON, at, what, whose=self._whose(), zone=self._zone)
        return recurrence.wall_time(at, self._zone)

    def _next(self, at: time) -> datetime:
        today = recurrence.wall_time(self._work.now, self._zone).date()
        first = recurrence.moment_of(datetime.combine(today, at), self._zone)
        if first > self._work.now:
            return first
        return recurrence.moment_of(datetime.combine(today + timedelta(days=1), at), self._zone)

    async def _silence(self) -> None:
        await due.cancel_all(self._work, self._whose(), DAILY)

    def _whose(self) -> str:
        return f"person:{self._person.id}"

    def _mine(self) -> dict[str, int]:
        return {"whose_bot": self._work.bot, "whose": self._person.id}

    def _values(self, minute: int | None) -> dict[str, Any]:
        return {
            "bot": self._work.bot,
            "person": self._person.id,
            "at_minute": minute,
            "sent": [],
            "set_at": self._work.now,
        }


async def offer(work: Work, thing: Due, shelf: Shelf) -> Offer | None:
    """The lesson to send now. None in quiet hours, to who blocked the bot, or when all were sent or taken."""
    if thing.whose is None or is_quiet(recurrence.wall_time(work.now, thing.zone).time()):
        return None
    row = await work.first(_RINGING, {"whose_bot": work.bot, "whose": int(thing.whose.partition(":")[2])})
    if row is None or row.blocked_at is not None:
        return None
    desk = LessonDesk(shelf, work, person_from(row))
    lesson = await _lesson(desk, thing, row.sent)
    if lesson is None:
        return None
    if lesson.id not in row.sent:
        values = {"whose_bot": work.bot, "whose": row.person_id, "all_sent": [*row.sent, lesson.id]}
        await work.execute(_SENT, values)
    return Offer(row.account, row.language, lesson)


async def _lesson(desk: LessonDesk, thing: Due, sent: list[str]) -> Lesson | None:
    kept = await desk.kept()
    finished = {name for name, one in kept.items() if one.finished}
    if snoozed := thing.what.get("lesson"):
        return desk.lesson(snoozed) if snoozed not in finished else None
    return desk.of_the_day(finished | set(sent))


async def paused(work: Work, thing: Due, shelf: Shelf) -> Offer | None:
    """The lesson that still waits. None in quiet hours, or where the person went on with it by themselves."""
    if thing.whose is None or is_quiet(recurrence.wall_time(work.now, thing.zone).time()):
        return None
    row = await work.first(_PERSON, {"whose_bot": work.bot, "whose": int(thing.whose.partition(":")[2])})
    if row is None or row.blocked_at is not None:
        return None
    kept = (await LessonDesk(shelf, work, person_from(row)).kept()).get(thing.what["lesson"])
    if kept is None or kept.place["stage"] != PAUSED:
        return None
    return Offer(row.account, row.language, kept.lesson)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


_MINE = sa.and_(lesson_days.c.bot == sa.bindparam("whose_bot"), lesson_days.c.person == sa.bindparam("whose"))
_ROW = sa.select(lesson_days.c.at_minute).where(_MINE)
_RINGING = (
    sa.select(*COLUMNS, lesson_days.c.sent)
    .select_from(lesson_days.join(people, people.c.id == lesson_days.c.person))
    .where(_MINE)
)
_PERSON = sa.select(*COLUMNS).where(
    people.c.bot == sa.bindparam("whose_bot"), people.c.id == sa.bindparam("whose")
)
_SENT = (
    sa.update(lesson_days).where(_MINE).values(sent=sa.bindparam("all_sent", type_=lesson_days.c.sent.type))
)


def _choose(insert: Any) -> Any:
    statement = insert(lesson_days)
    return statement.on_conflict_do_update(
        index_elements=[lesson_days.c.bot, lesson_days.c.person],
        set_={"at_minute": statement.excluded.at_minute, "set_at": statement.excluded.set_at},
    )


_CHOOSE = {"sqlite": _choose(sqlite.insert), "postgresql": _choose(postgresql.insert)}
