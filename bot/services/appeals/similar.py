"""Appeals that may tell the same: of one kind, of one place, in like words.

Stories are compared by TF-IDF over single Chinese characters, pairs of them, and the first letters of Latin
words, which asks for no word list in either language. What is put together is close on average, so that no
chain of likenesses joins what is unlike.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from bot.services.stations.geo import metres_between
from bot.services.stations.model import Point
from bot.services.stations.text import fold

LIKE: Final = 0.11
"""Cosine from which two stories are alike; tried on stories of six themes in tests/services/appeals."""
NEAR_METRES: Final = 1_000
MOST_COMPARED: Final = 2_000
"""Stories compared at once; the matrix of all pairs takes 32 MB then."""
_MARKS: Final = re.compile(r"[\u4e00-\u9fff]+|[a-z]{3,}")
_APART: Final = -1_000.0
_STEM: Final = 5  # letters that the forms of an English word share


class Told(Protocol):
    """What is compared: an appeal, or one that is being written."""

    @property
    def kind(self) -> str: ...
    @property
    def story(self) -> str: ...
    @property
    def district(self) -> str: ...
    @property
    def point(self) -> tuple[float, float] | None: ...


@dataclass(frozen=True, slots=True)
class Cluster:
    """Places in the compared list that tell the same, and how alike they are on average (0 to 1)."""

    members: tuple[int, ...]
    likeness: float


def clusters(told: Sequence[Told]) -> list[Cluster]:
    """What belongs together, the largest first; whoever stands alone is left out.

    Of more than MOST_COMPARED the latest are compared. The first call loads a large library (about a second):
    call it in a thread.
    """
    told_by_place = list(enumerate(told))[-MOST_COMPARED:]
    by_kind: dict[str, list[int]] = defaultdict(list)
    for place, one in told_by_place:
        by_kind[one.kind].append(place)
    found = []
    for places in by_kind.values():
        if len(places) > 1:
            found += _clusters_of([told[place] for place in places], places)
    return sorted(found, key=lambda one: (-len(one.members), one.members))


def likest(draft: Told, told: Sequence[Told]) -> list[int]:
    """Places of those that tell what a draft tells, the most alike first. Call it in a thread, too."""
    near = [place for place, one in enumerate(told) if one.kind == draft.kind and _near(draft, one)]
    if not near:
        return []
    likeness = _likeness([draft.story, *(told[place].story for place in near)])[0][1:]
    ranked = sorted(zip(likeness, near, strict=True), key=lambda pair: (-pair[0], pair[1]))
    return [place for like, place in ranked if like >= LIKE]


def _clusters_of(told: Sequence[Told], places: Sequence[int]) -> list[Cluster]:
    from sklearn.cluster import AgglomerativeClustering

    likeness = _likeness([one.story for one in told])
    for row, one in enumerate(told):
        for column, other in enumerate(told[:row]):
            if not _near(one, other):
                likeness[row, column] = likeness[column, row] = _APART  # no average makes up for being far
    grouped = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1 - LIKE
    ).fit_predict(1 - likeness)
    members: dict[int, list[int]] = defaultdict(list)
    for row, label in enumerate(grouped):
        members[int(label)].append(row)
    return [
        Cluster(tuple(places[row] for row in rows), _mean(likeness, rows))
        for rows in members.values()
        if len(rows) > 1
    ]


def _mean(likeness: Any, rows: Sequence[int]) -> float:
    pairs = [float(likeness[one, other]) for one in rows for other in rows if one < other]
    return sum(pairs) / len(pairs)


def _likeness(stories: Sequence[str]) -> Any:
    """The cosine of each pair, as a square array; stories without a word are like nothing."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    weights = TfidfVectorizer(analyzer=_marks, sublinear_tf=True).fit_transform([*stories, "some words"])
    return (weights @ weights.T).toarray()[:-1, :-1]


def _marks(story: str) -> list[str]:
    """What a story is compared by; numbers differ from case to case and count for nothing."""
    marks: list[str] = []
    for run in _MARKS.findall(fold(story)):
        if run.isascii():
            marks.append(run[:_STEM])
        else:
            marks += [*run, *(run[place : place + 2] for place in range(len(run) - 1))]
    return marks


def _near(one: Told, other: Told) -> bool:
    """Whether two places are one as far as is known: by the pins, or else by the districts."""
    if one.point is not None and other.point is not None:
        return metres_between(Point(*one.point), Point(*other.point)) <= NEAR_METRES
    return one.district == other.district
