"""Which one of a list somebody means: 2, 第二个, 二号, the second one, number two."""

from __future__ import annotations

import re
from typing import Final

_HAN: Final = {digit: number for number, digit in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_ENGLISH: Final = {
    word: number
    for number, words in enumerate(
        (
            ("first", "one", "1st"),
            ("second", "two", "2nd"),
            ("third", "three", "3rd"),
            ("fourth", "four", "4th"),
            ("fifth", "five", "5th"),
            ("sixth", "six", "6th"),
            ("seventh", "seven", "7th"),
            ("eighth", "eight", "8th"),
        ),
        1,
    )
    for word in words
}
_THING: Final = "(?:个|家|条|号|项|节|课|站|间|处|份|张|点)"
_CHINESE: Final = re.compile(
    rf"(?:就|要|选|那就|看看?|去|打开|我要|我选)*(?:第\s*(?P<nth>\d{{1,2}}|[一二两三四五六七八九十])\s*{_THING}?"
    rf"|(?P<named>\d{{1,2}}|[一二三四五六七八九十])\s*号(?:站)?)(?:吧|呗|嘛|哈|好了)?[。.!！]?"
)
_WORDS: Final = re.compile(
    r"(?:(?:the|number|no\.?|open|show(?: me)?|take|choose|i(?:'ll| will)? take)\s+)*"
    rf"(?P<word>{'|'.join(_ENGLISH)}|\d{{1,2}})(?:\s+(?:one|please))*[.!]?"
)
_LAST: Final = re.compile(r"最后(?:一个|那个|一家|一条|一节)?吧?|(?:the )?last(?: one)?")


def ordinal(text: str, many: int) -> int | None:
    """The place, from 1, that a text means in a list of `many`; None where it means none of them."""
    said = text.strip().casefold()
    if _LAST.fullmatch(said):
        return many or None
    number = _number(said)
    return number if number is not None and 0 < number <= many else None


def _number(said: str) -> int | None:
    if said.isascii() and said.isdigit():
        return int(said[:3])
    if match := _CHINESE.fullmatch(said):
        digits = match["nth"] or match["named"]
        return int(digits) if digits.isdecimal() else _HAN[digits]
    if match := _WORDS.fullmatch(said):
        return int(match["word"]) if match["word"].isdecimal() else _ENGLISH[match["word"]]
    return None
