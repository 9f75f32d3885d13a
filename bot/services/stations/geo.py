"""Distances, travel times, and the three coordinate systems that Chinese maps use.

WGS-84 is what phones measure. GCJ-02 shifts it by some hundred metres inside China and is what Amap,
Tencent and Google's Chinese maps speak. BD-09 shifts GCJ-02 once more and is what Baidu speaks.
"""

from __future__ import annotations

from collections.abc import Callable
from math import asin, atan2, ceil, cos, hypot, pi, radians, sin, sqrt
from typing import Final, Literal

from bot.services.stations.model import Mode, Point

Datum = Literal["wgs84", "gcj02", "bd09"]

EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean radius of the earth in metres (IUGG, R1 of GRS 80)."""

WALKING_M_PER_S: Final = 1.2
"""Walking speed in m/s: the pace for which crossings are timed (Highway Capacity Manual 2000)."""

EBIKE_M_PER_S: Final = 15 / 3.6
"""E-bike speed in m/s: 15 km/h, the limit in bicycle lanes (Road Traffic Safety Law, article 58)."""

DETOUR: Final = 1.3
"""Way on streets ÷ straight line. Boscoe, Henry and Zdeb (2012) measured 1.417 for drives; city walks bend
less."""

SPEEDS: Final[dict[Mode, float]] = {"foot": WALKING_M_PER_S, "ebike": EBIKE_M_PER_S}

# Krasovsky 1940 ellipsoid, on which GCJ-02 computes its shift: semi-major axis in metres, eccentricity
# squared.
_GCJ_AXIS: Final = 6_378_245.0
_GCJ_E2: Final = 0.006_693_421_622_965_943_23
_GCJ_ORIGIN: Final = Point(35.0, 105.0)
# The rectangle outside which the published formula leaves a coordinate alone.
_CHINA_SOUTH, _CHINA_NORTH = 0.8293, 55.8271
_CHINA_WEST, _CHINA_EAST = 72.004, 137.8347
# BD-09: the published constants, angles in degrees but for the two factors of the wobble.
_BD_FREQUENCY: Final = pi * 3000 / 180
_BD_RADIUS_WOBBLE: Final = 0.000_02
_BD_ANGLE_WOBBLE: Final = 0.000_003
_BD_SHIFT: Final = Point(0.006, 0.0065)

_ENOUGH_DEGREES: Final = 1e-11  # about a micrometre
_MOST_ROUNDS: Final = 60


def metres_between(a: Point, b: Point) -> float:
    """Great-circle distance in metres (haversine formula)."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    across = sin((lat_b - lat_a) / 2) ** 2
    along = sin(radians(b.lon - a.lon) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(across + cos(lat_a) * cos(lat_b) * along)))


def minutes_for(metres: float, mode: Mode = "foot") -> int:
    """Whole minutes for a way of `metres` as the crow flies, rounded up, at least one."""
    return max(1, ceil(metres * DETOUR / SPEEDS[mode] / 60))


def reach_of(minutes: int, mode: Mode = "foot") -> float:
    """Metres as the crow flies that `minutes` reach: the largest way for which `minutes_for` says no more."""
    return minutes * 60 * SPEEDS[mode] / DETOUR


def in_china(point: Point) -> bool:
    """Whether GCJ-02 differs from WGS-84 here: the rectangle of the published formula, not the border."""
    return _CHINA_SOUTH <= point.lat <= _CHINA_NORTH and _CHINA_WEST <= point.lon <= _CHINA_EAST


def gcj02_from_wgs84(point: Point) -> Point:
    """WGS-84 → GCJ-02 by the published formula. Outside China nothing changes."""
    if not in_china(point):
        return point
    return _shifted_by_gcj02(point)


def wgs84_from_gcj02(point: Point) -> Point:
    """GCJ-02 → WGS-84 by iteration, exact to well under a millimetre. Outside China nothing changes."""
    if not in_china(point):
        return point
    return _undo(_shifted_by_gcj02, point)


def bd09_from_gcj02(point: Point) -> Point:
    """GCJ-02 → BD-09 by Baidu's published formula."""
    radius = hypot(point.lat, point.lon) + _BD_RADIUS_WOBBLE * sin(point.lat * _BD_FREQUENCY)
    angle = atan2(point.lat, point.lon) + _BD_ANGLE_WOBBLE * cos(point.lon * _BD_FREQUENCY)
    return Point(radius * sin(angle) + _BD_SHIFT.lat, radius * cos(angle) + _BD_SHIFT.lon)


def gcj02_from_bd09(point: Point) -> Point:
    """BD-09 → GCJ-02 by iteration, exact to well under a millimetre (the usual one-step inverse errs by
    metres)."""
    return _undo(bd09_from_gcj02, point)


def wgs84_from_bd09(point: Point) -> Point:
    """BD-09 → WGS-84 by iteration. Outside China nothing changes."""
    if not in_china(point):
        return point
    return _undo(_shifted_by_gcj02, gcj02_from_bd09(point))


def to_wgs84(point: Point, datum: Datum) -> Point:
    """A point given in `datum`, in WGS-84."""
    return _TO_WGS84[datum](point)


def _unchanged(point: Point) -> Point:
    return point


_TO_WGS84: Final[dict[Datum, Callable[[Point], Point]]] = {
    "wgs84": _unchanged,
    "gcj02": wgs84_from_gcj02,
    "bd09": wgs84_from_bd09,
}


def _undo(shift: Callable[[Point], Point], shifted: Point) -> Point:
    """The point that `shift` moves to `shifted`. The shifts are small and smooth, so subtracting the
    remaining error again and again converges within a few rounds."""
    lat, lon = shifted.lat, shifted.lon
    for _ in range(_MOST_ROUNDS):
        image = shift(Point(lat, lon))
        wrong_lat, wrong_lon = image.lat - shifted.lat, image.lon - shifted.lon
        lat, lon = lat - wrong_lat, lon - wrong_lon
        if abs(wrong_lat) < _ENOUGH_DEGREES and abs(wrong_lon) < _ENOUGH_DEGREES:
            break
    return Point(lat, lon)


def _shifted_by_gcj02(point: Point) -> Point:
    """The GCJ-02 shift without looking whether the point lies in China."""
    east_m, north_m = _gcj02_metres(point.lon - _GCJ_ORIGIN.lon, point.lat - _GCJ_ORIGIN.lat)
    lat = radians(point.lat)
    magic = 1 - _GCJ_E2 * sin(lat) ** 2
    metres_per_radian_north = _GCJ_AXIS * (1 - _GCJ_E2) / (magic * sqrt(magic))
    metres_per_radian_east = _GCJ_AXIS / sqrt(magic) * cos(lat)
    return Point(
        point.lat + north_m / metres_per_radian_north * 180 / pi,
        point.lon + east_m / metres_per_radian_east * 180 / pi,
    )


def _gcj02_metres(x: float, y: float) -> tuple[float, float]:
    """The published polynomial and waves: how far GCJ-02 moves a point east and north, in metres."""
    root = 0.1 * sqrt(abs(x))
    shared = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + root + shared
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 2 * root + shared
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y / 30 * pi)) * 2 / 3
    return east, north
