"""For organizers: appeals that tell the same become one case, answered once for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.dialogs import desk_words as words
from bot.dialogs.appeal_words import kind_name
from bot.dialogs.opening import opener
from bot.dialogs.paging import numbers, page_of, turns
from bot.i18n import Phrase, _, join, ngettext
from bot.services.appeals import voices
from bot.services.appeals.cases import FEWEST, Cases
from bot.services.appeals.model import LONGEST_STORY, Appeal
from bot.services.appeals.moves import NotPossible
from bot.services.appeals.posting import AppealPost
from bot.services.refusals import NotThere
from bot.talk import hears, says
from bot.talk.dialog import Dialog
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


async def gather(talk: Talk, cases: Cases, appeal_post: AppealPost) -> None:
    """Take what seems to belong together, or tick it by hand; say what they all tell; merge them."""
    if not await cases.organizes():
        await talk.say("no", _("This is for organizers. Your own appeals: /appeals"))
        return
    numbers = await talk.browse(
        "choose",
        dict,
        lambda state: _draw(state, cases),
        lambda state, event: _react(state, event, cases),
    )
    question = _("📝 What do they all tell? One or two sentences of your own, without names.")
    story = await talk.ask("story", question, LongText(SHORTEST_STORY, LONGEST_STORY))

    async def merge() -> bool:
        try:
            changed = await cases.merge(numbers, story)
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


async def _draw(state: Shown, cases: Cases) -> says.Screen:
    if "page" in state:
        return await _by_hand(state, cases)
    groups = (await voices.suggested(cases))[:MOST_SHOWN]
    by_hand: list[says.Button] = [says.Option(_("☑️ Choose by hand"), ["page", 0])]
    if not groups:
        return says.Screen(_("👥 Nothing that is open tells the same just now."), [by_hand])
    lines = [_group_line(place, group, cases) for place, group in enumerate(groups, 1)]
    numbers: list[says.Button] = [
        says.Option(str(place), ["group", [one.id for one in group]]) for place, group in enumerate(groups, 1)
    ]
    head = _("👥 **These seem to tell the same.** Tap a number to make one case of them.")
    return says.Screen(join([head, *lines], "\n\n"), [numbers, by_hand])


def _group_line(place: int, group: Sequence[Appeal], cases: Cases) -> Phrase:
    head = Phrase("{place}. **{kind}** · {count}").format(
        place=place,
        kind=kind_name(group[0].kind, cases.book),
        count=ngettext("{n} appeal", "{n} appeals", len(group)),
    )
    return join([head, *(_excerpt(one) for one in group[:EXCERPTS])])


def _excerpt(appeal: Appeal) -> Phrase:
    story = appeal.story.replace("\n", " ")
    shown = story if len(story) <= EXCERPT else f"{story[:EXCERPT]}…"
    return _("· {alias}: {story}").format(alias=words.alias(appeal), story=shown)


async def _by_hand(state: Shown, cases: Cases) -> says.Screen:
    found = await cases.mergeable()
    ticked = set(state["ticked"])
    page = page_of(found, state["page"], PAGE)
    lines = [
        Phrase("{mark} {place}. {kind} {excerpt}").format(
            mark="☑️" if one.id in ticked else "▫️",
            place=place,
            kind=kind_name(one.kind, cases.book),
            excerpt=_excerpt(one),
        )
        for place, one in page.placed
    ]
    head = _("☑️ **Open appeals.** Tap numbers to tick them; only one kind at a time.")
    rows = [*numbers(page, lambda one: ["tick", one.id]), *turns(page)]
    if len(ticked) >= FEWEST:
        rows.append([says.Option(_("👥 Make one case"), ["merge"])])
    return says.Screen(join([head, *lines]), rows)


async def _react(state: Shown, event: hears.Event, cases: Cases) -> Reaction:
    match event:
        case hears.Choice(["group", list(numbers)]):
            return Left(numbers)
        case hears.Choice(["page", int(page)]):
            return {"page": page, "ticked": state.get("ticked", [])}
        case hears.Choice(["tick", int(number)]):
            ticked = set(state["ticked"]) ^ {number}
            return {**state, "ticked": sorted(ticked)}
        case hears.Choice(["merge"]):
            known = {one.id for one in await cases.mergeable()}
            return Left([number for number in state["ticked"] if number in known])
    return IGNORED


DIALOG = Dialog(
    CASES,
    gather,
    title=lambda: _("One case of many"),
    command="cases",
    summary=lambda: _("For organizers: many appeals, one case"),
    parks=False,
)
ACTIONS = (opener(CASES),)
