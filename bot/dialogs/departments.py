"""/departments: who helps with what, and their telephone number."""

from __future__ import annotations

from typing import Any

from bot.dialogs.branch_screens import PAGE
from bot.dialogs.branch_words import place_of
from bot.dialogs.paging import page_of, turns
from bot.i18n import Phrase, _, is_chinese, join, plain
from bot.services.branches.desk import BranchDesk
from bot.services.departments.desk import DepartmentDesk
from bot.services.departments.directory import Department
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Reaction, Talk

State = dict[str, Any]
"""What the screen shows: `page` of the list, and perhaps `one` department (its id)."""


async def look(talk: Talk, departments: DepartmentDesk, branches: BranchDesk) -> None:
    """The list, and one department at a tap; of one branch where it was opened there."""
    branch = await talk.given("branch")

    async def draw(state: State) -> says.Screen:
        one = await departments.get(state["one"]) if state.get("one") else None
        if one is not None:
            return await _one(one, state["page"], branches)
        found = await (departments.of_branch(branch) if branch else departments.listed())
        return _list(found, state["page"])

    await talk.browse("departments", lambda: {"page": 0}, draw, _react)


def _react(state: State, event: hears.Event) -> Reaction:
    match event:
        case hears.Choice(["one", department]):
            return {**state, "one": department}
        case hears.Choice(["page", int(page)]):
            return {"page": page}
    return IGNORED


def _list(found: list[Department], number: int) -> says.Screen:
    if not found:
        text = _("📇 No department is listed yet. 12345 knows who is in charge of what.")
        return says.Screen(text)
    page = page_of(found, number, PAGE)
    rows: list[list[says.Button]] = [[says.Option(_name(one), ["one", one.id])] for one in page.shown]
    return says.Screen(_("📇 **Who helps with what?** Tap one."), rows + turns(page))


async def _one(one: Department, page: int, branches: BranchDesk) -> says.Screen:
    lines = [Phrase("📇 **{name}**").format(name=_name(one)), plain(_does(one))]
    if one.phone:
        lines.append(_("☎️ {phone}").format(phone=one.phone))
    lines.append(_("For: {place}").format(place=await place_of(one.branch, branches)))
    return says.Screen(join(lines), [[says.Option(_("‹ Back"), ["page", page])]])


def _name(one: Department) -> str:
    return one.name if is_chinese() or not one.name_en else one.name_en


def _does(one: Department) -> str:
    return one.does if is_chinese() or not one.does_en else one.does_en


async def show(aside: Aside, branch: str) -> None:
    """Open the directory, of one branch or all of it."""
    aside.go(DIALOG.name, branch=branch or None)


DIALOG = Dialog(
    "departments",
    look,
    title=lambda: _("Who helps with what"),
    command="departments",
    summary=lambda: _("Who helps with what"),
    parks=False,
)
ACTIONS = (Answerer("departments", show),)
