"""`wayside branches`: the tree in and out."""

from __future__ import annotations

from tests.office import Office

HEADER = "编号,名称,上级,类型"
ROWS = ["c,全市工委,,工委", "b,城东支部,c,党支部"]


def test_branches_go_in_and_out(office: Office) -> None:
    office.write("all.csv", HEADER, *ROWS)
    assert "2 would be added" in office.run("branches", "import", "all.csv", "--dry-run").stdout
    assert "2 added: c, b" in office.run("branches", "import", "all.csv").stdout
    assert "2 unchanged" in office.run("branches", "import", "all.csv").stdout
    assert "2 branches written" in office.run("branches", "export", "out.xlsx").stdout
    assert "2 unchanged" in office.run("branches", "import", "out.xlsx").stdout
    office.write("fewer.csv", HEADER, ROWS[0])
    assert "1 closed: b" in office.run("branches", "import", "fewer.csv").stdout


def test_one_bad_row_and_no_branch_is_imported(office: Office) -> None:
    office.write("bad.csv", HEADER, *ROWS, "x,甲,nowhere,支部")
    done = office.run("branches", "import", "bad.csv")
    assert done.returncode == 1
    assert "bad.csv:4: " in done.stdout
    assert "0 branches written" in office.run("branches", "export", "out.csv").stdout
