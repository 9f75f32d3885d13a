"""`wayside stations`: import, export, the sheet of codes."""

from __future__ import annotations

import json

from tests.office import Office

HEADER = "编号,名称,纬度,经度,类型,服务,营业时间,区县"
ROWS = [
    "a1,阳光驿站,29.4738,106.5486,驿站,充电;热饭,Mo-Su 08:00-22:00,巴南区",
    "a2,月亮驿站,29.4800,106.5500,工会驿站,饮水,24/7,巴南区",
]


def test_importing_twice_changes_nothing_and_a_missing_row_retires(office: Office) -> None:
    office.write("all.csv", HEADER, *ROWS)
    assert "2 would be added" in office.run("stations", "import", "all.csv", "--dry-run").stdout
    assert "2 added: a1, a2" in office.run("stations", "import", "all.csv").stdout
    assert "2 unchanged" in office.run("stations", "import", "all.csv").stdout
    office.write("one.csv", HEADER, ROWS[0])
    assert "1 retired: a2" in office.run("stations", "import", "one.csv").stdout
    assert "1 stations written" in office.run("stations", "export", "out.geojson").stdout
    (feature,) = json.loads((office.folder / "out.geojson").read_text())["features"]
    assert feature["properties"]["services"] == ["heat_meal", "phone_charge"]


def test_one_bad_row_and_nothing_is_imported(office: Office) -> None:
    office.write("bad.csv", HEADER, ROWS[0], "a3,坏驿站,95,106,驿站,充电,Mo-Xx 8,巴南区")
    done = office.run("stations", "import", "bad.csv")
    assert done.returncode == 1
    assert "bad.csv:3: " in done.stdout
    assert "Nothing was imported" in done.stderr
    assert "0 stations written" in office.run("stations", "export", "out.csv").stdout


def test_qr_codes_are_printed(office: Office) -> None:
    office.write("all.csv", HEADER, *ROWS)
    office.run("stations", "import", "all.csv")
    done = office.run("stations", "qr", "sheet.pdf", "--username", "wayside_bot")
    assert "2 QR codes written" in done.stdout
    assert (office.folder / "sheet.pdf").read_bytes().startswith(b"%PDF")
