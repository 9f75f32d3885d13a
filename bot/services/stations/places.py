"""The places people name when they say where they are: content/places.csv."""

from __future__ import annotations

import csv
from pathlib import Path

from bot.services.stations.model import Place, Point


def read_places(content: Path) -> list[Place]:
    """Towns, quarters, roads and landmarks, in the order of the file."""
    with (content / "places.csv").open(encoding="utf-8", newline="") as file:
        return [
            Place(
                row["name"],
                Point(float(row["lat"]), float(row["lon"])),
                name_en=row["name_en"],
                kind=row["kind"],
                region=row["region"],
                district=row["district"],
            )
            for row in csv.DictReader(file)
        ]
