"""Checks the stations' part of content/: every mistake with file, line and what to do."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import Final

from bot.services.problems import Problem
from bot.services.stations.catalogue import Catalogue, CatalogueError, read_catalogue
from bot.services.stations.files import read_stations

PLACE_COLUMNS: Final = ["name", "name_en", "kind", "region", "district", "lat", "lon", "source"]


def problems(content: Path) -> list[Problem]:
    """Everything wrong in services.yaml, station_kinds.yaml, places.csv and stations/*.csv below
    `content`."""
    found: list[Problem] = []
    try:
        catalogue = read_catalogue(content)
    except CatalogueError as error:
        return error.problems + list(_place_problems(content / "places.csv"))
    found += _place_problems(content / "places.csv")
    found += _station_problems(content / "stations", catalogue)
    return found


def _station_problems(folder: Path, catalogue: Catalogue) -> Iterator[Problem]:
    files_of: dict[str, str] = {}
    for path in sorted(folder.glob("*.csv")):
        name = f"{folder.name}/{path.name}"
        reading = read_stations(path, "wgs84", catalogue)
        yield from (replace(problem, file=name) for problem in reading.problems)
        for station in reading.stations:
            if station.id in files_of:
                yield Problem(
                    name, 1, f"the id {station.id} stands in {files_of[station.id]} too; give one another"
                )
            files_of[station.id] = name


def _place_problems(path: Path) -> Iterator[Problem]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        yield Problem(path.name, 1, "this file is missing or no UTF-8; put it back")
        return
    reader = csv.DictReader(text.splitlines())
    if reader.fieldnames != PLACE_COLUMNS:
        yield Problem(path.name, 1, f"the columns must be {', '.join(PLACE_COLUMNS)}")
        return
    lines: dict[tuple[str, str], int] = {}
    for row in reader:
        for message in _wrong(row):
            yield Problem(path.name, reader.line_num, message)
        key = (row["region"], row["name"])
        if key in lines:
            yield Problem(
                path.name, reader.line_num, f"{row['name']} stands in line {lines[key]} already; remove one"
            )
        lines[key] = reader.line_num


def _wrong(row: dict[str, str]) -> Iterator[str]:
    for column in PLACE_COLUMNS:
        if not row[column]:
            yield f"{column} is empty; fill it in"
    for column, most in (("lat", 90.0), ("lon", 180.0)):
        try:
            degrees = float(row[column] or "nan")
        except ValueError:
            degrees = float("nan")
        if not isfinite(degrees) or abs(degrees) > most:
            yield f"{column} must be degrees between -{most:g} and {most:g}"
