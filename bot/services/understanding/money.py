"""Amounts as people say them: 三千二, 一万五千块, 8百, 1万2, 3,200, two hundred, 3k."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.services.understanding.lexicon import either

_DIGITS: Final = dict(
    zip("零〇一二两俩三仨四五六七八九", (0, 0, 1, 2, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9), strict=True)
)
_UNITS: Final = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "k": 1_000, "w": 10_000}
_ONES: Final = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_ENGLISH: Final = {
    "a": 1,
    **{word: value for value, word in enumerate(_ONES.split())},
    **{word: 10 * value for value, word in enumerate(_TENS.split(), 2)},
}
_LEAST: Final = 2

_NUMBER: Final = re.compile(
    r"(?P<figures>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s?(?P<unit>[百千万]|[kw](?![a-z]))?(?P<more>\d(?!\d))?"
    r"|(?P<han>[零〇一二两俩三仨四五六七八九十百千万]+)"
    rf"|\b(?P<words>(?:(?:{'|'.join(_ENGLISH)})[\s-]+)+(?:hundred|thousand)(?:\s+(?:and\s+)?[a-z]+\s+hundred)?)"
)
_MONEY: Final = re.compile(r"\s?[多来余几]?\s?" + either("块,元,圆,蚊,刀,rmb,yuan,cny,bucks,kuai"))
_SIGN: Final = re.compile(r"[¥￥$]\s?$")
# A number before one of these counts something else.
_COUNTS: Final = re.compile(
    r"\s?[多几来余个半]*\s?"
    + either(
        "[月天年日周号],星期,礼拜,点,分钟,小时,钟头,钟,公里,米,里,单,次,人,层,楼,期,顿,件,趟,家,位,条,回,度,岁,桌,箱,瓶,栋,"
        "单元,般,起,下,直,样,些,路,分,口,成,毛,角,days?,weeks?,months?,years?,hours?,minutes?,mins?,km,people,orders?,"
        "times,pm,am,%"
    )
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that may be money: its value in yuan, where it stands, and whether a unit of money says so."""

    value: int
    begin: int
    end: int
    has_unit: bool


def amounts(folded: str) -> list[Amount]:
    """The numbers in a folded text that may be money, in order; those that count something else are left
    out."""
    return list(_amounts(folded))


def _amounts(folded: str) -> Iterator[Amount]:
    for match in _NUMBER.finditer(folded):
        begin, end = match.span()
        has_unit = bool(_MONEY.match(folded, end)) or bool(_SIGN.search(folded[:begin]))
        if not has_unit and (_COUNTS.match(folded, end) or _is_name(folded, begin)):
            continue
        value = _value(match)
        if value >= _LEAST:
            yield Amount(value, begin, end, has_unit)


def _is_name(folded: str, begin: int) -> bool:
    """Whether the number belongs to a word: A1024, 12345 is a hotline but no word."""
    before = folded[begin - 1 : begin]
    return (before.isascii() and before.isalpha()) or before in "第周礼每" if before else False


def _value(match: re.Match[str]) -> int:
    if match["han"]:
        return _chinese(match["han"])
    if match["words"]:
        return _english(match["words"])
    value = float(match["figures"].replace(",", ""))
    unit = _UNITS.get(match["unit"] or "", 1)
    # 1万2 is 12,000: the last digit counts the next lower unit.
    more = int(match["more"]) * unit // 10 if match["more"] and unit > 1 else 0
    if match["more"] and unit == 1:
        return int(value)
    return int(value * unit) + more


def _chinese(text: str) -> int:
    """三千二 is 3,200: a last digit without a unit counts the next lower one, unless 零 stands before it."""
    total = section = digit = 0
    last_unit = 1
    for each in text:
        if each in _DIGITS:
            digit = _DIGITS[each]
            if digit == 0:
                last_unit = 1
        elif each == "万":
            total, section, digit, last_unit = (total + section + digit or 1) * 10_000, 0, 0, 10_000
        else:
            last_unit = _UNITS[each]
            section, digit = section + (digit or 1) * last_unit, 0
    ones = digit * (last_unit // 10 if last_unit > 10 else 1)
    return total + section + ones


def _english(text: str) -> int:
    total = pending = 0
    for word in re.findall(r"[a-z]+", text):
        if word == "hundred":
            total, pending = total + (pending or 1) * 100, 0
        elif word == "thousand":
            total, pending = (total + (pending or 1)) * 1_000, 0
        else:
            pending += _ENGLISH.get(word, 0)
    return total + pending
