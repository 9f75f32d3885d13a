"""Pinyin, units and senses: what a text is made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.understanding.features import features, told
from bot.services.understanding.follow_up import FollowUp, follow_up
from bot.services.understanding.lexicon import Lexicon
from bot.services.understanding.pinyin import syllables_of
from bot.services.understanding.senses import Senses
from bot.services.understanding.units import cut


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("lijiatuo", ("li", "jia", "tuo")),
        ("xian", ("xian",)),
        ("zhuangshi", ("zhuang", "shi")),
        ("tixingwo", ("ti", "xing", "wo")),
        ("charge", ()),
        ("where", ()),
        ("", ()),
    ],
)
def test_pinyin_has_syllables(word: str, syllables: tuple[str, ...]) -> None:
    assert syllables_of(word) == syllables


@given(st.text("abcdefghijklmnopqrstuvwxyz", max_size=30))
def test_syllables_are_the_word(word: str) -> None:
    assert "".join(syllables_of(word)) in (word, "")


def test_a_homophone_and_its_pinyin_sound_alike() -> None:
    assert cut("提醒我").heard == cut("题醒我").heard == cut("tixing wo").heard


def test_numbers_and_receipts_stand_for_themselves() -> None:
    assert cut("A1034 欠300").written == ("⌗", "欠", "#")
    assert cut("a 1034").written == ("⌗",)


def test_a_word_and_what_sounds_like_it_have_a_sense() -> None:
    senses = Senses({"remind": ["提醒", "remind"], "where": ["哪里"]})
    assert [sense for _, sense in senses.found(cut("哪里提醒"))] == ["where", "remind"]
    assert [sense for _, sense in senses.found(cut("题醒"))] == ["remind"]
    assert [sense for _, sense in senses.found(cut("nali reminding"))] == ["where", "remind"]
    assert senses.found(cut("醒")) == []


def test_every_piece_can_be_told() -> None:
    names = features("remind me 附近 A1034", Senses({"near": ["附近"], "remind": ["remind"]}))
    assert len(set(names)) == len(names)
    assert ("sense", "near") in map(told, names)
    assert ("written", "附 近") in map(told, names)
    assert ("senses together", "near+remind") in map(told, names)


def test_words_mean_values() -> None:
    lexicon = Lexicon({"kind": {"wire": ["电线", "飞…线", "cable"], "harm": ["injur…"], "end": ["线"]}})
    assert lexicon.value("kind", "楼上飞了一根线") == "wire"
    assert lexicon.value("kind", "cables") == ""
    assert lexicon.value("kind", "injuries") == "harm"
    assert lexicon.value("kind", "路线") == "end"
    assert lexicon.last(["kind"], "电线 injury") == "harm"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("那个几点关门", "hours"),
        ("开到几点？", "hours"),
        ("它现在开门没", "hours"),
        ("what time does it close", "hours"),
        ("换个近点的", "nearer"),
        ("有没有更近一点的", "nearer"),
        ("太远了", "nearer"),
        ("anything closer?", "nearer"),
        ("还有别的吗", "more"),
        ("换一个", "more"),
        ("next page", "more"),
        ("怎么走", "way"),
        ("how do I get there", "way"),
        ("李家沱几点关门", None),
        ("附近的厕所", None),
        ("", None),
    ],
)
def test_what_is_said_of_what_was_shown(text: str, wanted: FollowUp | None) -> None:
    assert follow_up(text) == wanted
