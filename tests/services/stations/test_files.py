"""Station files as people and programs make them, broken and hostile ones too; and what we write
ourselves."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.services import table_files
from bot.services.stations.catalogue import Catalogue
from bot.services.stations.files import Reading, read_stations, write_stations
from bot.services.stations.geo import metres_between
from bot.services.stations.model import Point, Station
from bot.services.stations.rows import COLUMNS
from bot.services.table_files import clean
from tests.services.stations.datums import shown_in

HEADER = "id,name,lat,lon,services,opening_hours,kind\n"
GOOD = "a1,阳光驿站,25.8466,114.9326,water;充电,Mo-Su 08:00-22:00,station\n"

Read = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path, catalogue: Catalogue) -> Read:
    """Reads a text or bytes as a file of that name."""

    def read(content: str | bytes, name: str = "stations.csv", datum: Any = "wgs84") -> Reading:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_stations(path, datum, catalogue)

    return read


def messages(reading: Reading) -> str:
    return "\n".join(map(str, reading.problems))


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# -- What is read
# ------------------------------------------------------------------------------------------------


def test_a_row_becomes_a_station(read: Read) -> None:
    reading = read(HEADER + GOOD)
    assert reading.problems == []
    assert reading.stations == [
        Station(
            "a1",
            "阳光驿站",
            "station",
            Point(25.8466, 114.9326),
            services=("water", "phone_charge"),
            opening_hours="Mo-Su 08:00-22:00",
        )
    ]


CHINESE = "编号,名称,纬度,经度,服务,营业时间,类型,区县,地址,电话,备注,最后确认,负责人\n"
CHINESE_ROW = (
    "a1,阳光驿站,25.8466,114.9326,饮水机、热饭,24/7,工会驿站,章贡区,"
    "红旗大道1号,0797-000-0000,二楼,2026年11月3日,某人\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_headers_in_every_usual_encoding(read: Read, encoding: str) -> None:
    reading = read((CHINESE + CHINESE_ROW).encode(encoding))
    assert reading.problems == []
    (station,) = reading.stations
    assert (station.name, station.kind, station.services) == (
        "阳光驿站",
        "union_station",
        ("water", "heat_meal"),
    )
    assert (station.district, station.note, station.confirmed) == ("章贡区", "二楼", date(2026, 11, 3))


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters(read: Read, delimiter: str) -> None:
    reading = read("id,name,lat,lon\na1,甲,25.8,114.9\n".replace(",", delimiter))
    assert [station.id for station in reading.stations] == ["a1"]


def test_a_workbook_with_numbers_and_dates_as_spreadsheets_keep_them(read: Read) -> None:
    header: list[object] = ["编号", "名称", "纬度", "经度", "电话", "最后确认"]
    row: list[object] = [101.0, "阳光驿站", 25.8466, 114.9326, 7970000000, datetime(2026, 11, 3)]  # noqa: DTZ001 - spreadsheets know no time zone
    reading = read(workbook([header, [None] * 6, row]), "stations.xlsx")
    assert reading.problems == []
    (station,) = reading.stations
    assert (station.id, station.phone, station.confirmed) == ("101", "7970000000", date(2026, 11, 3))


def test_geojson(read: Read) -> None:
    feature = {
        "type": "Feature",
        "id": 7,
        "geometry": {"type": "Point", "coordinates": [114.9326, 25.8466, 120.0]},
        "properties": {"名称": "阳光驿站", "services": ["water", "rest"], "colour": {"r": 1}},
    }
    reading = read(json.dumps({"type": "FeatureCollection", "features": [feature]}), "stations.geojson")
    assert reading.problems == []
    assert reading.stations[0].services == ("water", "rest")
    assert reading.stations[0].point == Point(25.8466, 114.9326)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_the_datum_is_converted(read: Read, datum: Any) -> None:
    here = Point(25.8466, 114.9326)
    shifted = shown_in(here, datum)
    reading = read(f"id,name,lat,lon\na1,甲,{shifted.lat!r},{shifted.lon!r}\n", datum=datum)
    assert metres_between(reading.stations[0].point, here) < 0.001


def test_services_may_be_written_in_either_language_and_with_any_comma(read: Read) -> None:
    reading = read('id,name,lat,lon,services\na1,甲,25.8,114.9,"hot meal, 厕所,WATER、歇脚 充电"\n')
    assert reading.problems == []
    assert reading.stations[0].services == ("water", "rest", "heat_meal", "phone_charge", "toilet")


def test_invisible_characters_are_left_out(read: Read) -> None:
    reading = read("id,name,lat,lon\na1,阳光\u202e驿\u200b站\x07 ,25.8,114.9\n")
    assert reading.stations[0].name == "阳光驿站"


# -- What is wrong
# -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "advice"),
    [
        (",甲,25.8,114.9,,,", "id (编号) is empty"),
        ("a b,甲,25.8,114.9,,,", "letters, digits"),
        (f"{'x' * 41},甲,25.8,114.9,,,", "1 to 40"),
        ("a1,,25.8,114.9,,,", "name (名称) is empty"),
        (f"a1,{'甲' * 81},25.8,114.9,,,", "longer than 80"),
        ("a1,甲,114.9,25.8,,,", "look swapped"),
        ("a1,甲,95,200,,,", "outside of the earth"),
        ("a1,甲,0,0,,,", "are 0, 0"),
        ("a1,甲,nan,114.9,,,", "lat is no number"),
        ("a1,甲,25.8,inf,,,", "lon is no number"),
        ("a1,甲,25.8,1e999,,,", "lon is no number"),
        ("a1,甲,25°48',114.9,,,", "lat is no number"),
        ("a1,甲,25.8,114.9,phone_charg,,", "did you mean phone_charge?"),
        ("a1,甲,25.8,114.9,spa,,", "no service is called “spa”"),
        ("a1,甲,25.8,114.9,,Mo-Su 8-22,", "opening hours cannot be read"),
        ("a1,甲,25.8,114.9,,,statoin", "did you mean station?"),
    ],
)
def test_a_bad_row_says_what_to_do(read: Read, row: str, advice: str) -> None:
    reading = read(f"{HEADER}{GOOD}{row.replace('a1', 'a2')}\n")
    assert [station.id for station in reading.stations] == ["a1"]
    assert [problem.line for problem in reading.problems] == [3]
    assert advice in messages(reading)


def test_all_problems_come_at_once(read: Read) -> None:
    reading = read(
        HEADER + "a1,,999,x,spa,never,castle\n" + "a2,甲,25.8,114.9,,,\n" + "a2,乙,25.8,114.9,,,\n"
    )
    assert [station.id for station in reading.stations] == ["a2"]
    assert [problem.line for problem in reading.problems] == [2] * 5 + [4]
    assert "stands in line 3 already" in messages(reading)


@pytest.mark.parametrize(
    ("header", "advice"),
    [
        ("id,name,lat", "column lon (lng) is missing"),
        ("name,lat,lon", "column id (编号) is missing"),
        ("id,name,lat,lon,纬度", "column lat is here twice"),
        ("id,name,lat,lon,servces", "did you mean services?"),
    ],
)
def test_a_bad_header_says_what_to_do(read: Read, header: str, advice: str) -> None:
    reading = read(header + "\n1,2,3,4,5\n")
    assert reading.stations == []
    assert advice in messages(reading)


def test_a_formula_is_never_evaluated(read: Read) -> None:
    rows: list[list[object]] = [
        ["id", "name", "lat", "lon"],
        ["a1", "=1+1", 25.8, 114.9],
        ["a2", "乙", 25.8, 114.9],
    ]
    reading = read(workbook(rows), "stations.xlsx")
    assert [station.id for station in reading.stations] == ["a2"]
    assert "B2 is a formula" in messages(reading)


@pytest.mark.parametrize(
    ("content", "name", "advice"),
    [
        (b"", "a.csv", "no station in this file"),
        (HEADER.encode(), "a.csv", "no station in this file"),
        (b"\xff\xff\xff", "a.csv", "neither UTF-8 nor GB18030"),
        (b'id,name,lat,lon\n"' + b"x" * 200_000, "a.csv", "this line is no CSV"),
        (b"PK\x03\x04 broken", "a.xlsx", "this is no XLSX"),
        (b"", "a.xlsx", "this is no XLSX"),
        (b"{", "a.geojson", "this is no JSON"),
        (b"[" * 100_000, "a.geojson", "this is no JSON"),
        (b"[1]", "a.geojson", "no GeoJSON FeatureCollection"),
        (
            b'{"features": [1, {}, {"geometry": {"type": "Point", "coordinates": ["a", {}]}}]}',
            "a.geojson",
            "id (编号)",
        ),
        (b"x", "a.xls", "save the file as .csv, .xlsx"),
    ],
)
def test_what_is_no_station_file_gets_a_sentence(read: Read, content: bytes, name: str, advice: str) -> None:
    reading = read(content, name)
    assert reading.stations == []
    assert advice in messages(reading)


def test_a_missing_file_and_a_folder_get_a_sentence(tmp_path: Path, catalogue: Catalogue) -> None:
    assert "cannot be opened" in messages(read_stations(tmp_path / "none.csv", "wgs84", catalogue))
    (tmp_path / "folder.csv").mkdir()
    assert "cannot be opened" in messages(read_stations(tmp_path / "folder.csv", "wgs84", catalogue))


def test_a_zip_bomb_is_not_unpacked(read: Read) -> None:
    bomb = io.BytesIO(workbook([["id", "name", "lat", "lon"]]))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image.bin", b"\0" * 30_000_000)
    reading = read(bomb.getvalue(), "bomb.xlsx")
    assert "unpacks to far too much" in messages(reading)


def test_a_workbook_that_lies_about_its_rows_is_bounded(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "MAX_ROWS", 10_000)
    # One cell that says it stands in row 999,999,999 would make a reader count up to it.
    original = workbook([["id", "name", "lat", "lon"], ["a1", "甲", 25.8, 114.9]])
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(original)) as source, zipfile.ZipFile(changed, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            if part.endswith("sheet1.xml"):
                content = content.replace(b'<row r="2"', b'<row r="999999999"').replace(
                    b'2">', b'999999999">'
                )
            target.writestr(part, content)
    assert read(changed.getvalue(), "far.xlsx").stations == []


def test_entities_that_multiply_are_not_unfolded(read: Read) -> None:
    # "Billion laughs": ten entities, each ten times the one before, in the XML of the sheet.
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE x [<!ENTITY e0 "haha">{entities}]>'
    original = workbook([["id", "name", "lat", "lon"], ["a1", "甲", 25.8, 114.9]])
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(original)) as source, zipfile.ZipFile(changed, "w") as target:
        for part in source.namelist():
            content = source.read(part).decode()
            if part.endswith("sheet1.xml"):
                content = doctype + content.replace("<sheetData>", "<sheetData>&e9;")
            target.writestr(part, content)
    assert "this is no XLSX that can be read" in messages(read(changed.getvalue(), "laughs.xlsx"))


def test_too_many_rows_stop_the_reading(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "MAX_ROWS", 3)
    reading = read("id,name,lat,lon\n" + "".join(f"a{number},甲,25.8,114.9\n" for number in range(9)))
    assert len(reading.stations) == 3
    assert "split the file" in messages(reading)


def test_too_large_a_file_is_not_read(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "MAX_BYTES", 10)
    assert "larger than" in messages(read(HEADER + GOOD))


def test_problems_are_listed_up_to_a_bound(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "MAX_PROBLEMS", 5)
    reading = read("id,name,lat,lon\n" + ",,,\n,x,,\n" * 50)
    assert len(reading.problems) == 6
    assert "there is more" in reading.problems[-1].message


def test_progress_is_told(tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "stations.csv"
    path.write_text("id,name,lat,lon\na1,甲,25.8,114.9\na2,乙,25.8,114.9\n", encoding="utf-8")
    seen: list[int] = []
    read_stations(path, "wgs84", catalogue, progress=seen.append)
    assert seen == [1, 2]


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: ("id,name,lat,lon\n" + text).encode("utf-8", "replace"))
)
@pytest.mark.parametrize("ending", ["csv", "xlsx", "geojson"])
def test_no_file_at_all_raises(read: Read, ending: str, content: bytes) -> None:
    reading = read(content, f"any.{ending}")
    assert reading.stations or reading.problems


# -- What is written
# -----------------------------------------------------------------------------------------------

texts = st.text(max_size=40).map(clean) | st.sampled_from(
    ["=1+1", "+86 797", "-", "@SUM(A1)", "'quoted", "'=x", "a,b", 'say "hi"', "#N/A", "007"]
)
degrees = (
    st.floats(-60, 60).map(lambda value: round(value, 9)).filter(bool)
)  # where nothing looks like a swapped place in China
stations = st.builds(
    Station,
    id=st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True),
    name=texts.filter(bool),
    kind=st.sampled_from(["station", "pharmacy"]),
    point=st.builds(Point, degrees, degrees),
    name_en=texts,
    address=texts,
    district=texts,
    services=st.sampled_from([(), ("water",), ("water", "rest", "shower")]),
    opening_hours=st.sampled_from(["", "24/7", "Mo-Fr 09:00-18:00; PH off"]),
    phone=texts,
    note=texts,
    confirmed=st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(stations, min_size=1, max_size=5, unique_by=lambda station: station.id))
@pytest.mark.parametrize("ending", ["csv", "xlsx", "geojson"])
def test_what_is_written_is_read_back(
    tmp_path: Path, catalogue: Catalogue, ending: str, some: list[Station]
) -> None:
    path = tmp_path / f"stations.{ending}"
    write_stations(path, some)
    reading = read_stations(path, "wgs84", catalogue)
    assert reading.problems == []
    assert reading.stations == some


def test_no_text_becomes_a_formula(tmp_path: Path) -> None:
    station = Station("a1", "=HYPERLINK(1)", "station", Point(25.8, 114.9), note="@x")
    write_stations(tmp_path / "a.csv", [station])
    assert ",'=HYPERLINK(1)," in (tmp_path / "a.csv").read_text(encoding="utf-8-sig").replace('"', "")
    write_stations(tmp_path / "a.xlsx", [station])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert [cell.data_type for cell in sheet[2]].count("f") == 0
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)


def test_another_ending_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="xlsx"):
        write_stations(tmp_path / "a.pdf", [])


def test_the_demo_stations_are_sound(catalogue: Catalogue) -> None:
    folder = Path(__file__).resolve().parents[3] / "content" / "stations"
    for path in sorted(folder.glob("*.csv")):
        reading = read_stations(path, "wgs84", catalogue)
        assert reading.problems == []
        assert len(reading.stations) > 30
