"""Reads a courier's line: is it a station search at all, and what does it ask for?

The line is taken apart word by word. What was understood is covered; what is left over may name a place,
and the more is left over unexplained, the less likely the line is a search.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.services.stations import phrases
from bot.services.stations.catalogue import Catalogue, Service
from bot.services.stations.how_far import take_how_far
from bot.services.stations.line import Line, chinese_words, either_words, latin_words
from bot.services.stations.model import Query
from bot.services.stations.names import CLEAR_SCORE, Match, NameIndex, clear_winner
from bot.services.stations.text import fold, has_han, spell, squeezed

MAX_LINE: Final = 120
"""Characters; nobody asks for a station at greater length."""
SURE: Final = 0.5
"""Confidence from which a line is taken for a station search."""
GENERIC_KIND: Final = "station"
"""驿站 is what people call every kind of place, so the word asks for none in particular."""

# What each thing understood adds to the confidence.
_SERVICE, _KIND, _PLACE, _NEAR, _QUESTION, _FILTER = 0.5, 0.5, 0.35, 0.3, 0.2, 0.3
_ALL_UNDERSTOOD: Final = 0.2
_UNEXPLAINED: Final = 0.5  # taken off, times the share of the line that nothing explains
_LITTLE: Final = 0.25
_LONGEST_NAME: Final = 16
_LONGEST_UNKNOWN: Final = 10
_LEAST_LATIN: Final = 3
_LIKELY_SCORE: Final = 72.0  # of a name where the rest of the line asks for a station
_MOST_WORDS: Final = 8
_MOST_NAME_WORDS: Final = 5
_LATIN_WORD: Final = re.compile(r"[a-z0-9]+")
_BEFORE_PLACE: Final = re.compile(r"(?:在|到|去|\b(?:in|at|near|around|to)) ?$")
_AFTER_PLACE: Final = re.compile(r" ?(?:附近|周边|周围|旁边|那边|这边|有|哪|在哪)")


_ANYTHING: Final = Query()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a line asks for. `place_text` is what seems to name a place, `matches` what it may mean (best
    first, empty when nothing known is like it), `near` that the courier means where they are, `asks_hours`
    that they want to know when, `confidence` (0 to 1) how likely the line is a station search."""

    query: Query = _ANYTHING
    near: bool = False
    place_text: str = ""
    matches: tuple[Match, ...] = ()
    asks_hours: bool = False
    confidence: float = 0.0

    @property
    def is_search(self) -> bool:
        """Whether to answer with stations."""
        return self.confidence >= SURE


NOTHING_ASKED: Final = Asked()

# 巴南区 is 巴南 to people: what they add to a name says nothing more.
_SUFFIX = re.compile("[区县市镇乡村]|街道|新区|城区")
_OTHER_MATTER = either_words(phrases.OTHER_MATTER_ZH, phrases.OTHER_MATTER_EN)
_ALWAYS = either_words(phrases.ALWAYS_ZH, phrases.ALWAYS_EN)
_HOURS = either_words(phrases.HOURS_ZH, phrases.HOURS_EN)
_OPEN = either_words(phrases.OPEN_ZH, phrases.OPEN_EN)
_NEAR_ME = either_words(phrases.NEAR_ZH, phrases.NEAR_EN)
_ASKING = either_words(phrases.QUESTION_ZH, phrases.QUESTION_EN)
_FILLER = either_words(
    phrases.FILLER_ZH, (*phrases.FILLER_EN, *phrases.FILLER_PINYIN, *"abcdefghijklmnopqrstuvwxyz")
)


