"""Call-outs: hours from check-in to check-out, who forgets is checked out, thanks and a certificate."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from bot.services import certificates
from bot.services.checkins import codes
from bot.services.checkins.presence import PresenceDesk, Visit
from bot.services.events.desk import EventDesk
from bot.services.events.model import CALLOUTS, Draft
from bot.services.invitations import Links
from bot.services.people import welcome
from bot.services.roles.rules import NotAllowed
from bot.services.stations.board import StationBoard
from bot.services.stations.catalogue import read_catalogue
from bot.settings import ROOT
from bot.store.database import Database
from tests.conftest import BOT
from tests.services.checkins.conftest import ORGANIZER, Stand
from tests.transcript import small_shelf

LINKS = Links("wayside_bot", secret="a secret")
BOARD = StationBoard([], read_catalogue(ROOT / "content"))
BEGINS = timedelta(days=2)


class Call(Stand):
    """People of the east, and a call for helpers."""

    @asynccontextmanager
    async def events(self, account: int) -> AsyncIterator[EventDesk]:
        """Somebody's events, for one transaction."""
        async with self.work() as work:
            yield EventDesk(work, await self._person(work, account), LINKS, small_shelf().library)

    @asynccontextmanager
    async def presence(self, account: int) -> AsyncIterator[PresenceDesk]:
        """Where somebody is."""
        async with self.database.work(BOT, self.now) as work:
            person = (await welcome(work, {account: "en"}, "en"))[account]
            yield PresenceDesk(work, person, LINKS, BOARD)

    async def call(self, places: int | None = 2, who: int = ORGANIZER) -> int:
        """Volunteers for three hours, in two days."""
        at = self.now + BEGINS
        draft = Draft(
            "volunteer", "Water", "", "Duhe", "east", "all", at, "Asia/Shanghai", places, minutes=180
        )
        async with self.events(who) as desk:
            return await desk.make(draft)

    async def arrive(self, account: int, number: int) -> Visit | None:
        """Scan the code at the door."""
        place = codes.event_place(number)
        key = codes.key_of(LINKS.secret, BOT, place)
        async with self.presence(account) as desk:
            scanned = f"{place}_{codes.live_code(key, place, codes.slot_of(self.now))}"
            return (await desk.scan(scanned)).visit


@pytest.fixture
async def call(database: Database, now: datetime) -> Call:
    """An organizer and six members, on each kind of database."""
    made = Call(database, now)
    await made.build(6)
    return made


async def test_hours_count_from_the_beginning_to_the_check_out(call: Call) -> None:
    number = await call.call()
    call.now += BEGINS - timedelta(minutes=40)
    visit = await call.arrive(1, number)
    assert visit is not None
    call.now += timedelta(minutes=40 + 75)
    async with call.presence(1) as desk:
        assert await desk.leave(visit.id)
        assert await desk.minutes() == 75


async def test_who_checks_out_late_has_helped_until_the_end(call: Call) -> None:
    number = await call.call()
    call.now += BEGINS
    visit = await call.arrive(1, number)
    assert visit is not None
    call.now += timedelta(minutes=200)
    async with call.presence(1) as desk:
        left = await desk.leave(visit.id)
        assert left is not None
        assert (left.minutes, await desk.minutes()) == (180, 180)


async def test_who_leaves_before_it_begins_has_not_helped(call: Call) -> None:
    number = await call.call()
    call.now += BEGINS - timedelta(minutes=40)
    visit = await call.arrive(1, number)
    assert visit is not None
    async with call.presence(1) as desk:
        await desk.leave(visit.id)
        assert await desk.minutes() == 0
        assert await desk.issue("") is None
    assert not [line for line in await call.wait(hours=6) if "Thank you" in line]


async def test_who_forgets_to_check_out_is_checked_out_and_all_are_thanked(call: Call) -> None:
    number = await call.call()
    await call.wait()
    call.now += BEGINS
    await call.arrive(1, number)
    visit = await call.arrive(2, number)
    assert visit is not None
    assert await call.arrive(3, number) is None  # two places
    call.now += timedelta(minutes=60)
    async with call.presence(2) as desk:
        await desk.leave(visit.id)
    assert not [line for line in await call.wait(hours=2) if "Thank you" in line]
    assert sorted(await call.wait(minutes=31)) == [
        "1: 🤝 Thank you! You helped 3 h at Water.",
        "2: 🤝 Thank you! You helped 1 h at Water.",
    ]
    assert await call.wait(days=3) == []


async def test_all_hours_make_one_certificate_that_anybody_can_check(call: Call) -> None:
    for _ in range(2):
        number = await call.call()
        call.now += BEGINS
        await call.arrive(1, number)
        await call.wait(hours=4)
    async with call.presence(1) as desk:
        issued = await desk.issue("Lily")
        assert issued is not None
        assert issued.merit.amount == 360
    async with call.work() as work:
        assert await certificates.verify(work, issued.spelled) == issued


async def test_only_organizers_call_and_events_stay_apart(call: Call) -> None:
    with pytest.raises(NotAllowed):
        await call.call(who=1)
    number = await call.call()
    async with call.events(1) as desk:
        assert await desk.coming() == []
        assert [one.id for one in await desk.coming(CALLOUTS)] == [number]
    async with call.events(77) as desk:
        assert await desk.coming(CALLOUTS) == []
        assert await desk.take(number) is None
