"""Another time zone, the hour before a shift, reminders that organizers offer, calendar files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.clock import recurrence
from bot.home import SHANGHAI
from bot.services import due, people
from bot.services.branches import members
from bot.services.calendars import Entry, calendar
from bot.services.files import read
from bot.services.lessons.daily import DailyDesk
from bot.services.reminders.desk import ReminderDesk
from bot.services.reminders.offers import OfferDesk
from bot.services.reminders.shift import ShiftDesk, before
from bot.services.reminders.timing import from_json, to_json
from bot.services.roles.rules import NotAllowed
from bot.services.when import When, upcoming
from bot.services.when import read as read_time
from bot.services.zones import ZoneDesk, name_of
from bot.store.database import Database
from bot.store.work import Work
from tests.conftest import BOT
from tests.services.checkins.conftest import ORGANIZER
from tests.services.checkins.conftest import Stand as Branch
from tests.services.reminders.conftest import ME, Stand
from tests.transcript import small_shelf

ALMATY = "Asia/Almaty"
AT_8 = "FREQ=DAILY;BYHOUR=8;BYMINUTE=0;BYSECOND=0"


async def _move(stand: Stand, zone: str) -> int:
    async with stand.database.work(BOT, stand.now) as work:
        person = (await people.welcome(work, {ME: "zh"}, "zh_CN"))[ME]
        return await ZoneDesk(work, person).choose(zone)


async def _mine(stand: Stand) -> dict[int, datetime | None]:
    async with stand.desk() as desk:
        return {one.id: one.next_at for one in await desk.all()}


def _at_8(now: datetime) -> When:
    tomorrow = (now + timedelta(days=1)).astimezone(SHANGHAI).replace(hour=8, minute=0)
    return When("recurring", SHANGHAI, tomorrow, AT_8)


async def test_a_series_keeps_its_hour_and_a_single_one_its_moment(stand: Stand) -> None:
    single = await stand.create(90)
    async with stand.desk() as desk:
        series = await desk.create("喝水", to_json(_at_8(stand.now)))
    before_moving = await _mine(stand)
    assert await _move(stand, ALMATY) == 1
    after = await _mine(stand)
    assert after[single] == before_moving[single]
    assert series is not None
    moved = after[series]
    assert moved is not None
    assert moved.astimezone(ZoneInfo(ALMATY)).hour == 8


async def test_a_paused_series_stays_paused_and_rings_there_when_resumed(stand: Stand) -> None:
    async with stand.desk() as desk:
        series = await desk.create("喝水", to_json(_at_8(stand.now)))
        assert series is not None
        assert await desk.pause(series)
    await _move(stand, ALMATY)
    assert (await _mine(stand))[series] is None
    async with stand.desk() as desk:
        assert await desk.resume(series)
    resumed = (await _mine(stand))[series]
    assert resumed is not None
    assert resumed.astimezone(ZoneInfo(ALMATY)).hour == 8


async def test_it_rings_there_and_goes_on(stand: Stand) -> None:
    async with stand.desk() as desk:
        await desk.create("喝水", to_json(_at_8(stand.now)))
    await _move(stand, ALMATY)
    there = stand.now.astimezone(ZoneInfo(ALMATY))
    tomorrow_at_8 = (there + timedelta(days=1)).replace(hour=8, minute=0)
    minutes = (tomorrow_at_8 - there).total_seconds() / 60
    assert await stand.ring(minutes - 1) == []
    assert len(await stand.ring(1)) == 1
    assert len(await stand.ring(24 * 60)) == 1


async def test_there_and_back_is_as_before(stand: Stand) -> None:
    await stand.create(90)
    async with stand.desk() as desk:
        await desk.create("喝水", to_json(_at_8(stand.now)))
    home = await _mine(stand)
    await _move(stand, ALMATY)
    await _move(stand, "Asia/Shanghai")
    assert await _mine(stand) == home


async def test_the_daily_lesson_moves_along(stand: Stand) -> None:
    async with stand.database.work(BOT, stand.now) as work:
        person = (await people.welcome(work, {ME: "zh"}, "zh_CN"))[ME]
        assert await DailyDesk(work, person, person.zone).choose("10:00")
    await _move(stand, ALMATY)
    async with stand.database.work(BOT, stand.now) as work:
        (coming,) = await due.coming(work, 10, f"person:{person.id}")
    assert recurrence.wall_time(coming.at, ALMATY).hour == 10


async def test_a_zone_that_is_not_there_is_refused(stand: Stand) -> None:
    with pytest.raises(ValueError, match="zone"):
        await _move(stand, "Asia/Nowhere")


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("阿拉木图", ALMATY),
        ("almaty", ALMATY),
        ("北京", "Asia/Shanghai"),
        ("上海", "Asia/Shanghai"),
        ("莫斯科", "Europe/Moscow"),
        ("New York", "America/New_York"),
        ("Asia/Tokyo", "Asia/Tokyo"),
    ],
)
def test_a_city_by_its_name(typed: str, zone: str) -> None:
    assert ZoneDesk(None, None).find(typed)[0] == zone  # type: ignore[arg-type]  # it only reads
    assert name_of(zone)


@given(st.text(max_size=30))
def test_whatever_is_typed_finds_a_zone_or_none(typed: str) -> None:
    for zone in ZoneDesk(None, None).find(typed):  # type: ignore[arg-type]  # it only reads
        assert ZoneInfo(zone)


# -- Before a shift --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "minutes", "rule"),
    [
        ("工作日10:30", 15, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=10;BYMINUTE=15;BYSECOND=0"),
        ("每天10点和17点", 15, "FREQ=DAILY;BYHOUR=9,16;BYMINUTE=45;BYSECOND=0"),
        ("每周一0点10分", 15, "FREQ=WEEKLY;BYDAY=SU;BYHOUR=23;BYMINUTE=55;BYSECOND=0"),
        ("每天0点", 60, "FREQ=DAILY;BYHOUR=23;BYMINUTE=0;BYSECOND=0"),
    ],
)
def test_some_minutes_before_every_shift(said: str, minutes: int, rule: str, now: datetime) -> None:
    shift = read_time(said, now.astimezone(SHANGHAI), SHANGHAI, "zh_CN")
    earlier = before(shift, minutes)
    assert earlier.rrule == rule
    begins = [at for at in upcoming(shift, now, 6) if isinstance(at, datetime)]
    rings = [at for at in upcoming(earlier, begins[0] - timedelta(days=1), 9) if isinstance(at, datetime)]
    assert [at for at in begins if at - timedelta(minutes=minutes) not in rings] == []


@pytest.mark.parametrize("said", ["明天10:30", "每月15号9点", "每天0点5分和8点5分", "每周三"])
def test_what_is_no_hour_of_a_shift(said: str, now: datetime) -> None:
    shift = read_time(said, now.astimezone(SHANGHAI), SHANGHAI, "zh_CN")
    with pytest.raises(ValueError, match="shift"):
        before(shift, 15)


async def test_another_shift_takes_the_place_of_the_first(stand: Stand) -> None:
    shift = to_json(read_time("工作日10:30", stand.now.astimezone(SHANGHAI), SHANGHAI, "zh_CN"))
    later = to_json(read_time("每天16:00", stand.now.astimezone(SHANGHAI), SHANGHAI, "zh_CN"))
    async with stand.database.work(BOT, stand.now) as work:
        person = (await people.welcome(work, {ME: "zh"}, "zh_CN"))[ME]
        shifts = ShiftDesk(work, person)
        assert await shifts.before(15) is None
        first = await shifts.choose(shift, 15, "上班")
        second = await shifts.choose(later, 30, "上班")
        assert [one.id for one in await ReminderDesk(work, person).all()] == [second]
        assert first != second
        lesson = from_json((await shifts.before(15)) or {})
    assert lesson.rrule == "FREQ=DAILY;BYHOUR=15;BYMINUTE=45;BYSECOND=0"
    assert isinstance(lesson.at, datetime)
    assert lesson.at > stand.now


# -- Offered by organizers -----------------------------------------------------------------


@pytest.fixture
async def branch(database: Database, now: datetime) -> Branch:
    """An organizer and three members."""
    made = Branch(database, now)
    await made.build(3)
    return made


async def _offers(branch: Branch, work: Work, account: int) -> OfferDesk:
    person = (await people.welcome(work, {account: "en"}, "en"))[account]
    return OfferDesk(work, person, small_shelf().library)


async def test_an_offer_is_taken_once_by_who_wants_it(branch: Branch) -> None:
    timing = to_json(_at_8(branch.now))
    async with branch.work() as work:
        number = await (await _offers(branch, work, ORGANIZER)).make("drink", timing, "east", "all")
    assert await branch.wait() == [f"{one}: 📣 Your organizers suggest a reminder:" for one in (1, 2, 3)]
    async with branch.work() as work:
        desk = await _offers(branch, work, 1)
        assert [await desk.take(number), await desk.take(number)] == ["taken", "before"]
        assert await desk.take(number + 1) == "gone"
    for account, kept in ((1, ["drink"]), (2, [])):
        async with branch.work() as work:
            person = (await people.welcome(work, {account: "en"}, "en"))[account]
            assert [one.what for one in await ReminderDesk(work, person).all()] == kept


async def test_an_offer_to_another_branch_is_taken_by_nobody_else(branch: Branch) -> None:
    """Its number in a forged button was enough to read it, and to have it as a reminder of one's own."""
    async with branch.work() as work:
        number = await (await _offers(branch, work, ORGANIZER)).make(
            "drink", to_json(_at_8(branch.now)), "east", "all"
        )
        for account, home in ((50, None), (51, "west-1")):
            stranger = (await people.welcome(work, {account: "en"}, "en"))[account]
            if home:
                await members.join(work, stranger.id, home)
            desk = await _offers(branch, work, account)
            assert (await desk.get(number), await desk.take(number)) == (None, "gone")


