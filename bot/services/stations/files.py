"""Station files: CSV, XLSX and GeoJSON, as people, Excel, WPS and map tools make them.

Files are hostile until read: nothing in one makes `read_stations` raise, evaluate a formula, or take more
than bounded time and memory. Everything wrong is listed at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from bot.services.problems import Problem
from bot.services.stations.catalogue import Catalogue
from bot.services.stations.geo import Datum
from bot.services.stations.model import Station
from bot.services.stations.rows import COLUMNS, HEADER, RowError, RowReader
from bot.services.table_files import (
    Cell,
    Header,
    Reader,
    Row,
    Unreadable,
    csv_rows,
    read_table,
    write_csv,
    write_xlsx,
    xlsx_rows,
)


@dataclass(slots=True)
class Reading:
    """What a file holds: the sound stations, in order, and all that is wrong."""

    stations: list[Station] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_stations(
    path: Path, datum: Datum, catalogue: Catalogue, progress: Callable[[int], None] | None = None
) -> Reading:
    """Reads a file by its ending (.csv, .xlsx, .geojson, .json), coordinates given in `datum`.

    `progress` is told the number of rows read so far. Never raises for what is in the file."""
    reading = Reading()
    rows = RowReader(catalogue, datum)
    lines: dict[str, int] = {}
    reading.problems = read_table(
        path, HEADER, lambda line, cells: _take(rows, cells, line, lines, reading), _READERS, progress
    )
    if not reading.stations and not reading.problems:
        reading.problems.append(
            Problem(path.name, 1, "there is no station in this file; add rows below the header")
        )
    return reading


def _take(
    rows: RowReader, cells: dict[str, Cell], line: int, lines: dict[str, int], reading: Reading
) -> list[str]:
    """Adds the station of one row to the reading; gives what is wrong with the row."""
    try:
        station = rows.station(cells)
    except RowError as error:
        return error.problems
    if station.id in lines:
        return [f"the id {station.id} stands in line {lines[station.id]} already; give this one another"]
    lines[station.id] = line
    reading.stations.append(station)
    return []


# -- GeoJSON
# ---------------------------------------------------------------------------------------------------


def _geojson_rows(data: bytes, header: Header) -> Iterator[Row]:
    try:
        document = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise Unreadable("this is no JSON from this line on; correct it", error.lineno) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise Unreadable("this is no GeoJSON FeatureCollection; export one from your map tool")
    for number, feature in enumerate(features, start=1):
        yield number, _feature_cells(feature, header)


def _feature_cells(feature: object, header: Header) -> dict[str, Cell]:
    """The properties by column; what is no Point leaves its coordinates empty, which the row then reports."""
    if not isinstance(feature, dict):
        return {}
    properties = feature.get("properties")
    cells = {"id": _plain(feature.get("id"))}
    for name, value in properties.items() if isinstance(properties, dict) else ():
        column = header.column_of(name)
        if column is not None:
            cells[column] = _plain(value)
    geometry = feature.get("geometry")
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        coordinates = geometry.get("coordinates")
        if isinstance(coordinates, list) and len(coordinates) >= 2:
            cells["lon"], cells["lat"] = _plain(coordinates[0]), _plain(coordinates[1])
    return cells


def _plain(value: object) -> Cell:
    """A JSON value as a cell; a list of words becomes words, anything deeper nothing."""
    if isinstance(value, list):
        return ";".join(each for each in value if isinstance(each, str))
    return value if isinstance(value, str | int | float) else None


# -- Writing
# -----------------------------------------------------------------------------------------------------


def write_stations(path: Path, stations: Iterable[Station]) -> None:
    """Writes stations by the ending of `path`: .csv (UTF-8, readable by Excel), .xlsx or .geojson (WGS-84).

    No text of a station becomes a formula. Raises ValueError for another ending, OSError as the disk does."""
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ValueError("stations can be written to .csv, .xlsx or .geojson")
    writer(path, stations)


def _texts(station: Station) -> dict[str, str]:
    """A station by column, all but its coordinates."""
    return {
        "id": station.id,
        "name": station.name,
        "name_en": station.name_en,
        "kind": station.kind,
        "address": station.address,
        "district": station.district,
        "services": ";".join(station.services),
        "opening_hours": station.opening_hours,
        "phone": station.phone,
        "note": station.note,
        "confirmed": station.confirmed.isoformat() if station.confirmed else "",
    }


def _row(station: Station) -> Mapping[str, Any]:
    return {**_texts(station), "lat": station.point.lat, "lon": station.point.lon}


def _write_csv(path: Path, stations: Iterable[Station]) -> None:
    write_csv(path, COLUMNS, map(_row, stations))


def _write_xlsx(path: Path, stations: Iterable[Station]) -> None:
    write_xlsx(path, "stations", COLUMNS, map(_row, stations))


def _write_geojson(path: Path, stations: Iterable[Station]) -> None:
    features = [
        {
            "type": "Feature",
            "id": station.id,
            "geometry": {"type": "Point", "coordinates": [station.point.lon, station.point.lat]},
            "properties": {**_texts(station), "services": list(station.services)},
        }
        for station in stations
    ]
    document = {"type": "FeatureCollection", "features": features}
    path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


_READERS: Final[dict[str, Reader]] = {
    ".csv": csv_rows,
    ".xlsx": xlsx_rows,
    ".geojson": _geojson_rows,
    ".json": _geojson_rows,
}
_WRITERS: Final[dict[str, Callable[[Path, Iterable[Station]], None]]] = {
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
    ".geojson": _write_geojson,
    ".json": _write_geojson,
}
