"""The demo stations: as many as promised, plainly labelled, and made by the script that is said to make
them."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
STATIONS = ROOT / "content" / "stations"


def stations(region: str) -> list[dict[str, str]]:
    with (STATIONS / f"{region}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_script_writes_the_committed_files_again(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, ROOT / "tools" / "make_demo_stations.py", tmp_path], check=True, timeout=30
    )
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in STATIONS.glob("*.csv")}


@pytest.mark.parametrize(("region", "count"), [("ganzhou", 720), ("banan", 67), ("wutongqiao", 38)])
def test_there_are_as_many_as_the_readme_says(region: str, count: int) -> None:
    assert len(stations(region)) == count


def test_banan_has_one_centre_six_stations_and_sixty_points() -> None:
    kinds = [row["kind"] for row in stations("banan")]
    assert (kinds.count("party_centre"), kinds.count("station"), len(kinds)) == (1, 6, 67)


def test_every_row_says_that_it_is_demo_data_and_no_phone_reaches_anybody() -> None:
    for region in ("ganzhou", "banan", "wutongqiao"):
        for row in stations(region):
            assert row["note"].startswith("演示数据")
            assert row["phone"] == "" or "-000-" in row["phone"]


def test_names_and_ids_are_unique() -> None:
    rows = [row for region in ("ganzhou", "banan", "wutongqiao") for row in stations(region)]
    assert len({row["id"] for row in rows}) == len({row["name"] for row in rows}) == len(rows) == 825
