"""Places of a track: never more taken than there are, and the next in turn gets what is given back."""

from __future__ import annotations

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services.roles.rules import NotAllowed
from bot.services.tracks import enrolment
from bot.services.tracks.enrolment import ENROLLED, WAITING
from bot.store.database import Database, sqlite_url
from bot.store.tables import people
from bot.store.work import Work
from tests.conftest import BOT, NOW
from tests.services.people import City

TRACK = "injury"
# No step sets more places than this.
MOST_EVER = 3


async def crowd(database: Database, size: int) -> list[int]:
    """So many people who wrote to the bot."""
    values = [
        {
            "bot": BOT,
            "account": 5000 + number,
            "language": "en",
            "language_chosen": False,
            "seen_on": NOW.date(),
            "made_at": NOW,
        }
        for number in range(size)
    ]
    async with database.work(BOT, NOW) as work:
        rows = await work.write(sa.insert(people).returning(people.c.id), values)
    return sorted(row.id for row in rows)


async def limited(city: City, most: int) -> int:
    """A track with so many places; gives who set them."""
    boss = await city.admin(100)
    async with city.work() as work:
        await enrolment.set_places(work, boss, TRACK, most, "the branch pays")
    return boss


async def test_without_places_everybody_comes_in(city: City) -> None:
    somebody = await city.somebody(101)
    async with city.work() as work:
        assert await enrolment.join(work, somebody, TRACK) == ENROLLED
        assert (await enrolment.places(work, TRACK)).left is None


async def test_who_comes_too_late_waits_and_moves_up(city: City) -> None:
    boss = await limited(city, 1)
    first, second, third = [await city.somebody(account) for account in (101, 102, 103)]
    async with city.work() as work:
        states = [await enrolment.join(work, person, TRACK) for person in (first, second, third)]
        assert states == [ENROLLED, WAITING, WAITING]
        assert await enrolment.turn_of(work, third, TRACK) == 2
        (moved,) = await enrolment.leave(work, first, TRACK)
        assert moved.person == second
        (moved,) = await enrolment.set_places(work, boss, TRACK, 2, "")
        assert moved.person == third
        assert await enrolment.turn_of(work, third, TRACK) is None


async def test_who_comes_back_stands_at_the_end(city: City) -> None:
    await limited(city, 1)
    first, second, third = [await city.somebody(account) for account in (101, 102, 103)]
    async with city.work() as work:
        for person in (first, second, third):
            await enrolment.join(work, person, TRACK)
        await enrolment.leave(work, second, TRACK)
    async with city.database.work(BOT, NOW + timedelta(hours=1)) as work:
        await enrolment.join(work, second, TRACK)
        assert await enrolment.turn_of(work, second, TRACK) == 2


async def test_fewer_places_take_none_away(city: City) -> None:
    boss = await limited(city, 3)
    crowded = [await city.somebody(account) for account in (101, 102, 103)]
    async with city.work() as work:
        for person in crowded:
            await enrolment.join(work, person, TRACK)
        assert await enrolment.set_places(work, boss, TRACK, 1, "") == []
        found = await enrolment.places(work, TRACK)
        assert (found.taken, found.left) == (3, 0)
        assert await enrolment.leave(work, crowded[0], TRACK) == []


async def test_only_who_runs_tracks_sets_places(city: City) -> None:
    somebody = await city.somebody(101)
    async with city.work() as work:
        with pytest.raises(NotAllowed):
            await enrolment.set_places(work, somebody, TRACK, 5, "")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_hundred_places_for_three_hundred_at_the_same_moment(city: City) -> None:
    """Every join is a transaction of its own, on many connections at once."""
    await limited(city, 100)
    crowded = await crowd(city.database, 300)
    gate = asyncio.Semaphore(10)

    async def join(person: int) -> str:
        async with gate, city.work() as work:
            return await enrolment.join(work, person, TRACK)

    states = await asyncio.gather(*map(join, crowded))
    assert (states.count(ENROLLED), states.count(WAITING)) == (100, 200)


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["join", "leave", "1", "3"])), max_size=30))
@settings(max_examples=25)
def test_places_add_up_whatever_happens(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str]]
) -> None:
    path = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("places") / "any.sqlite"))

    async def play() -> None:
        city = City(Database(sqlite_url(path)), NOW)
        boss = await limited(city, 2)
        persons = await crowd(city.database, 6)
        for who, step in steps:
            async with city.work() as work:
                await _step(work, boss, persons[who], step)
                await _adds_up(work, persons)
        await city.database.close()

    asyncio.run(play())


async def _step(work: Work, boss: int, person: int, step: str) -> None:
    if step == "join":
        await enrolment.join(work, person, TRACK)
    elif step == "leave":
        await enrolment.leave(work, person, TRACK)
    else:
        await enrolment.set_places(work, boss, TRACK, int(step), "")


async def _adds_up(work: Work, persons: list[int]) -> None:
    found = await enrolment.places(work, TRACK)
    states = [await enrolment.state_of(work, person, TRACK) for person in persons]
    assert found.taken == states.count(ENROLLED) <= MOST_EVER
    assert found.waiting == states.count(WAITING)
    # Nobody waits while a place is free.
    assert not (found.waiting and found.left)
