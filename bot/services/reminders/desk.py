"""What one person can do with their reminders, for the length of one turn.

What is planned for a reminder is cancelled before its row is held: the clock holds the due thing first, too,
so the two never wait for each other.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.clock import recurrence
from bot.i18n import current_locale
from bot.services import attachments, due
from bot.services.calendars import ICS, Entry, calendar
from bot.services.people import Person
from bot.services.reminders import rows
from bot.services.reminders.model import (
    ACTIVE,
    DONE,
    LASTS,
    LONGEST_WHAT,
    MOST_REMINDERS,
    PAUSED,
    REMIND,
    SNOOZES,
    WITHOUT_WORDS,
    Answer,
    Answered,
    Reminder,
    state_after,
)
from bot.services.reminders.timing import Json, from_json, to_json
from bot.services.when import When, read, say
from bot.store.work import Work

CALENDAR: Final = "calendar"
"""The purpose of the attachment that holds a reminder for a calendar."""
_FAR: Final = 253_402_300_799
"""The last second of the year 9999: what has no next time is listed last."""


class ReminderDesk:
    """Keeps a person's reminders, and plans in the same transaction when they ring."""

    def __init__(self, work: Work, person: Person) -> None:
        self._work = work
        self._person = person

    # -- Words --------------------------------------------------------------------

    @property
    def zone(self) -> ZoneInfo:
        """Where the person's wall clock hangs."""
        return recurrence.zone_named(self._person.zone)

    @property
    def now(self) -> datetime:
        """The moment of this turn, on the person's wall clock."""
        return self._work.now.astimezone(self.zone)

    def read(self, text: str) -> When:
        """The time and the task in a text."""
        return read(text, self.now, self.zone, current_locale())

    def heard(self, text: str) -> Json:
        """What `read` finds, as JSON: for a conversation to keep to."""
        return to_json(self.read(text))

    def say(self, when: When) -> str:
        """A time in full, in the language of this turn."""
        return say(when, current_locale(), self.now)

    # -- Looking ------------------------------------------------------------------

    async def all(self) -> list[Reminder]:
        """The person's reminders, the next to ring first; paused ones last, done ones not at all."""
        found = await self._work.fetch(rows.LIST, self._mine())
        kept = [rows.reminder_from(row) for row in found]
        return sorted(kept, key=lambda one: (one.next_at.timestamp() if one.next_at else _FAR, one.id))

    async def get(self, number: int) -> Reminder | None:
        """One of the person's own reminders; None for others', deleted and forgotten ones."""
        row = await self._row(number)
        return rows.reminder_from(row) if row is not None and row.deleted_at is None else None

    async def named(self, text: str) -> int | None:
        """The one reminder that a text names: by its task, or part of it. None for none or more than one."""
        said = text.lower()
        kept = [(one.id, one.what.lower()) for one in await self.all() if one.what]
        found = [number for number, what in kept if what in said] or [
            number for number, what in kept if said in what
        ]
        return found[0] if len(found) == 1 else None

    # -- Deciding -----------------------------------------------------------------

    async def create(self, what: str, timing: Json, until_done: bool = False) -> int | None:
        """Keep a new reminder; gives its number, or None if its time is over or there are too many."""
        when = from_json(timing)
        at = self._first(when)
        count = await self._work.first(rows.COUNT, self._mine())
        if at is None or (count and count[0] >= MOST_REMINDERS):
            return None
        values = {
            "bot": self._work.bot,
            "person": self._person.id,
            "what": what[:LONGEST_WHAT],
            "zone": when.zone.key,
            "at": at,
            "rule": when.rrule,
            "state": ACTIVE,
            "until_done": until_done,
            "rings": 0,
            "answered": 0,
            "made_at": self._work.now,
        }
        number = int((await self._work.write(rows.ADD, values))[0].id)
        await self._set(number, await self._plan(number, at, when.zone.key, when.rrule), None)
        return number

    async def pause(self, number: int) -> bool:
        """Let it be silent until it is resumed; False where there is none."""
        row = await self._quieten(number)
        if row is None:
            return False
        await self._set(number, None, None, PAUSED)
        return True

    async def resume(self, number: int) -> bool:
        """Let it ring again; False where there is none, or its moment has passed."""
        row = await self._row(number)
        if row is None or row.deleted_at is not None or row.state != PAUSED:
            return False
        at = self._next(row)
        if at is None:
            return False
        await self._set(number, await self._plan(number, at, row.zone, row.rule), row.again)
        return True

    async def rephrase(self, number: int, what: str) -> bool:
        """Let it say something else; False where there is none."""
        values = self._mine(number) | {"new_what": what[:LONGEST_WHAT]}
        return await self._work.execute(rows.REPHRASED, values) > 0

    async def reschedule(self, number: int, timing: Json) -> bool:
        """Let it ring at another time, paused or not; False where there is none, or that time is over."""
        when = from_json(timing)
        at = self._first(when)
        if at is None or await self._quieten(number) is None:
            return False
        values = self._mine(number) | {
            "new_at": at,
            "new_zone": when.zone.key,
            "new_rule": when.rrule,
            "new_due": await self._plan(number, at, when.zone.key, when.rrule),
            "new_again": None,
            "new_state": ACTIVE,
            "new_settled_at": None,
        }
        await self._work.execute(rows.RESCHEDULED, values)
        return True

    async def delete(self, number: int) -> bool:
        """Delete it; for a day that can be taken back. False where there is none."""
        if await self._quieten(number) is None:
            return False
        await self._work.execute(rows.DELETED, self._mine(number) | {"new_deleted_at": self._work.now})
        return True

    async def restore(self, number: int) -> bool:
        """Take a deletion back: it rings as it would have, what was missed meanwhile at once."""
        row = await self._row(number)
        if row is None or row.deleted_at is None:
            return False
        await self._work.execute(rows.DELETED, self._mine(number) | {"new_deleted_at": None})
        first = again = None
        if row.due is not None:
            at = row.at if row.rule is None else self._next(row)
            first = await self._plan(number, at, row.zone, row.rule) if at else None
        if row.again is not None:
            again = await self._plan_again(row)
        await self._set(number, first, again, state_after(row.state, first, again))
        return True

    async def calendar(self, number: int) -> tuple[str, str] | None:
        """The file key and name of a reminder for a calendar; None where there is none."""
        reminder = await self.get(number)
        if reminder is None:
            return None
        at, title = reminder.next_at or reminder.at, reminder.what or WITHOUT_WORDS
        entry = Entry(
            f"reminder-{number}", title, at, reminder.zone.key, LASTS, reminder.rule, alarm=timedelta(0)
        )
        page = calendar(entry, self._work.now)
        made = (page, "reminder.ics", ICS)
        key = await attachments.hold_for(self._work, self._person.id, CALENDAR, *made)
        return key, f"{title[:40]}.ics"

    # -- Living by other clocks ---------------------------------------------------------

    async def move_to(self, zone: str) -> int:
        """Live by the clocks of another zone (IANA); gives how many series ring by them from now on.

        What comes again and again keeps its hour on the wall. What rings once keeps its moment: "in half an
        hour" is no other time because one crossed a border.
        """
        moved = 0
        for one in await self._work.fetch(rows.LIST, self._mine()):
            held = await self._quieten_series(one) if one.rule else one
            at, first = held.at, held.due
            if held.rule:
                moved += 1
                at = recurrence.moment_of(recurrence.wall_time(held.at, held.zone), zone)
                first = await self._plan_series(held, at, zone)
            values = {"new_at": at, "new_zone": zone, "new_due": first}
            await self._work.execute(rows.MOVED, self._mine(one.id) | values)
        return moved

    async def _quieten_series(self, row: Any) -> Any:
        await self._cancel(row.due)
        return await self._work.first(rows.HOLD, self._mine(row.id))

    async def _plan_series(self, row: Any, at: datetime, zone: str) -> int | None:
        """Let a series ring at its wall times in another zone; None where it is paused or over."""
        if row.state != ACTIVE:
            return None
        starts = recurrence.wall_time(at, zone)
        upcoming = at if at > self._work.now else recurrence.following(row.rule, starts, zone, self._work.now)
        return await self._plan(row.id, upcoming, zone, row.rule) if upcoming else None

    # -- Answering a ring -----------------------------------------------------------

    async def answer(self, number: int, ring: int, answer: Answer) -> Answered | None:
        """Answer a ring: done, or again later. None for a reminder that is not there, or not theirs.

        A ring is answered once; a series goes on whatever is answered.
        """
        row = await self._row(number)
        if row is None or row.deleted_at is not None or not 0 < ring <= row.rings:
            return None
        if row.answered >= ring:
            return Answered(row.what, before=True)
        await self._cancel(row.again)
        answered = await self._work.write(rows.ANSWER, self._mine(number) | {"ring": ring})
        if not answered:
            return Answered(row.what, before=True)
        await self._cancel(answered[0].again)
        first = answered[0].due
        at = self._snoozed(row, answer)
        again = await self._plan(number, at, row.zone) if at else None
        await self._set(number, first, again, state_after(row.state, first, again))
        return Answered(row.what, at)

    def _snoozed(self, row: Any, answer: Answer) -> datetime | None:
        """When to ring again: after a while, or tomorrow at the time of day it was for."""
        if answer == "done":
            return None
        if answer != "tomorrow":
            return self._work.now + SNOOZES[answer]
        today = recurrence.wall_time(self._work.now, row.zone)
        meant = recurrence.wall_time(row.rung_for or row.at, row.zone)
        tomorrow = (today + timedelta(days=1)).date()
        return recurrence.moment_of(datetime.combine(tomorrow, meant.time()), row.zone)

    # -- Planning -------------------------------------------------------------------

    def _first(self, when: When) -> datetime | None:
        """The first moment of a settled time; None where it is over."""
        if not isinstance(when.at, datetime):
            return None
        if when.at > self._work.now or when.rrule is None:
            return when.at if when.at > self._work.now else None
        starts = recurrence.wall_time(when.at, when.zone.key)
        return recurrence.following(when.rrule, starts, when.zone.key, self._work.now)

    def _next(self, row: Any) -> datetime | None:
        """The next moment of a reminder's own time, None where there is none."""
        if row.at > self._work.now or row.rule is None:
            return row.at if row.at > self._work.now else None
        starts = recurrence.wall_time(row.at, row.zone)
        return recurrence.following(row.rule, starts, row.zone, self._work.now)

    async def _plan(self, number: int, at: datetime, zone: str, rule: str | None = None) -> int:
        whose = f"person:{self._person.id}"
        return await due.plan(self._work, REMIND, at, {"reminder": number}, whose=whose, zone=zone, rule=rule)

    async def _plan_again(self, row: Any) -> int | None:
        """Ring again at the moment that a deletion cancelled."""
        planned = await self._work.first(rows.DUE_AT, {"of": self._work.bot, "row": row.again})
        return await self._plan(row.id, planned.at, row.zone) if planned else None

    async def _cancel(self, *things: int | None) -> None:
        for thing in things:
            if thing is not None:
                await due.cancel(self._work, thing)

    async def _quieten(self, number: int) -> Any | None:
        """Cancel all that is planned for a reminder, and hold its row; None where there is none."""
        row = await self._row(number)
        if row is None or row.deleted_at is not None:
            return None
        await self._cancel(row.due, row.again)
        held = await self._work.first(rows.HOLD, self._mine(number))
        # What rang meanwhile may have planned to ring again.
        if held is not None and held.again != row.again:
            await self._cancel(held.again)
        return held

    async def _set(self, number: int, first: int | None, again: int | None, state: str = ACTIVE) -> None:
        values = self._mine(number) | {
            "new_due": first,
            "new_again": again,
            "new_state": state,
            "new_settled_at": self._work.now if state == DONE else None,
        }
        await self._work.execute(rows.PLANNED, values)

    async def _row(self, number: int) -> Any | None:
        return await self._work.first(rows.ONE, self._mine(number))

    def _mine(self, number: int | None = None) -> dict[str, Any]:
        whose = {"of": self._work.bot, "whose": self._person.id}
        return whose if number is None else whose | {"row": number}
