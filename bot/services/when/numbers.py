"""Spoken numbers: 十五, 廿三, 俩, two hundred as people say them in times."""

from __future__ import annotations

from typing import Final

from bot.services.when.model import Reason, UnclearError

_DIGITS: Final = {
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "仨": 3, "四": 4,
    "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
_DIGITS_OF_YEAR: Final = 4
_TENS: Final = {"十": 10, "百": 100, "廿": 20, "卅": 30}
_ENGLISH_WORDS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
)
_ENGLISH: Final = {word: value for value, word in enumerate(_ENGLISH_WORDS.split())} | {
    "a": 1,
    "an": 1,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
}


def chinese(text: str) -> int:
    """The number in digits or Chinese numerals; 二零二六 digit by digit.

    Raises UnclearError for what is no number: 三四 (天) is three or four.
    """
    figures = text.lstrip("零〇")
    if figures.isdecimal():
        return int(figures)
    if len(text) > 1 and not any(each in _TENS for each in text):
        if len(text) != _DIGITS_OF_YEAR and text[0] not in "零〇":
            raise UnclearError(Reason.VAGUE)
        return int("".join(str(_DIGITS[each]) for each in text))
    total, pending = 0, 0
    for each in text:
        if each in _DIGITS:
            pending = _DIGITS[each]
        elif each in "廿卅":
            total += _TENS[each]
        else:
            total, pending = total + (pending or 1) * _TENS[each], 0
    return total + pending


def english(text: str) -> int:
    """The number in digits or English words: twenty-five, a, an."""
    if text.isdecimal():
        return int(text)
    return sum(_ENGLISH[word] for word in text.replace("-", " ").split())
