"""What people say about themselves: kept, taken back, asked once."""

from __future__ import annotations

import pytest

from bot.services import people
from bot.services.conversations import load
from bot.services.people import LONGEST_DISTRICT, WORK_KINDS, People, Person
from tests.services.people import City

ACCOUNT = 5


async def _person(city: City) -> Person:
    """The person as the next turn finds them."""
    async with city.work() as work:
        seats = await load(work, [(ACCOUNT, ACCOUNT)])
        return seats[ACCOUNT, ACCOUNT].person


@pytest.fixture
async def person(city: City) -> Person:
    """Somebody who said nothing yet."""
    async with city.work() as work:
        return (await people.welcome(work, {ACCOUNT: "en"}, "zh_CN"))[ACCOUNT]


async def test_what_is_said_is_kept_and_can_be_taken_back(city: City, person: Person) -> None:
    assert (person.work_kind, person.district, person.introduced) == (None, None, False)
    for kind in (*WORK_KINDS, None):
        async with city.work() as work:
            await People(work, person).say_work(kind)
        assert (await _person(city)).work_kind == kind
    for district in ("巴南区", None):
        async with city.work() as work:
            await People(work, person).say_district(district)
        assert (await _person(city)).district == district


async def test_nobody_is_asked_twice(city: City, person: Person) -> None:
    async with city.work() as work:
        assert await People(work, person).introduce()
    later = await _person(city)
    async with city.work() as work:
        assert not await People(work, later).introduce()


async def test_who_said_so_already_is_not_asked(city: City, person: Person) -> None:
    async with city.work() as work:
        here = People(work, person)
        await here.say_work("rider")
        assert not await here.introduce()


async def test_what_makes_no_sense_is_refused(city: City, person: Person) -> None:
    async with city.work() as work:
        here = People(work, person)
        with pytest.raises(ValueError, match="work"):
            await here.say_work("emperor")
        for district in ("", "长" * (LONGEST_DISTRICT + 1)):
            with pytest.raises(ValueError, match="district"):
                await here.say_district(district)
