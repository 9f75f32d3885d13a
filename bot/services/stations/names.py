"""Fuzzy search by name: places and stations, in Chinese, pinyin, initials or English, with typos.

Every name is spelled in Latin letters and southern confusions are taken out, so a homophone or a typo
leaves most of its three-letter pieces in place. An inverted index over these pieces finds a handful of
candidates among tens of thousands, and only these are compared letter by letter.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import partial_ratio, ratio

from bot.services.stations.model import Place, Point, Station
from bot.services.stations.text import fold, has_han, initials, loosen, spell, spellings, squeezed

# Scores, 0 to 100: how sure we are that this is what was meant.
EXACT: Final = 100.0
SUFFIXED: Final = 97.0  # 巴南 for 巴南区
BEGINS: Final = 92.0
CONTAINS: Final = 88.0
HOMOPHONE: Final = 4.0  # taken off where only the sound agrees
CONFUSED: Final = 6.0  # taken off where only the southern sound agrees
INITIALS: Final = 90.0  # of the whole name
FIRST_INITIALS: Final = 85.0  # of its beginning
MISSPELT: Final = 90.0  # times the likeness
PART: Final = 12.0  # taken off the likeness where only a part of the name is like it
ADDRESS: Final = 8.0  # taken off where only the address agrees
LEAST: Final = 64.0
"""Matches below this are not shown to anybody."""
CLEAR_LEAD: Final = 3.0
"""Points by which the best match must lead to be taken without asking."""
CLEAR_SCORE: Final = 78.0
"""Score from which a match may be taken without asking."""

MAX_QUERY: Final = 60
"""Characters of a search that are looked at; no name is longer."""
_PIECE: Final = 3
_CANDIDATES: Final = 96
_PLACE_FIRST: Final = 1.0  # a place wins over a station of the same likeness: people name places
# What people leave out of a name, and what they add to one.
_LEFT_OUT: Final = (
    "区",
    "县",
    "市",
    "镇",
    "乡",
    "街道",
    "qu",
    "xian",
    "shi",
    "zhen",
    "district",
    "county",
    "town",
)
_ADDED: Final = (*_LEFT_OUT, "站", "路", "街", "那边", "这边", "zhan", "station")
_LEAST_INITIALS: Final = 2
_LEAST_LETTERS_TO_MISSPELL: Final = 5
_LEAST_LETTERS_OF_PART: Final = 8  # short spellings are like a part of something everywhere
_LEAST_LETTERS_WITHIN: Final = 4


@dataclass(frozen=True, slots=True)
class Match:
    """A place or a station that a text may have meant, and how likely (0 to 100)."""

    score: float
    place: Place | None = None
    station: Station | None = None

    @property
    def named(self) -> Place | Station:
        """What was matched."""
        named = self.place or self.station
        assert named is not None  # noqa: S101 - one of the two is always given
        return named

    @property
    def name(self) -> str:
        """Its Chinese name."""
        return self.named.name

    @property
    def point(self) -> Point:
        """Where it is."""
        return self.named.point


def clear_winner(matches: Sequence[Match]) -> Match | None:
    """The first match where nobody needs to be asked: it is likely, and leads."""
    if not matches or matches[0].score < CLEAR_SCORE:
        return None
    if len(matches) > 1 and matches[0].score - matches[1].score < CLEAR_LEAD:
        return None
    return matches[0]


@dataclass(frozen=True, slots=True)
class _Key:
    """One way to write one name: as it is folded, spelled, and spelled loosely."""

    entry: int
    folded: str
    spelled: str
    loose: str
    handicap: float


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is looked for, in the same three forms."""

    folded: str
    spelled: str
    loose: str
    is_chinese: bool


