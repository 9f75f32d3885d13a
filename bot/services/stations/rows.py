"""One row of a station file becomes a station, or says what is wrong with it and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from math import isfinite
from typing import Final

from rapidfuzz import process

from bot.services.stations.catalogue import Catalogue, Service
from bot.services.stations.geo import Datum, in_china, to_wgs84
from bot.services.stations.hours import problem_with
from bot.services.stations.model import Point, Station
from bot.services.stations.text import fold, squeezed
from bot.services.table_files import Cell, Header, Unusable, clean, shown

COLUMNS: Final = (
    "id",
    "name",
    "name_en",
    "kind",
    "lat",
    "lon",
    "address",
    "district",
    "services",
    "opening_hours",
    "phone",
    "note",
    "confirmed",
)
REQUIRED: Final = ("id", "name", "lat", "lon")
_HEADERS: Final = {
    "id": "id 编号 编码 站点编号 驿站编号 站点id 代码",
    "name": "name 名称 站点名称 驿站名称 站名 点位名称",
    "name_en": "name_en english 英文名 英文名称",
    "kind": "kind type 类型 类别 种类 站点类型",
    "lat": "lat latitude y 纬度 北纬",
    "lon": "lon lng long longitude x 经度 东经",
    "address": "address 地址 详细地址 位置",
    "district": "district 区县 区 县区 行政区 所属区县 所在区",
    "services": "services service 服务 服务项目 服务内容 设施",
    "opening_hours": "opening_hours hours 营业时间 开放时间 服务时间",
    "phone": "phone tel telephone 电话 联系电话 联系方式",
    "note": "note notes remark 备注 说明",
    "confirmed": "confirmed last_confirmed 最后确认 确认日期 核实日期 最后核实",
}
HEADER: Final = Header(_HEADERS, REQUIRED)
"""The columns of a station file."""

MAX_CHARACTERS: Final = {
    "name": 80,
    "name_en": 160,
    "address": 200,
    "district": 40,
    "phone": 60,
    "note": 1000,
}
"""Longest texts by column; a screen of a chat shows no more with comfort."""
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")  # it becomes part of a t.me link
_SEPARATORS: Final = re.compile(r"[;,、,;|/\n]+")
_DATES: Final = ("%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")
_DECIMALS: Final = 9  # of a degree: a tenth of a millimetre, and what every spreadsheet keeps
_LIKE: Final = 60  # of 100: how alike a word must be to be suggested


class RowError(Exception):
    """What is wrong with one row, as sentences that say what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class RowReader:
    """Turns rows into stations, with the words of a catalogue and coordinates in one datum."""

    def __init__(self, catalogue: Catalogue, datum: Datum) -> None:
        self._datum = datum
        self._services = _words(catalogue.services)
        self._kinds = _words(catalogue.kinds)
        self._service_order = {service.id: place for place, service in enumerate(catalogue.services)}

    def station(self, cells: Mapping[str, Cell]) -> Station:
        """The station of one row. Raises RowError with everything that is wrong with it."""
        problems = [cell.message for cell in cells.values() if isinstance(cell, Unusable)]
        if problems:
            raise RowError(problems)
        texts = {column: clean(cells.get(column)) for column in COLUMNS}
        problems += _text_problems(texts)
        point = self._point(texts, problems)
        services = self._service_ids(texts["services"], problems)
        kind = self._kind_id(texts["kind"], problems)
        if wrong_hours := problem_with(texts["opening_hours"]):
            problems.append(wrong_hours)
        confirmed = _date(texts["confirmed"], problems)
        if problems or point is None:
            raise RowError(problems)
        return Station(
            texts["id"],
            texts["name"],
            kind,
            point,
            name_en=texts["name_en"],
            address=texts["address"],
            district=texts["district"],
            services=services,
            opening_hours=texts["opening_hours"],
            phone=texts["phone"],
            note=texts["note"],
            confirmed=confirmed,
        )

    def _point(self, texts: Mapping[str, str], problems: list[str]) -> Point | None:
        lat, lon = (_number(texts[column], column, problems) for column in ("lat", "lon"))
        if lat is None or lon is None:
            return None
        point = Point(lat, lon)
        if _looks_swapped(point):
            problems.append(
                "latitude and longitude look swapped; put latitude (纬度) into lat, longitude (经度) into lon"
            )
            return None
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            problems.append(
                "coordinates lie outside of the earth; write degrees, such as 25.8466 and 114.9326"
            )
            return None
        if lat == lon == 0:
            problems.append("coordinates are 0, 0; look the place up on a map and write where it is")
            return None
        wgs84 = to_wgs84(point, self._datum)
        return Point(round(wgs84.lat, _DECIMALS), round(wgs84.lon, _DECIMALS))

    def _service_ids(self, text: str, problems: list[str]) -> tuple[str, ...]:
        ids = set()
        for word in _split(text, self._services):
            service = self._services.get(word) or self._services.get(squeezed(fold(word)))
            if service is None:
                problems.append(f"no service is called “{shown(word)}”{_suggestion(word, self._services)}")
            else:
                ids.add(service)
        return tuple(sorted(ids, key=self._service_order.__getitem__))

    def _kind_id(self, text: str, problems: list[str]) -> str:
        if not text:
            return "station"
        kind = self._kinds.get(text) or self._kinds.get(squeezed(fold(text)))
        if kind is None:
            problems.append(f"no kind of station is called “{shown(text)}”{_suggestion(text, self._kinds)}")
        return kind or ""


