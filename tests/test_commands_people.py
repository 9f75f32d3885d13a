"""The operator's commands: the tree in and out, the first admin's link, the audit log."""

from __future__ import annotations

import re
import sqlite3

from tests.office import Office

LINK = re.compile(r"https://t\.me/wayside_bot\?start=join_[A-Za-z0-9_-]{22,}\n\Z")
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


def test_an_invitation_is_one_line_to_pass_on(office: Office) -> None:
    done = office.run("invite", "--role", "admin", "--username", "wayside_bot")
    assert LINK.fullmatch(done.stdout), done.stderr
    assert "Good until" in done.stderr
    again = office.run("invite", "--role", "admin", "--username", "wayside_bot")
    assert again.stdout != done.stdout


def test_an_invitation_to_nothing_is_a_sentence(office: Office) -> None:
    for words in (["member"], ["organizer", "--branch", "nowhere"]):
        done = office.run("invite", "--username", "wayside_bot", "--role", *words)
        assert done.returncode
        assert "Traceback" not in done.stderr
        assert not done.stdout


def test_the_audit_log_tells_when_it_was_touched(office: Office) -> None:
    for _ in range(2):
        office.run("invite", "--role", "admin", "--username", "wayside_bot")
    done = office.run("audit", "verify")
    assert done.returncode == 0
    assert "2 entries, all as they were written" in done.stdout
    with sqlite3.connect(office.folder / "wayside.sqlite") as database:
        database.execute("UPDATE audit SET entry = replace(entry, 'admin', 'desk') WHERE number = 1")
    done = office.run("audit", "verify")
    assert done.returncode == 1
    assert "entry 1 was changed" in done.stdout