class Reader:
    """Reads lines with the words of a catalogue and the names of places and stations."""

    def __init__(self, catalogue: Catalogue, names: NameIndex) -> None:
        self._catalogue = catalogue
        self._names = names
        self._meanings = _meanings((*catalogue.services, *catalogue.kinds))
        self._chinese = chinese_words(self._meanings)
        self._latin = latin_words(self._meanings)
        # Spelled in pinyin a word means what it means in characters.
        self._meanings |= _spelled(self._meanings)
        self._emoji = {offer.emoji: offer.words_zh[0] for offer in (*catalogue.services, *catalogue.kinds)}

    def read(self, text: str, *, surely: bool = False) -> Asked:
        """Takes a line apart. Never raises; a line that is no search has a confidence below `SURE`.

        With `surely` it is known to be one, whatever else it speaks of.
        """
        if len(text) > MAX_LINE:
            return NOTHING_ASKED
        for emoji, word in self._emoji.items():
            text = text.replace(emoji, word)
        folded = fold(text)
        line = Line(folded)
        if not folded or (not surely and line.has(_OTHER_MATTER)):
            return NOTHING_ASKED
        always, asks_hours, open_now = line.take(_ALWAYS), line.take(_HOURS), line.take(_OPEN)
        place = self._latin_name(line)
        offers, chinese = self._offers_and_name(line)
        place = chinese or place
        near, asking = line.take(_NEAR_ME), line.take(_ASKING)
        mode, minutes = take_how_far(line)
        line.take(_FILLER)
        line.trim(phrases.EDGE_ZH)
        likely = bool(offers or asking)
        place, matches = self._more_of(place, line) if place else self._left_over(line, folded, likely)
        services = tuple(service.id for service in self._catalogue.services if service.id in offers)
        kinds = tuple(kind.id for kind in self._catalogue.kinds if kind.id in offers)
        confidence = -_UNEXPLAINED * line.unexplained
        confidence += _SERVICE * bool(services) + _KIND * bool(kinds) + _PLACE * bool(matches)
        confidence += _NEAR * near + _QUESTION * asking
        confidence += _FILTER * (always or asks_hours or open_now or minutes is not None)
        confidence += _ALL_UNDERSTOOD * (line.unexplained <= _LITTLE)
        wanted = tuple(kind for kind in kinds if kind != GENERIC_KIND)
        query = Query(services, wanted, open_now, minutes, mode, always)
        near = near or not place
        return Asked(query, near, place, tuple(matches), asks_hours, max(0.0, min(1.0, confidence)))

    def _latin_name(self, line: Line) -> str:
        """The longest run of Latin words that is a whole name, taken before its words mean anything else."""
        words = list(_LATIN_WORD.finditer(line.text))[:_MOST_WORDS]
        for length in range(min(len(words), _MOST_NAME_WORDS), 0, -1):
            for first, last in zip(words, words[length - 1 :], strict=False):
                name = line.text[first.start() : last.end()]
                if len(name) >= _LEAST_LATIN and self._names.is_name(squeezed(name)):
                    line.cover(first.start(), last.end())
                    return name
        return ""

    def _offers_and_name(self, line: Line) -> tuple[set[str], str]:
        """The ids of services and kinds that are named, and the longest known Chinese name (the last of
        equals)."""
        offers = {offer for word in line.take_words(self._latin) for offer in self._meanings[word]}
        place, start = "", 0
        while start < len(line.text):
            name = self._name_at(line.text, start)
            word = self._chinese.match(line.text, start)
            end = word.end() if word else start
            if name and start + len(name) > end:
                place = name if len(name) >= len(place) else place
                end = start + len(name)
                end = _after_suffix(line.text, end)
            elif word:
                offers |= self._meanings[word[0]]
            line.cover(start, end)
            start = max(end, start + 1)
        return offers, place

    def _name_at(self, text: str, start: int) -> str:
        """The longest Chinese name of a place or station that begins here."""
        if not has_han(text[start]):
            return ""
        for end in range(min(len(text), start + _LONGEST_NAME), start + 1, -1):
            if self._names.is_name(text[start:end]):
                return text[start:end]
        return ""

    def _more_of(self, place: str, line: Line) -> tuple[str, list[Match]]:
        """A known name together with what is left over, where that says more: 巴南万达, 李家沱邮政."""
        for piece in filter(has_han, line.left):
            for text in (place + piece, piece):
                matches = self._names.search(text)
                winner = clear_winner(matches)
                if winner is not None and len(piece) > 1 and piece in winner.name:
                    line.cover_text(piece)
                    return text, matches
        return place, self._names.search(place)

    def _left_over(self, line: Line, folded: str, likely: bool) -> tuple[str, list[Match]]:
        """What is left of the line as a place: what is most like a name, else what stands where a place
        would."""
        least = _LIKELY_SCORE if likely else CLEAR_SCORE
        best: list[Match] = []
        best_piece = ""
        for piece in _pieces(line.left):
            matches = self._names.search(piece)
            if matches and matches[0].score >= least and (not best or matches[0].score > best[0].score):
                best, best_piece = matches, piece
        if best:
            line.cover_text(best_piece)
            return best_piece, best
        for piece in line.left:
            if likely and len(squeezed(piece)) > 1 and _stands_for_a_place(piece, folded):
                line.cover_text(piece)
                return piece, []
        return "", []


def _after_suffix(text: str, end: int) -> int:
    suffix = _SUFFIX.match(text, end)
    return suffix.end() if suffix else end


def _stands_for_a_place(piece: str, folded: str) -> bool:
    """Whether something unknown stands where a place is named: 北京有驿站吗, 去火星怎么走, in Shanghai."""
    before, _, after = folded.partition(piece)
    return len(piece) <= _LONGEST_UNKNOWN and bool(_BEFORE_PLACE.search(before) or _AFTER_PLACE.match(after))


def _meanings(offers: Iterable[Service]) -> dict[str, set[str]]:
    """For every folded word the ids of the services and kinds that it means."""
    meanings: dict[str, set[str]] = {}
    for offer in offers:
        for word in (*offer.words_zh, *offer.words_en):
            meanings.setdefault(fold(word), set()).add(offer.id)
    return meanings


def _spelled(meanings: dict[str, set[str]]) -> dict[str, set[str]]:
    return {spell(word): ids for word, ids in meanings.items() if has_han(word)}


def _pieces(left: list[str]) -> list[str]:
    """Chinese pieces whole; of Latin ones every run of words, longest first, for `in hongqi dadao please`."""
    pieces = []
    for piece in left:
        tokens = piece.split()[:_MOST_WORDS]
        if has_han(piece) or len(tokens) == 1:
            pieces.append(piece)
            continue
        for length in range(len(tokens), 0, -1):
            pieces += [" ".join(tokens[start : start + length]) for start in range(len(tokens) - length + 1)]
    return [piece for piece in pieces if has_han(piece) or len(piece) >= _LEAST_LATIN]
