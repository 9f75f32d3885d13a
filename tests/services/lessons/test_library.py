"""Lessons and guides are read strictly: a mistake is named with its line, and nothing breaks the reader."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services import strict_yaml
from bot.services.lessons.cards import read_cards
from bot.services.lessons.front import read_page
from bot.services.lessons.library import LibraryError, read_library
from bot.services.problems import Problem
from bot.services.strict_yaml import problems_in
from bot.settings import ROOT
from bot.talk.markup import parse
from tests.services.lessons.pages import GUIDE, LESSON, Content


def test_a_lesson_is_read_as_it_is_written(content: Content) -> None:
    lesson = read_library(content.folder).lesson("first_hour")
    assert lesson is not None
    text = lesson.text("en")
    assert [card.key for card in text.cards] == ["gain", "help", "q_order", "q_call"]
    gain, help_, order, call = text.cards
    assert parse(gain.text).text == "Three words are enough: help, proof, report."
    assert [(link.kind, link.target) for link in gain.links] == [("guide", "report")]
    assert "• move if you can" in help_.text
    assert (order.quiz, order.right, order.why) == ("order", [0, 1, 2], "Life first, then proof.")
    assert (call.quiz, call.right) == ("single", [1])
    assert call.options[0].why == "It isn't for emergencies."
    assert text.head.sources[0].date == "2026-01-06"


def test_the_lessons_of_a_track_follow_their_levels(content: Content) -> None:
    library = read_library(content.folder)
    assert [lesson.id for lesson in library.lessons] == ["first_hour", "calls", "safe"]
    first, last, _other = library.lessons
    assert library.after(first) is last
    assert library.after(last) is None


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("first_hour", "first_hour"),
        ("有没有电动车的课", "safe"),
        ("the e-bike lesson", "safe"),
        ("phones", None),
        ("", None),
    ],
)
def test_a_lesson_is_found_by_its_name_or_its_tag(content: Content, words: str, found: str | None) -> None:
    assert read_library(content.folder).named(words) == found


# What an author may do wrong: the words to find, what to put there, the words of the line to be named,
# and a piece of what to do.
MISTAKES = [
    ("level: 1", "level: one", "level: one", "whole number"),
    ("level: 1", "level: 1\ncolour: red", "colour: red", "unknown key colour"),
    ("level: 1", "level: 1\nlevel: 2", "level: 2", "no YAML"),
    ("level: 1\n", "", "title:", "level is missing"),
    ("track: hurt", "track: elsewhere", "track: elsewhere", "no track elsewhere"),
    ("tags: [report, hurt]", "tags: [report, report]", "tags:", "each once"),
    ("tags: [report, hurt]", "tags: &a [*a]", "---", "& and *"),
    ("title: The first hour", "title: @x", "title: @x", "no YAML"),
    ("title: The first hour", f"title: {'x' * 400}", "title:", "short text"),
    ("review: 2027-06-30", "review: soon", "review: soon", "a day such as"),
    ("    date: 2026-01-06", "    date: some day", "date: some day", "a date such as"),
    ("    date: 2026-01-06", "    date: 2026-01-06\n    sure: maybe", "sure: maybe", "true or false"),
    ("## Help {#help}", "## Help", "## Help", "## Title {#key}"),
    ("## Help {#help}", "# Help {#help}", "# Help", "## Title {#key}"),
    ("## Help {#help}", "## Help {#gain}", "## Help", "here twice"),
    ("{#q_call quiz=single}", "{#q_call quiz=guess}", "quiz=guess", "one of single"),
    ("- [ ] 12345", "- [x] 12345", "quiz=single", "exactly one"),
    ("- [x] 120", "- [ ] 120", "quiz=single", "exactly one"),
    ("{#q_call quiz=single}", "{#q_called quiz=single}", "title:", "keys of zh_CN.md"),
    ("- [ ] Platform support\n  > Support can't treat anybody.\n", "", "quiz=single", "answers of zh_CN.md"),
]


@pytest.mark.parametrize(("before", "after", "where", "what"), MISTAKES)
def test_a_mistake_is_named_with_its_line(
    content: Content, before: str, after: str, where: str, what: str
) -> None:
    content.change(LESSON, before, after)
    line = content.line(LESSON, where)
    found = content.problems()
    assert any(said.startswith(f"content/{LESSON}:{line}: ") and what in said for said in found), found


def test_words_that_old_yaml_takes_for_something_else_stay_words(content: Content) -> None:
    content.change(LESSON, "title: The first hour", "title: no")
    content.change(LESSON, "tags: [report, hurt]", "tags: [yes, on, off]")
    lesson = read_library(content.folder).lesson("first_hour")
    assert lesson is not None
    assert lesson.text("en").head.title == "no"
    assert lesson.text("en").head.tags == ("yes", "on", "off")


def test_a_guide_without_text_is_named(content: Content) -> None:
    content.write(GUIDE, content.read(GUIDE).split("1. If it is bad")[0])
    assert any("there is no text" in said for said in content.problems())


def test_languages_must_lead_to_the_same_lesson(content: Content) -> None:
    content.change(GUIDE, "lesson: first_hour", "lesson: calls")
    assert any("must be those of zh_CN.md" in said for said in content.problems())


def test_a_missing_translation_is_named(content: Content) -> None:
    (content.folder / LESSON).unlink()
    assert content.problems() == [f"content/{LESSON}:1: this file is missing; write it"]


def test_every_problem_of_every_file_comes_at_once(content: Content) -> None:
    content.change(LESSON, "level: 1", "level: one")
    content.change(GUIDE, "asks:", "questions:")
    content.write("hotlines.yaml", "hotlines: 12\n")
    with pytest.raises(LibraryError) as caught:
        read_library(content.folder)
    assert {problem.file for problem in caught.value.problems} == {
        f"content/{LESSON}",
        f"content/{GUIDE}",
        "content/hotlines.yaml",
    }


HOSTILE = [
    b"",
    b"---\n",
    b"---\n---\n",
    b"\xff\xfe\x00",
    b"---\n" + b"[" * 8000 + b"\n---\n",
    b"---\ntitle: !!python/object/apply:os.system [ls]\n---\n",
    b"---\na: &a [x]\nb: [*a, *a, *a]\n---\n",
    b"---\n? [a, b]\n: c\n---\n",
    b"---\n- a\n- b\n---\n",
    b"x" * (strict_yaml.MAX_BYTES + 1),
    b"---\ntitle: \x00\n---\n",
]


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_files_are_refused_with_a_sentence(content: Content, data: bytes) -> None:
    (content.folder / LESSON).write_bytes(data)
    found = content.problems()
    assert found
    assert all(said.startswith(f"content/{LESSON}:") for said in found)


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_no_front_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = Path(tmp_path_factory.getbasetemp()) / "any.md"
    path.write_text(f"---\n{text}\n---\n", encoding="utf-8", errors="replace")
    found: list[Problem] = []
    page = read_page(path, problems_in("any.md", found))
    assert (page is None) == bool(found)


LINES = st.sampled_from(
    [
        "## A {#a}",
        "## B {#b quiz=single}",
        "## C {#c quiz=order}",
        "## D {#d quiz=multiple}",
        "## E",
        "text",
        "",
        "- [x] yes",
        "- [ ] no",
        "  > why",
        "1. one",
        "2. two",
        "> because",
        "[x](lesson:a)",
        "![x](y.jpg)",
        '![x](y.ogg "1:30")',
    ]
)


@given(st.lists(LINES | st.text(max_size=20), max_size=30))
@settings(max_examples=200, deadline=None)
def test_what_passes_can_be_answered(lines: list[str]) -> None:
    found: list[Problem] = []
    cards = read_cards([line.replace("\n", " ") for line in lines], 1, problems_in("any.md", found))
    if found:
        return
    assert cards
    for card in cards:
        assert bool(card.right) == bool(card.quiz)
        assert card.quiz in (None, "multiple", "order") or len(card.right) == 1


def test_the_real_content_is_read() -> None:
    library = read_library(ROOT / "content")
    assert len(library.lessons) >= 12
    assert len(library.guides) >= 20
    for lesson in library.lessons:
        text = lesson.text("zh_CN")
        assert 5 <= len(text.cards) - len(text.questions) <= 7
        assert len(text.questions) == 3
