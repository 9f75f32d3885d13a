"""Whom something is for: a branch one looks after, and in it everybody or a segment."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.dialogs.branch_words import label_of
from bot.i18n import Phrase, _, join, ngettext
from bot.services.branches.desk import BranchDesk
from bot.services.roles.rules import Reach
from bot.services.segments import SegmentError, parse, say
from bot.talk import hears
from bot.talk.engine import Talk
from bot.talk.errors import Refused
from bot.talk.inputs import line
from bot.talk.says import Json

Meant = Callable[[str, str | None], Awaitable[tuple[str, int]]]
"""The segment of a typed line, and how many people it reaches within a branch; SegmentError where it names
what is not there."""

MOST_BRANCHES = 12


class Expression:
    """Who is meant, as a segment."""

    def hear(self, event: hears.Event) -> Json:
        """A typed segment; Refused with what is possible where it is none."""
        text = line().hear(event)
        try:
            return say(parse(text))
        except SegmentError as error:
            raise Refused(error.sentence) from None

    def read(self, value: Json) -> str:
        """The segment as text."""
        if not isinstance(value, str):
            raise Refused(_("Please write who is meant."))
        return value


async def choose_branch(talk: Talk, reach: Reach, branches: BranchDesk) -> str | None:
    """The branch it is for, None for the whole city; not asked where there is one only."""
    if not reach.everywhere and len(reach.branches) == 1:
        return reach.branches[0]
    choices: list[tuple[str, Json]] = []
    if reach.everywhere:
        choices = [(_("🌆 The whole city"), None)]
        found = await branches.children(None)
    else:
        found = [branch for name in reach.branches if (branch := await branches.get(name)) is not None]
    choices += [(label_of(branch), branch.id) for branch in found[:MOST_BRANCHES]]
    chosen: str | None = await talk.choose("branch", _("For which branch?"), choices, columns=1)
    return chosen


async def choose_people(talk: Talk, branch: str | None, meant: Meant) -> tuple[str, int]:
    """The segment, and how many it reaches now; asked again until it names what is there."""
    question = _("Everybody there, or only some? Type it, such as: riders, couriers")
    everybody = str(_("all"))
    asked, turn = question, 0
    while True:
        quick = [(_("👥 Everybody there"), everybody)]
        typed = await talk.ask(f"whom{turn}", asked, Expression(), quick=quick)
        segment, reached, sentence = await talk.note(f"meant{turn}", _found, meant, typed, branch)
        if reached:
            return segment, reached
        asked = join([Phrase(sentence), question], "\n\n")
        turn += 1


async def _found(meant: Meant, typed: str, branch: str | None) -> Json:
    """The segment and how many, and if none, why."""
    try:
        segment, reached = await meant(typed, branch)
    except SegmentError as error:
        return ["", 0, str(error.sentence)]
    return [segment, reached, str(_("Nobody like that has joined yet."))]


def people_words(count: int) -> Phrase:
    """So many people."""
    return ngettext("{n} person", "{n} people", count)
