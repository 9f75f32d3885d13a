"""Where in a text the times are: runs of time words, and in each the longest stretch that is a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.services.when.grammar import Grammar
from bot.services.when.parts import Part

# A text holds a handful of times; hostile ones end here.
_MOST_TRIES: Final = 24
_SHORTEST: Final = 2
# Nobody says these without meaning a time: left over beside a time they mean that it was not read whole.
_UNMISTAKABLE: Final = re.compile(
    r"\d点|[一二两三四五六七八九十]点|:\d|周[一二三四五六日末]|星期|礼拜|每[天日周月年隔]|月\d|"
    r"[明后今]天|\d ?(?:-|to) ?\d|"
    r"\b(?:am|pm|every|tomorrow|o'clock|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)
# Belongs to the time before it, and says nothing.
_TRAILING: Final = re.compile(r"(?:[\s,]*(?:左右|准时|前后))*")
# The time after these is another one than it seems: the lunar calendar, a deadline, half of a number.
_CHANGED_BEFORE: Final = re.compile(
    r"(?:农历|阴历|[\d.:/几多]|\b(?:before|after|until|till|every|each)\s+(?:the\s+)?)$"
)
_CHANGED_AFTER: Final = re.compile(r"\s*(?:[以之][前后]|过后|前(?![台面往门排])|后(?![台面门排备座]))")
_LOOK_BACK: Final = 12


@dataclass(frozen=True, slots=True)
class Spot:
    """A time in a text: from `begin` to `end`; `cut_off` when more time words follow that do not fit."""

    begin: int
    end: int
    parts: list[Part]
    cut_off: bool = False


def spots(folded: str, grammar: Grammar) -> list[Spot]:
    """All times in a folded text, in order. Raises UnclearError where a word is a time but makes no sense."""
    found: list[Spot] = []
    tries = _MOST_TRIES
    for words in _runs(folded, grammar):
        first = 0
        while first < len(words) and tries > 0:
            spot, tries = _longest(folded, words[first:], grammar, tries)
            if spot is None:
                first += 1
                continue
            found.append(spot)
            while first < len(words) and words[first][0] < spot.end:
                first += 1
    return found


def _runs(folded: str, grammar: Grammar) -> list[list[tuple[int, int]]]:
    """Time words that stand together, with nothing but fillers between them."""
    runs: list[list[tuple[int, int]]] = []
    reached = -1
    for match in grammar.words.finditer(folded):
        begin, end = match.span()
        if begin == end:
            continue
        if runs and _is_filler(folded, reached, begin, grammar):
            runs[-1].append((begin, end))
        else:
            runs.append([(begin, end)])
        reached = end
    return [run for run in runs if run[-1][1] - run[0][0] >= _SHORTEST]


def _is_filler(folded: str, begin: int, end: int, grammar: Grammar) -> bool:
    while begin < end:
        match = grammar.fillers.match(folded, begin, end)
        if match is None or match.end() == begin:
            return False
        begin = match.end()
    return True


def _longest(
    folded: str, words: list[tuple[int, int]], grammar: Grammar, tries: int
) -> tuple[Spot | None, int]:
    """The longest time that begins with the first word; and the tries that are left."""
    begin, whole = words[0][0], words[-1][1]
    for _, end in reversed(words):
        if end - begin < _SHORTEST or tries <= 0:
            break
        tries -= 1
        parts = grammar.parse(folded[begin:end])
        if parts is not None:
            return _spot(folded, begin, end, whole, parts), tries
    return None, tries


def _spot(folded: str, begin: int, end: int, whole: int, parts: list[Part]) -> Spot:
    """A time that was read, and whether the words around it make it another one."""
    more = _UNMISTAKABLE.search(folded, end, whole)
    after = _CHANGED_AFTER.match(folded, end)
    before = _CHANGED_BEFORE.search(folded[max(0, begin - _LOOK_BACK) : begin])
    trailing = after or _TRAILING.match(folded, end)
    begin -= len(before.group()) if before else 0
    return Spot(begin, trailing.end() if trailing else end, parts, bool(more or after or before))
