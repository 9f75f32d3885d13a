"""The directory: read from a file, nearest first, replaced as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.services.branches import members
from bot.services.departments.desk import DepartmentDesk
from bot.services.departments.directory import Department, all_departments, import_departments, serving
from bot.services.departments.files import problems, read_departments
from bot.services.people import Person
from bot.settings import ROOT
from tests.services.people import DEPARTMENTS, City


async def test_who_is_in_charge_of_a_branch_the_nearest_first(city: City) -> None:
    own = Department("own", "east-1", "支部自己的", "近")
    async with city.work() as work:
        await import_departments(work, [*DEPARTMENTS, own])
        assert [one.id for one in await serving(work, "east-1-a")] == ["own", "help", "law"]
        assert [one.id for one in await serving(work, "west-1")] == ["freight", "law"]
        assert [one.id for one in await serving(work, "nowhere")] == ["law"]


async def test_everybody_sees_all_their_own_first(city: City) -> None:
    who = await city.somebody(7)
    async with city.work() as work:
        await import_departments(work, DEPARTMENTS)
        desk = DepartmentDesk(work, Person(who, 7, "zh_CN", city.now.date()))
        assert [one.id for one in await desk.listed()] == ["freight", "help", "law"]
        await members.join(work, who, "east-1")
        assert [one.id for one in await desk.listed()] == ["help", "law", "freight"]


async def test_a_file_replaces_the_directory(city: City) -> None:
    async with city.work() as work:
        assert await import_departments(work, DEPARTMENTS) == 0
        assert await import_departments(work, DEPARTMENTS[:1]) == 3
        assert await all_departments(work) == DEPARTMENTS[:1]
        with pytest.raises(ValueError, match="no branch nowhere"):
            await import_departments(work, [Department("x", "nowhere", "a", "b")])


def test_bad_rows_are_named(tmp_path: Path) -> None:
    file = tmp_path / "departments.csv"
    rows = ["编号,支部,部门名称,职责,电话", "a,east,甲,管事,12345", "a,,乙,,打给我", "b c,,,x,"]
    file.write_text("\n".join(rows), encoding="gb18030")
    reading = read_departments(file)
    assert reading.departments == [Department("a", "east", "甲", "管事", phone="12345")]
    found = [(problem.line, str(problem.message)) for problem in reading.problems]
    assert [line for line, _ in found] == [3, 3, 3, 4, 4]
    assert "does is empty" in found[0][1]
    assert "digits" in found[1][1]
    assert "line 2 already" in found[2][1]


def test_the_content_is_whole() -> None:
    assert problems(ROOT / "content") == []
