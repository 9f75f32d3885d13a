"""Distances against known ones; the Chinese coordinate systems forward, back, and against published
examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.stations.geo import (
    Datum,
    bd09_from_gcj02,
    gcj02_from_bd09,
    gcj02_from_wgs84,
    in_china,
    metres_between,
    minutes_for,
    reach_of,
    to_wgs84,
    wgs84_from_gcj02,
)
from bot.services.stations.model import Mode, Point
from tests.services.stations.datums import DATUMS, shown_in

# Well inside the rectangle in which GCJ-02 applies: at its edge the published formula jumps by some hundred
# metres.
inland = st.builds(Point, st.floats(3, 54), st.floats(74, 135))
anywhere = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


def test_a_degree_along_the_equator_and_a_known_city_pair() -> None:
    assert metres_between(Point(0, 0), Point(0, 1)) == pytest.approx(111_195.08, abs=0.01)
    assert metres_between(Point(29.56026, 106.55771), Point(25.84664, 114.9326)) == pytest.approx(
        923_470, rel=0.01
    )


def test_the_far_side_of_the_earth_is_half_its_girth() -> None:
    assert metres_between(Point(0, 0), Point(0, 180)) == pytest.approx(20_015_115, abs=1)
    assert metres_between(Point(90, 0), Point(-90, 77)) == pytest.approx(20_015_115, abs=1)


def test_two_points_beside_the_antimeridian_are_near() -> None:
    assert metres_between(Point(0, 179.9999), Point(0, -179.9999)) < 25


@given(anywhere, anywhere)
def test_distance_is_symmetric_and_never_negative(a: Point, b: Point) -> None:
    assert metres_between(a, b) == metres_between(b, a) >= 0


def test_a_published_pair_of_gcj02_coordinates() -> None:
    # Shanghai, as the test data of the open "eviltransform" library give it; its newer axis differs by 2 ppm.
    shifted = gcj02_from_wgs84(Point(31.1774276, 121.5272106))
    assert metres_between(shifted, Point(31.17530398364597, 121.531541859215)) < 0.5


def test_a_published_pair_of_bd09_coordinates() -> None:
    # Tiananmen, from the documentation of "coordtransform": bd09 116.404, 39.915 is gcj02 116.39762,
    # 39.90866.
    assert metres_between(gcj02_from_bd09(Point(39.915, 116.404)), Point(39.908656739, 116.397623506)) < 2


@given(inland)
def test_gcj02_comes_back_within_a_millimetre(point: Point) -> None:
    assert metres_between(wgs84_from_gcj02(gcj02_from_wgs84(point)), point) < 0.001


@given(inland)
def test_bd09_comes_back_within_a_millimetre(point: Point) -> None:
    assert metres_between(gcj02_from_bd09(bd09_from_gcj02(point)), point) < 0.001


@given(inland, st.sampled_from(DATUMS))
def test_every_datum_round_trips(point: Point, datum: Datum) -> None:
    assert metres_between(to_wgs84(shown_in(point, datum), datum), point) < 0.001


@given(inland)
def test_gcj02_moves_a_point_by_a_few_hundred_metres(point: Point) -> None:
    assert 10 < metres_between(gcj02_from_wgs84(point), point) < 2000


@given(anywhere.filter(lambda point: not in_china(point)), st.sampled_from(DATUMS))
def test_nothing_moves_outside_china(point: Point, datum: Datum) -> None:
    assert to_wgs84(point, datum) == gcj02_from_wgs84(point) == point


def test_a_walk_is_never_said_to_take_no_time() -> None:
    assert minutes_for(0) == 1
    assert minutes_for(720) == 13
    assert minutes_for(720, "ebike") == 4


@given(st.integers(1, 1440), st.sampled_from(["foot", "ebike"]))
def test_reach_is_where_the_minutes_end(minutes: int, mode: Mode) -> None:
    reach = reach_of(minutes, mode)
    assert minutes_for(reach * 0.999999, mode) <= minutes
    assert minutes_for(reach * 1.000001, mode) > minutes
