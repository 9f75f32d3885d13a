"""The check of content: the committed one is sound, and every mistake is found with its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.services.stations.catalogue import CatalogueError, read_catalogue
from bot.services.stations.check import problems

CONTENT = Path(__file__).resolve().parents[3] / "content"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the content to spoil."""
    copy = tmp_path / "content"
    copy.mkdir()
    for name in ("services.yaml", "station_kinds.yaml", "places.csv"):
        shutil.copy(CONTENT / name, copy)
    (copy / "stations").mkdir()
    shutil.copy(CONTENT / "stations" / "wutongqiao.csv", copy / "stations")
    return copy


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def found(content: Path) -> list[str]:
    return [str(problem) for problem in problems(content)]


def test_the_committed_content_is_sound() -> None:
    assert found(CONTENT) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("emoji: 💧", "emojy: 💧", "services.yaml:6: unknown key emojy"),
        ("emoji: 💧", "emoji:", "services.yaml:6: emoji must be a short text"),
        ("id: rest", "id: water", "water is here twice"),
        ("name: {zh: 喝水, en: water}", "name: {zh: 喝水}", "services.yaml:7: name needs exactly zh and en"),
        (
            "      en: [water, drinking water",
            "      en: [water, water",
            "words in en must be a list of texts, each once",
        ),
        ("services:", "service:", "write one list called services"),
        ("  - id: rest", "  - id: [", "this is no YAML"),
    ],
)
def test_a_mistake_in_the_catalogue_is_found(content: Path, old: str, new: str, expected: str) -> None:
    spoil(content / "services.yaml", old, new)
    assert any(expected in each for each in found(content)), found(content)


def test_a_mistake_in_the_kinds_is_found(content: Path) -> None:
    spoil(content / "station_kinds.yaml", "badge: false", "badge: maybe")
    assert found(content) == ["station_kinds.yaml:7: badge must be true or false"]


@pytest.mark.parametrize(
    "spoilt", [b"", b"[]", b"- 1", b"services: [1, [2]]", b"\xff", b"a: &a [*a, *a]", b"? {a: b}"]
)
def test_any_broken_catalogue_is_a_problem(content: Path, spoilt: bytes) -> None:
    (content / "services.yaml").write_bytes(spoilt)
    with pytest.raises(CatalogueError) as error:
        read_catalogue(content)
    assert str(error.value).startswith("services.yaml:")


def test_a_missing_catalogue_is_a_problem(content: Path) -> None:
    (content / "services.yaml").unlink()
    assert found(content) == ["services.yaml:1: this file is missing; put it back"]


def test_a_mistake_among_the_stations_is_found(content: Path) -> None:
    spoil(content / "stations" / "wutongqiao.csv", "Mo-Su", "Mo-So")
    (line,) = found(content)
    assert line.startswith("stations/wutongqiao.csv:2: opening hours cannot be read")


def test_an_id_in_two_files_is_found(content: Path) -> None:
    shutil.copy(content / "stations" / "wutongqiao.csv", content / "stations" / "again.csv")
    assert len(found(content)) == 38
    assert "the id wtq001 stands in stations/again.csv too" in found(content)[0]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("25.84664", "95.84664", "places.csv:2: lat must be degrees between -90 and 90"),
        ("25.84664", "north", "places.csv:2: lat must be degrees"),
        ("章贡区,Zhanggong", "赣州,Zhanggong", "places.csv:3: 赣州 stands in line 2 already"),
        ("赣州,Ganzhou,city", ",Ganzhou,city", "places.csv:2: name is empty"),
        ("name,name_en", "name,english", "places.csv:1: the columns must be"),
    ],
)
def test_a_mistake_among_the_places_is_found(content: Path, old: str, new: str, expected: str) -> None:
    spoil(content / "places.csv", old, new)
    assert any(each.startswith(expected) for each in found(content)), found(content)
