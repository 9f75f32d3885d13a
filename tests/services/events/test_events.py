"""Places at events: never more than there are, in the order in which people asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.services import people
from bot.services.branches import members
from bot.services.events import book
from bot.services.events.desk import EventDesk
from bot.services.events.model import Draft, Event
from bot.services.files import read
from bot.services.invitations import Links
from bot.services.people import People
from bot.services.roles.rules import NotAllowed
from bot.store.database import Database, sqlite_url
from bot.store.tables import event_places
from tests.conftest import NOW
from tests.services.checkins.conftest import ORGANIZER, Stand
from tests.transcript import small_shelf

SHANGHAI = "Asia/Shanghai"
DAYS = timedelta(days=3)


class Hall(Stand):
    """The same people, and events for them."""

    @asynccontextmanager
    async def events(self, account: int) -> AsyncIterator[EventDesk]:
        """Somebody's desk, for one transaction."""
        async with self.work() as work:
            person = await self._person(work, account)
            yield EventDesk(work, person, Links("wayside_bot", secret="secret"), small_shelf().library)

    async def announce(self, places: int | None, **more: Any) -> int:
        """An event of the east in three days."""
        values = {"kind": "training", "title": "First aid", "about": "", "where": "East 5", "branch": "east"}
        draft = Draft(segment="all", at=self.now + DAYS, zone=SHANGHAI, places=places, **{**values, **more})
        async with self.events(ORGANIZER) as desk:
            return await desk.make(draft)

    async def event(self, number: int) -> Event:
        """How it stands."""
        async with self.work() as work:
            found = await book.get(work, number)
        assert found is not None
        return found


@pytest.fixture
async def hall(sqlite: Database, now: datetime) -> Hall:
    """An organizer and six members."""
    made = Hall(sqlite, now)
    await made.build(6)
    return made


@pytest.fixture
async def any_hall(database: Database, now: datetime) -> Hall:
    """The same, on each kind of database."""
    made = Hall(database, now)
    await made.build(6)
    return made


async def test_who_waits_comes_before_who_asks_now(hall: Hall) -> None:
    """A place that came free was given to whoever asked next, past the queue."""
    number = await hall.announce(1)
    for account in (1, 2):
        async with hall.events(account) as desk:
            await desk.take(number)
    async with hall.work() as work:
        await work.execute(sa.delete(event_places).where(event_places.c.state == "booked"))
    async with hall.events(3) as desk:
        assert await desk.take(number) == "waiting"


async def test_at_the_same_moment_no_place_is_given_twice(any_hall: Hall) -> None:
    number = await any_hall.announce(3)

    async def ask(account: int) -> str | None:
        async with any_hall.events(account) as desk:
            return await desk.take(number)

    taken = await asyncio.gather(*(ask(account) for account in (1, 2, 3, 4, 5, 6, 1, 2)))
    assert sorted(map(str, taken)) == ["before"] * 2 + ["booked"] * 3 + ["waiting"] * 3
    event = await any_hall.event(number)
    assert (event.booked, event.waiting, event.free) == (3, 3, 0)


async def test_who_leaves_at_the_same_moment_makes_room_once(any_hall: Hall) -> None:
    number = await any_hall.announce(2)
    for account in range(1, 7):
        async with any_hall.events(account) as desk:
            await desk.take(number)

    async def leave(account: int) -> list[int]:
        async with any_hall.events(account) as desk:
            return [one.to.account for one in await desk.give_up(number)]

    moved = await asyncio.gather(leave(1), leave(2), leave(1))
    assert sorted(account for some in moved for account in some) == [3, 4]
    event = await any_hall.event(number)
    assert (event.booked, event.waiting) == (2, 2)


async def test_it_is_told_to_its_people_and_the_day_before_to_who_comes(hall: Hall) -> None:
    number = await hall.announce(1)
    assert await hall.wait() == [f"{account}: 📣 You are invited:" for account in range(1, 7)]
    for account in (1, 2):
        async with hall.events(account) as desk:
            await desk.take(number)
    assert await hall.wait(days=2) == ["1: ⏰ Tomorrow you have a place:"]
    async with hall.events(ORGANIZER) as desk:
        assert await desk.call_off(number)
        assert not await desk.call_off(number)
    assert [line.partition(",")[0] for line in await hall.wait()] == [
        "1: 🚫 Called off",
        "2: 🚫 Called off",
    ]


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (timedelta(days=2, hours=20), "Today you have a place:"),
        (timedelta(days=2, hours=23, minutes=50), "It begins soon, and you have a place:"),
    ],
)
async def test_ten_minutes_before_nobody_says_tomorrow(hall: Hall, late: timedelta, said: str) -> None:
    """A clock that stood still told "tomorrow" of what began in ten minutes."""
    number = await hall.announce(1)
    await hall.wait()
    async with hall.events(1) as desk:
        await desk.take(number)
    assert await hall.wait(seconds=late.total_seconds()) == [f"1: ⏰ {said}"]


