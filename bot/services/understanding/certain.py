"""What rules are sure of, as evidence for and against intents (log odds)."""

from __future__ import annotations

import re
from typing import Final

from bot.services.stations.names import SUFFIXED
from bot.services.stations.text import fold, squeezed
from bot.services.understanding.appeal_slots import case_of
from bot.services.understanding.said import Said
from bot.services.when import read
from bot.services.when.task import ASKING

# As much as three strong pieces of text.
STRONG: Final = 3.0
# What is all understood as a station search and nothing else (see stations/search).
_SEARCH: Final = 0.8
_REMINDS: Final = re.compile(
    r"提醒|题醒|闹钟|闹铃|叫醒|喊醒|叫我|喊我|别忘|remind|alarm|wake me|nudge|ping me"
)


# Who is called by somebody else tells what that one said: nothing but these comes before "叫我".
_CALLS: Final = re.compile("叫我|喊我|催我")
_MAY_COME_BEFORE: Final = re.compile(
    r"(?:[你您请]|麻烦你?|帮忙|帮我|记得|到时候?|到点|到|在|等|就|再|，|,|\s)*"
)
# Of reminders to others, or of those that never came.
_NOT_FOR_ME: Final = re.compile(
    r"全体|群发|大家|所有人|[没不别]有?提醒|everyone|everybody|(?:didn't|never|don't|not) remind"
)
_CHANGES: Final = re.compile(
    r"(?:把|请|帮我|麻烦|我要|我想)*(?:取消|删[除掉]?|关[掉闭]|停[掉止]?|暂停).*(?:提醒|闹钟)"
    r"|.*(?:提醒|闹钟).*(?:删[除掉]?|取消|关掉?|停掉?|不要)了?[吧。！]?"
    r"|(?:别|不要|不用)再?(?:提醒|叫|喊)我.*"
    r"|(?:请|帮我|我要|我想|想)*(?:改[到成为]|换[到成]|挪到|推迟到).*(?:提醒|叫我|喊我).{0,2}"
    r"|.{0,8}(?:提醒|闹钟|闹铃)(?:时间)?(?:帮我|给我|都)?(?:改[到成为在]|挪|往后|推迟).*"
    r"|(?:please )?(?:cancel|delete|remove|pause|stop|change)\b.*\b(?:reminders?|alarms?|reminding)\b.*"
)
# Who names what they complain of begins a complaint, and asks for none that there is.
_COMPLAINS: Final = re.compile(
    r"(?:我要|我想|我|帮我|帮忙|想|要|请)*(?:投诉|控诉)(?:一?下)?(?!的)(?!.{0,6}(?:怎么样|咋样|进度|结果|处理|回复|到哪|记录|编号|电话))"
    r".{2,}|(?:i (?:want|would like|need) to |please )?complain (?:about|of) .{3,}"
)


def evidence(said: Said) -> list[tuple[str, str, float]]:
    """What speaks for an intent besides the classifier: (intent, by which rule, how much)."""
    found: list[tuple[str, str, float]] = []
    if case_of(said):
        found += [(intent, "receipt number", STRONG) for intent in ("appeal_status", "assign_appeal")]
    if _COMPLAINS.match(said.folded.strip()):
        found.append(("file_appeal", "something is complained of", STRONG))
    if _is_a_place(said):
        found.append(("find_station", "the name of a place", 2 * STRONG))
    elif said.asked.confidence >= _SEARCH:
        found.append(("find_station", "all of it is a search", STRONG / 2))
    if _CHANGES.fullmatch(said.folded.strip()):
        found.append(("list_reminders", "a reminder is to go or to change", STRONG))
    elif _is_told(said) or _NOT_FOR_ME.search(said.folded):
        found.append(("add_reminder", "others call or are called", -STRONG))
    elif _asks_at_a_time(said):
        found.append(("add_reminder", "to be told at a time", STRONG / 2))
    return found


def _is_a_place(said: Said) -> bool:
    """Whether it is the name of a place or a station and nothing more."""
    matches = said.asked.matches
    whole = squeezed(said.asked.place_text) == squeezed(fold(said.text))
    return bool(matches) and whole and matches[0].score >= SUFFIXED


def _is_told(said: Said) -> bool:
    """Whether somebody else called: "老板叫我周五去"."""
    calls = _CALLS.search(said.folded)
    if calls is None:
        return False
    before = said.folded[: calls.start()]
    rest = before[_MAY_COME_BEFORE.match(before).end() :]  # type: ignore[union-attr]  # it may match nothing
    return bool(rest) and bool(read(rest, said.now, said.zone).what)


def _asks_at_a_time(said: Said) -> bool:
    """Whether somebody is to be reminded at a time that was read."""
    if not (_REMINDS.search(said.folded) and ASKING.search(said.folded)):
        return False
    return said.when.kind in ("moment", "recurring")
