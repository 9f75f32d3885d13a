"""`wayside roster` as an office uses it."""

from __future__ import annotations

import openpyxl

from tests.office import Office

LIST = ("编号,姓名,手机号", "A1,甲,13800000000", "A2,乙,")


def _office_with_a_branch(office: Office) -> Office:
    office.write("branches.csv", "编号,名称,上级,类型", "c,全市工委,,工委", "b,城东支部,c,党支部")
    assert office.run("branches", "import", "branches.csv").returncode == 0
    return office


def test_a_list_in_and_its_links_out(office: Office) -> None:
    _office_with_a_branch(office).write("list.csv", *LIST)
    words = ("roster", "import", "list.csv", "--branch", "b", "--username", "wayside_bot")
    assert "2 links would be made" in office.run(*words, "--dry-run").stdout
    assert not (office.folder / "links.xlsx").exists()
    done = office.run(*words)
    assert "2 links written to links.xlsx, good for 30 days" in done.stdout, done.stderr
    rows = [[c.value for c in row] for row in openpyxl.load_workbook(office.folder / "links.xlsx").active]
    assert [row[:3] for row in rows] == [["line", "reference", "name"], [2, "A1", "甲"], [3, "A2", "乙"]]
    assert all(row[3].startswith("https://t.me/wayside_bot?start=join_") for row in rows[1:])
    assert "0 of 2 joined" in office.run("roster", "report").stdout
    assert "2\tA1\t-" in office.run("roster", "report", "1").stdout
    assert "2 lines written" in office.run("roster", "report", "1", "--out", "joined.csv").stdout


def test_bad_lines_or_no_branch_and_nothing_is_made(office: Office) -> None:
    _office_with_a_branch(office).write("list.csv", *LIST, "13900000000,丙,")
    done = office.run("roster", "import", "list.csv", "--branch", "b", "--username", "wayside_bot")
    assert done.returncode == 1
    assert "list.csv:4: " in done.stdout
    office.write("list.csv", *LIST)
    done = office.run("roster", "import", "list.csv", "--branch", "c", "--username", "wayside_bot")
    assert done.returncode == 1
    assert "people belong to a branch" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (office.folder / "links.xlsx").exists()
    assert office.run("roster", "report").stdout == ""
