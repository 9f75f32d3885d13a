"""Tables that people bring: CSV and XLSX, as people, Excel and WPS make them, and the same way out.

Files are hostile until read: nothing in one makes a reader raise, evaluate a formula, or take more than
bounded time and memory. Everything wrong is listed at once.
"""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final, TextIO

import openpyxl
from rapidfuzz import process

from bot.i18n import shortened
from bot.services.problems import Problem

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
LONGEST_QUOTED: Final = 30
"""Characters of a cell in a message about it."""
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
"""A CSV cell that begins with one of these is a formula to a spreadsheet (OWASP, CSV injection)."""

# The mark at the beginning tells Excel that this is UTF-8.
_CSV_ENCODING: Final = "utf-8-sig"
_QUOTE: Final = "'"  # what spreadsheets write before a text that looks like a formula
_SMALL_PART: Final = 1024 * 1024  # bytes below which a part of an XLSX may be packed however tightly
_MOST_PARTS: Final = 1_000
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_ALIKE_HEADER: Final = 85  # of 100: how alike a header must be to be taken for a slip
_INVISIBLE: Final = {"Cc", "Cf", "Cs"}  # controls, text direction and the like, half surrogates
_ZERO_WIDTH_JOINER: Final = "\u200d"  # joins emoji


@dataclass(frozen=True, slots=True)
class Unusable:
    """A cell that cannot be taken, and what to do about it."""

    message: str


Cell = str | int | float | bool | date | Unusable | None
Row = tuple[int, dict[str, Cell]]
"""A line's number, and its cells by column."""


class Unreadable(Exception):
    """A file that cannot be read at all, from some line on."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.message, self.line = message, line


# -- Cells and headers --------------------------------------------------------------


def clean(cell: Cell) -> str:
    """A cell as text: one line, single spaces, without invisible characters."""
    if cell is None or isinstance(cell, Unusable):
        return ""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)  # spreadsheets keep 101 as 101.0
    text = str(cell)
    if not text.isprintable():  # almost every cell is
        text = "".join(
            " " if each.isspace() else each for each in text if each.isspace() or _is_visible(each)
        )
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _is_visible(character: str) -> bool:
    return character == _ZERO_WIDTH_JOINER or unicodedata.category(character) not in _INVISIBLE


def shown(cell: Cell) -> str:
    """What a message may quote of a cell."""
    return shortened(clean(cell), LONGEST_QUOTED)


@dataclass(frozen=True, slots=True)
class Header:
    """The columns a table may have: for each the headers that mean it, the second one in Chinese."""

    headers: Mapping[str, str]
    required: tuple[str, ...]
    _column_of: dict[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Index the headers."""
        known = {header: column for column, headers in self.headers.items() for header in headers.split()}
        object.__setattr__(self, "_column_of", known)

    def column_of(self, header: Cell) -> str | None:
        """Which column a header means, in Chinese or English; None for one that we do not know."""
        return self._column_of.get(clean(header).casefold().replace(" ", "_"))

    def problems(self, headers: Sequence[Cell]) -> list[str]:
        """What is wrong with a header row: columns missing, twice, or misspelt. Others are passed over."""
        columns = [self.column_of(header) for header in headers]
        problems = [
            f"the column {column} ({self.headers[column].split()[1]}) is missing; add it"
            for column in self.required
            if column not in columns
        ]
        problems += [
            f"the column {column} is here twice; keep one"
            for column in self.headers
            if columns.count(column) > 1
        ]
        for header, column in zip(headers, columns, strict=True):
            meant = process.extractOne(clean(header).casefold(), self._column_of, score_cutoff=_ALIKE_HEADER)
            if column is None and clean(header) and meant:
                problems.append(f"the column “{shown(header)}” is not known; did you mean {meant[0]}?")
        return problems


# -- Reading ------------------------------------------------------------------------

Reader = Callable[[bytes, Header], Iterator[Row]]


def read_table(
    path: Path,
    header: Header,
    take: Callable[[int, dict[str, Cell]], Sequence[str]],
    readers: Mapping[str, Reader],
    progress: Callable[[int], None] | None = None,
) -> list[Problem]:
    """Hand every row of a file, with its line, to `take`, which says what is wrong with it; gives all that.

    `readers` are chosen by the file's ending. `progress` is told the number of rows read so far. Never raises
    for what is in the file."""
    try:
        _reader_of(path.name, readers)
        data = _bytes_of(path)
    except Unreadable as error:
        return [Problem(path.name, error.line, error.message)]
    return read_content(path.name, data, header, take, readers, progress)


def read_content(
    name: str,
    data: bytes,
    header: Header,
    take: Callable[[int, dict[str, Cell]], Sequence[str]],
    readers: Mapping[str, Reader],
    progress: Callable[[int], None] | None = None,
) -> list[Problem]:
    """The same for a file whose bytes are at hand; its `name` has the ending."""
    problems: list[Problem] = []
    try:
        rows = _reader_of(name, readers)(data, header)
        for number, (line, cells) in enumerate(rows, start=1):
            if number > MAX_ROWS:
                raise Unreadable(f"more than {MAX_ROWS} rows; split the file", line)
            for message in take(line, cells):
                _report(problems, Problem(name, line, message))
            if progress is not None:
                progress(number)
    except Unreadable as error:
        problems.append(Problem(name, error.line, error.message))
    return problems


