"""Several cities: what commands do to all of them, and how one is named."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.office import Office

EAST, WEST = 700_000_011, 700_000_012
TOKENS = {"EAST": f"{EAST}:" + "E" * 35, "WEST": f"{WEST}:" + "W" * 35}
STATIONS = ("编号,名称,纬度,经度,类型", "a1,阳光驿站,29.4738,106.5486,驿站")


@pytest.fixture
def cities(office: Office) -> dict[str, str]:
    """Two bots with a database each, as the environment tells of them."""
    files = {name: f"sqlite:///{office.folder}/{name}.sqlite" for name in TOKENS}
    entries = [f"  - {{token_env: {name}, database_url: '{url}'}}" for name, url in files.items()]
    path = office.folder / "bots.yaml"
    path.write_text("bots:\n" + "\n".join(entries), encoding="utf-8")
    return {"WAYSIDE_BOTS_FILE": str(path), "WAYSIDE_API_URL": "http://127.0.0.1:1", **TOKENS}


def _tables(path: Path) -> int:
    with sqlite3.connect(path) as opened:
        return int(opened.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def test_the_schema_the_backup_and_the_doctor_are_about_every_city(
    office: Office, cities: dict[str, str]
) -> None:
    """They looked at WAYSIDE_DATABASE_URL alone, where no city of the file was."""
    assert office.run("db", "upgrade", **cities).returncode == 0
    assert [_tables(office.folder / f"{name}.sqlite") > 50 for name in TOKENS] == [True, True]
    assert office.run("backup", "saved", **cities).returncode == 0
    for name in TOKENS:
        (office.folder / f"{name}.sqlite").unlink()
    restored = office.run("restore", "saved", "--nobody-was-forgotten", **cities)
    assert "Restored" in restored.stdout
    assert [_tables(office.folder / f"{name}.sqlite") > 50 for name in TOKENS] == [True, True]
    seen = office.run("doctor", **cities).stdout
    assert f"Bot {EAST}" in seen
    assert f"Bot {WEST}" in seen


def test_where_one_city_is_meant_it_is_named(office: Office, cities: dict[str, str]) -> None:
    office.write("stations.csv", *STATIONS)
    asked = office.run("stations", "import", "stations.csv", **cities)
    assert asked.returncode == 1
    assert "wayside --bot ID" in asked.stderr
    assert f"{EAST}" in asked.stderr
    done = office.run("--bot", str(EAST), "stations", "import", "stations.csv", **cities)
    assert "1 added: a1" in done.stdout
    nobody = office.run("--bot", "5", "stations", "import", "stations.csv", **cities)
    assert "There is no bot 5 here" in nobody.stderr
    assert not (office.folder / "WEST.sqlite").exists()
    assert "Traceback" not in asked.stderr + nobody.stderr
