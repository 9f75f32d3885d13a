"""Coordinates as maps in China show them."""

from __future__ import annotations

from typing import Final, get_args

from bot.services.stations.geo import Datum, bd09_from_gcj02, gcj02_from_wgs84, in_china
from bot.services.stations.model import Point

DATUMS: Final[tuple[Datum, ...]] = get_args(Datum)


def shown_in(point: Point, datum: Datum) -> Point:
    """A WGS-84 point as a map in `datum` has it; the maps shift nothing outside China."""
    if datum == "wgs84" or not in_china(point):
        return point
    shifted = gcj02_from_wgs84(point)
    return shifted if datum == "gcj02" else bd09_from_gcj02(shifted)
