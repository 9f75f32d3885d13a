"""Who is in danger gets a number at once; who tells of last year, or asks about insurance, does not."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.i18n import LOCALES
from bot.services import danger
from bot.services.danger import DangerError, DangerWords
from bot.services.understanding.danger_ear import FOLDER, HARMLESS
from bot.services.understanding.danger_ear import problems as sentence_problems
from bot.settings import ROOT
from tests.understood import learnt_mind

CONTENT = ROOT / "content"
KINDS = ("fire", "injury", "self_harm", "threat")
NONE = "-"
LEARNT_FROM = {
    kind: (CONTENT / FOLDER / f"{HARMLESS if kind == NONE else kind}.txt")
    .read_text(encoding="utf-8")
    .splitlines()
    for kind in (*KINDS, NONE)
}
SENTENCES = [(kind, said) for kind, sentences in LEARNT_FROM.items() for said in sentences]
HELD_OUT = [
    line.split("\t")
    for line in (Path(__file__).parent / "danger_held_out.tsv").read_text(encoding="utf-8").splitlines()
]


@cache
def words() -> DangerWords:
    return danger.read_danger(CONTENT)


def kind_of(said: str) -> str:
    heard = learnt_mind().danger.heard(said)
    return heard.kind if heard else NONE


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_heard(kind: str) -> None:
    """What was learnt is heard. Who is threatened and hurt may be told either first."""
    sentences = LEARNT_FROM[kind]
    assert len(sentences) >= 40
    assert [said for said in sentences if kind_of(said) == NONE] == []
    assert sum(kind_of(said) == kind for said in sentences) >= 0.97 * len(sentences)


def test_what_only_sounds_like_it_is_not_heard() -> None:
    assert {said: kind_of(said) for said in LEARNT_FROM[NONE] if kind_of(said) != NONE} == {}


def test_what_nobody_learnt_is_heard_mostly() -> None:
    """Sentences that neither the words nor the learning were fitted to: the words alone hear 26 of 57."""
    learnt = {said for _, said in SENTENCES}
    assert not learnt & {said for _, said in HELD_OUT}
    acute = [said for kind, said in HELD_OUT if kind != NONE]
    harmless = [said for kind, said in HELD_OUT if kind == NONE]
    assert sum(kind_of(said) != NONE for said in acute) >= 0.78 * len(acute)
    assert sum(kind_of(said) != NONE for said in harmless) <= 0.06 * len(harmless)


def test_missing_sentences_are_told(tmp_path: Path) -> None:
    (tmp_path / danger.FILE).write_text((CONTENT / danger.FILE).read_text(encoding="utf-8"), encoding="utf-8")
    assert [problem.file for problem in sentence_problems(tmp_path)] == [
        f"content/danger/{name}.txt" for name in (*KINDS, HARMLESS)
    ]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("你好。我被车撞了，流血不止。快来。", "injury"),
        ("站长三个月没发工资，我去要钱，他拿刀要砍我", "threat"),
        ("被車撞了，流血不止！！！", "injury"),
        ("I’ve been hit by a car", "injury"),
        ("流血　不止", "injury"),
        ("", "-"),
        ("？？？", "-"),
    ],
)
def test_among_other_words(said: str, kind: str) -> None:
    assert kind_of(said) == kind


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("去年我被车撞了", "现在又流血不止"),
        ("上周着火一次", "刚才又着火了"),
        ("last year I was hit by a car", "now I am bleeding heavily"),
    ],
)
def test_an_old_story_excuses_nothing_that_is_now(before: str, now: str) -> None:
    assert kind_of(before) == "-"
    assert kind_of(f"{before}，{now}") != "-"


def test_an_if_is_no_excuse_for_who_wants_to_die() -> None:
    assert kind_of("如果着火了怎么办") == "-"
    assert kind_of("如果再扣钱我就跳楼") == "self_harm"


@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from([said for _, said in SENTENCES]), max_size=6).map("".join)
)
@settings(max_examples=150)
def test_whatever_is_said_is_listened_to(said: str) -> None:
    heard = words().heard(said)
    assert heard is None or heard.kind in KINDS


@pytest.mark.parametrize("said", ["被" * 4000, "被车" * 2000, "not " * 1000, "， " * 2000, "头上…" * 1000])
def test_no_text_takes_long(said: str) -> None:
    """A pattern that tries every way of reading a long text would hang here for minutes."""
    words().heard(said)


def test_each_danger_has_numbers_and_words_in_both_languages() -> None:
    for kind, said in (
        ("fire", "着火了"),
        ("injury", "流血不止"),
        ("threat", "拿刀砍我"),
        ("self_harm", "不想活了"),
    ):
        heard = words().heard(said)
        assert heard is not None
        assert heard.kind == kind
        for locale in LOCALES:
            assert any(number in heard.says(locale) for number in heard.calls)


def test_the_numbers_are_those_of_the_hotlines() -> None:
    hotlines = (CONTENT / "hotlines.yaml").read_text(encoding="utf-8")
    calls = {number for _, said in SENTENCES if (heard := words().heard(said)) for number in heard.calls}
    assert calls == {"110", "119", "120", "12356"}
    assert all(f'number: "{number}"' in hotlines for number in calls)


# -- Reading -------------------------------------------------------------------------


def problems_after(tmp_path: Path, old: str, new: str) -> list[str]:
    text = (CONTENT / danger.FILE).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / danger.FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    return list(map(str, danger.problems(tmp_path)))


def test_the_content_is_sound() -> None:
    assert danger.problems(CONTENT) == []


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("lasting: true", "lasting: maybe", "lasting must be true or false"),
        ("\npast:\n", "\npassed:\n", "unknown key passed"),
        ('calls: ["119"]', "call: []", "unknown key call"),
        ('"{people}…{faint}"', '"{persons}…{faint}"', "there is no group persons below"),
        ("  body:\n", "  body: [\n", "this is no YAML"),
        ("  faint:\n", "  Faint: 3\n  faint:\n", "Faint must be exactly zh and en"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, wanted: str) -> None:
    found = problems_after(tmp_path, old, new)
    assert all(line.startswith("content/danger.yaml:") for line in found)
    assert any(wanted in line for line in found)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DangerError, match="missing"):
        danger.read_danger(tmp_path)
