"""What somebody says along with a search for a station."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from bot.services.stations import phrases
from bot.services.stations.catalogue import Catalogue
from bot.services.stations.line import either_words
from bot.services.stations.search import GENERIC_KIND, Asked
from bot.services.stations.text import fold, has_han, squeezed
from bot.services.understanding.said import Said

_NEAR: Final = either_words(phrases.NEAR_ZH, phrases.NEAR_EN)
# What people call any station: none in particular is meant.
_ANY_STATION: Final = ("驿站", "服务站", "站点", "歇脚点", "休息点", "休息站", "补给站", "港湾")
_OTHER_NEAR: Final = re.compile(r"步行|走路|骑车|分钟|公里|米[以之]?内|\bwithin\b|\bwalk")


def station_slots(said: Said, catalogue: Catalogue) -> dict[str, Any]:
    """`place`, `near_me`, `service`, `type`, `ask`, `open24`, `open_now`, `max_minutes`: what was said of
    them."""
    asked = said.searched
    query = asked.query
    slots: dict[str, Any] = {}
    kind = _kind(said, catalogue)
    place = _without(kind, _place(said, asked))
    near = _NEAR.search(fold(said.text)) is not None
    if place:
        slots["place"] = place
    if near or (query.minutes is not None and _OTHER_NEAR.search(said.folded)):
        slots["near_me"] = not place
    if place and not said.is_pinyin:
        slots.pop("near_me", None)
    if query.services:
        slots["service"] = list(query.services)
    if kind:
        slots["type"] = kind
    if asked.asks_hours:
        slots["ask"] = "hours"
    if query.always:
        slots["open24"] = True
    elif query.open_now and not asked.asks_hours:
        slots["open_now"] = True
    if query.minutes is not None:
        slots["max_minutes"] = query.minutes
    return slots


def _place(said: Said, asked: Asked) -> str:
    """The place as it was said; typed in pinyin, as it is written."""
    if not asked.place_text:
        return ""
    best = asked.matches[0].name if asked.matches else ""
    if said.is_pinyin and best:
        return best
    at = said.folded.find(asked.place_text)
    if at < 0:
        return best or asked.place_text
    end = at + len(asked.place_text)
    # 章贡区 was found by its name without 区: what was said is the whole.
    while best and end < len(said.text) and said.text[at : end + 1] == best[: end + 1 - at]:
        end += 1
    return said.text[at:end]


def _without(kind: str, place: str) -> str:
    """五通桥 of 五通桥暖新驿站: the kind is said beside it."""
    return place.removesuffix(kind) or place


def _kind(said: Said, catalogue: Catalogue) -> str:
    """The kind of station that was named, as it was said; nothing for what any station is called."""
    words = sorted(_words(catalogue), key=len, reverse=True)
    folded = f" {fold(said.text)} "
    for word in words:
        if word in _ANY_STATION:
            continue
        if (word in squeezed(folded)) if has_han(word) else (f" {fold(word)} " in folded):
            return word
    return ""


def _words(catalogue: Catalogue) -> Iterable[str]:
    """The names of kinds; what merely describes one (吃饭, eat) is no name."""
    for kind in catalogue.kinds:
        yield from (kind.name_zh, kind.name_en)
        if kind.id == GENERIC_KIND or kind.badge:
            yield from (word for word in kind.words_zh if _is_name(word))
            yield from (word for word in kind.words_en if _is_english_name(word))


def _is_name(word: str) -> bool:
    return word.endswith(("站", "家", "心", "户", "位", "店", "港湾", "药房", "食堂", "之家"))


def _is_english_name(word: str) -> bool:
    return word.endswith(("home", "centre", "center", "pharmacy", "merchant", "parking", "union station"))
