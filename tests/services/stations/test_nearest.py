"""Nearest first, exactly, against brute force, at poles and date line, with ties and every filter."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.home import SHANGHAI
from bot.services.stations import nearest
from bot.services.stations.geo import metres_between, minutes_for
from bot.services.stations.hours import opening
from bot.services.stations.model import Point, Query, Station
from bot.services.stations.nearest import Nearest

NOON = datetime(2026, 11, 22, 12, tzinfo=SHANGHAI)

# Few distinct coordinates, so that stations fall on one another.
crowded = st.builds(
    Point, st.sampled_from([25.8, 25.80001, 25.9, 26.5]), st.sampled_from([114.9, 114.90001, 115.2])
)
edges = st.sampled_from(
    [Point(90, 0), Point(-90, 0), Point(90, 77), Point(0, 180), Point(0, -180), Point(0, 179.99)]
)
points = st.one_of(crowded, edges, st.builds(Point, st.floats(-90, 90), st.floats(-180, 180)))
offers = st.sets(st.sampled_from(["water", "rest", "toilet", "shower"]), max_size=4)
services = offers.map(lambda some: tuple(sorted(some)))
kinds = st.sampled_from(["station", "pharmacy", "drivers_home"])
hours = st.sampled_from(["24/7", "", "Mo-Fr 09:00-18:00", "Mo-Su 18:00-08:00", "Mo-Su 08:00-22:00"])
bodies = st.tuples(kinds, points, services, hours)
queries = st.builds(
    Query,
    services=services,
    kinds=st.sets(kinds, max_size=2).map(lambda some: tuple(sorted(some))),
    open_now=st.booleans(),
    minutes=st.none() | st.sampled_from([1, 10, 60, 1440]),
    mode=st.sampled_from(["foot", "ebike"]),
)


def station(number: int, kind: str, point: Point, offered: tuple[str, ...], hours: str) -> Station:
    return Station(f"s{number:03d}", f"Station {number}", kind, point, services=offered, opening_hours=hours)


def by_brute_force(stations: list[Station], point: Point, query: Query, now: datetime) -> list[str]:
    def passes(each: Station) -> bool:
        return (
            set(query.services) <= set(each.services)
            and (not query.kinds or each.kind in query.kinds)
            and (not query.open_now or opening(each.opening_hours, now).open is True)
            and (
                query.minutes is None
                or minutes_for(metres_between(point, each.point), query.mode) <= query.minutes
            )
        )

    ranked = sorted(
        (round(metres_between(point, each.point), 3), each.id) for each in stations if passes(each)
    )
    return [name for _, name in ranked]


@settings(max_examples=300, deadline=None)
@given(st.lists(bodies, max_size=60), points, queries, st.integers(0, 12), st.integers(0, 7 * 24))
def test_every_page_of_every_query_is_what_brute_force_finds(
    bodies: list[tuple[str, Point, tuple[str, ...], str]], point: Point, query: Query, offset: int, hour: int
) -> None:
    stations = [station(number, *body) for number, body in enumerate(bodies)]
    now = NOON + timedelta(hours=hour)
    expected = by_brute_force(stations, point, query, now)
    found = Nearest(stations).find(point, query, now, limit=5, offset=offset)
    assert [each.station.id for each in found] == expected[offset : offset + 5]
    assert all(each.opening == opening(each.station.opening_hours, now) for each in found)


@settings(max_examples=100, deadline=None)
@given(st.lists(bodies, min_size=1, max_size=60), points, queries)
def test_a_mask_over_the_whole_tree_finds_the_same(
    bodies: list[tuple[str, Point, tuple[str, ...], str]], point: Point, query: Query
) -> None:
    # A million stations take this way for common filters; here it is forced upon a few.
    stations = [station(number, *body) for number, body in enumerate(bodies)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nearest, "SMALL", 0)
        patch.setattr(nearest, "RARE", 0.0)
        found = Nearest(stations).find(point, query, NOON)
    assert [each.station.id for each in found] == by_brute_force(stations, point, query, NOON)[:5]


def test_a_thousand_stations_on_one_spot_come_in_order_of_id() -> None:
    stations = [station(number, "station", Point(25.8, 114.9), (), "") for number in range(999)]
    found = Nearest(stations[::-1]).find(Point(25.9, 114.9), Query(), NOON, limit=3, offset=7)
    assert [each.station.id for each in found] == ["s007", "s008", "s009"]


def test_nothing_is_found_among_none() -> None:
    empty = Nearest([])
    assert empty.find(Point(0, 0), Query(), NOON) == []
    assert empty.count(Query(open_now=True), NOON) == 0
    assert empty.opens_next(Point(0, 0), Query(), NOON) is None


def test_a_service_nobody_offers_finds_nothing() -> None:
    index = Nearest([station(1, "station", Point(0, 0), ("water",), "24/7")])
    assert index.find(Point(0, 0), Query(services=("sauna",)), NOON) == []
    assert index.find(Point(0, 0), Query(kinds=("castle",)), NOON) == []


def test_a_point_that_is_none_is_refused() -> None:
    index = Nearest([station(1, "station", Point(0, 0), (), "24/7")])
    with pytest.raises(ValueError, match="finite"):
        index.find(Point(float("nan"), 0), Query(), NOON)


def test_counting_follows_the_clock() -> None:
    stations = [
        station(1, "station", Point(0, 0), (), "Mo-Su 08:00-22:00"),
        station(2, "station", Point(0, 0), (), "24/7"),
    ]
    index = Nearest(stations)
    assert index.count(Query(open_now=True), NOON) == 2
    assert index.count(Query(open_now=True), NOON + timedelta(hours=11)) == 1
    assert index.count(Query(), NOON) == 2


def test_what_opens_next_is_the_earliest_and_then_the_nearest() -> None:
    night = datetime(2026, 11, 23, 3, tzinfo=SHANGHAI)
    stations = [
        station(1, "station", Point(25.800, 114.900), (), "Mo-Su 08:00-22:00"),
        station(2, "station", Point(25.803, 114.900), (), "Mo-Su 06:00-22:00"),
        station(3, "station", Point(25.802, 114.900), (), "Mo-Su 06:00-22:00"),
        station(4, "station", Point(27.0, 114.900), (), "Mo-Su 04:00-22:00"),
    ]
    found = Nearest(stations).opens_next(Point(25.8, 114.9), Query(open_now=True), night)
    assert found is not None
    assert found.station.id == "s003"
    assert found.opening.opens == datetime(2026, 11, 23, 6, tzinfo=SHANGHAI)


def test_a_query_survives_json() -> None:
    query = Query(("water", "rest"), ("station",), True, 10, "ebike")
    assert Query.from_dict(query.to_dict()) == query
    assert Query().to_dict() == {}


@pytest.mark.parametrize(
    "values",
    [
        {"minutes": True},
        {"minutes": 0},
        {"minutes": "9"},
        {"mode": "car"},
        {"services": "water"},
        {"kinds": [1]},
        {"open_now": 1},
    ],
)
def test_values_that_no_query_wrote_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Query.from_dict(values)