def _words(offers: Iterable[Service]) -> dict[str, str]:
    """For every id, name and word, folded and without spaces, the id. What comes first is meant."""
    words: dict[str, str] = {}
    offers = list(offers)
    for offer in offers:
        words[offer.id] = offer.id
        for word in (offer.id, offer.name_zh, offer.name_en):
            words.setdefault(squeezed(fold(word)), offer.id)
    for offer in offers:
        for word in (*offer.words_zh, *offer.words_en):
            words.setdefault(squeezed(fold(word)), offer.id)
    return words


def _split(text: str, known: Mapping[str, str]) -> list[str]:
    """The words of a list: between commas and the like; between spaces too where that is the only way."""
    words: list[str] = []
    for part in filter(None, map(str.strip, _SEPARATORS.split(text))):
        is_one = part in known or squeezed(fold(part)) in known
        words += [part] if is_one else part.split()
    return words


def _suggestion(word: str, known: Mapping[str, str]) -> str:
    found = process.extractOne(squeezed(fold(word)), known.keys(), score_cutoff=_LIKE)
    if found:
        return f"; did you mean {known[found[0]]}?"
    return f"; known are {', '.join(dict.fromkeys(known.values()))}"


def _text_problems(texts: Mapping[str, str]) -> list[str]:
    problems = []
    if not texts["id"]:
        problems.append(
            "the id (编号) is empty; give every station a short code of its own that stays the same"
        )
    elif not _ID.fullmatch(texts["id"]):
        problems.append("the id must be 1 to 40 letters, digits, _ or -, for it becomes part of a link")
    if not texts["name"]:
        problems.append("the name (名称) is empty; write one")
    for column, most in MAX_CHARACTERS.items():
        if len(texts[column]) > most:
            problems.append(f"{column} is longer than {most} characters; shorten it")
    return problems


def _number(text: str, column: str, problems: list[str]) -> float | None:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        problems.append(f"{column} is no number of degrees; write it like 25.8466")
        return None
    return number


def _looks_swapped(point: Point) -> bool:
    swapped = Point(point.lon, point.lat)
    return not in_china(point) and in_china(swapped)


def _date(text: str, problems: list[str]) -> date | None:
    if not text:
        return None
    with suppress(ValueError):
        return date.fromisoformat(text)
    for form in _DATES:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    problems.append("confirmed is no date; write it like 2026-11-20")
    return None
