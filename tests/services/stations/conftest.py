"""The demo content, read once: tests ask about real places."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bot.services.stations.catalogue import Catalogue, read_catalogue
from bot.services.stations.index import StationIndex
from bot.services.stations.model import Point, Station
from bot.services.stations.places import read_places

CONTENT = Path(__file__).resolve().parents[3] / "content"


def rows(name: str) -> list[dict[str, str]]:
    with (CONTENT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def demo_stations() -> list[Station]:
    return [
        Station(
            row["id"],
            row["name"],
            row["kind"],
            Point(float(row["lat"]), float(row["lon"])),
            name_en=row["name_en"],
            address=row["address"],
            district=row["district"],
            services=tuple(row["services"].split(";")),
            opening_hours=row["opening_hours"],
        )
        for region in ("ganzhou", "banan", "wutongqiao")
        for row in rows(f"stations/{region}.csv")
    ]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return read_catalogue(CONTENT)


@pytest.fixture(scope="session")
def index(catalogue: Catalogue) -> StationIndex:
    return StationIndex(demo_stations(), read_places(CONTENT), catalogue)
