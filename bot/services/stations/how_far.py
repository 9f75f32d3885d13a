"""How far a courier would go: "步行10分钟以内", "within 10 minutes", "500米内"."""

from __future__ import annotations

import re
from typing import Final

from bot.services.stations import phrases
from bot.services.stations.geo import minutes_for
from bot.services.stations.line import Line, either_words
from bot.services.stations.model import MAX_MINUTES, Mode

_DIGITS: Final = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_WORDS: Final = {"five": 5, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30}
_NUMERAL: Final = "|".join((r"\d{1,5}", "[一二两三四五六七八九]?十[一二三四五六七八九]?", *_DIGITS, *_WORDS))
_NUMBER: Final = rf"(?P<number>{_NUMERAL})\s*"
_WITHIN: Final = r"(?![a-z])(?:\s*(?:以内|之内|内|能到|就到|可达|左右|范围))*"

# Unit → (pattern, how many minutes one is) and (pattern, how many metres one is).
_TIMES: Final = (
    (re.compile(_NUMBER + "(?:分钟|分|minutes?|mins?)" + _WITHIN), 1),
    (re.compile(_NUMBER + "(?:个?小时|个?钟头|hours?)" + _WITHIN), 60),
)
_LENGTHS: Final = (
    (re.compile(_NUMBER + "(?:公里|千米|km|kilomet(?:re|er)s?)" + _WITHIN), 1000),
    (re.compile(_NUMBER + "(?:米|m|met(?:re|er)s?)" + _WITHIN), 1),
)
_SPOKEN: Final = (
    (re.compile("(?:半个?小时|半个?钟头?|half an hour)" + _WITHIN), 30),
    (re.compile("(?:一刻钟|quarter of an hour)" + _WITHIN), 15),
)
_ON_FOOT = either_words(phrases.ON_FOOT_ZH, phrases.ON_FOOT_EN)
_BY_EBIKE = either_words(phrases.BY_EBIKE_ZH, phrases.BY_EBIKE_EN)


def take_how_far(line: Line) -> tuple[Mode, int | None]:
    """Covers what a line says about the way: (by what, at most how many minutes or None)."""
    mode: Mode = "ebike" if line.take(_BY_EBIKE) else "foot"
    line.take(_ON_FOOT)
    return mode, _minutes(line, mode)


def _minutes(line: Line, mode: Mode) -> int | None:
    for pattern, minutes in _SPOKEN:
        if line.take(pattern):
            return minutes
    for pattern, minutes in _TIMES:
        if matches := line.take_matches(pattern):
            return _within_a_day(_value(matches[0]["number"]) * minutes)
    for pattern, metres in _LENGTHS:
        if matches := line.take_matches(pattern):
            return _within_a_day(minutes_for(_value(matches[0]["number"]) * metres, mode))
    return None


def _within_a_day(minutes: int) -> int:
    return max(1, min(minutes, MAX_MINUTES))


def _value(numeral: str) -> int:
    """A number in digits, in an English word, or in Chinese numerals up to 99."""
    if numeral.isdecimal():
        return int(numeral)
    if numeral in _WORDS:
        return _WORDS[numeral]
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return _DIGITS[numeral]
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