async def test_who_left_the_branch_still_makes_room_and_others_hear_of_it(hall: Hall) -> None:
    """They moved up and were never told, for whoever left could not see the event any more."""
    number = await hall.announce(1)
    for account in (1, 2):
        async with hall.events(account) as desk:
            await desk.take(number)
    async with hall.work() as work:
        lucky = await people.welcome(work, {1: "en", 2: "en"}, "en")
        await members.leave(work, lucky[1].id)
        await People(work, lucky[2]).say_zone("Europe/Berlin")
    async with hall.events(1) as desk:
        (told,) = await desk.give_up(number)
    assert (told.to.account, told.event.id, told.zone) == (2, number, "Europe/Berlin")


async def test_others_neither_see_nor_run_it(hall: Hall) -> None:
    number = await hall.announce(1)
    for stranger in (77, 1):
        async with hall.events(stranger) as desk:
            assert not await desk.call_off(number)
            assert await desk.door(number) is None
            with pytest.raises(NotAllowed):
                await desk.make(Draft("other", "x", "", "y", "east", "all", hall.now + DAYS, SHANGHAI))
    async with hall.events(77) as desk:
        assert await desk.get(number) is None
        assert await desk.take(number) is None
        assert await desk.calendar(number) is None
        assert await desk.coming() == []


async def test_the_door_gives_what_is_free_and_no_more(any_hall: Hall) -> None:
    number = await any_hall.announce(2)
    for account in (1, 2, 3):
        async with any_hall.events(account) as desk:
            await desk.take(number)
    any_hall.now += DAYS - timedelta(hours=3)
    async with any_hall.work() as work:
        assert not await book.seat_at_the_door(work, number, 1)  # closed yet
    any_hall.now += timedelta(hours=2)
    ids = {}
    async with any_hall.work() as work:
        for account in range(1, 7):
            ids[account] = (await people.welcome(work, {account: "en"}, "en"))[account].id
        assert await book.seat_at_the_door(work, number, ids[1])
        assert not await book.seat_at_the_door(work, number, ids[3])
        await book.give_up(work, number, ids[2])
        assert await book.seat_at_the_door(work, number, ids[3])
        assert not await book.seat_at_the_door(work, number, ids[5])
    assert (await any_hall.event(number)).booked == 2


async def test_its_calendar_file_says_when_and_where(hall: Hall) -> None:
    number = await hall.announce(None, title="体检; free, 不收费\n", where="李家沱, 2楼")
    async with hall.events(1) as desk:
        made = await desk.calendar(number)
    assert made is not None
    async with hall.work() as work:
        kept = (await read(work, made[0])).content.decode()
    assert "DTSTART:20260516T062000Z" in kept
    assert "LOCATION:李家沱\\, 2楼" in kept
    assert "SUMMARY:体检\\; free\\, 不收费\\n" in kept


class Doors(RuleBasedStateMachine):
    """Any history of asking, leaving and standing at the door: never oversold, first come first served."""

    folder: Path
    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        path = self.folder / f"{id(self)}.sqlite"
        path.write_bytes(self.template.read_bytes())
        self.hall = Hall(Database(sqlite_url(path)), NOW)
        self.queue: list[int] = []
        self.booked: set[int] = set()

    @initialize(places=st.integers(1, 4))
    def open(self, places: int) -> None:
        """An event with so many places."""
        self.runner.run(self.hall.build(6))
        self.places = places
        self.number = self.runner.run(self.hall.announce(places))
        self.hall.now += DAYS - timedelta(hours=1)

    @rule(who=st.integers(1, 6))
    def ask(self, who: int) -> None:
        """A place, or one in line."""

        async def take() -> str | None:
            async with self.hall.events(who) as desk:
                return await desk.take(self.number)

        taken = self.runner.run(take())
        if who in self.booked or who in self.queue:
            assert taken == "before"
        elif len(self.booked) < self.places:
            assert taken == "booked"
            self.booked.add(who)
        else:
            assert taken == "waiting"
            self.queue.append(who)

    @rule(who=st.integers(1, 6))
    def leave(self, who: int) -> None:
        """Who waited longest moves up."""

        async def give_up() -> list[int]:
            async with self.hall.events(who) as desk:
                return [one.to.account for one in await desk.give_up(self.number)]

        moved = self.runner.run(give_up())
        self.queue = [one for one in self.queue if one != who]
        self.booked.discard(who)
        expected = []
        while self.queue and len(self.booked) < self.places:
            expected.append(self.queue.pop(0))
            self.booked.add(expected[-1])
        assert sorted(moved) == sorted(expected)

    @invariant()
    def it_is_never_oversold(self) -> None:
        """And everybody knows where they stand."""
        if not hasattr(self, "number"):
            return
        event = self.runner.run(self.hall.event(self.number))
        assert event.booked == len(self.booked) <= self.places
        assert event.waiting == len(self.queue)

    def teardown(self) -> None:
        """Let go of the database."""
        self.runner.run(self.hall.database.close())
        self.runner.close()


def test_any_history(sqlite_template: Path, tmp_path: Path) -> None:
    Doors.folder, Doors.template = tmp_path, sqlite_template
    checks = [HealthCheck.too_slow]
    run_state_machine_as_test(
        Doors,
        settings=settings(
            max_examples=10, stateful_step_count=20, deadline=None, suppress_health_check=checks
        ),
    )
