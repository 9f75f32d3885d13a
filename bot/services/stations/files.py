"""Station files: CSV, XLSX and GeoJSON, as people, Excel, WPS and map tools make them.

Files are hostile until read: nothing in one makes `read_stations` raise, evaluate a formula, or take more
than bounded time and memory. Everything wrong is listed at once.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

import openpyxl
import orjson

from bot.services.stations.catalogue import Catalogue
from bot.services.stations.geo import Datum
from bot.services.stations.model import Problem, Station
from bot.services.stations.rows import (
    COLUMNS,
    Cell,
    RowError,
    RowReader,
    Unusable,
    column_of,
    header_problems,
)

MAX_BYTES: Final = 256 * 1024 * 1024
"""Largest file that is opened; a million rows fit."""
MAX_UNPACKED_BYTES: Final = 512 * 1024 * 1024
"""Largest XLSX after unpacking."""
MAX_RATIO: Final = 200
"""How much smaller than its content a part of an XLSX may be; spreadsheets reach about 20, bombs 1000."""
MAX_ROWS: Final = 1_000_000
MAX_COLUMNS: Final = 40
MAX_PROBLEMS: Final = 1_000
"""Problems that are listed; whoever mends a thousand will run the import again anyway."""
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
"""A CSV cell that begins with one of these is a formula to a spreadsheet (OWASP, CSV injection)."""

_QUOTE: Final = "'"  # what spreadsheets write before a text that looks like a formula
_SMALL_PART: Final = 1024 * 1024  # bytes below which a part of an XLSX may be packed however tightly
_MOST_PARTS: Final = 1_000
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")

Row = tuple[int, dict[str, Cell]]


@dataclass(slots=True)
class Reading:
    """What a file holds: the sound stations, in order, and all that is wrong."""

    stations: list[Station] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class _Unreadable(Exception):
    """A file that cannot be read at all, from some line on."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.message, self.line = message, line


def read_stations(
    path: Path, datum: Datum, catalogue: Catalogue, progress: Callable[[int], None] | None = None
) -> Reading:
    """Reads a file by its ending (.csv, .xlsx, .geojson, .json), coordinates given in `datum`.

    `progress` is told the number of rows read so far. Never raises for what is in the file."""
    reading = Reading()
    rows = RowReader(catalogue, datum)
    lines: dict[str, int] = {}
    try:
        for number, (line, cells) in enumerate(_rows_of(path), start=1):
            if number > MAX_ROWS:
                raise _Unreadable(f"more than {MAX_ROWS} rows; split the file", line)
            for message in _take(rows, cells, line, lines, reading):
                _report(reading, Problem(path.name, line, message))
            if progress is not None:
                progress(number)
    except _Unreadable as error:
        reading.problems.append(Problem(path.name, error.line, error.message))
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


def _report(reading: Reading, problem: Problem) -> None:
    if len(reading.problems) > MAX_PROBLEMS:
        return
    if len(reading.problems) == MAX_PROBLEMS:
        problem = Problem(
            problem.file, problem.line, "there is more from here on; mend what is listed and try again"
        )
    reading.problems.append(problem)


