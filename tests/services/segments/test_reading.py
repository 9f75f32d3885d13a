"""Segments typed on a phone: in both languages, and wrong in every way."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import LOCALES, speaking
from bot.services.segments import Segment, SegmentError, describe, parse, say
from bot.services.segments.model import (
    DEEPEST,
    LONGEST,
    QUOTES,
    Condition,
    Everyone,
    Has,
    both,
    depth,
    either,
    without,
)
from bot.services.segments.predicates import PREDICATES
from bot.services.segments.words import LANGUAGES, ROLES, WORK

# -- What is said and what is read --------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (
            "branch:bn & work:courier & active<7d - role:organizer",
            "branch:bn & work:courier & active<7d - role:organizer",
        ),
        ("支部:巴南 且 骑手 活跃<7天 -组织员", "branch:巴南 & work:rider & active<7d - role:organizer"),
        ("支部：巴南且骑手", "branch:巴南 & work:rider"),
        ("riders, couriers to:both", "work:rider,courier & to:both"),
        ("骑手、快递员 发到:群", "work:rider,courier & to:groups"),
        ("骑手、组织员", "work:rider | role:organizer"),
        ("(branch:bn 或 branch:wtq) 除了 组织员", "(branch:bn | branch:wtq) - role:organizer"),
        ("没学完:heat_work 活跃<1个月", "- finished:heat_work & active<30d"),
        ("unfinished:heat_work", "- finished:heat_work"),
        ("active>2w", "- active<14d"),
        ("活跃：3天", "active<3d"),
        ("branch:bn-rider-组织员", "branch:bn-rider - role:organizer"),
        ('branch:"李家沱 支部" 中文', None),
        ("所有人 语言:英文", "all & language:en"),
        ("district:且末县", 'district:"且末县"'),
        ("to:groups", "all & to:groups"),
        ("riders and not organizers", "work:rider - role:organizer"),
        ("爱心商户", "role:shop"),
        ("COURIERS AND ROLE:Organizer", "work:courier & role:organizer"),
        ("骑手 -（标签:新人 或 标签:请假）", "work:rider - (tag:新人 | tag:请假)"),
        ("- - riders", None),
        ("-(-riders)", "work:rider"),
    ],
)
def test_typed(typed: str, meant: str | None) -> None:
    if meant is None:
        with pytest.raises(SegmentError):
            parse(typed)
    else:
        assert say(parse(typed)) == meant


@pytest.mark.parametrize(
    ("typed", "place", "words"),
    [
        ("wrk:x", 0, "Did you mean “work:”"),
        ("riders & nonsense", 9, "I don't know “nonsense”"),
        ("work:pilot", 5, "rider, courier"),
        ("work:rider,pilot", 11, "rider, courier"),
        ("branch:", 7, "short name"),
        ("active<", 7, "<7d"),
        ("active<7x", 7, "<7d"),
        ("active<0d", 7, "<7d"),
        ("work<7d", 4, "takes a colon"),
        ("(riders", 7, "bracket is open"),
        ("riders)", 6, "No bracket"),
        ("riders or couriers - organizers", 19, "put brackets"),
        ("riders - organizers or couriers", 20, "put brackets"),
        ("riders &", 8, "Here comes a condition"),
        ("-", 1, "Here comes a condition"),
        ("", 0, "Here comes a condition"),
        ("(riders to:groups) or couriers", 11, "at the end"),
        ("riders to:groups to:people", 20, "twice"),
        ("to:everywhere", 3, "people, groups, both"),
        ("骑手 & & 组织员", 5, "Here comes a condition"),
        ("x" * (LONGEST + 1), LONGEST, "too long"),
    ],
)
def test_errors_point_at_the_place(typed: str, place: int, words: str) -> None:
    with speaking("en"), pytest.raises(SegmentError) as raised:
        parse(typed)
    assert raised.value.position == place
    assert words in raised.value.sentence


def test_the_caret_stands_under_chinese_characters_too() -> None:
    with pytest.raises(SegmentError) as raised:
        parse("支部:巴南 & 飞行员")
    assert raised.value.pointed == "支部:巴南 & 飞行员\n　　 　　   ^"


def test_too_many_brackets_are_refused() -> None:
    deep = "-(riders or (couriers " * DEEPEST + "riders" + "))" * DEEPEST
    with speaking("en"), pytest.raises(SegmentError, match="too deep"):
        parse(deep)


def test_brackets_that_mean_nothing_are_none() -> None:
    assert parse("(" * 50 + "riders" + ")" * 50) == parse("riders")


# -- Said back -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        (
            "zh_CN",
            "巴南两新工委（含下级），骑手或快递员，近 7 天活跃的，不含组织员 → 私聊和群",
        ),
        (
            "en",
            "巴南两新工委 with all below it, riders or couriers, active in the last 7 days, "
            "not organizers → private chats and groups",
        ),
    ],
)
def test_described(locale: str, told: str) -> None:
    segment = parse("branch:bn work:rider,courier active<7d -role:organizer to:both")
    with speaking(locale):
        assert describe(segment, {("branch", "bn"): "巴南两新工委"}) == told


def test_what_it_describes_formats_nothing() -> None:
    with speaking("en"):
        assert describe(parse('tag:"**x** [y](https://z.example)"')).count("\\*") == 4


# -- Any segment -----------------------------------------------------------------------

NAMES = st.text(min_size=1, max_size=12).filter(
    lambda text: not any(each in QUOTES for each in text) and text == text.strip(QUOTES)
)


def _has(key: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[Condition]:
    return st.lists(values, min_size=1, max_size=3).map(lambda some: Has(key, tuple(some)))


LEAVES: st.SearchStrategy[Condition] = st.one_of(
    st.just(Everyone()),
    _has("branch", NAMES),
    _has("district", NAMES),
    _has("tag", NAMES),
    _has("finished", NAMES),
    _has("work", st.sampled_from(sorted(WORK))),
    _has("role", st.sampled_from(sorted(ROLES))),
    _has("language", st.sampled_from(sorted(LANGUAGES))),
    st.integers(1, 3650).map(lambda days: Has("active", (str(days),))),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(lambda some: both(*some)),
        st.lists(inner, min_size=2, max_size=4).map(lambda some: either(*some)),
        inner.map(without),
    ),
    max_leaves=12,
)


@given(CONDITIONS, st.sampled_from(["people", "groups", "both"]))
def test_what_is_said_is_read_as_the_same(condition: Condition, to: str) -> None:
    segment = Segment(condition, to)  # type: ignore[arg-type]
    said = say(segment)
    if len(said) <= LONGEST and depth(condition) <= DEEPEST:
        assert parse(said) == segment


PIECES = st.sampled_from(
    [
        "骑手",
        "组织员",
        " ",
        "且",
        "或",
        "-",
        "(",
        "）",
        "branch:",
        "bn",
        "<7天",
        "活跃",
        "，",
        '"',
        "and ",
        ":",
        "to:群",
    ]
)


@given(st.text(max_size=60) | st.lists(PIECES, max_size=14).map("".join), st.sampled_from(LOCALES))
def test_whatever_is_typed_is_read_or_explained(typed: str, locale: str) -> None:
    with speaking(locale):
        read = _read(typed)
        if isinstance(read, SegmentError):
            assert 0 <= read.position <= len(typed)
            assert re.search(r"\w", read.sentence)
        else:
            assert parse(say(read)) == read
            assert describe(read)


def _read(typed: str) -> Segment | SegmentError:
    try:
        return parse(typed)
    except SegmentError as error:
        return error


def test_every_predicate_is_spelled_one_way() -> None:
    spellings = [word for each in PREDICATES.values() for word in (each.name, *each.words, *each.opposites)]
    assert len(spellings) == len(set(spellings))
