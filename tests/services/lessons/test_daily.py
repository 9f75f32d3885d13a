"""Daily lessons under a fixed clock: on time, across a change to summer time, never at night, never twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clock.lessons import GRACE, teaching
from bot.dialogs import daily as words
from bot.services import outbox
from bot.services.groups.quiet import QuietHours
from bot.services.hearing import Hearing
from bot.services.lessons import course
from bot.services.lessons.daily import BEFORE_SHIFT, Chosen, DailyDesk
from bot.services.lessons.desk import LessonDesk
from bot.services.outbox import Settled
from bot.services.people import Person, mark_gone, welcome
from bot.services.reminders.shift import ShiftDesk
from bot.services.reminders.timing import to_json
from bot.services.when import read
from bot.store.database import Database
from tests.clock.once import work_off
from tests.conftest import BOT
from tests.transcript import small_shelf

# Two days before clocks change in Berlin.
FRIDAY = datetime(2026, 3, 27, tzinfo=UTC)
BERLIN, SHANGHAI = "Europe/Berlin", "Asia/Shanghai"


class Day:
    """One person, a clock, and the moments at which it brings a lesson."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = FRIDAY
        self.came: list[tuple[str, str]] = []

    async def meet(self) -> Person:
        """Make the person's acquaintance."""
        async with self.database.work(BOT, self.now) as work:
            return (await welcome(work, {5: "en"}, "en"))[5]

    async def choose(self, person: Person, moment: str, zone: str = SHANGHAI) -> bool:
        """Choose a time."""
        async with self.database.work(BOT, self.now) as work:
            return await DailyDesk(work, person, zone).choose(moment)

    async def pass_by(self, hours: int) -> None:
        """Let some hours pass, in steps of half an hour."""
        for _ in range(2 * hours):
            self.now += timedelta(minutes=30)
            await self.tick()

    async def tick(self) -> None:
        """Do what is due now."""
        kinds = teaching(small_shelf(), words.offered, words.reminded)
        await work_off(self.database, kinds, self.now)
        async with self.database.work(BOT, self.now) as work:
            rows = await outbox.claim(work, "speaker", 100)
            await outbox.settle(work, [Settled(row.id, outbox.SENT) for row in rows])
        for row in rows:
            lesson = row.body["rows"][0][0]["data"].split(":")[-1]
            self.came.append((self.now.strftime("%d %H:%M"), lesson))

    @property
    def moments(self) -> list[str]:
        """When lessons came, in UTC."""
        return [moment for moment, _lesson in self.came]


@pytest.fixture
def day(database: Database) -> Day:
    """A Friday, midnight in Greenwich."""
    return Day(database)


async def test_a_lesson_comes_every_day_and_none_twice(day: Day) -> None:
    await day.choose(await day.meet(), "14:30")
    await day.pass_by(5 * 24)
    assert day.moments == ["27 06:30", "28 06:30", "29 06:30"]
    assert {lesson for _moment, lesson in day.came} == {"first_hour", "calls", "safe"}


async def test_the_time_of_day_stays_when_clocks_change(day: Day) -> None:
    await day.choose(await day.meet(), "07:30", BERLIN)
    await day.pass_by(3 * 24)
    assert day.moments == ["27 06:30", "28 06:30", "29 05:30"]


async def test_nothing_comes_in_quiet_hours(day: Day) -> None:
    person = await day.meet()
    assert not await day.choose(person, "22:00")
    assert not await day.choose(person, "06:59")
    assert await day.choose(person, "21:30")
    # The clock stood still until after ten in the evening.
    day.now += timedelta(hours=14, minutes=15)
    await day.tick()
    assert day.came == []
    await day.pass_by(24)
    assert len(day.came) == 1


async def test_who_was_missed_for_long_waits_for_tomorrow(day: Day) -> None:
    await day.choose(await day.meet(), "10:00")
    day.now += timedelta(hours=2) + GRACE + timedelta(minutes=5)
    await day.tick()
    assert day.came == []


async def test_what_was_finished_does_not_come(day: Day) -> None:
    person = await day.meet()
    async with day.database.work(BOT, day.now) as work:
        desk = LessonDesk(small_shelf(), work, person)
        for lesson in ("first_hour", "calls"):
            await desk.keep({**course.begun(lesson, desk.cards(lesson)), "stage": course.DONE})
    await day.choose(person, "10:00")
    await day.pass_by(72)
    assert [lesson for _moment, lesson in day.came] == ["safe"]


