"""Checked in once a day, by a code of the minute or a location nearby; hours of who helps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.services import happenings
from bot.services.checkins import codes
from bot.services.checkins.presence import PresenceDesk, visit_from
from bot.services.happenings import Happening
from bot.services.invitations import Links
from bot.services.people import welcome
from bot.services.stations.board import StationBoard
from bot.services.stations.catalogue import read_catalogue
from bot.services.stations.geo import gcj02_from_wgs84
from bot.services.stations.index import StationIndex
from bot.services.stations.model import Point, Station
from bot.settings import ROOT
from bot.store.database import Database, sqlite_url
from bot.store.migrations import revisions, upgrade
from bot.store.tables import visits
from bot.store.work import Work
from tests.conftest import BOT, NOW

HERE = Point(29.4745, 106.5490)
LINKS = Links("wayside_bot", secret="a secret")


class Street:
    """One station, and people who scan there."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database = database
        self.now = now
        catalogue = read_catalogue(ROOT / "content")
        self.board = StationBoard([], catalogue)
        stations = [
            Station("s1", "都和广场驿站", "station", HERE),
            Station("s_2-x", "Other", "station", HERE),
        ]
        self.board.index = StationIndex(stations, [], catalogue)

    @asynccontextmanager
    async def desk(self, account: int = 5) -> AsyncIterator[PresenceDesk]:
        """Somebody's desk, for one transaction."""
        async with self.database.work(BOT, self.now) as work:
            person = (await welcome(work, {account: "zh"}, "zh_CN"))[account]
            yield PresenceDesk(work, person, LINKS, self.board)

    def live(self, place: str = "ss1") -> str:
        """What the screen there shows now."""
        key = codes.key_of(LINKS.secret, BOT, place)
        return f"{place}_{codes.live_code(key, place, codes.slot_of(self.now))}"

    def printed(self, place: str = "ss1") -> str:
        """What hangs on the wall there."""
        return f"{place}_{codes.printed_code(codes.key_of(LINKS.secret, BOT, place), place)}"

    async def scan(self, payload: str, account: int = 5) -> str:
        """What comes of a scan."""
        async with self.desk(account) as desk:
            return (await desk.scan(payload)).outcome


@pytest.fixture
def street(sqlite: Database, now: datetime) -> Street:
    """A street."""
    return Street(sqlite, now)


@pytest.fixture
def any_street(database: Database, now: datetime) -> Street:
    """A street on each kind of database."""
    return Street(database, now)


async def test_once_a_day_at_each_place(any_street: Street) -> None:
    assert await any_street.scan(any_street.live()) == "here"
    assert await any_street.scan(any_street.live()) == "before"
    assert await any_street.scan(any_street.live("ss_2-x")) == "here"
    assert await any_street.scan(any_street.live(), 6) == "here"
    any_street.now += timedelta(days=1)
    assert await any_street.scan(any_street.live()) == "here"


async def test_the_day_ends_at_midnight_at_the_place(street: Street) -> None:
    street.now = datetime.fromisoformat("2026-05-13T23:59:00+08:00")
    assert await street.scan(street.live()) == "here"
    street.now += timedelta(minutes=1)
    assert await street.scan(street.live()) == "here"


async def test_a_copied_code_is_soon_old(street: Street) -> None:
    copied = street.live()
    street.now += timedelta(minutes=3)
    assert await street.scan(copied) == "old"


@pytest.mark.parametrize(
    "payload", ["", "ss1", "ss1_0000000000000000x", "snowhere_" + "0" * 16, "e7_" + "0" * 16]
)
async def test_what_leads_nowhere(street: Street, payload: str) -> None:
    assert await street.scan(payload) == "gone"


async def test_many_scans_at_once_are_one_visit(any_street: Street) -> None:
    payload = any_street.live()
    outcomes = await asyncio.gather(*(any_street.scan(payload) for _each in range(5)))
    assert sorted(outcomes) == ["before", "before", "before", "before", "here"]


@pytest.mark.parametrize(
    ("point", "outcome"),
    [
        (HERE, "here"),
        (Point(HERE.lat + 0.0017, HERE.lon), "here"),  # 190 m
        (Point(HERE.lat + 0.0020, HERE.lon), "far"),  # 220 m
        (gcj02_from_wgs84(HERE), "here"),  # as Chinese map apps share it
        (Point(0, 0), "far"),
    ],
)
async def test_a_printed_code_wants_a_location_nearby(street: Street, point: Point, outcome: str) -> None:
    assert await street.scan(street.printed()) == "where"
    async with street.desk() as desk:
        arrival = await desk.share(street.printed(), point)
    assert arrival.outcome == outcome
    if arrival.visit is not None:
        assert arrival.visit.way == "location"


async def test_no_location_is_kept(street: Street) -> None:
    async with street.desk() as desk:
        await desk.share(street.printed(), HERE)
    async with street.database.work(BOT, street.now) as work:
        (row,) = await work.fetch(sa.select(visits))
    assert set(row._fields) == {
        *("id", "bot", "person", "place", "day", "way", "came_at", "helping_since", "left_at", "scanned_at")
    }


