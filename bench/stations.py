"""The nearest stations under a filter, and names found fuzzily, against the floor of a bare k-d tree.

`python -m bench.stations` prints microseconds per query, as ratios to SciPy's cKDTree asked for five
neighbours without any filter on the same points in the same run. Stations are invented around thirty
towns; the best of several rounds counts: the machine's other work only ever slows down.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from math import cos, radians, sin
from pathlib import Path

from scipy.spatial import cKDTree  # type: ignore[import-untyped]

from bot.home import SHANGHAI
from bot.services.stations.catalogue import read_catalogue
from bot.services.stations.index import StationIndex
from bot.services.stations.model import Point, Query, Station
from bot.services.stations.nearest import Nearest
from bot.services.stations.places import read_places

CONTENT = Path(__file__).resolve().parent.parent / "content"
NOON = datetime(2026, 11, 22, 12, tzinfo=SHANGHAI)
TOWNS = 30
QUERIES = 2000
ROUNDS = 5
# How many in a hundred stations offer each service.
OFFERS = {
    "water": 90,
    "rest": 80,
    "heat_meal": 40,
    "phone_charge": 50,
    "toilet": 40,
    "battery_swap": 10,
    "shower": 2,
}
HOURS = (
    "24/7",
    "Mo-Su 08:00-22:00",
    "Mo-Fr 09:00-18:00; PH off",
    "Mo-Su 18:00-08:00",
    "08:00-12:00,14:00-20:00",
)
FILTERS = (
    ("no filter", Query()),
    ("charge", Query(services=("phone_charge",))),
    ("open now", Query(open_now=True)),
    ("charge and hot meal, open now", Query(services=("phone_charge", "heat_meal"), open_now=True)),
    ("shower (rare)", Query(services=("shower",))),
    ("charge, open, 15 minutes on foot", Query(services=("phone_charge",), open_now=True, minutes=15)),
)
SEARCHES = (
    "李家沱",
    "李家坨",
    "lijiatuo",
    "lijiatou",
    "ljt",
    "红旗大道",
    "hongqi dadao",
    "快递网点虔新驿站",
    "yizhan",
    "人民医院",
)


def stations(count: int, chance: random.Random) -> list[Station]:
    """Invented stations, clustered around towns as real ones are."""
    towns = [(chance.uniform(24, 30), chance.uniform(104, 116)) for _ in range(TOWNS)]
    names = [place.name for place in read_places(CONTENT)]
    offers = [
        tuple(service for service, share in OFFERS.items() if chance.random() * 100 < share)
        for _ in range(1000)
    ]
    made = []
    for number in range(count):
        lat, lon = chance.choice(towns)
        made.append(
            Station(
                f"s{number:07d}",
                f"{chance.choice(names)}{chance.choice(names)}{number % 100}号驿站",
                "station",
                Point(chance.gauss(lat, 0.2), chance.gauss(lon, 0.2)),
                services=chance.choice(offers),
                opening_hours=chance.choice(HOURS),
            )
        )
    return made


def microseconds(deed: Callable[[int], object], count: int) -> float:
    """The time of one deed, the mean of `count` in the best of several rounds."""
    deed(0)
    best = float("inf")
    for _ in range(ROUNDS):
        gc.collect()
        started = time.perf_counter()
        for number in range(count):
            deed(number)
        best = min(best, time.perf_counter() - started)
    return best / count * 1e6


def nearest(count: int, chance: random.Random) -> None:
    """The five nearest of `count` stations under every filter."""
    made = stations(count, chance)
    started = time.perf_counter()
    index = Nearest(made)
    print(f"\nThe nearest five of {count:,} stations (index made in {time.perf_counter() - started:.2f} s)")
    points = [Point(each.point.lat + 0.003, each.point.lon - 0.003) for each in chance.sample(made, QUERIES)]
    vectors = [_unit_vector(point) for point in points]
    tree = cKDTree([_unit_vector(each.point) for each in made])
    floor = microseconds(lambda number: tree.query(vectors[number], 5), QUERIES)
    print(f"  {'floor: cKDTree, no filter':38}{floor:8.1f} µs")
    for name, query in FILTERS:
        taken = microseconds(_finder(index, points, query), QUERIES)
        print(f"  {name:38}{taken:8.1f} µs{taken / floor:8.1f} ×")


def _finder(index: Nearest, points: Sequence[Point], query: Query) -> Callable[[int], object]:
    return lambda number: index.find(points[number], query, NOON)


def _searcher(index: StationIndex, text: str) -> Callable[[int], object]:
    return lambda _: index.search(text)


def names(count: int, chance: random.Random) -> None:
    """Fuzzy search over the names of `count` stations."""
    catalogue, places = read_catalogue(CONTENT), read_places(CONTENT)
    made = stations(count, chance)
    started = time.perf_counter()
    index = StationIndex(made, places, catalogue)
    print(f"\nFuzzy search over {count:,} names (index made in {time.perf_counter() - started:.2f} s)")
    for text in SEARCHES:
        print(f"  {microseconds(_searcher(index, text), 50) / 1000:8.2f} ms  {text}")


def _unit_vector(point: Point) -> tuple[float, float, float]:
    lat, lon = radians(point.lat), radians(point.lon)
    return cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)


def main() -> None:
    """Print everything that is claimed of stations."""
    chance = random.Random(7)
    for count in (20_000, 1_000_000):
        nearest(count, chance)
    names(20_000, chance)


if __name__ == "__main__":
    main()
