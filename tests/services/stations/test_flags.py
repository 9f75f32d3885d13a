"""What is reported of a station is settled once, by those who look after it; who was right gets points."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa

from bot.services.appeals.rulebook import read_rulebook
from bot.services.people import Person
from bot.services.points import ledger
from bot.services.points.rules import read_points
from bot.services.refusals import NotThere
from bot.services.roles.rules import Role
from bot.services.stations.board import StationBoard
from bot.services.stations.catalogue import read_catalogue
from bot.services.stations.desk import StationDesk
from bot.services.stations.flags import FlagDesk, Flagged
from bot.services.whereabouts import Whereabouts
from bot.settings import ROOT
from bot.store.database import Database
from bot.store.tables import due
from bot.store.work import Work
from tests.services.people import City
from tests.transcript import small_content

BOARD = StationBoard([], read_catalogue(ROOT / "content"))
RULES = read_rulebook(small_content())
POINTS = read_points(small_content())


@pytest.fixture
async def city(database: Database, now: datetime) -> City:
    """A city in which two people say that a station is closed, and one that something is broken there."""
    made = City(database, now)
    await made.build()
    for account, kind, note in ((201, "closed", "贴了通知"), (202, "closed", ""), (201, "broken", "插座")):
        person = await made.somebody(account)
        async with made.work() as work:
            await StationDesk(BOARD, Whereabouts(), work, _person(work, person)).flag("s1", kind, note, None)
    return made


def _person(work: Work, person: int) -> Person:
    return Person(person, person, "zh_CN", work.now.date())


def _flags(work: Work, person: int) -> FlagDesk:
    return FlagDesk(work, _person(work, person), BOARD, RULES, POINTS)


async def test_what_most_people_say_comes_first(city: City) -> None:
    boss = await city.admin(100)
    async with city.work() as work:
        flags = _flags(work, boss)
        assert [(one.kind, one.people) for one in await flags.waiting()] == [("closed", 2), ("broken", 1)]
        assert await flags.get("s1", "closed") == Flagged("s1", "closed", 2, city.now, ("贴了通知",))
        assert await flags.waiting("s2") == []


async def test_who_was_right_is_thanked_once_and_gets_points(city: City) -> None:
    boss = await city.admin(100)
    async with city.work() as work:
        flags = _flags(work, boss)
        thanked = await flags.settle("s1", "closed", right=True)
        assert [(one.to.account, one.points) for one in thanked] == [(201, 10), (202, 10)]
        with pytest.raises(NotThere):
            await flags.settle("s1", "closed", right=True)
        earned = [
            row.what for row in await work.fetch(sa.select(due.c.what).where(due.c.kind == ledger.EARN))
        ]
        assert sorted(what["rule"] for what in earned) == ["correction", "correction"]
        assert [one.kind for one in await flags.waiting()] == ["broken"]


async def test_what_is_not_so_gives_nothing(city: City) -> None:
    boss = await city.admin(100)
    async with city.work() as work:
        assert await _flags(work, boss).settle("s1", "broken", right=False) == []
        assert not await work.fetch(sa.select(due.c.id).where(due.c.kind == ledger.EARN))


async def test_nobody_settles_what_is_not_theirs(city: City) -> None:
    boss = await city.admin(100)
    west = await city.granted(101, Role.ORGANIZER, "west", boss)
    stranger = await city.somebody(201)
    async with city.work() as work:
        for person in (west, stranger):
            flags = _flags(work, person)
            assert await flags.waiting() == []
            with pytest.raises(NotThere):
                await flags.get("s1", "closed")
            with pytest.raises(NotThere):
                await flags.settle("s1", "closed", right=True)
