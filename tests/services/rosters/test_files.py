"""Lists as offices have them: what is read, what never is, what is said of bad lines."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import speaking
from bot.services.rosters.files import MOST_LINES, Line, read_roster, write_links, write_report


def _csv(*rows: str) -> bytes:
    return "\n".join(rows).encode("gb18030")


def _messages(data: bytes, name: str = "list.csv") -> list[tuple[int, str]]:
    with speaking("en"):
        return [(problem.line, str(problem.message)) for problem in read_roster(name, data).problems]


def test_only_number_and_name_are_read() -> None:
    reading = read_roster(
        "list.csv", _csv("序号,姓名,手机号,身份证号", "1,甲,13800000000,11010519491231002X", "2,乙,,")
    )
    assert reading.problems == []
    assert reading.lines == [Line(2, "1", "甲"), Line(3, "2", "乙")]


def test_an_xlsx_with_names_alone() -> None:
    book: Any = openpyxl.Workbook()
    for row in (["姓名", "备注"], ["甲", "x"], [None, None], ["甲", None]):
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    reading = read_roster("list.xlsx", written.getvalue())
    assert [(line.number, line.name) for line in reading.lines] == [(2, "甲"), (4, "甲")]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",", None),
        ("13800000000,甲", "telephone"),
        ("+86 138-0000-0000,甲", "telephone"),
        ("11010519491231002X,甲", "identity"),
        ("A1,乙", "line 2 already"),
        ("x" * 41 + ",甲", "at most 40"),
    ],
)
def test_bad_lines_are_named(row: str, said: str | None) -> None:
    found = _messages(_csv("编号,姓名", "A1,甲", row))
    assert [line for line, _ in found] == ([3] if said else [])
    assert not said or said in found[0][1]


def test_a_line_without_anything_of_ours() -> None:
    (problem,) = _messages(_csv("编号,姓名,电话", ",,13800000000"))
    assert "neither a number" in problem[1]


def test_what_is_wrong_holds_nothing_of_the_line() -> None:
    (problem,) = _messages(_csv("编号,姓名", "13800000000,王小明"))
    assert "138" not in problem[1]
    assert "王" not in problem[1]


def test_too_long_a_list_is_read_no_further() -> None:
    rows = [f"{number},甲" for number in range(MOST_LINES + 50)]
    (problem,) = _messages(_csv("编号,姓名", *rows))
    assert f"more than {MOST_LINES}" in problem[1]


@pytest.mark.parametrize(
    ("name", "data"), [("a.pdf", b"x"), ("a.xlsx", b"x"), ("a.csv", b""), ("a", b"\xff")]
)
def test_what_is_no_list(name: str, data: bytes) -> None:
    assert _messages(data, name)


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx"]))
def test_nothing_in_a_file_raises(data: bytes, name: str) -> None:
    reading = read_roster(name, data)
    assert reading.lines or reading.problems


def test_links_go_out_for_their_owners_eyes(tmp_path: Path) -> None:
    file = tmp_path / "links.xlsx"
    write_links(file, [Line(2, "=1+1", "甲")], ["https://t.me/x?start=join_y"])
    assert file.stat().st_mode & 0o077 == 0
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(file).active.iter_rows()]
    assert rows[1] == [2, "=1+1", "甲", "https://t.me/x?start=join_y"]
    assert openpyxl.load_workbook(file).active["B2"].data_type == "s"


def test_a_report_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    write_report(file, [(2, "A1", True), (3, "", False)])
    assert file.read_text(encoding="utf-8-sig").splitlines()[1:] == ["2,A1,yes", "3,,no"]
    with pytest.raises(ValueError, match=r"\.csv or \.xlsx"):
        write_report(tmp_path / "report.pdf", [])
