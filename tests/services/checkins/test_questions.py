"""Questions as organizers type them, and which answers fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.checkins.model import END, Option, Question, questions_from_json, questions_to_json
from bot.services.checkins.questions import Unreadable, after, fits, read_options, read_questions, way


def test_a_survey_in_chinese_as_one_types_it() -> None:
    read = read_questions(
        "1. 你每天跑几个小时？【1到16】\n"
        "2、 这个月被扣过款吗？［有 -> 3／没有 → 结束］\n"
        "\n"
        "扣的是什么？\n"
        "要我们联系你吗？[要！/不用]\n"
        "拍一张电池 [照片]"
    )
    assert read == (
        Question("q1", "number", "你每天跑几个小时？", low=1, high=16),
        Question("q2", "options", "这个月被扣过款吗？", (Option("有", then="q3"), Option("没有", then=END))),
        Question("q3", "text", "扣的是什么？"),
        Question("q4", "options", "要我们联系你吗？", (Option("要", attention=True), Option("不用"))),
        Question("q5", "photo", "拍一张电池"),
    )


@pytest.mark.parametrize(
    ("text", "flaw", "line"),
    [
        ("", "nothing", 1),
        ("\n  \n", "nothing", 1),
        ("\n".join("question?" for _each in range(21)), "too many", 21),
        ("x" * 301, "too long", 1),
        ("x" * 10_000, "too long", 1),
        ("How many? [5-5]", "empty range", 1),
        ("Fine?\nComing? [yes]", "options", 2),
        ("Coming? [a/b/c/d/e/f/g/h/i]", "options", 1),
        ("Coming? [yes / yes]", "twice", 1),
        ("Coming? [yes / ! ]", "label", 1),
        (f"Coming? [yes / {'x' * 41}]", "label", 1),
        ("Coming? [yes -> 1 / no]", "jump", 1),
        ("Coming? [yes -> 9 / no]\nWhy?", "jump", 1),
        ("Coming? [yes -> ² / no]\nWhy?", "jump", 1),
    ],
)
def test_what_is_no_question_is_named_with_its_line(text: str, flaw: str, line: int) -> None:
    with pytest.raises(Unreadable) as raised:
        read_questions(text)
    assert (raised.value.flaw.name, raised.value.flaw.line) == (flaw, line)


LINES = st.text(alphabet="aé题？?[]【】/->→!！ \t123-end\n", max_size=200)


@given(LINES)
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    try:
        read = read_questions(text)
    except Unreadable:
        return
    assert [question.key for question in read] == [f"q{place}" for place in range(1, len(read) + 1)]
    assert questions_from_json(questions_to_json(read)) == read


@given(LINES, st.data())
def test_every_way_through_a_survey_ends_and_never_turns_back(text: str, data: st.DataObject) -> None:
    try:
        read = read_questions(text)
    except Unreadable:
        return
    values = {
        question.key: data.draw(st.integers(0, len(question.options) - 1))
        for question in read
        if question.kind == "options"
    }
    led = way(read, values)
    places = [read.index(question) for question in led]
    assert places == sorted(set(places))
    assert after(read, led[-1].key, values.get(led[-1].key)) is None


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        (Question("q1", "here", "?"), [True], [False, 1, "yes", None]),
        (Question("q1", "options", "?", (Option("a"), Option("b"))), [0, 1], [2, -1, True, "a", None]),
        (Question("q1", "number", "?", low=1, high=5), [1, 5, 2.5], [0, 6, True, "3", None]),
        (Question("q1", "number", "?"), [-3, 10**9], [10**9 + 1]),
        (Question("q1", "text", "?"), ["x", "x" * 1000], ["", "x" * 1001, 5]),
        (Question("q1", "photo", "?"), [7], [0, True, "7"]),
    ],
)
def test_what_answers_a_question(question: Question, right: list[object], wrong: list[object]) -> None:
    assert [value for value in right if not fits(question, value)] == []
    assert [value for value in wrong if fits(question, value)] == []


def test_a_short_range_is_tapped_a_long_one_typed() -> None:
    assert list(Question("q1", "number", "?", low=1, high=5).numbers()) == [1, 2, 3, 4, 5]
    assert not Question("q1", "number", "?", low=1, high=16).tapped


@pytest.mark.parametrize("listed", ["能来、来不了、看单量", "能来，来不了，看单量", "能来 , 来不了,看单量"])
def test_options_listed_without_a_slash_are_taken_as_they_are_meant(listed: str) -> None:
    assert [option.label for option in read_options(listed)] == ["能来", "来不了", "看单量"]


def test_beside_a_slash_a_comma_is_only_a_comma() -> None:
    assert [option.label for option in read_options("周六、周日 / 都不行")] == ["周六、周日", "都不行"]
