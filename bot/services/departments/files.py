"""Department files: a CSV or XLSX table of id, branch, name, what it does, and telephone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.services.branches.files import read_branches
from bot.services.departments.directory import Department, all_departments, import_departments
from bot.services.problems import Problem
from bot.services.table_files import Cell, Header, Unusable, clean, csv_rows, read_table, xlsx_rows
from bot.store.work import Work

HEADER: Final = Header(
    {
        "id": "id 编号 编码 代码",
        "branch": "branch 支部 所属支部 所属组织 组织编号",
        "name": "name 名称 部门 部门名称 单位",
        "name_en": "name_en 英文名 英文名称",
        "does": "does 职责 办什么事 业务 服务内容",
        "does_en": "does_en 英文职责",
        "phone": "phone 电话 联系电话 办公电话",
    },
    ("id", "name", "does"),
)
MOST: Final = 500
LONGEST: Final = {"name": 60, "name_en": 60, "does": 300, "does_en": 300}
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")  # it becomes part of a button
_PHONE: Final = re.compile(r"\+?\d[\d -]{1,30}\d")
_READERS: Final = {".csv": csv_rows, ".xlsx": xlsx_rows}


@dataclass(slots=True)
class Reading:
    """What a file holds: the sound departments, in order, the line of each id, and all that is wrong."""

    departments: list[Department] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)


def read_departments(path: Path) -> Reading:
    """Read a file by its ending (.csv, .xlsx). Never raises for what is in the file."""
    reading = Reading()
    reading.problems = read_table(path, HEADER, lambda line, cells: _take(cells, line, reading), _READERS)
    return reading


def _take(cells: dict[str, Cell], line: int, reading: Reading) -> list[str]:
    """Add the department of one row to the reading; gives what is wrong with the row."""
    lines = reading.lines
    problems = [cell.message for cell in cells.values() if isinstance(cell, Unusable)]
    texts = {column: clean(cells.get(column)) for column in HEADER.headers}
    problems += _problems(texts)
    if texts["id"] in lines:
        problems.append(f"the id {texts['id']} stands in line {lines[texts['id']]} already; give one another")
    if len(reading.departments) == MOST:
        problems.append(f"more than {MOST} departments; nobody finds one among so many")
    if problems:
        return problems
    lines[texts["id"]] = line
    branch = texts.pop("branch") or None
    reading.departments.append(Department(branch=branch, **texts))
    return []


def _problems(texts: dict[str, str]) -> list[str]:
    problems = []
    if not _ID.fullmatch(texts["id"]):
        problems.append("the id (编号) must be 1 to 40 letters, digits, _ or -: it becomes part of a button")
    problems += [f"{column} is empty; write it" for column in ("name", "does") if not texts[column]]
    problems += [
        f"{column} is longer than {longest} characters; shorten it"
        for column, longest in LONGEST.items()
        if len(texts[column]) > longest
    ]
    if texts["phone"] and not _PHONE.fullmatch(texts["phone"]):
        problems.append("the telephone number (电话) has digits, spaces and - only; correct it")
    return problems


def problems(content: Path) -> list[Problem]:
    """Everything wrong with the departments of the content: `wayside check` prints it."""
    file = content / "departments.csv"
    reading = read_departments(file)
    branches = {branch.id for branch in read_branches(content / "branches.csv").branches}
    unknown = [
        Problem(file.name, reading.lines[one.id], f"there is no branch {one.branch}; correct it")
        for one in reading.departments
        if one.branch is not None and one.branch not in branches
    ]
    return reading.problems + unknown


async def load_content(work: Work, content: Path) -> None:
    """Fill a database that has no department yet. ValueError where the content is wrong (`wayside check`)."""
    if await all_departments(work):
        return
    reading = read_departments(content / "departments.csv")
    if reading.problems:
        raise ValueError(str(reading.problems[0]))
    await import_departments(work, reading.departments)
