"""Printed sheets: pages, codes that lead to the right chat, texts that fit."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageFont

from bot.services.stations.catalogue import Catalogue
from bot.services.stations.model import Point, Station
from bot.services.stations.sheet import CELL, MARGIN, PAGE, Sheet, station_link, write_sheet

FONT = Path(__file__).resolve().parents[3] / "content" / "fonts" / "NotoSansSC-subset.otf"


@pytest.fixture
def sheet(catalogue: Catalogue) -> Sheet:
    return Sheet("wayside_bot", catalogue, FONT, caption="扫一扫")


def some(count: int) -> list[Station]:
    return [
        Station(f"s{number}", f"{number}号驿站", "station", Point(25.8, 114.9), services=("water", "rest"))
        for number in range(count)
    ]


def test_a_link_opens_the_station() -> None:
    assert station_link("wayside_bot", "gz001") == "https://t.me/wayside_bot?start=st_gz001"


def test_one_page_is_one_picture_on_a4(tmp_path: Path, sheet: Sheet) -> None:
    assert write_sheet(tmp_path / "codes.png", some(12), sheet) == [tmp_path / "codes.png"]
    with Image.open(tmp_path / "codes.png") as page:
        assert page.size == PAGE == (2480, 3508)
        assert round(page.info["dpi"][0]) == 300


def test_several_pages_are_numbered_pictures(tmp_path: Path, sheet: Sheet) -> None:
    told: list[int] = []
    written = write_sheet(tmp_path / "codes.png", some(25), sheet, told.append)
    assert [path.name for path in written] == ["codes-1.png", "codes-2.png", "codes-3.png"]
    assert told == [1, 2, 3]


def test_a_pdf_holds_all_pages(tmp_path: Path, sheet: Sheet) -> None:
    assert write_sheet(tmp_path / "codes.pdf", some(25), sheet) == [tmp_path / "codes.pdf"]
    content = (tmp_path / "codes.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert b"/Count 3" in content


def test_two_stations_get_two_different_codes(tmp_path: Path, sheet: Sheet) -> None:
    write_sheet(tmp_path / "codes.png", some(2), sheet)
    with Image.open(tmp_path / "codes.png") as page:
        cells = [
            page.crop((left + 9, MARGIN + 9, left + CELL[0] - 9, MARGIN + CELL[1] // 2))
            for left in (MARGIN, MARGIN + CELL[0])
        ]
    assert all(0.1 < cell.convert("L").histogram()[0] / (cell.width * cell.height) < 0.9 for cell in cells)
    assert cells[0].tobytes() != cells[1].tobytes()


def test_hostile_names_only_get_drawn(tmp_path: Path, sheet: Sheet) -> None:
    hostile = [Station("a", "\u202e<b>" + "😀" * 500, "station", Point(0, 0), address="\ud800")]
    assert write_sheet(tmp_path / "codes.png", hostile, sheet)


@pytest.mark.parametrize("bot", ["", "a b", "x", "wayside/bot", "9lives"])
def test_what_is_no_bot_name_is_refused(catalogue: Catalogue, bot: str) -> None:
    with pytest.raises(ValueError, match="5 to 32"):
        Sheet(bot, catalogue, FONT)


def test_nothing_to_print_and_unknown_endings_are_refused(tmp_path: Path, sheet: Sheet) -> None:
    with pytest.raises(ValueError, match="no stations"):
        write_sheet(tmp_path / "codes.pdf", [], sheet)
    with pytest.raises(ValueError, match="can be written"):
        write_sheet(tmp_path / "codes.gif", some(1), sheet)


def test_the_font_draws_every_name_of_the_demo() -> None:
    font = ImageFont.truetype(str(FONT), 20)
    content = FONT.parents[1]
    texts = [(content / name).read_text(encoding="utf-8") for name in ("places.csv", "stations/ganzhou.csv")]
    shown = {each for each in "".join(texts) if not each.isspace()}
    undrawn = {each for each in shown if font.getmask(each).getbbox() is None}
    assert undrawn == set()
