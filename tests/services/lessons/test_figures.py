"""What organizers see of a lesson: sums within their reach, and nothing about fewer than five people."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.services.branches import members
from bot.services.lessons import course
from bot.services.lessons.desk import LessonDesk
from bot.services.lessons.figures import FigureDesk, Figures
from bot.services.people import Person
from bot.services.roles.rules import NotAllowed, Role
from bot.store.work import Work
from tests.conftest import BOT, NOW
from tests.services.people import City
from tests.transcript import small_shelf

LESSON = "safe"
QUESTION = "q_truck"


def somebody(number: int) -> Person:
    """A person by their id."""
    return Person(number, number, "en", seen_on=NOW.date())


async def take(work: Work, person: int, *, right: bool = True, to_the_end: bool = True) -> None:
    """Somebody takes the lesson."""
    desk = LessonDesk(small_shelf(), work, somebody(person))
    place = await desk.begin(LESSON)
    assert place is not None
    card = desk.question(LESSON, QUESTION)
    assert card is not None
    await desk.answered(LESSON, card, card.right if right else [1 - card.right[0]])
    if to_the_end:
        done = {**place, "stage": course.DONE, "tried": {QUESTION: [card.right]}}
        await desk.keep(done)
        await desk.finish(done)


async def seen_by(work: Work, person: int) -> Figures:
    """The figures as somebody sees them."""
    lesson = small_shelf().library.lesson(LESSON)
    assert lesson is not None
    return await FigureDesk(work, somebody(person)).of(lesson, "en")


async def crowd(city: City, branch: str, accounts: range) -> list[int]:
    """Members of a branch."""
    found = [await city.somebody(account) for account in accounts]
    async with city.work() as work:
        for person in found:
            await members.join(work, person, branch)
    return found


async def test_an_organizer_sees_their_own_people_only(city: City) -> None:
    boss = await city.admin(100)
    organizer = await city.granted(104, Role.ORGANIZER, "east", boss)
    in_the_east = await crowd(city, "east-1-a", range(200, 206))
    in_the_west = await crowd(city, "west-1", range(300, 307))
    async with city.work() as work:
        for person in in_the_east:
            await take(work, person)
        for person in in_the_west:
            await take(work, person, right=False)
        east, everybody = await seen_by(work, organizer), await seen_by(work, boss)
    assert (east.started, east.finished) == (6, 6)
    assert [(one.answered, one.right) for one in east.questions] == [(6, 6)]
    assert (everybody.started, everybody.questions[0].right) == (13, 6)


async def test_four_people_are_nobody_s_business(city: City) -> None:
    boss = await city.admin(100)
    four = await crowd(city, "east-1-a", range(200, 204))
    async with city.work() as work:
        for person in four:
            await take(work, person, to_the_end=False)
        found = await seen_by(work, boss)
    assert found.started == 4
    assert [(one.answered, one.right) for one in found.questions] == [(None, None)]
    assert [stop.people for stop in found.stops] == [None]
    assert found.remembered is None


async def test_where_people_stop(city: City) -> None:
    boss = await city.admin(100)
    five = await crowd(city, "east-1-a", range(200, 205))
    async with city.work() as work:
        for person in five:
            await take(work, person, to_the_end=False)
        found = await seen_by(work, boss)
    assert [(stop.card, stop.people) for stop in found.stops] == [("speed", 5)]


async def test_what_is_still_known_counts_from_five_who_reviewed(city: City) -> None:
    boss = await city.admin(100)
    five = await crowd(city, "east-1-a", range(200, 205))
    async with city.work() as work:
        for person in five:
            await take(work, person)
    async with city.database.work(BOT, NOW + timedelta(days=3)) as work:
        for number, person in enumerate(five):
            desk = LessonDesk(small_shelf(), work, somebody(person))
            assert (await seen_by(work, boss)).remembered is None
            await desk.reviewed(LESSON, QUESTION, right=number > 0)
        assert (await seen_by(work, boss)).remembered == pytest.approx(0.8)


async def test_who_organizes_nothing_sees_nothing(city: City) -> None:
    member = await city.somebody(101)
    async with city.work() as work:
        with pytest.raises(NotAllowed):
            await seen_by(work, member)