async def test_another_time_replaces_the_first_and_none_ends_it(day: Day) -> None:
    person = await day.meet()
    await day.choose(person, "10:00")
    await day.choose(person, "12:00")
    await day.pass_by(24)
    assert day.moments == ["27 04:00"]
    async with day.database.work(BOT, day.now) as work:
        assert await DailyDesk(work, person).chosen() == Chosen("12:00", False)
        await DailyDesk(work, person).stop()
        assert await DailyDesk(work, person).chosen() is None
    await day.pass_by(24)
    assert len(day.came) == 1


async def test_later_is_an_hour_later_and_once(day: Day) -> None:
    person = await day.meet()
    await day.choose(person, "10:00")
    await day.pass_by(2)
    (came,) = day.came
    async with day.database.work(BOT, day.now) as work:
        assert await DailyDesk(work, person).later(came[1])
        assert await DailyDesk(work, person).later(came[1])
    await day.pass_by(4)
    assert day.came == [("27 02:00", came[1]), ("27 03:00", came[1])]
    day.now = FRIDAY + timedelta(hours=13, minutes=30)
    async with day.database.work(BOT, day.now) as work:
        assert not await DailyDesk(work, person).later(came[1])


async def _pause(day: Day, person: Person) -> None:
    async with day.database.work(BOT, day.now) as work:
        place = await LessonDesk(small_shelf(), work, person).begin("safe")
        assert place is not None
        await LessonDesk(small_shelf(), work, person).keep({**place, "stage": course.PAUSED})
        await DailyDesk(work, person).remind_of("safe")


async def test_a_paused_lesson_is_brought_to_mind_when_the_rush_is_over(day: Day) -> None:
    day.now += timedelta(hours=4)
    await _pause(day, await day.meet())
    await day.pass_by(24)
    assert day.came == [("27 06:00", "safe")]


async def test_after_a_pause_at_night_the_word_comes_in_the_morning(day: Day) -> None:
    day.now += timedelta(hours=12, minutes=30)
    await _pause(day, await day.meet())
    await day.pass_by(24)
    assert day.came == [("28 02:00", "safe")]


async def test_who_went_on_by_themselves_is_not_reminded(day: Day) -> None:
    person = await day.meet()
    await _pause(day, person)
    async with day.database.work(BOT, day.now) as work:
        await LessonDesk(small_shelf(), work, person).begin("safe")
    await day.pass_by(24)
    assert day.came == []


async def test_who_blocked_the_bot_gets_nothing(day: Day) -> None:
    await day.choose(await day.meet(), "10:00")
    async with day.database.work(BOT, day.now) as work:
        await mark_gone(work, 5)
    await day.pass_by(24)
    assert day.came == []


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [("21:59", False), ("22:00", True), ("00:00", True), ("06:59", True), ("07:00", False)],
)
async def test_who_never_said_is_left_alone_at_night(day: Day, moment: str, quiet: bool) -> None:
    assert await day.choose(await day.meet(), moment) != quiet


async def test_who_rides_at_night_has_other_quiet_hours(day: Day) -> None:
    person = await day.meet()
    async with day.database.work(BOT, day.now) as work:
        await Hearing(work, person).keep_quiet(QuietHours(9 * 60, 17 * 60))
    assert not await day.choose(person, "10:00")
    assert await day.choose(person, "01:30")
    await day.pass_by(24)
    assert day.moments == ["27 17:30"]


# -- Before a shift --------------------------------------------------------------------------


async def test_a_lesson_comes_a_quarter_of_an_hour_before_every_shift(day: Day) -> None:
    person = await day.meet()
    async with day.database.work(BOT, day.now) as work:
        shifts, daily = ShiftDesk(work, person), DailyDesk(work, person)
        assert await shifts.before(BEFORE_SHIFT) is None
        shift = read("weekdays at 10:30", FRIDAY, ZoneInfo(SHANGHAI))
        await shifts.choose(to_json(shift), 30, "Your shift begins")
        before = await shifts.before(BEFORE_SHIFT)
        assert before is not None
        assert await daily.choose_before_shift(before)
        assert await daily.chosen() == Chosen("10:15", True)
    await day.pass_by(5 * 24)
    # Friday, Monday and Tuesday; the weekend is free.
    assert day.moments == ["27 02:30", "30 02:30", "31 02:30"]
