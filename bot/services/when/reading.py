"""Reading a text: find the time in it, what it means, and what is to be done then."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.services.when.folding import fold
from bot.services.when.grammar import Grammar, Language, grammar
from bot.services.when.meaning import Here, understand
from bot.services.when.model import Reason, UnclearError, When
from bot.services.when.parts import Clock, Every, Mark, Part, PartOfDay, Times
from bot.services.when.spotting import Spot, spots
from bot.services.when.task import ASKING, task

LONGEST_TEXT: Final = 500
"""In characters: longer than anything one says of a reminder."""

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_LATIN: Final = re.compile(r"[a-z]")
# Left over beside a time in Chinese, these say that it was meant otherwise: "every 周三".
_LEFT_OVER: Final = re.compile(r"\b(?:every|each|daily|weekly|monthly|yearly)\b")
_BETWEEN: Final = re.compile(r"[\s,.，。]*")
# "On the 5th pay the rent, every month": what may stand before its last words, and after them.
_PAUSE: Final = re.compile(r"[\s,.，。;；!！]$")
_REFRAIN_END: Final = re.compile(r"(?:都(?:要|得|是)?(?:这样|如此|一样)?)?[\s,.，。!！吧啊哦]*")


def read(text: str, now: datetime, zone: ZoneInfo, locale: str | None = None) -> When:
    """The time and the task in a text, in Chinese or English.

    `now` is aware; `locale` tells which language to try first where the letters do not. Never raises on any
    text: what can't be read is `unclear`, with the reason and, where there are any, the likely readings.
    """
    if len(text) > LONGEST_TEXT:
        return When("unclear", zone, reason=Reason.TOO_LONG)
    folded = fold(text)
    here = Here(now.astimezone(zone), zone)
    found = When("unclear", zone, reason=Reason.NOTHING)
    for language in _languages(folded, locale):
        found = _read_in(grammar(language), text, folded, here)
        if found.reason is not Reason.NOTHING:
            break
    return found


def spoken_time(text: str) -> str:
    """The words that say when, as they stand in a text; nothing where no single time is said."""
    folded = fold(text[:LONGEST_TEXT])
    asking = [match.span() for match in ASKING.finditer(folded)]
    for language in _languages(folded, None):
        try:
            chosen = _chosen(spots(folded, grammar(language)), asking, folded)
        except UnclearError:
            continue
        glue = "" if language == "zh" else " "
        return glue.join(text[spot.begin : spot.end].strip() for spot in chosen)
    return ""


def _languages(folded: str, locale: str | None) -> list[Language]:
    if _HAN.search(folded):
        return ["zh", "en"] if _LATIN.search(folded) else ["zh"]
    if _LATIN.search(folded) or (locale or "").startswith("en"):
        return ["en"]
    return ["zh"]


def _read_in(words: Grammar, text: str, folded: str, here: Here) -> When:
    asking = [match.span() for match in ASKING.finditer(folded)]
    chosen: list[Spot] = []
    try:
        chosen = _chosen(spots(folded, words), asking, folded)
        if any(spot.cut_off for spot in chosen):
            raise UnclearError(Reason.UNREAD)
        parts = [part for spot in chosen for part in spot.parts]
        found = understand(parts, here)
    except UnclearError as unclear:
        found = When("unclear", here.zone, choices=unclear.choices, reason=unclear.reason)
    what = task(text, sorted([*_asked(asking, folded), *((spot.begin, spot.end) for spot in chosen)]))
    if words is grammar("zh") and found.kind != "unclear" and _LEFT_OVER.search(what.lower()):
        found = When("unclear", here.zone, reason=Reason.UNREAD)
    choices = tuple(replace(choice, what=what) for choice in found.choices)
    return replace(found, what=what, choices=choices)


def _asked(asking: list[tuple[int, int]], folded: str) -> list[tuple[int, int]]:
    """The asking words: the first, and what belongs to it (设个…的闹钟); later ones are the task's."""
    opens_frame = bool(asking) and folded[asking[0][0] : asking[0][1]].endswith(
        ("个", "条", "设", "设置", "定")
    )
    return asking[: 2 if opens_frame else 1]


def _chosen(found: list[Spot], asking: list[tuple[int, int]], folded: str) -> list[Spot]:
    """The times that the reminder is for: one, or a day and an hour that stand apart.

    "明天8点提醒我下午3点开会": the one beside the asking words; the other belongs to the task.
    """
    if not found:
        raise UnclearError(Reason.NOTHING)
    if len(found) == 1:
        return found
    beside = [spot for spot in found if any(_touches(spot, ask, folded) for ask in asking)]
    first = (beside or found)[0]
    chosen = [first]
    for spot in found:
        if spot is not first and (_is_refrain(spot, folded) or _completes(spot, chosen)):
            chosen.append(_with_refrain_end(spot, folded))
        elif spot is not first and not beside:
            raise UnclearError(Reason.SEVERAL)
    return sorted(chosen, key=lambda spot: spot.begin)


def _touches(spot: Spot, ask: tuple[int, int], folded: str) -> bool:
    begin, end = (spot.end, ask[0]) if spot.end <= ask[0] else (ask[1], spot.begin)
    return begin <= end and _BETWEEN.fullmatch(folded, begin, end) is not None


def _is_refrain(spot: Spot, folded: str) -> bool:
    """Whether it ends the text after a pause, and says nothing but how often."""
    apart = _PAUSE.search(folded, 0, spot.begin) is not None
    return apart and _says_how_often(spot) and _REFRAIN_END.fullmatch(folded, spot.end) is not None


def _with_refrain_end(spot: Spot, folded: str) -> Spot:
    ends = _says_how_often(spot) and _REFRAIN_END.fullmatch(folded, spot.end)
    return replace(spot, end=len(folded)) if ends else spot


def _says_how_often(spot: Spot) -> bool:
    return all(isinstance(part, Every) and not part.weekdays for part in spot.parts)


def _completes(spot: Spot, chosen: list[Spot]) -> bool:
    """Whether one names the day and the other the hour."""
    have = [_names_hour(part) for each in chosen for part in each.parts]
    more = [_names_hour(part) for part in spot.parts]
    return (not any(have) and all(more)) or (all(have) and not any(more))


def _names_hour(part: Part) -> bool:
    return isinstance(part, Times | PartOfDay | Clock) or part in (Mark.SAME_TIME, Mark.SOON)
