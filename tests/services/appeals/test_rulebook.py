"""content/appeals.yaml is read strictly, and says who has an appeal first and next."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.i18n import LOCALES
from bot.services.appeals import check
from bot.services.appeals.kinds import Rulebook
from bot.services.appeals.rulebook import FILE, RulebookError, read_rulebook
from bot.services.people import WORK_KINDS
from bot.settings import ROOT
from tests.transcript import small_content

CONTENT = ROOT / "content"
# The kinds that were asked for, in the order in which people see them.
KINDS = ["pay", "injury", "account", "gate", "parking", "charging", "meals", "accommodation"]
KINDS += ["school", "jobs", "contract", "other"]


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return read_rulebook(CONTENT)


def test_the_content_is_sound() -> None:
    assert check.problems(CONTENT) == []


def test_every_kind_is_there_in_both_languages(book: Rulebook) -> None:
    assert [kind.id for kind in book.kinds] == KINDS
    for kind in book.kinds:
        assert all(kind.name(locale) and kind.hints(locale) for locale in LOCALES)
        assert len(kind.hints("zh_CN")) == len(kind.hints("en"))


def test_every_kind_has_answers_and_a_desk_for_everybody(book: Rulebook) -> None:
    for kind in book.kinds:
        assert book.suggestions(kind.id)
        for industry in (*WORK_KINDS, None):
            for district in ("章贡区", "巴南区", "五通桥区", "拉萨", None):
                assert book.desk_for(kind.id, district, industry) in book.desks


@pytest.mark.parametrize(
    ("kind", "district", "industry", "desk"),
    [
        ("pay", "章贡区", "rider", "gz_zg_rider"),
        ("pay", "于都县", "rider", "gz_rider"),
        ("injury", "章贡区", "rider", "gz_rights"),
        ("injury", "巴南区", "rider", "bn_rider"),
        ("gate", "巴南区", "streamer", "bn_any"),
        ("gate", "五通桥区", "courier", "wtq_mixed"),
        ("gate", None, None, "gz_any"),
        ("gate", None, "trucker", "gz_truck"),
    ],
)
def test_who_takes_it_first(
    book: Rulebook, kind: str, district: str | None, industry: str | None, desk: str
) -> None:
    assert book.desk_for(kind, district, industry).id == desk


def test_the_ladder_climbs_to_the_work_committee(book: Rulebook) -> None:
    assert [step.id for step in book.ladder] == ["member", "branch", "industry_committee", "work_committee"]
    assert "group" in book.ladder[0].branches


def test_what_is_gone_from_the_content_is_none(book: Rulebook) -> None:
    assert book.kind("parcels") is None
    assert book.desk("moon") is None


def test_answers_for_a_kind_come_first(book: Rulebook) -> None:
    assert next(one.id for one in book.suggestions("injury")) == "injury_report"
    assert "paid" not in {one.id for one in book.suggestions("gate")}


def test_only_what_was_done_closes_an_appeal(book: Rulebook) -> None:
    """“On it” under “what was done?” used to close it."""
    closing = {one.id for kind in book.kinds for one in book.suggestions(kind.id) if one.solves}
    assert closing == {"paid", "gate_agreed"}


# -- Mistakes ------------------------------------------------------------------------


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    shutil.copytree(CONTENT, folder, ignore=shutil.ignore_patterns("fonts", "stations"))
    return folder


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("hours: [", "open: [", "unknown key open"),
        ('"09:00-12:00", "14:00', '"12:00-09:00", "14:00', "hours must be periods"),
        ("emoji: 💰", "emoji: 3", "emoji must be a short text"),
        (
            "asks: [since, amount]",
            "asks: [since, price]",
            "asks must be a list of some of place, since, amount",
        ),
        ("asks: [since, amount]", "asks: [[since]]", "asks must be a list of some of"),
        ("acknowledge: 4 hours", "acknowledge: soon", "deadlines must be acknowledge, answer and solve"),
        ("answer: 2 days, solve: 7 days", "answer: 9 days, solve: 7 days", "the times must grow"),
        ("acknowledge: 2 hours, answer: 1 day", "acknowledge: 1 day, answer: 2 hours", "the times must grow"),
        ("- id: injury\n", "- id: pay\n", "pay is here twice"),
        ("- id: injury\n", "- id: In jury\n", "id must be a name of small letters"),
        ("kinds: [injury, contract]", "kinds: [wounds]", "there is no kind wounds"),
        ("    branches: [branch]", "    branches: [work_committee]", "each step needs higher kinds"),
        ("    branches: [work_committee]", "    branches: []", "each step needs higher kinds"),
        ("    industries: [driver]", "    industries: [pilot]", "industries must be a list of some of"),
        ("    branch: gz\n\n", "    branch: gz\n    kinds: [pay]\n\n", "add a last desk"),
        ("    districts: [巴南区]\n    industries: [rider]\n", "", "takes all of this"),
        ("zh: [哪个小区、哪个门、几点, ", "zh: [", "evidence must be exactly zh and en"),
        ("- id: gz_any", "- gz_any\n  - id: gz_any", "each of desks needs"),
        ('hotlines: ["12345"]', 'hotlines: ["12346"]', "no 12346 in content/hotlines.yaml"),
        ("guides: [penalties, overtime_rest]", "guides: [penalty]", "no folder content/guides/penalty"),
        ("lessons: [battery_fire]", "lessons: [battery]", "no folder content/lessons/battery"),
        ("branch: bn-truck", "branch: bn-trucks", "no branch bn-trucks in content/branches.csv"),
        ("districts: [经开区]", "districts: [经开]", "no place in content/places.csv is in 经开"),
    ],
)
def test_a_mistake_is_named_with_its_line(content: Path, old: str, new: str, wanted: str) -> None:
    path = content / FILE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    found = check.problems(content)
    assert any(wanted in str(problem) for problem in found), found
    # A mistake of an entry may be named at its first line.
    assert any(abs(problem.line - line) <= 6 for problem in found if wanted in problem.message), (line, found)
    assert {problem.file for problem in found} == {"content/appeals.yaml"}


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="missing"):
        read_rulebook(tmp_path)


@given(st.text(max_size=200) | st.binary(max_size=60).map(lambda data: data.decode("utf-8", "replace")))
@settings(max_examples=60)
def test_nothing_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / FILE).write_text(text, encoding="utf-8", errors="replace")
    with pytest.raises(RulebookError):
        read_rulebook(folder)


def test_the_small_content_is_sound_too() -> None:
    assert read_rulebook(small_content()).desk_for("pay", "巴南区", "rider").id == "riders"
