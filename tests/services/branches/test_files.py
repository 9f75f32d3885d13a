"""Branch files as an office has them, broken ones too."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.services.branches.files import read_branches, write_branches
from bot.services.branches.tree import Branch, import_branches
from bot.settings import ROOT
from tests.services.people import TREE, City

HEADER = "支部编号,支部名称,上级编号,组织类型\n"
GOOD = "c,全市工委,,工委\nb,城东支部,c,党支部\n"


def _read(folder: Path, text: str, encoding: str = "utf-8") -> list[str]:
    path = folder / "office.csv"
    path.write_text(text, encoding=encoding)
    return [str(problem) for problem in read_branches(path).problems]


def test_a_file_from_an_office(tmp_path: Path) -> None:
    assert _read(tmp_path, HEADER + GOOD, "gb18030") == []
    assert read_branches(tmp_path / "office.csv").branches == [
        Branch("c", "全市工委", "work_committee"),
        Branch("b", "城东支部", "branch", "c"),
    ]


@pytest.mark.parametrize(
    ("rows", "where", "what"),
    [
        ("x,,c,党支部\n", 4, "name (名称) is empty"),
        ("x!,甲,c,党支部\n", 4, "letters, digits"),
        ("x,甲,nowhere,党支部\n", 4, "no branch nowhere"),
        ("x,甲,b,工委\n", 4, "can't stand under"),
        ("x,甲,c,俱乐部\n", 4, "no kind of branch is called “俱乐部”"),
        ("b,甲,c,党支部\n", 4, "stands in line 3 already"),
        (f"x,{'长' * 61},c,党支部\n", 4, "longer than 60"),
        ("x,甲,y,小组\ny,乙,x,小组\n", 4, "under itself"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, rows: str, where: int, what: str) -> None:
    problem = _read(tmp_path, HEADER + GOOD + rows)[0]
    assert problem.startswith(f"office.csv:{where}: ")
    assert what in problem


def test_an_empty_file_and_a_missing_column(tmp_path: Path) -> None:
    assert "no branch in this file" in _read(tmp_path, HEADER)[0]
    assert "column kind (类型) is missing" in _read(tmp_path, "id,name\na,甲\n")[0]


@pytest.mark.parametrize("name", ["branches.csv", "branches.xlsx"])
def test_what_is_written_is_read_again(tmp_path: Path, name: str) -> None:
    wanted = [*TREE, Branch("odd", "=1+1", "group", "east-1", "@name")]
    write_branches(tmp_path / name, wanted)
    reading = read_branches(tmp_path / name)
    assert reading.problems == []
    assert reading.branches == wanted


async def test_the_tree_of_the_content_goes_in(city: City) -> None:
    reading = read_branches(ROOT / "content" / "branches.csv")
    assert reading.problems == []
    assert all("演示" in branch.name for branch in reading.branches)
    async with city.work() as work:
        report = await import_branches(work, reading.branches)
    assert len(report.added) == len(reading.branches)
    assert set(report.closed) == {branch.id for branch in TREE}
