"""What the desk keeps, on each kind of database: the place, the first answer, what is due, what is known."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.services.lessons import course
from bot.services.lessons.desk import LessonDesk
from bot.services.people import Person
from bot.store.database import Database
from bot.store.work import Work
from tests.conftest import BOT
from tests.transcript import small_shelf


def _desk(work: Work, person: int = 1) -> LessonDesk:
    return LessonDesk(small_shelf(), work, Person(person, person, "en", work.now.date()))


async def test_a_place_outlives_its_process_and_belongs_to_one_person(
    database: Database, now: datetime
) -> None:
    async with database.work(BOT, now) as work:
        desk = _desk(work)
        place = await desk.begin("first_hour")
        assert place is not None
        await desk.keep({**course.moved(place, desk.cards("first_hour"), 1), "stage": course.PAUSED})
    async with database.work(BOT, now + timedelta(days=2)) as work:
        again = await _desk(work).begin("first_hour")
        waiting = await _desk(work).waiting()
        other = await _desk(work, 2).kept()
    assert again is not None
    assert (again["card"], again["stage"]) == ("help", course.OPEN)
    assert waiting is not None
    assert waiting.id == "first_hour"
    assert other == {}


async def test_there_is_no_place_in_a_lesson_that_is_not_there(database: Database, now: datetime) -> None:
    async with database.work(BOT, now) as work:
        assert await _desk(work).begin("nothing") is None


async def test_finished_once_is_finished_for_good(database: Database, now: datetime) -> None:
    async with database.work(BOT, now) as work:
        desk = _desk(work)
        place = await desk.begin("safe")
        assert place is not None
        await desk.keep({**place, "stage": course.DONE})
        again = await desk.begin("safe")
        kept = (await desk.kept())["safe"]
    assert again == course.begun("safe", desk.cards("safe"))
    assert (kept.finished, kept.is_open) == (True, True)


async def test_review_goes_by_what_was_known(database: Database, now: datetime) -> None:
    async with database.work(BOT, now) as work:
        desk = _desk(work)
        place = course.begun("first_hour", desk.cards("first_hour"))
        place["tried"] = {"q_order": [[0, 1, 2]], "q_call": [[0], [1]]}
        await desk.finish(place)
        await desk.finish(place)
        assert await desk.due() == 0
    async with database.work(BOT, now + timedelta(hours=1)) as work:
        desk = _desk(work)
        assert await desk.due() == 2
        assert await desk.round() == [["first_hour", "q_call"], ["first_hour", "q_order"]]
        await desk.reviewed("first_hour", "q_call", right=True)
        await desk.reviewed("first_hour", "q_order", right=False)
        await desk.reviewed("first_hour", "not_there", right=True)
        share = await desk.share()
        coming = await desk.next_due()
    assert (share.reviews, share.remembered) == (2, 1)
    assert coming is not None
    assert coming > now + timedelta(hours=1)


@pytest.mark.parametrize("days", range(4))
async def test_the_lesson_of_the_day_is_one_not_finished(
    database: Database, now: datetime, days: int
) -> None:
    async with database.work(BOT, now + timedelta(days=days)) as work:
        desk = _desk(work)
        for _lesson in desk.library.lessons:
            today = desk.todays(await desk.kept())
            assert today is not None
            assert today.id not in await desk.kept()
            await desk.keep({**course.begun(today.id, desk.cards(today.id)), "stage": course.DONE})
        assert desk.todays(await desk.kept()) is None
