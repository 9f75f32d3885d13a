"""A small city for transcripts: few stations, fixed for ever, so that no change of the content moves them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.services.stations.board import StationBoard
from bot.services.stations.catalogue import read_catalogue
from bot.services.stations.index import StationIndex
from bot.services.stations.model import Place, Point, Station
from bot.settings import ROOT

PLACES = [
    Place("李家沱", Point(29.4738, 106.5486), "Lijiatuo", "quarter", "巴南", "巴南区"),
    Place("龙洲湾", Point(29.3850, 106.5280), "Longzhouwan", "quarter", "巴南", "巴南区"),
    Place("红旗大道", Point(25.8420, 114.9330), "Hongqi Avenue", "road", "赣州", "章贡区"),
]
DAY, ALWAYS, NIGHT = "Mo-Su 08:00-22:00", "24/7", "Mo-Su 18:00-02:00"
ALL = ("water", "rest", "heat_meal", "phone_charge", "toilet")
STATIONS = [
    ("s1", "都和广场小哥驿站", "Duhe Square Rider Station", "station", 29.4745, 106.5490, ALL, DAY),
    ("s2", "李家沱正街友好药店", "Lijiatuo Pharmacy", "pharmacy", 29.4760, 106.5470, ("medicine",), DAY),
    (
        "s3",
        "马王坪司机之家",
        "Mawangping Drivers' Home",
        "drivers_home",
        29.4700,
        106.5520,
        ("rest", "shower"),
        ALWAYS,
    ),
    ("s4", "花溪工会驿站", "", "union_station", 29.4650, 106.5450, ("water", "rest", "phone_charge"), DAY),
    ("s5", "融汇平价餐", "", "budget_meal", 29.4800, 106.5600, ("heat_meal",), NIGHT),
    ("s6", "土桥换电点", "", "station", 29.4600, 106.5600, ("battery_swap", "toilet"), ALWAYS),
    ("s7", "龙洲湾党群服务中心", "", "party_centre", 29.3860, 106.5290, ALL, "Mo-Fr 09:00-17:00; PH off"),
]


@pytest.fixture(scope="session")
def board() -> StationBoard:
    """The small city, with the services and kinds of the real content."""
    catalogue = read_catalogue(ROOT / "content")
    made = StationBoard(PLACES, catalogue)
    made.index = StationIndex([_station(*values) for values in STATIONS], PLACES, catalogue)
    return made


def _station(
    name_id: str,
    name: str,
    english: str,
    kind: str,
    lat: float,
    lon: float,
    services: tuple[str, ...],
    hours: str,
) -> Station:
    return Station(
        name_id,
        name,
        kind,
        Point(lat, lon),
        name_en=english,
        address=f"巴南区{name}旁",
        district="巴南区",
        services=services,
        opening_hours=hours,
        phone="023-0000-0000",
        note="演示数据",
        confirmed=date(2026, 5, 10),
    )
