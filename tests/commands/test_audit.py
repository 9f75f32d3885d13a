"""`wayside audit`: whoever touches the log shows."""

from __future__ import annotations

import sqlite3

from tests.office import Office


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
