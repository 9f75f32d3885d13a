"""/tags: what organizers call some of their people, to find them again."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from bot.dialogs import branch_screens
from bot.dialogs import tag_words as words
from bot.dialogs.branch_words import label_of, place_of
from bot.dialogs.broadcast_making import NEW as NEW_BROADCAST
from bot.dialogs.opening import opener
from bot.dialogs.paging import page_of, turns
from bot.dialogs.whom import choose_branch, choose_people
from bot.i18n import _, join
from bot.services.branches.desk import BranchDesk
from bot.services.invitations import InvitationDesk, Offer
from bot.services.roles.rules import NotAllowed
from bot.services.tags.book import LONGEST, Tag, cleaned, rounded
from bot.services.tags.desk import TagDesk
from bot.talk import hears, says
from bot.talk.dialog import Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk
from bot.talk.errors import Refused
from bot.talk.inputs import line
from bot.talk.says import Json

LIST: Final = "tags"
CHANGE: Final = "change_tag"
GIVE, TAKE, INVITE, SEND = "give", "take", "invite", "send"

State = dict[str, Any]
"""What the screen shows: `page` of the list, or the card of a `tag`; `undo` is when it was given just now."""
Rows = list[list[says.Button]]

PAGE: Final = 8
MOST_BRANCHES: Final = 30


class Name:
    """A new tag."""

    def hear(self, event: hears.Event) -> Json:
        """A word or two; Refused for what is too long, or nothing but marks."""
        return self.read(line().hear(event))

    def read(self, value: Json) -> str:
        """The tag."""
        tag = cleaned(str(value))
        if tag is None:
            raise Refused(_("A tag is a word or two: up to {n} characters.").format(n=LONGEST))
        return tag


async def look_through(talk: Talk, tags: TagDesk) -> Go | None:
    """The tags there are, and the card of each, until one is to be given or taken away."""
    if not await tags.reach():
        await talk.say("no", _not_yours())
        return None
    start = {"page": 0, "tag": await talk.given("tag", ""), "undo": await talk.given("undo", "")}

    async def draw(state: State) -> says.Screen:
        tag = await tags.get(state["tag"]) if state["tag"] else None
        return _list(await tags.all(), state["page"]) if tag is None else _card(tag, state["undo"])

    async def react(state: State, event: hears.Event) -> Reaction:
        match event:
            case hears.Choice(["page", int(page)]):
                return _list_at(page)
            case hears.Choice(["tag", str(tag)]):
                return {**state, "tag": tag, "undo": ""}
            case hears.Choice(["undo"]):
                await _undo(talk, tags, state)
                return {**state, "undo": ""}
            case hears.Choice(["leave", str(deed)]):
                return Left([deed, state["tag"]])
        return IGNORED

    deed, tag = await talk.browse("tags", lambda: start, draw, react)
    if deed == SEND:
        return Go(NEW_BROADCAST, {"meant": words.segment_of(tag)})
    return Go(CHANGE, {"deed": deed, "tag": tag})


async def _undo(talk: Talk, tags: TagDesk, state: State) -> None:
    try:
        await tags.undo(state["tag"], state["undo"])
    except NotAllowed:
        talk.toast(_("That is not yours to do."))
    else:
        talk.toast(_("Taken back."))


# -- Screens --------------------------------------------------------------------------


def _list_at(page: int) -> State:
    return {"page": max(0, page), "tag": "", "undo": ""}


def _list(found: list[Tag], number: int) -> says.Screen:
    page = page_of(found, number, PAGE)
    lines = [
        _(
            "🏷 **Tags.** A word for some of your people, to find them again: “night shift”, “first aid”. "
            "They see theirs in /me and can drop it, so write nothing you would not tell them."
        )
    ]
    lines += [words.line_of(tag) for tag in page.shown]
    rows: Rows = [[says.Option(f"🏷 {tag.name}", ["tag", tag.name])] for tag in page.shown]
    rows += turns(page)
    rows.append(
        [
            says.Option(_("➕ Give a tag"), ["leave", GIVE]),
            says.Option(_("🔗 Link with a tag"), ["leave", INVITE]),
        ]
    )
    return says.Screen(join(lines), rows)


def _card(tag: Tag, undo: str) -> says.Screen:
    lines = [_("🏷 {tag}").format(tag=words.line_of(tag))]
    rows: Rows = []
    if undo:
        lines.append(_("✓ Given. They see it in /me."))
        rows.append([says.Option(_("↩ Undo"), ["undo"])])
    rows += [
        [says.Option(_("📣 Send them something"), ["leave", SEND])],
        [
            says.Option(_("➕ Give it to more"), ["leave", GIVE]),
            says.Option(_("➖ Take it away"), ["leave", TAKE]),
        ],
        [says.Option(_("🔗 Link with this tag"), ["leave", INVITE])],
        [says.Option(_("‹ Back"), ["page", 0])],
    ]
    return says.Screen(join(lines), rows)


def _not_yours() -> says.Text:
    text = _("Only organizers give tags. Yours, if you have any, are in /me.")
    return says.Text(text, [[says.Action(_("👤 Me"), "me")]])


# -- Giving and taking away ----------------------------------------------------------------


async def change(talk: Talk, tags: TagDesk, branches: BranchDesk, invitations: InvitationDesk) -> Go | None:
    """Give a tag to people, take it away from them, or make a link that gives it."""
    reach = await tags.reach()
    if not reach:
        await talk.say("no", _not_yours())
        return None
    deed, tag = str(await talk.given("deed")), str(await talk.given("tag", ""))
    if not tag:
        typed = await talk.ask("name", _("🏷 Which tag? A word or two, such as: night shift"), Name())
        tag = str(await talk.note("spelled", _spelled, tags, typed))
    branch = await choose_branch(talk, reach, branches)
    if deed == INVITE:
        await _invite(talk, tag, branch, branches, invitations)
        return None
    meant = partial(tags.having, tag) if deed == TAKE else tags.meant
    segment, count = await choose_people(talk, branch, meant)
    if not await _sure(talk, deed, tag, count):
        return Go(LIST, {"tag": tag})
    if deed == TAKE:
        await talk.once("take", tags.take, tag, segment, branch)
        return Go(LIST, {"tag": tag})
    return Go(LIST, {"tag": tag, "undo": await talk.once("give", tags.give, tag, segment, branch)})


async def _spelled(tags: TagDesk, typed: str) -> str:
    """A tag that is there already as it is spelled there."""
    known = await tags.get(typed)
    return known.name if known else typed


async def _sure(talk: Talk, deed: str, tag: str, count: int) -> bool:
    people = words.at_least(rounded(count))
    if deed == TAKE:
        question = _("Take **{tag}** away from {people}?").format(tag=tag, people=people)
        return bool(await talk.confirm("sure", question, yes=_("➖ Take it away"), no=_("No")))
    question = _("🏷 **{tag}** for {people}?").format(tag=tag, people=people)
    return bool(await talk.confirm("sure", question, yes=_("✓ Give it"), no=_("No")))


async def _invite(
    talk: Talk, tag: str, within: str | None, branches: BranchDesk, invitations: InvitationDesk
) -> None:
    """A link into a branch that gives the tag to who joins by it."""
    found = await branches.joinable(within)
    if not found:
        await talk.say("none", _("There is no branch below it that people could join."))
        return
    choices: list[tuple[str, Json]] = [(label_of(one), one.id) for one in found[:MOST_BRANCHES]]
    into = choices[0][1]
    if len(choices) > 1:
        into = await talk.choose("into", _("Into which branch?"), choices, columns=1)
    offer = Offer(into, tag=tag)
    link, number = await talk.once("link", invitations.make, offer)
    place = await place_of(into, branches)
    await talk.say("invitation", branch_screens.invitation(offer, place, link, number))


DIALOG = Dialog(LIST, look_through, title=lambda: _("Tags"), command="tags", parks=False)
CHANGE_DIALOG = Dialog(CHANGE, change, title=lambda: _("A tag"), parks=False)
ACTIONS = (opener(LIST),)
