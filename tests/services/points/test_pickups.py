"""Rewards are given out after a look, at one's own stations; whoever tries codes has to wait."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.services.people import Person
from bot.services.points import ledger, rewards
from bot.services.points.pickups import MOST_WRONG, WRONG_FOR, PickupDesk
from bot.services.points.rewards import Pickup, Redeemed
from bot.services.points.rules import read_points
from bot.services.privacy.retention import forget_what_is_old
from bot.services.refusals import TooMany
from bot.services.roles.rules import NotAllowed, Role
from bot.services.stations.board import StationBoard
from bot.services.stations.catalogue import read_catalogue
from bot.services.stations.index import StationIndex
from bot.services.stations.model import Point, Station
from bot.settings import ROOT
from bot.store.database import Database
from bot.store.tables import audit, redemptions, wrong_codes
from tests.services.neighbours import EAST, FAR, HOME, LOW, TOP, WEST, Quarter
from tests.services.points.conftest import SEAL
from tests.transcript import small_content

COURIER = 910_000_011
BOOK = read_points(small_content())
WATER = replace(BOOK.rewards["water"], stations=("s1",))


class Counter(Quarter):
    """A small city with a station in the east, and a courier who gets something there."""

    def __init__(self, database: Database, now: datetime) -> None:
        super().__init__(database, now)
        catalogue = read_catalogue(ROOT / "content")
        self.board = StationBoard([], catalogue)
        station = Station("s1", "都和广场驿站", "station", Point(29.4745, 106.5490), district=HOME)
        self.board.index = StationIndex([station], [], catalogue)

    @asynccontextmanager
    async def pickups(self, account: int) -> AsyncIterator[PickupDesk]:
        """What somebody gives out, for one transaction."""
        person = await self.somebody(account)
        async with self.work() as work:
            whose = Person(person, account, "en", work.now.date())
            yield PickupDesk(work, whose, SEAL, self.board, self.book)

    async def redeem(self, station: str | None = "s1") -> Redeemed:
        """A code for a reward; the first is 000007."""
        person = await self.somebody(COURIER)
        async with self.work() as work:
            await ledger.book(work, person, "gift", f"{work.now}", 100, "gifts")
            got = await rewards.redeem(work, person, WATER, BOOK, SEAL, lambda _most: 7, station)
        assert isinstance(got, Redeemed)
        return got

    async def state(self) -> str:
        """How the redemption stands."""
        async with self.work() as work:
            (row,) = await work.fetch(sa.select(redemptions.c.state))
        return str(row.state)


@pytest.fixture
async def counter(database: Database, now: datetime) -> Counter:
    """A small city, on each kind of database."""
    made = Counter(database, now)
    await made.build()
    return made


async def test_a_look_uses_nothing_up_and_giving_out_is_noted(counter: Counter) -> None:
    """Where it was to be picked up was told once the code was used up."""
    got = await counter.redeem()
    async with counter.pickups(LOW) as desk:
        assert [await desk.look(got.code) for _ in range(2)] == [Pickup(got.id, "water", "s1")] * 2
    assert await counter.state() == rewards.WAITING
    async with counter.pickups(LOW) as desk:
        assert [await desk.hand_out(got.code) for _ in range(2)] == [Pickup(got.id, "water", "s1"), None]
    assert await counter.state() == rewards.HANDED
    async with counter.work() as work:
        noted = [row.entry for row in await work.fetch(sa.select(audit.c.entry))]
    assert sum('"event":"reward.handed"' in entry and got.code not in entry for entry in noted) == 1


async def test_only_who_serves_there_gives_it_out(counter: Counter) -> None:
    got = await counter.redeem()
    for elsewhere in (FAR, WEST):
        async with counter.pickups(elsewhere) as desk:
            assert await desk.look(got.code) is not None
            assert not await desk.serves_at("s1")
            assert await desk.hand_out(got.code) is None
    assert await counter.state() == rewards.WAITING
    for there in (LOW, EAST, TOP):
        async with counter.pickups(there) as desk:
            assert await desk.serves_at("s1")
    async with counter.pickups(COURIER) as desk:
        with pytest.raises(NotAllowed):
            await desk.look(got.code)


async def test_who_serves_a_part_of_the_branch_serves_at_its_station(counter: Counter) -> None:
    small = await counter.granted(22, Role.DESK, "east-1-a", await counter.somebody(100))
    assert small
    async with counter.pickups(22) as desk:
        assert await desk.serves_at("s1")


async def test_what_is_picked_up_anywhere_is_given_out_anywhere(counter: Counter) -> None:
    got = await counter.redeem(None)
    async with counter.pickups(FAR) as desk:
        assert await desk.hand_out(got.code) == Pickup(got.id, "water", None)


async def test_whoever_tries_codes_has_to_wait(counter: Counter) -> None:
    """A million codes, and any number of tries."""
    got = await counter.redeem()
    async with counter.pickups(LOW) as desk:
        assert [await desk.look(f"{number:06}") for number in range(MOST_WRONG)] == [None] * MOST_WRONG
    async with counter.pickups(LOW) as desk:
        for deed in (desk.look, desk.hand_out):
            with pytest.raises(TooMany):
                await deed(got.code)
    async with counter.pickups(TOP) as desk:
        assert await desk.look(got.code) is not None
    counter.now += WRONG_FOR + timedelta(seconds=1)
    async with counter.pickups(LOW) as desk:
        assert await desk.hand_out(got.code) is not None
    async with counter.work() as work:
        await forget_what_is_old(work)
        assert list(await work.fetch(sa.select(wrong_codes))) == []
