"""For organizers: appeals that tell the same become one case, answered once for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.dialogs import desk_words as words
from bot.dialogs.appeal_words import kind_name
from bot.i18n import Phrase, _, join, ngettext
from bot.services.appeals import voices
from bot.services.appeals.gathering import FEWEST, Gathering
from bot.services.appeals.model import LONGEST_STORY, Appeal, NotThere
from bot.services.appeals.moves import NotPossible
from bot.services.appeals.posting import AppealPost
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Left, Reaction, Talk
from bot.talk.inputs import LongText

CASES: Final = "cases"
PAGE: Final = 6
EXCERPT: Final = 60
EXCERPTS: Final = 3
MOST_SHOWN: Final = 5
SHORTEST_STORY: Final = 5

Shown = dict[str, Any]
"""What the screen shows: a `page` of the open appeals with the `ticked` ones, or suggestions."""


async def gather(talk: Talk, gathering: Gathering, appeal_post: AppealPost) -> None:
    """Take what seems to belong together, or tick it by hand; say what they all tell; merge them."""
    if not await gathering.organizes():
        await talk.say("no", _("This is for organizers. Your own appeals: /appeals"))
        return
    numbers = await talk.browse(
        "choose",
        dict,
        lambda state: _draw(state, gathering),
        lambda state, event: _react(state, event, gathering),
    )
    question = _("📝 What do they all tell? One or two sentences of your own, without names.")
    story = await talk.ask("story", question, LongText(SHORTEST_STORY, LONGEST_STORY))

    async def merge() -> bool:
        try:
            changed = await gathering.merge(numbers, story)
        except (NotThere, NotPossible, ValueError):
            return False
        await appeal_post.send(changed.news, words.worded)
        return True

    if await talk.once("merge", merge):
        told = ngettext("✓ {n} appeal", "✓ {n} appeals", len(numbers))
        done = _("{told} are one case now. One answer reaches all; nobody sees the others.")
        await talk.say("done", done.format(told=told))
    else:
        await talk.say("changed", _("One of them has changed meanwhile, or is of another kind. /cases"))


# -- Screens ----------------------------------------------------------------------------


async def _draw(state: Shown, gathering: Gathering) -> says.Screen:
    if "page" in state:
        return await _by_hand(state, gathering)
    groups = (await voices.suggested(gathering))[:MOST_SHOWN]
    by_hand: list[says.Button] = [says.Option(_("☑️ Choose by hand"), ["page", 0])]
    if not groups:
        return says.Screen(_("👥 Nothing that is open tells the same just now."), [by_hand])
    lines = [_group_line(place, group, gathering) for place, group in enumerate(groups, 1)]
    numbers: list[says.Button] = [
        says.Option(str(place), ["group", [one.id for one in group]]) for place, group in enumerate(groups, 1)
    ]
    head = _("👥 **These seem to tell the same.** Tap a number to make one case of them.")
    return says.Screen(join([head, *lines], "\n\n"), [numbers, by_hand])


def _group_line(place: int, group: Sequence[Appeal], gathering: Gathering) -> Phrase:
    head = Phrase("{place}. **{kind}** · {count}").format(
        place=place,
        kind=kind_name(group[0].kind, gathering.book),
        count=ngettext("{n} appeal", "{n} appeals", len(group)),
    )
    return join([head, *(_excerpt(one) for one in group[:EXCERPTS])])


def _excerpt(appeal: Appeal) -> Phrase:
    story = appeal.story.replace("\n", " ")
    shown = story if len(story) <= EXCERPT else f"{story[:EXCERPT]}…"
    return _("· {alias}: {story}").format(alias=words.alias(appeal), story=shown)


async def _by_hand(state: Shown, gathering: Gathering) -> says.Screen:
    found = await gathering.mergeable()
    ticked = set(state["ticked"])
    pages = max((len(found) + PAGE - 1) // PAGE, 1)
    page = min(state["page"], pages - 1)
    shown = list(enumerate(found, 1))[page * PAGE : (page + 1) * PAGE]
    lines = [
        Phrase("{mark} {place}. {kind} {excerpt}").format(
            mark="☑️" if one.id in ticked else "▫️",
            place=place,
            kind=kind_name(one.kind, gathering.book),
            excerpt=_excerpt(one),
        )
        for place, one in shown
    ]
    numbers: list[says.Button] = [says.Option(str(place), ["tick", one.id]) for place, one in shown]
    turns: list[says.Button] = [
        *([says.Option(_("‹ Back"), ["page", page - 1])] if page else []),
        *([says.Option(_("More ›"), ["page", page + 1])] if page + 1 < pages else []),
    ]
    merge: list[says.Button] = []
    if len(ticked) >= FEWEST:
        merge = [says.Option(_("👥 Make one case"), ["merge"])]
    head = _("☑️ **Open appeals.** Tap numbers to tick them; only one kind at a time.")
    rows = [row for row in (numbers, turns, merge) if row]
    return says.Screen(join([head, *lines]), rows)


async def _react(state: Shown, event: hears.Event, gathering: Gathering) -> Reaction:
    match event:
        case hears.Choice(["group", list(numbers)]):
            return Left(numbers)
        case hears.Choice(["page", int(page)]):
            return {"page": page, "ticked": state.get("ticked", [])}
        case hears.Choice(["tick", int(number)]):
            ticked = set(state["ticked"]) ^ {number}
            return {**state, "ticked": sorted(ticked)}
        case hears.Choice(["merge"]):
            known = {one.id for one in await gathering.mergeable()}
            return Left([number for number in state["ticked"] if number in known])
    return IGNORED


async def open_cases(aside: Aside, _argument: str) -> None:
    """The cases, from a button."""
    aside.go(CASES)


DIALOG = Dialog(
    CASES,
    gather,
    title=lambda: _("One case of many"),
    command="cases",
    summary=lambda: _("For organizers: many appeals, one case"),
    parks=False,
)
ACTIONS = (Answerer(CASES, open_cases),)
