"""Who tells the same is found by what they tell, where; never by a chain of likenesses."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services.appeals import similar
from bot.services.appeals.similar import clusters, likest

HERE, AROUND_THE_CORNER, FAR = (29.47, 106.54), (29.474, 106.541), (29.6, 106.6)

STORIES = {
    "freight": [
        "平台欠我三千二运费半个月了不给",
        "运费拖了半个月没结，一共三千多",
        "货运平台运费一直不结，拖半个月了",
    ],
    "gate": [
        "锦绣小区保安不让电动车进，每次走十分钟",
        "小区门口不让骑手进，要走路送",
        "保安不让外卖车进小区，送一单走半天",
    ],
    "parking": ["商场门口没地方停车老被贴条", "商场门口停车就被贴单子，没车位"],
    "swap": ["换电柜总是没满电的电池", "换电柜坏了好几天没人修"],
    "meals": ["吃饭太贵，一顿二十多", "中午吃饭贵，想要个骑手食堂"],
    "english pay": [
        "the platform hasn't paid me 4000 yuan for two weeks",
        "my platform pay is two weeks late",
    ],
    "english gate": [
        "guards won't let me into the compound",
        "the guard at the compound gate lets no rider in",
    ],
}


@dataclass(frozen=True)
class Told:
    story: str
    kind: str = "other"
    district: str = "巴南区"
    point: tuple[float, float] | None = None


def together(told: list[Told]) -> set[frozenset[str]]:
    return {frozenset(told[place].story for place in cluster.members) for cluster in clusters(told)}


def test_stories_of_one_theme_come_together_and_others_stay_apart() -> None:
    told = [Told(story) for stories in STORIES.values() for story in stories]
    assert together(told) == {frozenset(stories) for stories in STORIES.values()}


def test_another_kind_is_never_the_same() -> None:
    story = STORIES["gate"][0]
    assert together([Told(story, kind="gate"), Told(story, kind="parking")]) == set()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Told("小区不让进", point=HERE), Told("小区不让进门", point=AROUND_THE_CORNER), True),
        (Told("小区不让进", point=HERE), Told("小区不让进门", point=FAR), False),
        (Told("小区不让进", point=HERE), Told("小区不让进门"), True),
        (Told("小区不让进"), Told("小区不让进门", district="章贡区"), False),
    ],
)
def test_it_must_be_the_same_place(one: Told, other: Told, same: bool) -> None:
    assert bool(clusters([one, other])) is same
    assert bool(likest(one, [other])) is same


def test_many_that_are_near_bring_nobody_along_who_is_far() -> None:
    told = [Told("小区不让进", point=HERE)] * 8 + [Told("小区不让进", point=FAR)]
    assert [cluster.members for cluster in clusters(told)] == [tuple(range(8))]


def test_the_largest_comes_first() -> None:
    told = [Told(story) for name in ("swap", "gate") for story in STORIES[name]]
    assert [len(cluster.members) for cluster in clusters(told)] == [3, 2]
    assert all(similar.LIKE < cluster.likeness <= 1 for cluster in clusters(told))


def test_a_draft_finds_its_like() -> None:
    told = [Told(story) for stories in STORIES.values() for story in stories]
    found = [told[place].story for place in likest(Told("保安拦着，小区不让骑手进"), told)]
    assert set(found[:3]) == set(STORIES["gate"])


def test_of_very_many_the_latest_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "MOST_COMPARED", 3)
    told = [Told("小区不让进")] * 5
    assert [cluster.members for cluster in clusters(told)] == [(2, 3, 4)]


@given(st.lists(st.builds(Told, st.text(max_size=40), kind=st.sampled_from(["pay", "gate"])), max_size=8))
@settings(max_examples=50)
def test_nobody_is_in_two_places(told: list[Told]) -> None:
    members = [place for cluster in clusters(told) for place in cluster.members]
    assert len(members) == len(set(members))
    assert all(0 <= place < len(told) for place in members)