async def test_it_rings_by_the_clock_of_who_takes_it(branch: Branch) -> None:
    async with branch.work() as work:
        number = await (await _offers(branch, work, ORGANIZER)).make(
            "drink", to_json(_at_8(branch.now)), "east", "all"
        )
        person = (await people.welcome(work, {1: "en"}, "en"))[1]
        person.zone = ALMATY
        assert await OfferDesk(work, person, small_shelf().library).take(number) == "taken"
        (mine,) = await ReminderDesk(work, person).all()
    assert mine.next_at is not None
    assert mine.next_at.astimezone(ZoneInfo(ALMATY)).hour == 8


async def test_only_organizers_offer_and_only_their_people(branch: Branch) -> None:
    timing = to_json(_at_8(branch.now))
    for account, where in ((1, "east"), (ORGANIZER, "west"), (ORGANIZER, None)):
        with pytest.raises(NotAllowed):
            async with branch.work() as work:
                await (await _offers(branch, work, account)).make("drink", timing, where, "all")


# -- Calendar files ---------------------------------------------------------------------------


async def test_a_reminder_as_a_calendar_file(stand: Stand) -> None:
    async with stand.desk() as desk:
        number = await desk.create("喝水；歇一歇", to_json(_at_8(stand.now)))
        assert number is not None
        made = await desk.calendar(number)
        assert await desk.calendar(number + 1) is None
    assert made is not None
    async with stand.database.work(BOT, stand.now) as work:
        kept: Any = Calendar.from_ical((await read(work, made[0])).content)
    (event,) = kept.events
    assert str(event["SUMMARY"]) == "喝水；歇一歇"
    assert set(event["RRULE"].to_ical().decode().split(";")) == set(AT_8.split(";"))
    assert event["DTSTART"].dt.tzinfo.key == "Asia/Shanghai"
    assert [zone["TZID"] for zone in kept.timezones] == ["Asia/Shanghai"]
    assert len(event.subcomponents) == 1


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from([None, AT_8]))
def test_any_words_come_back_from_a_calendar_file(title: str, where: str, rule: str | None) -> None:
    """Whatever people write adds no line of its own to the file."""
    at = datetime(2026, 10, 24, 0, 0, tzinfo=UTC)
    title, where = (text.replace("\r", "").replace("\0", "") for text in (title, where))
    made = calendar(Entry("x-1", title, at, "Europe/Berlin", timedelta(hours=1), rule, where=where), at)
    kept: Any = Calendar.from_ical(made)
    (event,) = kept.events
    assert event["DTSTART"].dt == at
    assert str(event["SUMMARY"]).strip() == title.strip()
    assert str(event.get("LOCATION", "")).strip() == where.strip()
