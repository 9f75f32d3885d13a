"""Branch files: the tree as a CSV or XLSX table of id, name, parent and kind; and the tree of the content."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.services.branches.tree import KINDS, Branch, all_branches, import_branches, problems_with
from bot.services.problems import Problem
from bot.services.table_files import (
    Cell,
    Header,
    Unusable,
    clean,
    csv_rows,
    read_table,
    shown,
    write_csv,
    write_xlsx,
    xlsx_rows,
)
from bot.store.work import Work

COLUMNS: Final = ("id", "name", "name_en", "parent", "kind")
HEADER: Final = Header(
    {
        "id": "id 编号 编码 支部编号 组织编号 代码",
        "name": "name 名称 支部名称 组织名称 党组织名称",
        "name_en": "name_en 英文名 英文名称 english",
        "parent": "parent 上级 上级编号 上级组织 上级党组织",
        "kind": "kind 类型 类别 组织类型 type",
    },
    ("id", "name", "kind"),
)
MOST_BRANCHES: Final = 5_000
LONGEST_NAME: Final = 60  # a button of a chat shows no more
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")  # it becomes part of a button
_KIND_WORDS: Final = {
    "work_committee": "工委 工作委员会 社会工作部 两新工委 党工委",
    "industry_committee": "行业党委 行业委员会 党委 综合党委 党总支",
    "branch": "支部 党支部 联合党支部 功能型党支部 流动党支部 工会",
    "group": "小组 党小组 群 骑手群 班组",
}
_KIND_OF: Final = {word: kind for kind, words in _KIND_WORDS.items() for word in [kind, *words.split()]}
_READERS: Final = {".csv": csv_rows, ".xlsx": xlsx_rows}


@dataclass(slots=True)
class Reading:
    """What a file holds: the sound branches, in order, and all that is wrong."""

    branches: list[Branch] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_branches(path: Path) -> Reading:
    """Read a file by its ending (.csv, .xlsx). Never raises for what is in the file."""
    reading = Reading()
    lines: dict[str, int] = {}
    reading.problems = read_table(
        path, HEADER, lambda line, cells: _take(cells, line, lines, reading), _READERS
    )
    if not reading.problems:
        by_id = {branch.id: branch for branch in reading.branches}
        reading.problems = [
            Problem(path.name, lines[branch], message) for branch, message in problems_with(by_id).items()
        ]
    if not reading.branches and not reading.problems:
        reading.problems.append(
            Problem(path.name, 1, "there is no branch in this file; add rows below the header")
        )
    return reading


def _take(cells: dict[str, Cell], line: int, lines: dict[str, int], reading: Reading) -> list[str]:
    """Add the branch of one row to the reading; gives what is wrong with the row."""
    problems = [cell.message for cell in cells.values() if isinstance(cell, Unusable)]
    texts = {column: clean(cells.get(column)) for column in COLUMNS}
    kind = _KIND_OF.get(texts["kind"])
    problems += _problems(texts)
    if texts["id"] in lines:
        problems.append(f"the id {texts['id']} stands in line {lines[texts['id']]} already; give one another")
    if len(reading.branches) == MOST_BRANCHES:
        problems.append(f"more than {MOST_BRANCHES} branches; a bot serves one city")
    if problems or kind is None:
        return problems
    lines[texts["id"]] = line
    reading.branches.append(
        Branch(texts["id"], texts["name"], kind, texts["parent"] or None, texts["name_en"])
    )
    return []


def _problems(texts: dict[str, str]) -> list[str]:
    problems = []
    if not _ID.fullmatch(texts["id"]):
        problems.append("the id (编号) must be 1 to 40 letters, digits, _ or -: it becomes part of a button")
    if not texts["name"]:
        problems.append("the name (名称) is empty; write one")
    problems += [
        f"{column} is longer than {LONGEST_NAME} characters; shorten it"
        for column in ("name", "name_en")
        if len(texts[column]) > LONGEST_NAME
    ]
    if texts["kind"] not in _KIND_OF:
        problems.append(f"no kind of branch is called “{shown(texts['kind'])}”; known are {', '.join(KINDS)}")
    return problems


def write_branches(path: Path, branches: Iterable[Branch]) -> None:
    """Write branches by the ending of `path`: .csv (UTF-8, readable by Excel) or .xlsx.

    No name becomes a formula. Raises ValueError for another ending, OSError as the disk does.
    """
    rows = ({column: getattr(branch, column) or "" for column in COLUMNS} for branch in branches)
    if path.suffix.lower() == ".csv":
        write_csv(path, COLUMNS, rows)
    elif path.suffix.lower() == ".xlsx":
        write_xlsx(path, "branches", COLUMNS, rows)
    else:
        raise ValueError("branches can be written to .csv or .xlsx")


async def load_content(work: Work, content: Path) -> None:
    """Fill a database that has no branch yet. ValueError where the content is wrong (`wayside check`)."""
    if await all_branches(work):
        return
    reading = read_branches(content / "branches.csv")
    if reading.problems:
        raise ValueError(str(reading.problems[0]))
    await import_branches(work, reading.branches)
