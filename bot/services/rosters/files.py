"""Roster files: a list as an office has it comes in, one link for each line goes out.

Of all its columns only the office's own number and the name are read; telephone and identity numbers never
are. The name goes back into the file of links and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from bot.i18n import Phrase, _
from bot.services.problems import Problem
from bot.services.table_files import (
    Cell,
    Header,
    Unreadable,
    Unusable,
    clean,
    csv_rows,
    read_content,
    write_csv,
    write_xlsx,
    xlsx_rows,
)

HEADER: Final = Header(
    {
        "reference": "reference 编号 工号 序号 会员号 编码 number no ref",
        "name": "name 姓名 名字 成员 成员姓名 会员姓名",
    },
    (),
)
LINK_COLUMNS: Final = ("line", "reference", "name", "link")
REPORT_COLUMNS: Final = ("line", "reference", "joined")
MOST_LINES: Final = 2_000
"""More than any branch has; a whole city's list is split by branch."""
LONGEST_CELL: Final = 40
_READERS: Final = {".csv": csv_rows, ".xlsx": xlsx_rows}
# A mainland mobile number, and an identity number of 15 or 18 places.
_PERSONAL: Final = re.compile(r"(?:\+?86)?1\d{10}|\d{15}|\d{17}[\dXx]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: its number in the file, the office's own mark for it, and the name there."""

    number: int
    reference: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a list holds: its sound lines, in order, and all that is wrong."""

    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_roster(name: str, data: bytes) -> Reading:
    """Read a list by the ending of its file's name (.csv, .xlsx). Never raises for what is in it."""
    reading = Reading()
    seen: dict[str, int] = {}
    problems = read_content(
        name, data, HEADER, lambda number, cells: _take(number, cells, seen, reading), _READERS
    )
    reading.problems.extend(problems)
    if not reading.lines and not reading.problems:
        reading.problems.append(Problem(name, 1, "there is nobody in this list; add rows below the header"))
    return reading


def _take(number: int, cells: dict[str, Cell], seen: dict[str, int], reading: Reading) -> list[Phrase]:
    """Add one line to the reading; gives what is wrong with it, in the language being spoken."""
    if len(reading.lines) == MOST_LINES:
        raise Unreadable(f"more than {MOST_LINES} lines; split the list by branch", number)
    is_unusable = any(isinstance(cell, Unusable) for cell in cells.values())
    unusable = _("it holds a formula or an error; copy the column and paste it as values")
    problems = [unusable] if is_unusable else []
    reference, name = clean(cells.get("reference")), clean(cells.get("name"))
    problems += _problems(reference, name)
    if reference and reference in seen:
        again = _("its number (编号) stands in line {line} already; give each its own")
        problems.append(again.format(line=seen[reference]))
    if problems:
        return problems
    seen[reference] = number
    reading.lines.append(Line(number, reference, name))
    return []


def _problems(reference: str, name: str) -> list[Phrase]:
    problems = []
    if not reference and not name:
        problems.append(_("neither a number (编号) nor a name (姓名); write one, or delete the line"))
    if max(len(reference), len(name)) > LONGEST_CELL:
        too_long = _("number and name have at most {limit} characters; shorten them")
        problems.append(too_long.format(limit=LONGEST_CELL))
    if _PERSONAL.fullmatch(reference.replace(" ", "").replace("-", "")):
        problems.append(
            _("its number (编号) looks like a telephone or identity number; use one of your own list")
        )
    return problems


def write_links(file: Path | BinaryIO, lines: Sequence[Line], links: Sequence[str]) -> None:
    """Write who gets which link, as XLSX; on a disk for its owner's eyes only."""
    rows = [
        {"line": line.number, "reference": line.reference, "name": line.name, "link": link}
        for line, link in zip(lines, links, strict=True)
    ]
    if isinstance(file, Path):
        file.touch(mode=0o600)
    write_xlsx(file, "links", LINK_COLUMNS, rows)


def write_report(file: Path, found: Sequence[tuple[int, str, bool]]) -> None:
    """Write for each line (number, reference, joined) whether its link was used, as .csv or .xlsx.

    Raises ValueError for another ending.
    """
    rows = [
        {"line": number, "reference": reference, "joined": "yes" if joined else "no"}
        for number, reference, joined in found
    ]
    match file.suffix.lower():
        case ".csv":
            write_csv(file, REPORT_COLUMNS, rows)
        case ".xlsx":
            write_xlsx(file, "joined", REPORT_COLUMNS, rows)
        case _:
            raise ValueError("a report can be written to .csv or .xlsx")
