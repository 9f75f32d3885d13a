"""Finds the guide that answers a typed question, in Chinese, pinyin or English.

A question is cut into pairs of Chinese characters and into words. What is rare among the guides weighs more,
tags and questions of a guide weigh more than its text. The score is the share of the question that a guide
explains (0 to 1), and up to 1 more for a tag of it that stands there whole.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from bot.services.lessons.model import Guide, GuideText
from bot.services.stations.text import fold, has_han, spell, squeezed

MAX_QUESTION: Final = 200
"""Characters; a longer story belongs to a person, not to a search."""
LIKELY: Final = 0.35
"""Score from which a guide is worth showing."""
SURE: Final = 0.55
"""Score from which a guide is taken to be meant while something else is open."""
LEAD: Final = 0.12
"""How much better than the second the first has to be to be opened at once."""

_TAG, _ASKS, _TEXT = 1.0, 0.9, 0.35
_UNKNOWN: Final = 0.5  # a word that no guide has says little either way
_LEAST_PINYIN: Final = 6

_HAN: Final = re.compile(r"[\u3400-\u9fff]+")
_LATIN: Final = re.compile(r"[a-z0-9]+")
# Words that ask without saying about what.
_ASKING: Final = re.compile(
    "请问|怎么办|怎么样|怎么|咋办|咋整|咋|什么|多少|哪里|哪儿|哪个|谁|可以|能不能|有没有|是不是|要不要|"
    "能|吗|呢|啊|了|的|我|你|他|是"
)
_ASKING_LATIN: Final = """
    a an the i my me we you it is are am was do does did can could may must should how what when where which
    who why for of to in on at by from with and or if there have has get go now please hi hello s t help check
    any many much long all no so this that
"""
_ASKING_WORDS: Final = frozenset(_ASKING_LATIN.split())


@dataclass(frozen=True, slots=True)
class Hit:
    """A guide, how well it fits, and whether one of its tags stands in the question."""

    guide: Guide
    score: float
    tagged: bool


class Finder:
    """Searches the guides in every language at once."""

    def __init__(self, guides: Sequence[Guide]) -> None:
        self._guides = guides
        self._weights: dict[str, dict[int, float]] = defaultdict(dict)
        self._tags: list[tuple[str, int]] = []
        for number, guide in enumerate(guides):
            for text in guide.texts.values():
                self._learn(number, text)
        self._rarity = {gram: log(1 + len(guides) / len(found)) for gram, found in self._weights.items()}
        self._unknown = _UNKNOWN * log(1 + len(guides))
        self._spelled = [(spell(tag), number) for tag, number in self._tags if has_han(tag)]

    def find(self, question: str, limit: int = 5) -> list[Hit]:
        """The guides that may answer, the likeliest first; none below LIKELY."""
        if len(question) > MAX_QUESTION:
            return []
        folded = fold(question)
        scores = self._scores(grams(folded))
        tagged = self._tagged(folded)
        for number, share in tagged.items():
            scores[number] += share
        ranked = sorted(scores.items(), key=lambda found: -found[1])
        return [
            Hit(self._guides[number], score, number in tagged)
            for number, score in ranked[:limit]
            if score >= LIKELY
        ]

    def best(self, question: str) -> Hit | None:
        """The guide that is meant, None where none or more than one may be."""
        hits = self.find(question, 2)
        if not hits or (len(hits) > 1 and hits[0].score - hits[1].score < LEAD):
            return None
        return hits[0]

    def _learn(self, number: int, text: GuideText) -> None:
        fields = (
            (_TAG, (text.head.title, *text.head.tags)),
            (_ASKS, text.asks),
            (_TEXT, (text.head.summary, text.text)),
        )
        for weight, words in fields:
            for gram in {gram for word in words for gram in grams(fold(word))}:
                known = self._weights[gram].get(number, 0.0)
                self._weights[gram][number] = max(known, weight)
        self._tags += [(fold(tag), number) for tag in text.head.tags]

    def _scores(self, asked: Iterable[str]) -> defaultdict[int, float]:
        scores: defaultdict[int, float] = defaultdict(float)
        whole = 0.0
        for gram in set(asked):
            rarity = self._rarity.get(gram, self._unknown)
            whole += rarity
            for number, weight in self._weights.get(gram, {}).items():
                scores[number] += rarity * weight
        for number in scores:
            scores[number] /= whole
        return scores

    def _tagged(self, folded: str) -> dict[int, float]:
        """Which guides have a tag in the question; a longer tag says more."""
        found: dict[int, float] = {}
        words = f" {folded} "
        close = squeezed(folded)
        for tag, number in self._tags:
            if (tag in folded) if has_han(tag) else (f" {tag} " in words):
                found[number] = max(found.get(number, 0.0), _tag_share(tag))
        if not has_han(folded):
            for spelled, number in self._spelled:
                if len(spelled) >= _LEAST_PINYIN and spelled in close:
                    found[number] = 1.0
        return found


def _tag_share(tag: str) -> float:
    size = len(tag) if has_han(tag) else len(tag) / 2.5
    return min(0.5, 0.1 * size)


def grams(folded: str) -> list[str]:
    """Pairs of Chinese characters and Latin words of a folded text, without those that only ask."""
    bare = _ASKING.sub(" ", folded)
    pairs = [run[at : at + 2] for run in _HAN.findall(bare) for at in range(max(1, len(run) - 1))]
    return pairs + [_stem(word) for word in _LATIN.findall(bare) if word not in _ASKING_WORDS]


def _stem(word: str) -> str:
    """A word without the endings that say nothing here: wages → wage, charging → charg."""
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word[:-1] if word.endswith("e") and len(word) > 3 else word
