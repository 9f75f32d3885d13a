"""Typed questions find their guide, in Chinese, pinyin and English, and other matters find none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services.lessons.finder import MAX_QUESTION, Finder
from bot.services.lessons.library import read_library
from bot.settings import ROOT

LIBRARY = read_library(ROOT / "content")
FINDER = Finder(LIBRARY.guides)

QUESTIONS = [
    ("送餐摔了怎么报职业伤害", "injury_report"),
    ("how do I claim for an injury", "injury_report"),
    ("how do I claim for an injury while delivering", "injury_report"),
    ("高温补贴骑手有吗", "heat_allowance"),
    ("没签合同算不算劳动关系", "labour_relation"),
    ("工会咋加入", "join_union"),
    ("灵活就业社保一个月交多少", "pension_medical"),
    ("在楼道充电罚多少", "charging_where"),
    ("工资被拖欠怎么办", "unpaid_wages"),
    ("被封號了", "penalties"),
    ("中暑了怎么办", "heat_stroke_aid"),
    ("我不想活了", "low_mood"),
    ("I want to die", "low_mood"),
    ("I got scammed", "scammed"),
    ("beipian", "scammed"),
]


@pytest.mark.parametrize(("question", "guide"), QUESTIONS)
def test_a_question_finds_its_guide(question: str, guide: str) -> None:
    best = FINDER.best(question)
    assert best is not None
    assert best.guide.id == guide


def test_every_question_of_a_guide_finds_it_first() -> None:
    missed = [
        asked
        for guide in LIBRARY.guides
        for text in guide.texts.values()
        for asked in text.asks
        if not (hits := FINDER.find(asked, 1)) or hits[0].guide is not guide
    ]
    assert missed == []


@pytest.mark.parametrize(
    "text", ["附近哪里能歇脚", "李家沱", "你好", "thanks", "", "🔋", "x" * (MAX_QUESTION + 1)]
)
def test_other_matters_find_nothing(text: str) -> None:
    assert FINDER.best(text) is None


@given(st.text(max_size=250))
@settings(max_examples=100, deadline=None)
def test_no_text_breaks_the_search(text: str) -> None:
    scores = [hit.score for hit in FINDER.find(text)]
    assert scores == sorted(scores, reverse=True)
