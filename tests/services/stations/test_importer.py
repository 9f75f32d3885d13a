"""Imports on both databases: all or nothing, twice changes nothing, gone means retired."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.services.stations.board import all_stations
from bot.services.stations.importer import Report, compare, import_stations
from bot.services.stations.model import Point, Station
from bot.store.database import Database
from bot.store.tables import revisions, stations

BOT, OTHER_BOT = 700_000_001, 700_000_002
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
LATER = NOW + timedelta(days=1)

SUN = Station(
    "sun",
    "阳光驿站",
    "station",
    Point(25.846612345, 114.932698765),
    name_en="Sunshine",
    address="红旗大道1号",
    district="章贡区",
    services=("water", "rest"),
    opening_hours="24/7",
    phone="0797-000-0000",
    note="演示数据",
    confirmed=date(2026, 11, 20),
)
MOON = Station("moon", "月亮驿站", "pharmacy", Point(25.85, 114.94))


async def bring(database: Database, *wanted: Station, bot: int = BOT, now: datetime = NOW) -> Report:
    async with database.work(bot, now) as work:
        return await import_stations(work, wanted)


async def kept(database: Database, bot: int = BOT) -> list[Station]:
    async with database.work(bot, NOW) as work:
        return await all_stations(work)


async def revision(database: Database) -> int:
    async with database.work(BOT, NOW) as work:
        row = await work.first(sa.select(revisions.c.number).where(revisions.c.bot == BOT))
    return row.number if row else 0


async def test_what_is_imported_is_there(database: Database) -> None:
    report = await bring(database, SUN, MOON)
    assert report == Report(added=("sun", "moon"))
    assert await kept(database) == [MOON, SUN]
    assert await revision(database) == 1


async def test_importing_twice_changes_nothing(database: Database) -> None:
    await bring(database, SUN, MOON)
    report = await bring(database, SUN, MOON, now=LATER)
    assert report.changes_nothing
    assert report.unchanged == 2
    assert await revision(database) == 1


async def test_a_changed_station_is_changed_and_a_missing_one_retired(database: Database) -> None:
    await bring(database, SUN, MOON)
    moved = replace(SUN, point=Point(25.9, 114.9), services=("toilet",))
    report = await bring(database, moved, now=LATER)
    assert report == Report(changed=("sun",), retired=("moon",))
    assert await kept(database) == [replace(MOON, retired=True), moved]
    assert await revision(database) == 2


async def test_a_retired_station_comes_back_with_its_row(database: Database) -> None:
    await bring(database, SUN, MOON)
    await bring(database, SUN)
    report = await bring(database, SUN, MOON)
    assert report == Report(returned=("moon",), unchanged=1)
    assert await kept(database) == [MOON, SUN]


async def test_a_retired_station_is_not_retired_again(database: Database) -> None:
    await bring(database, SUN, MOON)
    await bring(database, SUN)
    assert (await bring(database, SUN)).changes_nothing


async def test_a_dry_run_tells_and_touches_nothing(database: Database) -> None:
    await bring(database, SUN)
    async with database.work(BOT, LATER) as work:
        report = await import_stations(work, [MOON], dry_run=True)
    assert report == Report(added=("moon",), retired=("sun",))
    assert await kept(database) == [SUN]


async def test_a_failure_half_way_leaves_everything_as_it_was(database: Database) -> None:
    await bring(database, SUN)
    nameless = replace(MOON, name=None)  # type: ignore[arg-type]
    with pytest.raises(sa.exc.IntegrityError):
        await bring(database, replace(SUN, name="changed"), *_many(700), nameless)
    assert await kept(database) == [SUN]
    assert await revision(database) == 1


async def test_another_bot_keeps_its_stations(database: Database) -> None:
    await bring(database, SUN, bot=OTHER_BOT)
    await bring(database, MOON)
    await bring(database, bot=BOT)
    assert await kept(database, OTHER_BOT) == [SUN]


async def test_many_stations_come_in_batches_and_progress_is_told(database: Database) -> None:
    told: list[int] = []
    async with database.work(BOT, NOW) as work:
        await import_stations(work, _many(1200), progress=told.append)
    assert told == [500, 1000, 1200]
    report = await bring(database)
    assert len(report.retired) == 1200
    assert all(station.retired for station in await kept(database))


async def test_the_moment_of_a_change_is_kept(sqlite: Database) -> None:
    await bring(sqlite, SUN, MOON)
    await bring(sqlite, replace(SUN, note="new"), MOON, now=LATER)
    async with sqlite.work(BOT, LATER) as work:
        rows = await work.fetch(sa.select(stations.c.id, stations.c.changed_at))
    assert {row.id: row.changed_at for row in rows} == {"sun": LATER, "moon": NOW}


def _many(count: int) -> list[Station]:
    return [
        Station(f"s{number:04d}", f"{number}号驿站", "station", Point(25.8, 114.9)) for number in range(count)
    ]


versions = st.sampled_from(
    [SUN, replace(SUN, note="二楼"), MOON, replace(MOON, name="月光"), replace(SUN, id="star")]
)
imports = st.lists(versions, max_size=4, unique_by=lambda station: station.id)


@given(st.lists(imports, max_size=6))
def test_after_any_imports_the_active_stations_are_those_of_the_last(files: list[list[Station]]) -> None:
    known: dict[str, Station] = {}
    for wanted in files:
        report = compare(known, wanted)
        for station in wanted:
            if station.id in (*report.added, *report.changed, *report.returned):
                known[station.id] = station
        for retired in report.retired:
            known[retired] = replace(known[retired], retired=True)
        assert [station for station in known.values() if not station.retired] == [
            known[station.id] for station in known.values() if station in wanted
        ]
        assert compare(known, wanted).changes_nothing