async def test_hours_of_help_are_capped_and_added_up(any_street: Street) -> None:
    for hours in (2, 9):  # the second time until after midnight
        async with any_street.desk() as desk:
            visit = (await desk.scan(any_street.live())).visit
            assert visit is not None
            assert await desk.leave(visit.id) is None  # nobody helps yet
            await desk.help(visit.id)
        any_street.now += timedelta(hours=hours)
        async with any_street.desk() as desk:
            await desk.scan(any_street.live())
            left = await desk.leave(visit.id)
            again = await desk.leave(visit.id)
        assert left is not None
        assert again is not None
        assert (left.minutes, again.minutes) == (hours * 60, hours * 60)
        any_street.now += timedelta(days=1)
    async with any_street.desk() as desk:
        assert await desk.minutes() == 11 * 60


async def test_only_hours_between_two_scans_count(any_street: Street) -> None:
    """Scanned in passing, checked out at home in the evening: that was eight hours and a certificate."""
    async with any_street.desk() as desk:
        visit = (await desk.scan(any_street.live())).visit
        assert visit is not None
        await desk.help(visit.id)
    any_street.now += timedelta(hours=2)
    async with any_street.desk(6) as desk:  # somebody else's scan tells nothing
        await desk.scan(any_street.live())
    any_street.now += timedelta(hours=6)
    async with any_street.desk() as desk:
        left = await desk.leave(visit.id)
        assert left is not None
        assert (left.minutes, left.sure_minutes) == (480, 0)
        assert (await desk.minutes(), await desk.issue("")) == (0, None)
    async with any_street.desk() as desk:
        visit = (await desk.scan(any_street.live("ss_2-x"))).visit
        assert visit is not None
        await desk.help(visit.id)
    any_street.now += timedelta(hours=2)
    async with any_street.desk() as desk:
        await desk.scan(any_street.live("ss_2-x"))
    any_street.now += timedelta(hours=3)
    async with any_street.desk() as desk:
        left = await desk.leave(visit.id)
        assert left is not None
        assert (left.minutes, left.sure_minutes, await desk.minutes()) == (300, 120, 120)


async def test_a_shared_location_makes_no_sure_hours(street: Street) -> None:
    async with street.desk() as desk:
        visit = (await desk.share(street.printed(), HERE)).visit
        assert visit is not None
        await desk.help(visit.id)
    street.now += timedelta(hours=2)
    async with street.desk() as desk:
        await desk.share(street.printed(), HERE)
        await desk.leave(visit.id)
        assert await desk.minutes() == 0


async def test_who_forgot_to_check_out_gets_no_night_for_it(street: Street) -> None:
    async with street.desk() as desk:
        visit = (await desk.scan(street.live())).visit
        assert visit is not None
        await desk.help(visit.id)
    street.now += timedelta(days=1)
    async with street.desk() as desk:
        assert await desk.leave(visit.id) is None
        assert await desk.minutes() == 0


async def test_a_visit_is_nobody_elses(street: Street) -> None:
    async with street.desk() as desk:
        visit = (await desk.scan(street.live())).visit
        assert visit is not None
    async with street.desk(6) as desk:
        assert await desk.help(visit.id) is None
        assert await desk.leave(visit.id) is None


async def test_what_happened_is_told_once(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Happening] = []

    async def hear(_work: Work, happening: Happening) -> None:
        told.append(happening)

    monkeypatch.setattr(happenings, "LISTENERS", (hear,))
    await street.scan(street.live())
    async with street.desk() as desk:
        visit = (await desk.scan(street.live())).visit
        assert visit is not None
        await desk.help(visit.id)
    street.now += timedelta(hours=1)
    async with street.desk() as desk:
        await desk.scan(street.live())
        await desk.leave(visit.id)
        await desk.leave(visit.id)
    assert [(one.kind, one.about, one.minutes) for one in told] == [
        ("checked_in", "ss1:2026-05-13", 0),
        ("helped", "visit:1", 60),
    ]


async def test_hours_of_before_there_were_two_scans_count_on(tmp_path: Path) -> None:
    """Whoever helped while one scan was enough keeps what they have."""
    database = Database(sqlite_url(tmp_path / "wayside.sqlite"))
    before = revisions()[revisions().index("0022") - 1]
    await upgrade(database, before)
    row = {"bot": BOT, "person": 1, "place": "ss1", "came_at": NOW, "helping_since": NOW}
    old = sa.table(
        "visits", *(sa.column(name, visits.c[name].type) for name in (*row, "day", "way", "left_at"))
    )
    left_at = NOW + timedelta(hours=2)
    async with database.transaction() as connection:
        for way, day in (("live", 13), ("location", 14)):
            values = {**row, "day": date(2026, 5, day), "way": way, "left_at": left_at}
            await connection.execute(sa.insert(old), values)
    await upgrade(database)
    async with database.work(BOT, NOW) as work:
        found = [visit_from(one) for one in await work.fetch(sa.select(visits).order_by(visits.c.id))]
    await database.close()
    assert [visit.sure_minutes for visit in found] == [120, 0]
