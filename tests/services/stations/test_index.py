"""The index as dialogs use it: on the demo content, as a courier would."""

from __future__ import annotations

from datetime import datetime

from bot.home import SHANGHAI
from bot.services.stations.catalogue import Catalogue
from bot.services.stations.geo import metres_between
from bot.services.stations.index import StationIndex
from bot.services.stations.model import Point, Query, Station

NOON = datetime(2026, 11, 22, 12, tzinfo=SHANGHAI)
LIJIATUO = Point(29.474, 106.542)


def test_the_five_nearest_are_the_five_nearest(index: StationIndex) -> None:
    found = index.near(LIJIATUO, Query(), NOON)
    everything = index.near(LIJIATUO, Query(), NOON, limit=10_000)
    assert len(everything) == len(index) == 825
    nearest = sorted(metres_between(LIJIATUO, each.station.point) for each in everything)
    assert [each.metres for each in found] == nearest[:5]


def test_pages_follow_one_another(index: StationIndex) -> None:
    query = Query(services=("phone_charge",))
    pages = [index.near(LIJIATUO, query, NOON, offset=offset) for offset in (0, 5)]
    both = index.near(LIJIATUO, query, NOON, limit=10)
    assert [each.station.id for page in pages for each in page] == [each.station.id for each in both]


def test_a_retired_station_is_known_but_not_found(catalogue: Catalogue) -> None:
    gone = Station("gone", "旧驿站", "station", LIJIATUO, retired=True)
    there = Station("there", "新驿站", "station", LIJIATUO, opening_hours="24/7")
    index = StationIndex([gone, there], [], catalogue)
    assert index.get("gone") == gone
    assert [each.station for each in index.near(LIJIATUO, Query(), NOON)] == [there]
    assert gone not in [match.station for match in index.search("旧驿站")]
    assert index.opening(there, NOON).always


def test_around_the_clock_means_just_that(index: StationIndex) -> None:
    found = index.near(LIJIATUO, Query(always=True), NOON, limit=1000)
    assert found
    assert all(each.opening.always for each in found)
    assert index.count(Query(always=True), NOON) == len(found)


def test_how_far_the_nearest_is_tells_a_datum(catalogue: Catalogue, index: StationIndex) -> None:
    station = index.get("bn003")
    assert station is not None
    assert index.nearest_metres(station.point, NOON) == 0.0
    assert StationIndex([], [], catalogue).nearest_metres(LIJIATUO, NOON) is None
