"""Two wishes in one breath: the first is done, the other waits under a button."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final, NamedTuple

from bot.dialogs import meanings
from bot.dialogs.between import SURE, asks_outright
from bot.dialogs.meanings import Desks
from bot.i18n import _
from bot.services.appeals.mine import MyAppeals
from bot.services.stations.desk import StationDesk
from bot.services.understanding import NONE, Understood
from bot.services.understanding.desk import Understanding
from bot.talk import says
from bot.talk.dialog import Answerer, Aside
from bot.talk.engine import Act, Go

BESIDES: Final = "besides"
# What is told at length is one story, whatever its sentences ask for.
LONGEST: Final = 100
# Told in one's own words: whatever else they ask for, all of them belong to it.
STORIES: Final = ("file_appeal", "hazard_report", "wish", "survey_suggestion", "broadcast")
_MOST_TRIES: Final = 3
_SHORTEST: Final = 2

_JOINS: Final = re.compile(
    r"[\s,，.。;；!！?？]*(?:还有|另外|顺便|顺带|对了|再就是)[\s,，:：]*|[,，.。;；!！?？]+\s*(?:(?:and|also|then|plus)\s+)*"
    r"|\s+and\s+(?:also|then)\s+",
    re.IGNORECASE,
)


class Both(NamedTuple):
    """What was wished first, and what besides."""

    first: Understood
    besides: Understood


def both(text: str, read: Callable[[str], Understood]) -> Both | None:
    """Two wishes of different kinds in one text; None where it is not plain that there are two."""
    if len(text) > LONGEST:
        return None
    for match in list(_JOINS.finditer(text))[:_MOST_TRIES]:
        head, tail = text[: match.start()].strip(), text[match.end() :].strip()
        if min(len(head), len(tail)) < _SHORTEST:
            continue
        besides = read(tail)
        if not asks_outright(besides):
            continue
        first = read(head)
        if first.confidence >= SURE and first.intent not in (NONE, besides.intent):
            return Both(replace(first, text=text) if first.intent in STORIES else first, besides)
    return None


def button(besides: Understood, to: Go | Act) -> says.Action:
    """What was wished besides, in one tap."""
    label = _("➕ Then: {wish}").format(wish=meanings.names()[besides.intent])
    if isinstance(to, Act):
        return says.Action(label, to.name, to.object)
    return says.Action(label, BESIDES, besides.intent)


async def do_besides(
    aside: Aside, intent: str, understanding: Understanding, appeals: MyAppeals, stations: StationDesk
) -> None:
    """Do what was wished besides, with the words it was wished in."""
    said = aside.given.get(BESIDES)
    found = understanding.read(said) if isinstance(said, str) else None
    if found is None or found.intent != intent:
        aside.toast(_("That is done by now. Just say it again."))
        return
    to = meanings.target(intent, found.text, found.slots, Desks(appeals, stations))
    if isinstance(to, Go):
        aside.keep()
        aside.opened = Go(to.dialog, {**to.given, "said": found.text, "understood": intent}, to.answers)


ACTIONS = (Answerer(BESIDES, do_besides),)
