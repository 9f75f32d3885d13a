"""The nearest stations under any filter, exactly.

Points lie on the unit sphere in three dimensions, where the straight chord between two points grows with the
great-circle distance; a k-d tree finds the nearest chords. There are no poles and no date line to care about.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import cos, inf, pi, radians, sin
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree  # type: ignore[import-untyped]

from bot.home import SHANGHAI
from bot.services.stations.geo import EARTH_RADIUS_M, metres_between, minutes_for, reach_of
from bot.services.stations.hours import OpeningBoard, opening
from bot.services.stations.model import Found, Point, Query, Station

SMALL: Final = 50_000
"""Stations for which a tree of their own is always worth building (about 10 ms)."""
RARE: Final = 1 / 8
"""Share of all stations below which a selection gets a tree of its own, however many they are."""
NEAR_MINUTES: Final = 30
"""How far "near" reaches when a courier did not say, in minutes."""

_KEPT_SELECTIONS: Final = 64
_FIRST_LOOK: Final = 8
_GROWTH: Final = 4
# Equal within a millimetre is equal. As a chord of the unit sphere: 6 mm, more than any rounding on the way.
_SLACK: Final = 1e-9
_LATER_LOOKED_AT: Final = 200


@dataclass(frozen=True, slots=True)
class _Selection:
    """The stations that pass a filter: a tree, how its points are numbered, and which of them count."""

    tree: cKDTree
    positions: NDArray[np.intp] | None  # of the tree's points among all stations; None where it holds all
    mask: NDArray[np.bool_] | None  # by position; None where every point of the tree counts
    count: int


class Nearest:
    """An index over stations that do not change. Stations equally far (to the millimetre) come in order of
    id."""

    def __init__(self, stations: Sequence[Station], zone: ZoneInfo = SHANGHAI) -> None:
        self.stations = tuple(sorted(stations, key=lambda station: station.id))
        self._zone = zone
        self._vectors = _unit_vectors([station.point for station in self.stations])
        self._tree = cKDTree(self._vectors)
        self._service_bits: dict[str, int] = {}
        self._services = self._numbered_services()
        kinds = [station.kind for station in self.stations]
        self._kind_numbers = {kind: number for number, kind in enumerate(dict.fromkeys(kinds))}
        self._kinds = np.array([self._kind_numbers[kind] for kind in kinds], dtype=np.int32)
        hours = {station.opening_hours: 0 for station in self.stations}
        numbers = {text: number for number, text in enumerate(hours)}
        self._hours = np.array([numbers[station.opening_hours] for station in self.stations], dtype=np.intp)
        self._board = OpeningBoard(list(hours), zone)
        self._selections: OrderedDict[tuple[object, ...], _Selection] = OrderedDict()

    def find(self, point: Point, query: Query, now: datetime, limit: int = 5, offset: int = 0) -> list[Found]:
        """Up to `limit` stations that pass `query`, nearest to `point` first, after skipping `offset` of
        them.

        Raises ValueError where the point is not finite."""
        selection = self._selection(query, now)
        wanted = min(offset + limit, selection.count)
        if wanted <= 0:
            return []
        found = []
        for metres, position in self._ranked(selection, point, query, wanted)[offset:wanted]:
            station = self.stations[position]
            minutes = minutes_for(metres, query.mode)
            found.append(Found(station, metres, minutes, opening(station.opening_hours, now, self._zone)))
        return found

    def count(self, query: Query, now: datetime) -> int:
        """How many stations pass `query`, wherever they are."""
        return self._selection(query, now).count

    def opens_next(self, point: Point, query: Query, now: datetime) -> Found | None:
        """The near station that passes `query` but for being closed, and opens first. Near means within the
        query's minutes, half an hour if it names none."""
        anytime = replace(query, open_now=False, minutes=query.minutes or NEAR_MINUTES)
        later = [
            found
            for found in self.find(point, anytime, now, limit=_LATER_LOOKED_AT)
            if not found.opening.open and found.opening.opens is not None
        ]
        # Nearest come first, and min keeps the first of those that open together.
        return min(later, key=lambda found: found.opening.opens or now, default=None)

    def _ranked(
        self, selection: _Selection, point: Point, query: Query, wanted: int
    ) -> list[tuple[float, int]]:
        """(metres, position) of at least the `wanted` nearest of a selection, in order, cut off at the
        reach."""
        vector = _unit_vector(point)
        bound = inf if query.minutes is None else _chord(reach_of(query.minutes, query.mode)) + _SLACK
        ranked = []
        for position in self._candidates(selection, vector, wanted, bound):
            metres = metres_between(point, self.stations[position].point)
            if query.minutes is None or minutes_for(metres, query.mode) <= query.minutes:
                ranked.append((round(metres, 3), position, metres))
        ranked.sort()
        return [(metres, position) for _, position, metres in ranked]

    def _candidates(
        self, selection: _Selection, vector: tuple[float, float, float], wanted: int, bound: float
    ) -> list[int]:
        """Positions of the `wanted` nearest and all that are as far as the last of them."""
        tree, points = selection.tree, selection.tree.n
        look = wanted + _FIRST_LOOK
        if selection.mask is not None:
            look = int(look * points / selection.count)
        while True:
            look = min(max(look, 2), points)
            # A list of one rank keeps the answer an array where there is only one point.
            chords, numbers = tree.query(vector, [1] if look == 1 else look, distance_upper_bound=bound)
            chords, positions = self._counted(selection, chords, numbers)
            seen_all = look == points or numbers[-1] == points
            enough = len(chords) >= wanted
            edge = chords[wanted - 1] + _SLACK if enough else inf
            if seen_all or (enough and len(chords) > wanted and edge < chords[-1]):
                near: list[int] = positions[chords <= edge].tolist()
                return near
            look *= _GROWTH

    @staticmethod
    def _counted(
        selection: _Selection, chords: NDArray[np.float64], numbers: NDArray[np.intp]
    ) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """The chords and positions of those points that exist (the tree pads) and count."""
        if numbers[-1] == selection.tree.n:
            exists = numbers < selection.tree.n
            chords, numbers = chords[exists], numbers[exists]
        if selection.positions is not None:
            return chords, selection.positions[numbers]
        if selection.mask is not None:
            counts = selection.mask[numbers]
            return chords[counts], numbers[counts]
        return chords, numbers

    def _selection(self, query: Query, now: datetime) -> _Selection:
        """The stations that pass everything but the distance; the last few are kept."""
        open_hours = self._board.open_at(now) if query.open_now else None
        version = self._board.version if query.open_now else None
        key = (query.services, query.kinds, query.always, version)
        selection = self._selections.get(key)
        if selection is None:
            selection = self._select(query, open_hours)
            self._selections[key] = selection
            if len(self._selections) > _KEPT_SELECTIONS:
                self._selections.popitem(last=False)
        else:
            self._selections.move_to_end(key)
        return selection

    def _select(self, query: Query, open_hours: NDArray[np.bool_] | None) -> _Selection:
        total = len(self.stations)
        if not query.services and not query.kinds and not query.always and open_hours is None:
            return _Selection(self._tree, None, None, total)
        mask = np.ones(total, dtype=np.bool_)
        if query.services:
            mask &= self._with_services(query.services)
        if query.kinds:
            numbers = [self._kind_numbers[kind] for kind in query.kinds if kind in self._kind_numbers]
            mask &= np.isin(self._kinds, numbers)
        if query.always:
            mask &= self._board.always[self._hours]
        if open_hours is not None:
            mask &= open_hours[self._hours]
        count = int(np.count_nonzero(mask))
        if count <= SMALL or count < total * RARE:
            positions = np.flatnonzero(mask)
            return _Selection(cKDTree(self._vectors[positions]), positions, None, count)
        return _Selection(self._tree, None, mask, count)

    def _with_services(self, services: Sequence[str]) -> NDArray[np.bool_]:
        if not all(service in self._service_bits for service in services):
            return np.zeros(len(self.stations), dtype=np.bool_)
        wanted = np.int64(sum({self._service_bits[service] for service in services}))
        offered: NDArray[np.bool_] = (self._services & wanted) == wanted
        return offered

    def _numbered_services(self) -> NDArray[np.int64]:
        """One bit for each service, in the order they are met. Raises ValueError beyond 63 services."""
        bits = self._service_bits
        masks: dict[tuple[str, ...], int] = {}
        for services in {station.services: None for station in self.stations}:
            masks[services] = sum(bits.setdefault(service, 1 << len(bits)) for service in set(services))
        if len(bits) > 63:
            raise ValueError("more than 63 different services")
        return np.array([masks[station.services] for station in self.stations], dtype=np.int64)


def _unit_vector(point: Point) -> tuple[float, float, float]:
    lat, lon = radians(point.lat), radians(point.lon)
    return cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)


def _unit_vectors(points: Sequence[Point]) -> NDArray[np.float64]:
    """Points as rows of x, y, z on the unit sphere."""
    degrees = np.array([(point.lat, point.lon) for point in points], dtype=np.float64).reshape(-1, 2)
    lat, lon = np.radians(degrees.T)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def _chord(metres: float) -> float:
    """The straight line through the unit sphere between two points `metres` apart on the earth."""
    return 2 * sin(min(metres / EARTH_RADIUS_M / 2, pi / 2))