class NameIndex:
    """Searches the names of places and stations that do not change."""

    def __init__(self, places: Iterable[Place], stations: Iterable[Station]) -> None:
        self._entries: list[Place | Station] = [*places, *stations]
        self._keys = [key for number, entry in enumerate(self._entries) for key in _keys(number, entry)]
        self._lengths = np.array([len(key.loose) for key in self._keys], dtype=np.float64)
        self._pieces = _postings(key.loose for key in self._keys)
        self._initials = sorted(
            (initials(fold(entry.name)), number) for number, entry in enumerate(self._entries)
        )
        self._exact: set[str] = set()
        for key in self._keys:
            if key.handicap == 0.0:
                self._exact |= {key.folded, key.spelled}

    def search(self, text: str, limit: int = 5) -> list[Match]:
        """The likeliest places and stations for a name as somebody typed it, best first, each once."""
        folded = squeezed(fold(text[:MAX_QUERY]))
        if len(folded) < _LEAST_INITIALS:
            return []
        spelled = spell(folded)
        asked = _Asked(folded, spelled, loosen(spelled), has_han(folded))
        scores: dict[int, float] = {}
        for entry, score in (*self._by_initials(asked), *self._by_spelling(asked)):
            if score >= LEAST and score > scores.get(entry, 0.0):
                scores[entry] = score
        # Equal ones in the order in which they were given, shorter names first.
        ranked = sorted(
            scores.items(), key=lambda item: (-item[1], len(self._entries[item[0]].name), item[0])
        )
        return [self._match(entry, score) for entry, score in ranked[:limit]]

    def is_name(self, squeezed_text: str) -> bool:
        """Whether a folded text without spaces is a whole name, in Chinese, pinyin or English."""
        return squeezed_text in self._exact

    def _match(self, entry: int, score: float) -> Match:
        named = self._entries[entry]
        if isinstance(named, Place):
            return Match(score, place=named)
        return Match(score, station=named)

    def _by_initials(self, asked: _Asked) -> Iterator[tuple[int, float]]:
        """Names that begin with these initials; the more of the name they cover, the likelier."""
        if asked.is_chinese or not asked.folded.isalpha():
            return
        letters = asked.folded
        start = bisect_left(self._initials, (letters, -1))
        for initial, entry in self._initials[start : start + _CANDIDATES]:
            if not initial.startswith(letters):
                return
            score = INITIALS if initial == letters else FIRST_INITIALS - min(len(initial) - len(letters), 10)
            yield entry, score + (_PLACE_FIRST if isinstance(self._entries[entry], Place) else 0.0)

    def _by_spelling(self, asked: _Asked) -> Iterator[tuple[int, float]]:
        for number in self._candidates(asked.loose):
            key = self._keys[number]
            score = _likeness(asked, key) - key.handicap
            if isinstance(self._entries[key.entry], Place) and score < EXACT:
                score += _PLACE_FIRST
            yield key.entry, score

    def _candidates(self, loose: str) -> list[int]:
        """The keys that share most pieces with a spelling, shorter ones first among equals."""
        postings = [self._pieces[piece] for piece in set(_cut(loose)) if piece in self._pieces]
        if not postings:
            return []
        shared = np.bincount(np.concatenate(postings), minlength=len(self._keys))
        order = shared - self._lengths * 1e-3
        best = np.flatnonzero(shared)
        if len(best) > _CANDIDATES:
            best = best[np.argpartition(-order[best], _CANDIDATES)[:_CANDIDATES]]
        numbers: list[int] = best.tolist()
        return numbers


def _keys(number: int, entry: Place | Station) -> Iterator[_Key]:
    yield from _spelled(number, entry.name, 0.0)
    if entry.name_en:
        yield from _spelled(number, entry.name_en, 0.0)
    if isinstance(entry, Station) and entry.address:
        yield from _spelled(number, entry.address, ADDRESS)


def _spelled(number: int, name: str, handicap: float) -> Iterator[_Key]:
    folded = fold(name)
    for spelling in spellings(folded):
        yield _Key(number, squeezed(folded), spelling, loosen(spelling), handicap)


def _cut(loose: str) -> list[str]:
    """The three-letter pieces of a spelling; one that is shorter is a piece of its own."""
    if len(loose) <= _PIECE:
        return [loose]
    return [loose[start : start + _PIECE] for start in range(len(loose) - _PIECE + 1)]


def _postings(spellings: Iterable[str]) -> dict[str, NDArray[np.int32]]:
    """For each piece the numbers of the spellings that have it."""
    lists: dict[str, list[int]] = defaultdict(list)
    for number, loose in enumerate(spellings):
        for piece in set(_cut(loose)):
            lists[piece].append(number)
    return {piece: np.array(numbers, dtype=np.int32) for piece, numbers in lists.items()}


def _likeness(asked: _Asked, key: _Key) -> float:
    """How well a name fits, 0 to 100: written alike, sounding alike, or nearly so."""
    written = _fit(asked.folded, key.folded)
    if written:
        return written
    # Somebody who types pinyin cannot write the character wrong.
    sounds = _fit(asked.spelled, key.spelled)
    if sounds:
        return sounds - (HOMOPHONE if asked.is_chinese else 0.0)
    # Without syllable borders n|g looks like ng, so a loose spelling must at least begin where the name
    # begins.
    may_be_loose = asked.is_chinese or len(asked.loose) >= _LEAST_LETTERS_TO_MISSPELL
    if may_be_loose and (key.loose.startswith(asked.loose) or asked.loose.startswith(key.loose)):
        return _fit(asked.loose, key.loose) - CONFUSED
    return _misspelt(asked, key)


def _fit(asked: str, name: str) -> float:
    if asked == name:
        return EXACT
    if name.startswith(asked) and name[len(asked) :] in _LEFT_OUT:
        return SUFFIXED
    if asked.startswith(name) and asked[len(name) :] in _ADDED:
        return SUFFIXED
    if name.startswith(asked):
        return BEGINS - _uncovered(asked, name)
    if asked in name and (has_han(asked) or len(asked) >= _LEAST_LETTERS_WITHIN):
        return CONTAINS - _uncovered(asked, name)
    if len(name) > 1 and asked.startswith(name):
        return CONTAINS - 4 * _uncovered(name, asked)
    return 0.0


def _uncovered(part: str, whole: str) -> float:
    """A few points for what the shorter text leaves of the longer one."""
    return 5.0 * (1 - len(part) / len(whole))


def _misspelt(asked: _Asked, key: _Key) -> float:
    if len(asked.loose) < _LEAST_LETTERS_TO_MISSPELL:
        return 0.0
    likeness = ratio(asked.loose, key.loose)
    if _LEAST_LETTERS_OF_PART <= len(asked.loose) < len(key.loose):
        likeness = max(likeness, partial_ratio(asked.loose, key.loose) - PART)
    if asked.is_chinese and (written := ratio(asked.folded, key.folded, score_cutoff=60)):
        # One wrong character in three is a third of the name, but rarely a different name.
        likeness = max(likeness, 50 + written / 2)
    return MISSPELT * likeness / 100
