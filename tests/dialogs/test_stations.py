"""What a transcript cannot show: that a location leaves no trace, and that nearest means nearest."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.dialogs import everything, sharing
from bot.dialogs.station_words import hours_words
from bot.i18n import speaking
from bot.services.stations.board import StationBoard
from bot.services.stations.geo import metres_between
from bot.services.stations.model import Point
from bot.store.database import Database
from bot.store.tables import metadata
from tests.dialogs.conftest import PLACES
from tests.transcript import BOT, Player

HERE = "📍 29.4747123, 106.5481957"
DIGITS = ("29.47471", "106.54819", "4747123", "5481957")


async def test_a_location_is_in_no_table_and_no_log(
    sqlite: Database, sqlite_path: Path, board: StationBoard, now: datetime
) -> None:
    player = Player(sqlite, everything(), board, now)
    with capture_logs() as logs:
        for words in (
            HERE,
            "[🔋 充电]",
            "[1]",
            "[⚠ 信息有误]",
            "[🔌 有东西坏了]",
            "坏了",
            "充电",
        ):
            await player.say(words)
    rows = [str(row) for table in metadata.sorted_tables for row in await _rows(sqlite, table, now)]
    everywhere = "\n".join([*rows, str(logs)])
    assert all(digits not in everywhere for digits in DIGITS)
    assert "站" in everywhere
    # Deleted rows linger in a file's free pages: look at the bytes as well.
    files = [path.read_bytes() for path in sqlite_path.parent.iterdir()]
    assert all(digits.encode() not in content for content in files for digits in DIGITS)


async def _rows(database: Database, table: sa.Table, now: datetime) -> list[object]:
    async with database.work(BOT, now) as work:
        return list(await work.fetch(sa.select(table)))


async def test_the_list_is_nearest_first(sqlite: Database, board: StationBoard, now: datetime) -> None:
    player = Player(sqlite, everything(), board, now)
    await player.say(HERE)
    here = Point(29.4747123, 106.5481957)
    stations = [station for number in range(1, 8) if (station := board.index.get(f"s{number}"))]
    nearest = sorted(stations, key=lambda station: metres_between(here, station.point))[:5]
    listed = player.lines[-1]
    places = [listed.index(f". {station.name}") for station in nearest]
    assert places == sorted(places)


HOSTILE = [
    "<b>bold</b>",
    "[x](tg://user?id=1)",
    "**a** _b_ `c`",
    "x" * 10_000,
    "\u202eevil",
    "\x00\x01",
    "/" + "a" * 5000,
    "' OR 1=1 --",
    "{0} {place} %s",
    "🔋" * 2000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_text_gets_a_friendly_answer(
    text: str, sqlite: Database, board: StationBoard, now: datetime
) -> None:
    player = Player(sqlite, everything(), board, now)
    await player.say("Duhe Square")
    await player.say(text)
    assert player.lines[-1].startswith(("<", "~"))
    assert "Reference" not in player.lines[-1]
    assert "编号" not in player.lines[-1]


def test_inline_mode_offers_stations_around_a_named_place(board: StationBoard, now: datetime) -> None:
    with speaking("en"):
        results = sharing.offers("lijiatuo", board, now)
    assert {result["id"] for result in results[:2]} == {"s1", "s2"}
    first = results[0]
    assert first["body"]["rows"] == [[{"label": "Open the card", "url": f"start:st_{first['id']}"}]]
    assert sharing.offers("", board, now) == []


@given(st.sampled_from([place.name for place in PLACES]), st.sampled_from(["zh_CN", "en"]))
@settings(max_examples=10, deadline=None)
def test_every_place_is_offered_in_both_languages(board: StationBoard, name: str, locale: str) -> None:
    with speaking(locale):
        assert sharing.offers(name, board, datetime.fromisoformat("2026-05-13T14:20+08:00"))


@pytest.mark.parametrize(
    ("hours", "zh", "en"),
    [
        ("Mo-Su 08:00-22:00", "每天 08:00-22:00", "every day 08:00-22:00"),
        (
            "Mo-Fr 09:00-17:00; PH off",
            "周一-周五 09:00-17:00；节假日 休息",
            "Mon-Fri 09:00-17:00; holidays closed",
        ),
        ("Tu,Th 10:00-12:00", "周二,周四 10:00-12:00", "Tue,Thu 10:00-12:00"),
        ("", "", ""),
    ],
)
def test_opening_hours_in_words(hours: str, zh: str, en: str) -> None:
    with speaking("zh_CN"):
        assert hours_words(hours) == zh
    with speaking("en"):
        assert hours_words(hours) == en


async def test_at_night_what_is_open_comes_first_and_no_page_loses_any(
    sqlite: Database, board: StationBoard, now: datetime
) -> None:
    player = Player(sqlite, everything(), board, now.replace(hour=19))  # three in the morning
    await player.say(HERE)
    await player.say("[更多 ›]")
    pages = [line for line in player.lines if "你附近" in line]
    names = [station.name for number in range(1, 8) if (station := board.index.get(f"s{number}"))]
    assert [sum(f". {name}" in page for page in pages) for name in names] == [1] * len(names)
    first = pages[0]
    assert first.index("🟢 现在开着") < first.index("马王坪") < first.index("土桥") < first.index("🌙 其他的")


async def test_who_rides_is_told_of_riding(sqlite: Database, board: StationBoard, now: datetime) -> None:
    player = Player(sqlite, everything(), board, now)
    await player.play("# works courier 巴南区\n> 李家沱")
    assert "90 米 · 步行 2 分钟" in player.lines[-1]
    assert "540 米 · 骑车 3 分钟" in player.lines[-1]
