"""Hazards: one for all reports of a place, desks within their reach, deadlines that climb, thanks once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from math import cos, pi, radians
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.services import attachments, files
from bot.services.appeals.kinds import Rulebook
from bot.services.attachments import Attachments
from bot.services.hazards import rows
from bot.services.hazards.model import MOST_OPEN, SAME_METRES, Changed, Draft, State
from bot.services.people import Person
from bot.services.points.ledger import EARN
from bot.services.refusals import NotThere, TooMany
from bot.services.stations.geo import EARTH_RADIUS_M, metres_between
from bot.services.stations.model import Point
from bot.store.database import Database, sqlite_url
from bot.store.tables import audit, due, people
from bot.talk import hears
from tests.conftest import NOW
from tests.services.neighbours import ADMIN, CITY, FAR, HOME, LOW, TOP, Quarter

HERE = Point(29.4745, 106.5490)
COURIER, OTHER = 910_000_011, 910_000_012


@pytest.fixture
async def quarter(database: Database, now: datetime) -> Quarter:
    """A small city, on each kind of database."""
    made = Quarter(database, now)
    await made.build()
    return made


def _off(north: float, east: float) -> Point:
    """A place so many metres from HERE."""
    degree = EARTH_RADIUS_M * pi / 180
    return Point(HERE.lat + north / degree, HERE.lon + east / degree / cos(radians(HERE.lat)))


def _draft(point: Point = HERE, kind: str = "manhole", **more: object) -> Draft:
    return Draft(kind, "Duhe Station", point, True, HOME, **more)  # type: ignore[arg-type]


async def _report(quarter: Quarter, draft: Draft, who: int = COURIER) -> Changed:
    async with quarter.hazards(who) as desk:
        return await desk.report(draft)


async def test_twenty_reports_of_a_place_at_once_are_one_hazard(quarter: Quarter) -> None:
    drafts = [_draft(_off(north, north)) for north in range(20)]
    changed = await asyncio.gather(
        *(_report(quarter, draft, account) for account, draft in enumerate(drafts, 1))
    )
    assert len({one.hazard.id for one in changed}) == 1
    async with quarter.hazards(COURIER) as desk:
        (found,) = await desk.nearby(HERE)
    assert found.hazard.reports == 20


async def test_another_kind_or_a_street_further_is_another_hazard(quarter: Quarter) -> None:
    first = await _report(quarter, _draft())
    kind = await _report(quarter, _draft(kind="light"))
    further = await _report(quarter, _draft(_off(SAME_METRES + 5, 0)))
    named = await _report(quarter, Draft("manhole", "Lijiatuo", HERE, False, HOME))
    assert len({one.hazard.id for one in (first, kind, further, named)}) == 4


async def test_who_reports_it_again_is_not_counted_twice(quarter: Quarter) -> None:
    await _report(quarter, _draft())
    again = await _report(quarter, _draft(note="still open"))
    assert (again.hazard.reports, again.news) == (1, ())
    async with quarter.hazards(LOW) as desk:
        assert await desk.notes(again.hazard.id) == ["still open"]


async def test_what_was_mended_and_breaks_again_is_a_new_one(quarter: Quarter) -> None:
    first = await _report(quarter, _draft())
    async with quarter.hazards(LOW) as desk:
        await desk.fix(first.hazard.id, "Mended.")
    assert (await _report(quarter, _draft(), OTHER)).hazard.id != first.hazard.id


async def test_it_goes_to_the_desk_of_its_district(quarter: Quarter) -> None:
    changed = await _report(quarter, _draft())
    assert [news.to.account for news in changed.news] == [LOW]
    elsewhere = await _report(quarter, Draft("manhole", "", _off(9_000, 0), True, "章贡区"))
    assert [news.to.account for news in elsewhere.news] == [TOP]


async def test_a_place_that_is_on_no_map_goes_to_the_reporters_own_desk(quarter: Quarter) -> None:
    """It went to the desk for everything, in another city."""
    nowhere = Draft("manhole", "", None, False, "", note="behind the third kiosk")
    lost = await _report(quarter, nowhere)
    assert [news.to.account for news in lost.news] == [TOP]
    await quarter.join(OTHER, "east-1")
    known = await _report(quarter, nowhere, OTHER)
    assert [news.to.account for news in known.news] == [LOW]


async def test_the_district_is_asked_where_neither_place_nor_person_says_it(quarter: Quarter) -> None:
    far = replace(quarter.book.desks[0], id="far", branch="west-1", districts=frozenset({"章贡区"}))
    small = quarter.book
    quarter.book = Rulebook(small.hours, small.kinds, (far, *small.desks), small.ladder, ())
    async with quarter.hazards(COURIER) as desk:
        assert sorted(await desk.districts_to_ask("")) == sorted([HOME, "章贡区"])
        assert await desk.districts_to_ask("巴南") == []
    await quarter.join(OTHER, "east-1")
    async with quarter.hazards(OTHER) as desk:
        assert await desk.districts_to_ask("") == []


async def test_others_see_that_it_is_there_and_nothing_more(quarter: Quarter) -> None:
    number = (await _report(quarter, _draft(note="behind the kiosk"))).hazard.id
    for stranger in (COURIER, FAR, CITY):
        async with quarter.hazards(stranger) as desk:
            assert (await desk.get(number)).state is State.REPORTED
            for look in (desk.notes, desk.photos, desk.confirm):
                with pytest.raises(NotThere):
                    await look(number)
            for settle in (desk.fix, desk.refuse):
                with pytest.raises(NotThere):
                    await settle(number, "")
            assert await desk.to_do() == []
    for server in (LOW, TOP):
        async with quarter.hazards(server) as desk:
            assert [one.id for one in await desk.to_do()] == [number]


async def test_its_desk_sees_the_photos_that_are_kept_and_nobody_else_does(quarter: Quarter) -> None:
    person = await quarter.somebody(COURIER)
    async with quarter.work() as work:
        sender = Person(person, COURIER, "en", quarter.now.date())
        sent = await Attachments(work, sender).take(hears.Photo("file"), "hazard")
    number = (await _report(quarter, _draft(attachment=sent))).hazard.id
    async with quarter.hazards(LOW) as desk:
        assert await desk.photos(number) == []  # still on its way
    async with quarter.work() as work:
        (wanted,) = await attachments.claim(work, 1)
        await attachments.note_kept(work, wanted, b"a picture", "photo.jpg", "image/jpeg")
    async with quarter.hazards(LOW) as desk:
        (key,) = await desk.photos(number)
    async with quarter.work() as work:
        assert (await files.read(work, key)).content == b"a picture"
    async with quarter.hazards(COURIER) as desk:
        with pytest.raises(NotThere):
            await desk.photos(number)


async def test_nobody_looked_and_it_climbs(quarter: Quarter) -> None:
    number = (await _report(quarter, _draft())).hazard.id
    assert await quarter.wait(hours=17) == []
    assert await quarter.wait(days=1) == [f"{TOP}: ⬆️ Came up: the desk below missed its time"]
    async with quarter.hazards(TOP) as desk:
        assert (await desk.get(number)).branch == "city"
    said = await quarter.wait(days=2)
    assert sorted(said) == sorted(f"{who}: ⌛ The time was missed" for who in (TOP, CITY))
    async with quarter.hazards(TOP) as desk:
        await desk.confirm(number)
        await desk.fix(number, "")
    assert await quarter.wait(days=30) == []


async def _thanked(quarter: Quarter) -> list[int]:
    """Who gets points, by their accounts."""
    async with quarter.work() as work:
        whose = [row.what["person"] for row in await work.fetch(sa.select(due).where(due.c.kind == EARN))]
        found = sa.select(people.c.account).where(people.c.id.in_(whose)).order_by(people.c.account)
        return [row.account for row in await work.fetch(found)]


async def test_who_reported_it_is_thanked_once_and_gets_points_once(quarter: Quarter) -> None:
    number = (await _report(quarter, _draft(note="open"))).hazard.id
    await _report(quarter, _draft(_off(10, 0), attachment=7), OTHER)
    async with quarter.hazards(LOW) as desk:
        confirmed = await desk.confirm(number)
        assert (await desk.confirm(number)).news == ()
        await desk.fix(number, "New cover.")
    assert sorted(news.to.account for news in confirmed.news) == [COURIER, OTHER]
    assert await _thanked(quarter) == [COURIER, OTHER]


async def test_a_tap_on_what_a_stranger_reported_earns_nothing(quarter: Quarter) -> None:
    """'I see it too' paid thirty points: from home, at once, and for what was confirmed already."""
    number = (await _report(quarter, _draft(note="open"))).hazard.id
    async with quarter.hazards(OTHER) as desk:
        assert await desk.me_too(number)
    async with quarter.hazards(LOW) as desk:
        assert {news.to.account for news in (await desk.confirm(number)).news} == {COURIER, OTHER}
    async with quarter.hazards(FAR) as desk:
        assert await desk.me_too(number)
    assert await _thanked(quarter) == [COURIER]


async def test_once_it_is_known_only_who_stands_there_is_thanked(quarter: Quarter) -> None:
    await _report(quarter, Draft("manhole", "Duhe Station", HERE, False, HOME, "open"))
    number = (await _report(quarter, _draft(note="open"))).hazard.id
    async with quarter.hazards(LOW) as desk:
        await desk.confirm(number)
    await _report(quarter, _draft(note="there"), OTHER)
    await _report(quarter, _draft(), FAR)
    assert await _thanked(quarter) == [COURIER, OTHER]


async def test_nobody_is_thanked_for_what_they_confirm_and_it_is_noted(quarter: Quarter) -> None:
    """A desk officer could report, confirm and have the points."""
    number = (await _report(quarter, _draft(note="open"), LOW)).hazard.id
    other = (await _report(quarter, _draft(_off(500, 0), note="open"), LOW)).hazard.id
    async with quarter.hazards(LOW) as desk:
        await desk.confirm(number)
        await desk.fix(number, "")
        await desk.fix(other, "")
    assert await _thanked(quarter) == []
    async with quarter.work() as work:
        noted = await work.fetch(sa.select(audit.c.entry))
    assert sum('"event":"hazard.confirmed"' in row.entry for row in noted) == 2


async def test_what_is_only_named_joins_what_is_named_the_same(quarter: Quarter) -> None:
    """Ten people who write the same street were ten hazards on the desk."""
    named = Draft("manhole", "Lijiatuo", HERE, False, HOME, "open")
    first = await _report(quarter, named)
    same = await _report(quarter, named, OTHER)
    assert (same.hazard.id, same.hazard.reports) == (first.hazard.id, 2)
    unknown = [await _report(quarter, Draft("manhole", "", None, False, HOME), who) for who in (1, 2)]
    others = [
        await _report(quarter, Draft("light", "Lijiatuo", HERE, False, HOME)),
        await _report(quarter, Draft("manhole", "Mawangping", HERE, False, HOME)),
        await _report(quarter, _draft()),
    ]
    assert len({one.hazard.id for one in [first, *unknown, *others]}) == 6


async def test_with_the_report_its_photo_goes(quarter: Quarter) -> None:
    person = await quarter.somebody(COURIER)
    async with quarter.work() as work:
        sender = Person(person, COURIER, "en", quarter.now.date())
        sent = await Attachments(work, sender).take(hears.Photo("file"), "hazard")
    number = (await _report(quarter, _draft(attachment=sent))).hazard.id
    async with quarter.hazards(COURIER) as desk:
        await desk.withdraw(number)
    async with quarter.work() as work:
        assert list(await attachments.read(work, [sent])) == []


async def test_a_report_by_mistake_is_taken_back_until_somebody_went_there(quarter: Quarter) -> None:
    number = (await _report(quarter, _draft(note="open"))).hazard.id
    await _report(quarter, _draft(note="open"), OTHER)
    async with quarter.hazards(COURIER) as desk:
        assert await desk.withdraw(number) == []
        assert (await desk.get(number)).reports == 1
        with pytest.raises(NotThere):
            await desk.withdraw(number)
    async with quarter.hazards(OTHER) as desk:
        assert [news.to.account for news in await desk.withdraw(number)] == [LOW]
        with pytest.raises(NotThere):
            await desk.get(number)
    assert await quarter.wait(days=9) == []
    known = (await _report(quarter, _draft(note="open"))).hazard.id
    async with quarter.hazards(LOW) as desk:
        await desk.confirm(known)
    async with quarter.hazards(COURIER) as desk:
        with pytest.raises(NotThere):
            await desk.withdraw(known)


async def test_still_there_says_only_who_reported_it(quarter: Quarter) -> None:
    number = (await _report(quarter, _draft())).hazard.id
    async with quarter.hazards(LOW) as desk:
        await desk.fix(number, "Mended.")
    async with quarter.hazards(OTHER) as desk:
        with pytest.raises(NotThere):
            await desk.still_there(number)
    async with quarter.hazards(COURIER) as desk:
        again = await desk.still_there(number)
        with pytest.raises(NotThere):
            await desk.still_there(number)
    assert (again.hazard.state, again.hazard.answer) == (State.CONFIRMED, "")
    assert [news.to.account for news in again.news] == [LOW]


async def test_scripts_find_a_bound(quarter: Quarter) -> None:
    for place in range(MOST_OPEN):
        await _report(quarter, _draft(_off(place * 100, 0)))
    with pytest.raises(TooMany):
        await _report(quarter, _draft(_off(-500, 0)))
    with pytest.raises(ValueError, match="no such kind"):
        await _report(quarter, _draft(kind="nonsense"), OTHER)


async def test_what_is_far_away_is_in_nobody_s_way(quarter: Quarter) -> None:
    await _report(quarter, _draft())
    await _report(quarter, _draft(_off(200, 0)), OTHER)
    async with quarter.hazards(OTHER) as desk:
        near = await desk.nearby(_off(250, 0))
        assert [round(one.metres or 0) for one in near] == [50, 250]
        assert await desk.nearby(_off(50_000, 0)) == []
        assert len(await desk.nearby(None)) == 2


async def test_it_is_forgotten_a_year_after_it_was_mended(quarter: Quarter) -> None:
    number = (await _report(quarter, _draft())).hazard.id
    async with quarter.hazards(LOW) as desk:
        await desk.fix(number, "Mended.")
    quarter.now += timedelta(days=366)
    async with quarter.work() as work:
        await rows.prune(work)
        assert await rows.get(work, number) is None
        assert list(await rows.reports(work, number)) == []


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    spots=st.lists(
        st.tuples(st.integers(0, 160), st.integers(0, 160), st.sampled_from(("manhole", "light"))),
        min_size=1,
        max_size=12,
    )
)
def test_any_reports_join_what_is_near_and_nothing_else(
    spots: list[tuple[int, int, str]], sqlite_template: Path, tmp_path: Path
) -> None:
    """A hazard stands where it was first reported; later reports join the nearest within reach."""

    async def play() -> None:
        quarter = Quarter(Database(sqlite_url(path)), NOW)
        await quarter.build()
        known: dict[int, tuple[Point, str]] = {}
        for who, (north, east, kind) in enumerate(spots, 1):
            point = _off(north, east)
            near = [
                (metres_between(point, spot), number)
                for number, (spot, its) in known.items()
                if its == kind and metres_between(point, spot) <= SAME_METRES
            ]
            found = (await _report(quarter, _draft(point, kind), who)).hazard.id
            if near:
                assert found == min(near)[1]
            else:
                assert found not in known
                known[found] = (point, kind)
        await quarter.database.close()

    path = tmp_path / "any.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    asyncio.run(play())


async def test_who_serves_nowhere_is_no_desk(quarter: Quarter) -> None:
    """An admin serves at no desk, and hears only of what nobody sees to."""
    number = (await _report(quarter, _draft())).hazard.id
    async with quarter.hazards(ADMIN) as desk:
        assert not await desk.serves()
        with pytest.raises(NotThere):
            await desk.confirm(number)
