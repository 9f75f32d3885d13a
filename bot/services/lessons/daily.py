"""Lessons that come by themselves: one every day, and the one that an order interrupted.

The daily one comes at a chosen time or some minutes before a shift, and never the same twice. Nothing comes
in the person's quiet hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.clock import recurrence
from bot.home import HOME_ZONE
from bot.services import due
from bot.services.due import Due
from bot.services.groups.quiet import QuietHours
from bot.services.hearing import quiet_of
from bot.services.lessons.course import PAUSED
from bot.services.lessons.desk import LessonDesk
from bot.services.lessons.model import Lesson
from bot.services.lessons.shelf import Shelf
from bot.services.people import COLUMNS, Person, person_from
from bot.services.reminders.timing import Json, from_json
from bot.store.tables import lesson_days, people
from bot.store.work import Work

DAILY: Final = "daily_lesson"
BEFORE_SHIFT: Final = 15
"""In minutes, as 班前一刻钟 has it."""
SNOOZE: Final = timedelta(hours=1)
# A rush at noon or in the evening is over by then.
PAUSE: Final = timedelta(hours=2)
PAUSED_LESSON: Final = "paused_lesson"
# After a night: before the rush at noon begins.
NEXT_MORNING: Final = time(10)


@dataclass(frozen=True, slots=True)
class Chosen:
    """When the daily lesson comes: at a time of day such as `07:30`, perhaps since a shift begins then."""

    moment: str
    before_shift: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A lesson for somebody: account at the channel, language, the lesson."""

    account: int
    locale: str
    lesson: Lesson


class DailyDesk:
    """When a person gets their daily lesson."""

    def __init__(self, work: Work, person: Person, zone: str = HOME_ZONE) -> None:
        self._work = work
        self._person = person
        self._zone = zone

    async def chosen(self) -> Chosen | None:
        """When it comes, None for never."""
        row = await self._work.first(_ROW, self._mine())
        if row is None or row.at_minute is None:
            return None
        return Chosen(_clock(row.at_minute), row.before_shift)

    async def quiet(self) -> QuietHours | None:
        """When nothing comes, None for never."""
        return await quiet_of(self._work, self._person.id)

    async def choose(self, moment: str) -> bool:
        """From now on every day at `07:30`; False in quiet hours, where nothing changes."""
        at = self._next(time.fromisoformat(moment))
        return await self._come(at, "FREQ=DAILY", before_shift=False)

    async def choose_before_shift(self, shift: Json) -> bool:
        """From now on before every shift; False in quiet hours. `shift` is a time as ShiftDesk gives it."""
        when = from_json(shift)
        if not isinstance(when.at, datetime):
            raise ValueError("a shift begins at an hour of the day")
        return await self._come(when.at, when.rrule, before_shift=True)

    async def _come(self, at: datetime, rule: str | None, *, before_shift: bool) -> bool:
        if await self._is_quiet(at):
            return False
        await self._silence()
        wall = recurrence.wall_time(at, self._zone)
        values = self._values(wall.hour * 60 + wall.minute, before_shift=before_shift)
        await self._work.execute(_CHOOSE[self._work.dialect], values)
        await due.plan(self._work, DAILY, at, {}, whose=self._whose(), zone=self._zone, rule=rule)
        return True

    async def stop(self) -> None:
        """No daily lesson any more; what was sent is remembered."""
        await self._silence()
        await self._work.execute(_CHOOSE[self._work.dialect], self._values(None, before_shift=False))

    async def later(self, lesson: str) -> bool:
        """The same lesson again in an hour; False where that is in quiet hours."""
        at = self._work.now + SNOOZE
        if await self._is_quiet(at):
            return False
        name = f"{self._whose()}:{lesson}"
        what = {"lesson": lesson}
        await due.plan(self._work, DAILY, at, what, whose=self._whose(), zone=self._zone, name=name)
        return True

    async def remind_of(self, lesson: str) -> datetime:
        """Remind of the lesson paused last, after the rush or in the morning; gives when (wall time)."""
        at = self._work.now + PAUSE
        if await self._is_quiet(at):
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

    async def _is_quiet(self, at: datetime) -> bool:
        quiet = await self.quiet()
        return quiet is not None and quiet.end_after(at, self._zone) is not None

    async def _silence(self) -> None:
        await due.cancel_all(self._work, self._whose(), DAILY)

    def _whose(self) -> str:
        return f"person:{self._person.id}"

    def _mine(self) -> dict[str, int]:
        return {"whose_bot": self._work.bot, "whose": self._person.id}

    def _values(self, minute: int | None, *, before_shift: bool) -> dict[str, Any]:
        return {
            "bot": self._work.bot,
            "person": self._person.id,
            "at_minute": minute,
            "before_shift": before_shift,
            "sent": [],
            "set_at": self._work.now,
        }


async def offer(work: Work, thing: Due, shelf: Shelf) -> Offer | None:
    """The lesson to send now. None in quiet hours, to who blocked the bot, or when all were sent or taken."""
    person = await _awake(work, thing)
    if person is None:
        return None
    row = await work.first(_RINGING, {"whose_bot": work.bot, "whose": person})
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
    person = await _awake(work, thing)
    if person is None:
        return None
    row = await work.first(_PERSON, {"whose_bot": work.bot, "whose": person})
    if row is None or row.blocked_at is not None:
        return None
    kept = (await LessonDesk(shelf, work, person_from(row)).kept()).get(thing.what["lesson"])
    if kept is None or kept.place["stage"] != PAUSED:
        return None
    return Offer(row.account, row.language, kept.lesson)


async def _awake(work: Work, thing: Due) -> int | None:
    """Whom a due thing is for; None in their quiet hours."""
    if thing.whose is None:
        return None
    person = int(thing.whose.partition(":")[2])
    quiet = await quiet_of(work, person)
    is_quiet = quiet is not None and quiet.end_after(work.now, thing.zone) is not None
    return None if is_quiet else person


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


_MINE = sa.and_(lesson_days.c.bot == sa.bindparam("whose_bot"), lesson_days.c.person == sa.bindparam("whose"))
_ROW = sa.select(lesson_days.c.at_minute, lesson_days.c.before_shift).where(_MINE)
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
    chosen = {name: statement.excluded[name] for name in ("at_minute", "before_shift", "set_at")}
    return statement.on_conflict_do_update(
        index_elements=[lesson_days.c.bot, lesson_days.c.person], set_=chosen
    )


_CHOOSE = {"sqlite": _choose(sqlite.insert), "postgresql": _choose(postgresql.insert)}