def _report(problems: list[Problem], problem: Problem) -> None:
    if len(problems) > MAX_PROBLEMS:
        return
    if len(problems) == MAX_PROBLEMS:
        problem = Problem(
            problem.file, problem.line, "there is more from here on; mend what is listed and try again"
        )
    problems.append(problem)


def _or(readers: Mapping[str, Reader]) -> str:
    *endings, last = readers
    return f"{', '.join(endings)} or {last}"


def _reader_of(name: str, readers: Mapping[str, Reader]) -> Reader:
    """What reads a file of this name. Raises Unreadable."""
    reader = readers.get(Path(name).suffix.lower())
    if reader is None:
        raise Unreadable(f"this ending is not known; save the file as {_or(readers)}")
    return reader


def _bytes_of(path: Path) -> bytes:
    """The whole of a file. Raises Unreadable."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Unreadable(f"the file is larger than {MAX_BYTES // 1024 // 1024} MB; split it")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"the file cannot be opened ({error.strerror}); look whether it is there") from error


# -- CSV
# -------------------------------------------------------------------------------------------------------


def csv_rows(data: bytes, header: Header) -> Iterator[Row]:
    text = _decoded(data)
    first_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for line, cells in _under_headers(((reader.line_num, row) for row in reader), header):
            yield line, {column: _unquoted(cell) for column, cell in cells.items()}
    except csv.Error as error:
        raise Unreadable(f"this line is no CSV ({error}); correct it", reader.line_num) from error


def _decoded(data: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with its mark, else GB18030, which Chinese Excel writes."""
    for encoding in ["utf-16"] if data.startswith(_UTF16_MARKS) else ["utf-8-sig", "gb18030"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("the text is neither UTF-8 nor GB18030; save the file as “CSV UTF-8”")


def _unquoted(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell[:1] == _QUOTE and cell[1:2] in (*FORMULA_SIGNS, _QUOTE):
        return cell[1:]
    return cell


def _quoted(text: str) -> str:
    return _QUOTE + text if text.startswith((*FORMULA_SIGNS, _QUOTE)) else text


# -- XLSX
# ------------------------------------------------------------------------------------------------------


def xlsx_rows(data: bytes, header: Header) -> Iterator[Row]:
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
        yield from _under_headers(((line, map(_value, row)) for line, row in filled), header)
    except Unreadable:
        raise
    except Exception as error:  # whatever a broken workbook makes openpyxl and its XML parser raise
        raise Unreadable(
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
        raise Unreadable("this is no XLSX; open it in Excel or WPS and save it as .xlsx") from error
    swollen = any(
        part.file_size > _SMALL_PART and part.file_size > MAX_RATIO * max(1, part.compress_size)
        for part in parts
    )
    if swollen or len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise Unreadable("this XLSX unpacks to far too much; save only the station table, or use CSV")


# -- Common to tables
# --------------------------------------------------------------------------------------------


def _under_headers(rows: Iterable[tuple[int, Iterable[Cell]]], header: Header) -> Iterator[Row]:
    """Rows as dictionaries by the header row above them, blank ones left out. Raises Unreadable."""
    columns: list[str | None] | None = None
    for line, row in rows:
        cells = list(islice(row, MAX_COLUMNS))
        if all(cell is None or cell == "" for cell in cells):
            continue
        if columns is None:
            if problems := header.problems(cells):
                raise Unreadable("; ".join(problems), line)
            columns = [header.column_of(cell) for cell in cells]
            continue
        yield line, {column: cell for column, cell in zip(columns, cells, strict=False) if column is not None}


# -- Writing ------------------------------------------------------------------------


MIMES: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table_bytes(ending: str, title: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """A table as the bytes of a file with this ending, one of MIMES (else KeyError); no text a formula."""
    written = io.BytesIO()
    if ending == "xlsx":
        write_xlsx(written, title, columns, rows)
        return written.getvalue()
    if ending not in MIMES:
        raise KeyError(ending)
    with io.TextIOWrapper(written, encoding=_CSV_ENCODING, newline="") as file:
        _put_csv(file, columns, rows)
        file.flush()
        return written.getvalue()


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows by column as UTF-8 that Excel reads; no text becomes a formula."""
    with path.open("w", encoding=_CSV_ENCODING, newline="") as file:
        _put_csv(file, columns, rows)


def _put_csv(file: TextIO, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    writer = csv.DictWriter(file, columns)
    writer.writeheader()
    for row in rows:
        writer.writerow({column: _written(row[column]) for column in columns})


def _written(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        return _quoted(cell)
    return "" if cell is None else repr(cell)


def write_xlsx(
    path: Path | BinaryIO, title: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]
) -> None:
    """Write rows by column into one sheet, to a path or an open file; no text becomes a formula."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.append(list(columns))
    for row in rows:
        cells = (row[column] for column in columns)
        sheet.append([_text_cell(sheet, cell) if isinstance(cell, str) else cell for cell in cells])
    book.save(path)


def _text_cell(sheet: Any, text: str) -> Any:
    """A cell that is text whatever it begins with."""
    cell = openpyxl.cell.WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell
