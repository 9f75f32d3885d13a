"""Organizers see how many, not who; they take back what people vouched for, within their reach, once."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa

from bot.services import audit, people
from bot.services.branches import members
from bot.services.people import Person
from bot.services.points import ledger
from bot.services.points.desk import PointDesk
from bot.services.points.minding import FEWEST_TOLD, PointMinding, Stocked, Sum
from bot.services.points.rules import read_points
from bot.services.refusals import NotThere
from bot.services.roles.rules import NotAllowed, Role
from bot.store.database import Database
from bot.store.tables import audit as log
from bot.store.work import Work
from tests.services.people import City
from tests.services.points.conftest import SEAL
from tests.transcript import small_content

BOOK = read_points(small_content())
RIDERS = range(201, 201 + FEWEST_TOLD)


@pytest.fixture
async def city(database: Database, now: datetime) -> City:
    """A city with riders in the east, each with an hour of volunteering and a lesson."""
    made = City(database, now)
    await made.build()
    for account in RIDERS:
        person = await made.somebody(account)
        async with made.work() as work:
            await members.join(work, person, "east-1-a")
            await ledger.give(work, person, BOOK.earnings["volunteer_hour"], "1.e1")
            await ledger.give(work, person, BOOK.earnings["lesson"], "rest")
    return made


def _minding(work: Work, person: int) -> PointMinding:
    return PointMinding(work, Person(person, person, "zh_CN", work.now.date()), BOOK)


async def _organizer(city: City) -> int:
    return await city.granted(104, Role.ORGANIZER, "east", await city.admin(100))


async def test_sums_are_told_from_five_people_on(city: City) -> None:
    organizer = await _organizer(city)
    async with city.work() as work:
        assert await _minding(work, organizer).sums() == [Sum("lesson", 5, 50), Sum("volunteer_hour", 5, 100)]
        await members.leave(work, await _somebody(work, RIDERS[0]))
        fewer = await _minding(work, organizer).sums()
    assert fewer == [Sum("lesson", None, None), Sum("volunteer_hour", None, None)]


async def _somebody(work: Work, account: int) -> int:
    return (await people.welcome(work, {account: "zh"}, "zh_CN"))[account].id


async def test_what_somebody_learns_is_no_entry_to_look_at(city: City) -> None:
    organizer = await _organizer(city)
    async with city.work() as work:
        minding = _minding(work, organizer)
        found = await minding.entries(99)
        assert {one.kind for one in found} == {"volunteer_hour"}
        lesson = found[0].id + 1
        with pytest.raises(NotThere):
            await minding.take_back(lesson, "twice")


async def test_nothing_of_another_branch_is_seen_or_taken_back(city: City) -> None:
    boss = await city.admin(100)
    east, west = [
        await city.granted(account, Role.ORGANIZER, branch, boss)
        for account, branch in ((104, "east"), (105, "west"))
    ]
    async with city.work() as work:
        (first, *_rest) = await _minding(work, east).entries(99)
        minding = _minding(work, west)
        assert await minding.sums() == []
        assert await minding.entries(99) == []
        with pytest.raises(NotThere):
            await minding.take_back(first.id, "twice")
        with pytest.raises(NotAllowed):
            await _minding(work, await _somebody(work, RIDERS[0])).sums()


async def test_an_entry_is_taken_back_once_and_noted(city: City) -> None:
    organizer = await _organizer(city)
    async with city.work() as work:
        minding = _minding(work, organizer)
        before = await minding.entries(99)
        done = await minding.take_back(before[0].id, "twice")
        assert (done.move, done.reason, done.balance) == (before[0], "twice", 10)
        with pytest.raises(NotThere):
            await minding.take_back(before[0].id, "twice")
        with pytest.raises(ValueError, match="reason"):
            await minding.take_back(before[1].id, "because")
        assert [one.id for one in await minding.entries(99)] == [one.id for one in before[1:]]
        told = (await ledger.history(work, done.to.person, 1))[0]
        assert (told.kind, told.amount, told.reason) == (ledger.REVERSE, -20, "twice")
        assert await ledger.flaws(work) == []
        assert not (await audit.verify(work)).flaws


async def test_who_spent_what_is_taken_back_is_below_nothing(city: City) -> None:
    organizer = await _organizer(city)
    async with city.work() as work:
        person = await _somebody(work, RIDERS[0])
        await ledger.book(work, person, ledger.REDEEM, "1", -25, "reward.water")
        entry = next(one for one in await ledger.history(work, person, 9) if one.kind == "volunteer_hour")
        assert (await _minding(work, organizer).take_back(entry.id, "not_done")).balance == -15


async def _ranked(city: City, account: int, called: str) -> int:
    person = await city.somebody(account)
    async with city.work() as work:
        whose = Person(person, account, "zh_CN", work.now.date())
        await PointDesk(work, whose, BOOK, SEAL, lambda _most: 7).join_ranking(called)
    return person


async def test_a_name_in_the_ranking_can_be_hidden_within_reach(city: City) -> None:
    """Whatever somebody called themselves stood there for everybody, and nobody could take it down."""
    boss = await city.admin(100)
    east, west = [
        await city.granted(account, Role.ORGANIZER, branch, boss)
        for account, branch in ((104, "east"), (105, "west"))
    ]
    person = await _ranked(city, RIDERS[0], "the worst")
    await _ranked(city, RIDERS[1], "wind")
    async with city.work() as work:
        assert await _minding(work, west).names() == []
        with pytest.raises(NotThere):
            await _minding(work, west).hide_name(person)
        minding = _minding(work, east)
        assert {one.called for one in await minding.names()} == {"the worst", "wind"}
        hidden = await minding.hide_name(person)
        assert (hidden.to.account, hidden.called) == (RIDERS[0], "the worst")
        assert [one.called for one in await minding.names()] == ["wind"]
        with pytest.raises(NotThere):
            await minding.hide_name(person)
        noted = [row.entry for row in await work.fetch(sa.select(log.c.entry))]
    assert sum("ranking.name_hidden" in entry and "worst" not in entry for entry in noted) == 1


async def test_the_stock_is_told(city: City) -> None:
    organizer = await _organizer(city)
    async with city.work() as work:
        minding = _minding(work, organizer)
        assert (await minding.stock())[0] == Stocked("water", 500, 0, 0)
        assert await minding.pool_left() == BOOK.pool_fen
