"""Binding a group to a branch: from the group's button, or from the branch's screen with a link."""

from __future__ import annotations

from typing import Any

from bot.dialogs import branch_words, group_words
from bot.dialogs.branch_screens import PAGE
from bot.dialogs.paging import page_of, turns
from bot.i18n import Phrase, _, current_locale, join, speaking
from bot.services.branches.desk import BranchDesk
from bot.services.branches.tree import Branch
from bot.services.groups.desk import GroupDesk, NotAdministrator
from bot.services.groups.rows import Group, chat_from
from bot.services.roles.desk import RoleDesk
from bot.services.roles.rules import Action, NotAllowed
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Reaction, Talk

State = dict[str, Any]
"""What the screen shows: `at` (a branch's id, None for the first screen) and `page`."""


async def choose(talk: Talk, branches: BranchDesk, roles: RoleDesk) -> None:
    """Show what the person organizes, down to the branch that the group is to belong to."""
    chat, title = await talk.given("group"), await talk.given("title", "")

    async def draw(state: State) -> says.Screen:
        return await _draw(state, chat, title, branches, roles)

    await talk.browse("branch", lambda: {"at": None, "page": 0}, draw, _react)


def _react(state: State, event: hears.Event) -> Reaction:
    match event:
        case hears.Choice(["at", branch]):
            return {"at": branch, "page": 0}
        case hears.Choice(["page", int(page)]):
            return {**state, "page": page}
    return IGNORED


async def _draw(state: State, chat: int, title: str, branches: BranchDesk, roles: RoleDesk) -> says.Screen:
    at = await branches.get(state["at"]) if state["at"] else None
    text = _("🔗 Which branch does **{group}** belong to?").format(group=title or _("this group"))
    rows: list[list[says.Button]] = []
    if at is not None:
        text = join([text, Phrase("**{branch}**").format(branch=branch_words.label_of(at))])
        rows.append([says.Action(_("✓ To this one"), "bind", f"{chat}.{at.id}")])
    found = await _below(at, branches, roles)
    page = page_of(found, state["page"], PAGE)
    rows += [[says.Option(branch_words.label_of(branch), ["at", branch.id])] for branch in page.shown]
    rows += turns(page)
    if at is not None:
        rows.append([says.Option(_("‹ Up"), ["at", None])])
    return says.Screen(text, rows)


async def _below(at: Branch | None, branches: BranchDesk, roles: RoleDesk) -> list[Branch]:
    """The branches under one; on the first screen the topmost ones that the person organizes."""
    if at is not None:
        return await branches.children(at.id)
    if await roles.may(Action.BIND_GROUP, None):
        return await branches.children(None)
    return await branches.organized()


# -- Ways in --------------------------------------------------------------------------------


async def open_link(
    aside: Aside, chat: str, groups: GroupDesk, branches: BranchDesk, roles: RoleDesk
) -> None:
    """The button in a group, opened in private."""
    group = await groups.administered(chat_from(chat))
    organizes = await branches.organized() or await roles.may(Action.BIND_GROUP, None)
    if group is None or not organizes:
        aside.say(says.Text(_refusal()))
        return
    aside.go(DIALOG.name, group=group.chat, title=group.title)


async def bind(aside: Aside, argument: str, groups: GroupDesk, branches: BranchDesk) -> None:
    """The branch was chosen: bind the group to it, and say so to both."""
    chat, _dot, branch = argument.partition(".")
    group = await _bound(chat_from(chat), branch, groups)
    if group is None:
        aside.toast(_refusal())
        return
    found = await branches.get(branch)
    if found is None:
        return
    with speaking(group.locale or current_locale()):
        await groups.tell(group, group_words.bound(group, found))
    done = _("✓ **{group}** now belongs to **{branch}**. I told the group.")
    place = branch_words.name_of(found)
    aside.leave()
    aside.redraw(says.Text(done.format(group=group_words.title_of(group), branch=place)))


async def bind_here(aside: Aside, branch: str, groups: GroupDesk, branches: BranchDesk) -> None:
    """A branch's link put the bot into a group: bind it there and then."""
    if aside.private:
        aside.say(says.Text(_("That works in a group only. Choose one here: /group")))
        return
    group = await _bound((await groups.here()).chat, branch, groups)
    found = await branches.get(branch)
    if group is None or found is None:
        aside.say(says.Text(_refusal()))
        return
    with speaking(group.locale or current_locale()):
        aside.say(group_words.bound(group, found))


async def _bound(chat: int | None, branch: str, groups: GroupDesk) -> Group | None:
    if chat is None:
        return None
    try:
        return await groups.bind(chat, branch)
    except (NotAdministrator, NotAllowed, ValueError):
        return None


def _refusal() -> Phrase:
    return _(
        "To bind a group you must be its administrator and an organizer of the branch. "
        "If you are both, try again in a moment."
    )


DIALOG = Dialog("bind_group", choose, title=lambda: _("Bind a group"), parks=False)
ACTIONS = (Answerer("bind", bind, for_administrators=True),)
LINKS = (
    Answerer("group", open_link, for_administrators=True),
    Answerer("bind", bind_here, in_groups=True, for_administrators=True),
)