def _rows_of(path: Path) -> Iterator[Row]:
    """(line, cells by column) of every row that is not blank. Raises _Unreadable."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise _Unreadable("this ending is not known; save the file as .csv, .xlsx or .geojson")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _Unreadable(f"the file is larger than {MAX_BYTES // 1024 // 1024} MB; split it")
        data = path.read_bytes()
    except OSError as error:
        raise _Unreadable(
            f"the file cannot be opened ({error.strerror}); look whether it is there"
        ) from error
    yield from reader(data)


# -- CSV
# -------------------------------------------------------------------------------------------------------


def _csv_rows(data: bytes) -> Iterator[Row]:
    text = _decoded(data)
    first_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for line, cells in _under_headers((reader.line_num, row) for row in reader):
            yield line, {column: _unquoted(cell) for column, cell in cells.items()}
    except csv.Error as error:
        raise _Unreadable(f"this line is no CSV ({error}); correct it", reader.line_num) from error


def _decoded(data: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with its mark, else GB18030, which Chinese Excel writes."""
    for encoding in ["utf-16"] if data.startswith(_UTF16_MARKS) else ["utf-8-sig", "gb18030"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _Unreadable("the text is neither UTF-8 nor GB18030; save the file as “CSV UTF-8”")


def _unquoted(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell[:1] == _QUOTE and cell[1:2] in (*FORMULA_SIGNS, _QUOTE):
        return cell[1:]
    return cell


def _quoted(text: str) -> str:
    return _QUOTE + text if text.startswith((*FORMULA_SIGNS, _QUOTE)) else text


# -- XLSX
# ------------------------------------------------------------------------------------------------------


def _xlsx_rows(data: bytes) -> Iterator[Row]:
    _refuse_bombs(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size need not be true
        cells = sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS)
        filled = (
            (line, row)
            for line, row in enumerate(cells, start=1)
            if any(cell.value is not None for cell in row)
        )
        yield from _under_headers((line, map(_value, row)) for line, row in filled)
    except _Unreadable:
        raise
    except Exception as error:  # whatever a broken workbook makes openpyxl and its XML parser raise
        raise _Unreadable(
            "this is no XLSX that can be read; open it in Excel or WPS and save it anew"
        ) from error


def _value(cell: Any) -> Cell:
    if cell.data_type == "f":
        return Unusable(f"cell {cell.coordinate} is a formula; copy the column and paste it as values")
    if cell.data_type == "e":
        return Unusable(f"cell {cell.coordinate} holds an error; correct it")
    value: Cell = cell.value
    return value


def _refuse_bombs(data: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _Unreadable("this is no XLSX; open it in Excel or WPS and save it as .xlsx") from error
    swollen = any(
        part.file_size > _SMALL_PART and part.file_size > MAX_RATIO * max(1, part.compress_size)
        for part in parts
    )
    if swollen or len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise _Unreadable("this XLSX unpacks to far too much; save only the station table, or use CSV")


# -- GeoJSON
# ---------------------------------------------------------------------------------------------------


def _geojson_rows(data: bytes) -> Iterator[Row]:
    try:
        document = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise _Unreadable("this is no JSON from this line on; correct it", error.lineno) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise _Unreadable("this is no GeoJSON FeatureCollection; export one from your map tool")
    for number, feature in enumerate(features, start=1):
        yield number, _feature_cells(feature)


def _feature_cells(feature: object) -> dict[str, Cell]:
    """The properties by column; what is no Point leaves its coordinates empty, which the row then reports."""
    if not isinstance(feature, dict):
        return {}
    properties = feature.get("properties")
    cells = {"id": _plain(feature.get("id"))}
    for header, value in properties.items() if isinstance(properties, dict) else ():
        column = column_of(header)
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


# -- Common to tables
# --------------------------------------------------------------------------------------------


def _under_headers(rows: Iterable[tuple[int, Iterable[Cell]]]) -> Iterator[Row]:
    """Rows as dictionaries by the header row above them, blank ones left out. Raises _Unreadable."""
    columns: list[str | None] | None = None
    for line, row in rows:
        cells = list(islice(row, MAX_COLUMNS))
        if all(cell is None or cell == "" for cell in cells):
            continue
        if columns is None:
            if problems := header_problems(cells):
                raise _Unreadable("; ".join(problems), line)
            columns = [column_of(cell) for cell in cells]
            continue
        yield line, {column: cell for column, cell in zip(columns, cells, strict=False) if column is not None}


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


def _write_csv(path: Path, stations: Iterable[Station]) -> None:
    # The mark at the beginning tells Excel that this is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for station in stations:
            cells = {column: _quoted(text) for column, text in _texts(station).items()}
            writer.writerow({**cells, "lat": repr(station.point.lat), "lon": repr(station.point.lon)})


def _write_xlsx(path: Path, stations: Iterable[Station]) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("stations")
    sheet.append(COLUMNS)
    for station in stations:
        texts = {column: _text_cell(sheet, text) for column, text in _texts(station).items()}
        row = {**texts, "lat": station.point.lat, "lon": station.point.lon}
        sheet.append([row[column] for column in COLUMNS])
    book.save(path)


def _text_cell(sheet: Any, text: str) -> Any:
    """A cell that is text whatever it begins with."""
    cell = openpyxl.cell.WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell


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


_READERS: Final[dict[str, Callable[[bytes], Iterator[Row]]]] = {
    ".csv": _csv_rows,
    ".xlsx": _xlsx_rows,
    ".geojson": _geojson_rows,
    ".json": _geojson_rows,
}
_WRITERS: Final[dict[str, Callable[[Path, Iterable[Station]], None]]] = {
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
    ".geojson": _write_geojson,
    ".json": _write_geojson,
}
