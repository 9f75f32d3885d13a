"""Finding by name what people mean, however they write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.stations.catalogue import Catalogue
from bot.services.stations.index import StationIndex
from bot.services.stations.model import Place, Point, Station
from bot.services.stations.names import LEAST, NameIndex, clear_winner
from bot.services.stations.text import fold, initials, loosen, spell, spellings


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("李家沱", "李家沱"),
        ("龍洲灣", "龙洲湾"),
        ("LIJIATUO", "lijiatuo"),  # full-width letters
        ("  Nanmen   Square! ", "nanmen square"),
        ("lǐ jiā tuó", "li jia tuo"),
        ("驿\u202e站\u200b", "驿 站"),  # marks for right-to-left and of no width
        ("\ud800", ""),
        ("🏠", ""),
    ],
)
def test_folding_makes_forms_alike(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_spelling() -> None:
    assert spell("李家沱") == "lijiatuo"
    assert spell("8元餐") == "8yuancan"
    assert initials("李家沱") == "ljt"
    assert set(spellings("长胜")) == {"changsheng", "zhangsheng"}
    assert loosen("zhanggong") == loosen("zanggon")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("李家沱", "李家沱"),
        ("李家坨", "李家沱"),
        ("李嘉沱", "李家沱"),
        ("李家沱站", "李家沱"),
        ("lijiatuo", "李家沱"),
        ("li jia tuo", "李家沱"),
        ("Lǐjiātuó", "李家沱"),
        ("LIJIATUO", "李家沱"),
        ("nijiatuo", "李家沱"),
        ("lijiatou", "李家沱"),
        ("ljt", "李家沱"),
        ("龍洲灣", "龙洲湾"),
        ("龙州湾", "龙洲湾"),
        ("longzouwan", "龙洲湾"),
        ("章贡", "章贡区"),
        ("zhanggong", "章贡区"),
        ("zanggon", "章贡区"),
        ("巴南区", "巴南"),
        ("Banan", "巴南"),
        ("红旗大道", "红旗大道"),
        ("hongqi dadao", "红旗大道"),
        ("Hongqi Avenue", "红旗大道"),
        ("红其大道", "红旗大道"),
        ("五通橋", "五通桥"),
        ("wtq", "五通桥"),
        ("万达", "龙洲湾万达广场"),
        ("wanda plaza", "龙洲湾万达广场"),
        ("牛華", "牛华"),
        ("liuhua", "牛华"),
        ("nanmen square", "南门广场"),
        ("changsheng", "长胜"),
        ("章江新趣", "章江新区"),
        ("赣州火车站", "赣州火车站"),
        ("ganzhou railway station", "赣州火车站"),
    ],
)
def test_one_place_is_clearly_meant(index: StationIndex, text: str, name: str) -> None:
    winner = clear_winner(index.search(text))
    assert winner is not None
    assert winner.name == name


def test_what_is_ambiguous_is_asked(index: StationIndex) -> None:
    matches = index.search("人民医院")
    assert clear_winner(matches) is None
    assert {"市人民医院", "巴南区人民医院", "五通桥区人民医院"} <= {match.name for match in matches}


def test_a_local_reading_is_found_either_way(index: StationIndex) -> None:
    for text in ("duhe guangchang", "douhe guangchang"):
        assert index.search(text)[0].name == "都和广场"


def test_a_station_is_found_by_its_own_name_and_by_its_address() -> None:
    station = Station("a1", "阳光驿站", "station", Point(25.8, 114.9), address="章贡区兴国路7号")
    names = NameIndex([], [station])
    assert names.search("阳光驿站")[0].station == station
    assert names.search("兴国路7号")[0].station == station
    assert names.search("yangguang")[0].station == station


def test_two_places_of_one_name_are_both_offered() -> None:
    places = [
        Place("东山", Point(25.6, 114.7), region="赣州"),
        Place("东山", Point(29.4, 106.5), region="巴南"),
    ]
    matches = NameIndex(places, []).search("东山")
    assert [match.place for match in matches] == places
    assert clear_winner(matches) is None


def test_a_place_comes_before_its_stations(index: StationIndex) -> None:
    assert index.search("李家沱")[0].place is not None


@pytest.mark.parametrize(
    "text", ["", " ", "x", "谢谢", "今天好累", "help", "thanks", "menu", "stop", "😀", "%%%", "1"]
)
def test_what_is_no_name_finds_nothing_clear(index: StationIndex, text: str) -> None:
    assert clear_winner(index.search(text)) is None


def test_a_district_that_no_place_names_lies_in_the_middle_of_its_stations(catalogue: Catalogue) -> None:
    stations = [
        Station("a", "甲", "station", Point(25.0, 114.0), district="新区"),
        Station("b", "乙", "station", Point(26.0, 115.0), district="新区"),
    ]
    winner = clear_winner(StationIndex(stations, [], catalogue).search("新区"))
    assert winner is not None
    assert winner.point == Point(25.5, 114.5)


def test_an_empty_index_finds_nothing() -> None:
    assert NameIndex([], []).search("李家沱") == []


@given(st.text(max_size=200))
def test_any_text_gives_an_orderly_answer(index: StationIndex, text: str) -> None:
    matches = index.search(text, limit=5)
    scores = [match.score for match in matches]
    assert len(matches) <= 5
    assert scores == sorted(scores, reverse=True)
    assert all(LEAST <= score <= 100 for score in scores)


def test_every_demo_place_is_found_by_name_pinyin_and_english(index: StationIndex) -> None:
    for place in index.places:
        assert place.name in {match.name for match in index.search(place.name) if match.score >= 100}
        assert place.name in {match.name for match in index.search(spell(fold(place.name)), limit=8)}
        if place.name_en:
            assert place.name in {match.name for match in index.search(place.name_en, limit=8)}
