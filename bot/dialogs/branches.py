"""The tree of branches: everybody finds theirs; organizers invite, and look after roles."""

from __future__ import annotations

from typing import Any

from bot.dialogs import branch_screens as screens
from bot.dialogs import joining, serving
from bot.dialogs.branch_words import place_of
from bot.i18n import _
from bot.services.branches.desk import BranchDesk
from bot.services.invitations import InvitationDesk, Offer
from bot.services.notices import Notices
from bot.services.presses import long
from bot.services.roles.desk import RoleDesk
from bot.services.roles.rules import NotAllowed, Role
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk

State = dict[str, Any]
"""What the screen shows: `at` (a branch's id, None for the top), `page`, and perhaps `roles` (True: who has
which role there) with `ending` (the number of the role that is to be taken away), or `inviting` (to which
role), or `groups` (True: those that are bound to it)."""


class Tree:
    """The screen of the tree, with what it asks of the services."""

    def __init__(
        self,
        talk: Talk,
        branches: BranchDesk,
        roles: RoleDesk,
        invitations: InvitationDesk,
        notices: Notices,
    ) -> None:
        self._talk = talk
        self._branches = branches
        self._roles = roles
        self._invitations = invitations
        self._notices = notices

    async def draw(self, state: State) -> says.Screen:
        """The screen that a state means."""
        return await screens.draw(state, self._branches, self._roles)

    async def react(self, state: State, event: hears.Event) -> Reaction:
        """What a tap makes of the state."""
        if not isinstance(event, hears.Choice):
            return IGNORED
        try:
            return await self._tapped(state, event.value)
        except NotAllowed:
            self._talk.toast(_("That is not yours to do."))
        except ValueError:
            self._talk.toast(_("This branch is not there any more."))
        return {"at": state["at"], "page": 0}

    async def _tapped(self, state: State, value: Any) -> Reaction:
        match value:
            case ["at", branch]:
                return {"at": branch, "page": 0}
            case ["page", int(page)]:
                return {**state, "page": page}
            case ["join"]:
                return Left(state["at"])
            case ["invite", ("organizer" | "desk") as role]:
                return {**state, "inviting": role}
            case ["invite", role, *rest]:
                return await self._invite(state, Role(role) if role else None, rest[0] if rest else None)
            case ["ending", int(grant)]:
                return {**state, "ending": grant}
            case ["groups"]:
                return {"at": state["at"], "page": 0, "groups": True}
            case ["unbind", int(chat)]:
                await self._branches.unbind(chat)
                self._talk.toast(_("It belongs to no branch now."))
                return state
        await self._change_role(value)
        return {"at": state["at"], "page": 0, "roles": True}

    async def _invite(self, state: State, role: Role | None, months: int | None) -> Reaction:
        ends = self._invitations.in_months(months) if months else None
        offer = Offer(state["at"], role, ends)
        link, number = await self._invitations.make(offer)
        place = await place_of(offer.branch, self._branches)
        self._talk.show(screens.invitation(offer, place, link, number))
        return {"at": state["at"], "page": state["page"]}

    async def _change_role(self, value: Any) -> None:
        match value:
            case ["decide", int(grant), bool(yes)]:
                done = await serving.decide(grant, self._branches, self._roles, self._notices, yes=yes)
                self._talk.toast(done or _("That was decided already."))
            case ["end", int(grant)]:
                ended = await serving.end(grant, self._branches, self._roles, self._notices)
                self._talk.toast(_("The role is taken away.") if ended else _("That was decided already."))


async def look_around(
    talk: Talk, branches: BranchDesk, roles: RoleDesk, invitations: InvitationDesk, notices: Notices
) -> Go:
    """Show the tree until somebody wants to join."""
    at = await talk.given("at")
    tree = Tree(talk, branches, roles, invitations, notices)
    chosen = await talk.browse("tree", lambda: {"at": at, "page": 0}, tree.draw, tree.react)
    return Go(joining.DIALOG.name, {"branch": chosen})


async def show(aside: Aside, at: str) -> None:
    """Open the tree, at a branch or at its top."""
    aside.go(DIALOG.name, at=at or None)


async def withdraw(aside: Aside, number: str, invitations: InvitationDesk) -> None:
    """A link that went astray leads nowhere from now on."""
    try:
        done = await invitations.withdraw(long(number) or 0)
    except NotAllowed:
        aside.toast(_("That is not yours to do."))
        return
    if not done:
        aside.toast(_("It was used up, or over already."))
        return
    aside.redraw(says.Text(_("✕ Withdrawn: this link lets nobody in any more. Who joined by it stays.")))


DIALOG = Dialog("branches", look_around, title=lambda: _("The branches"), command="branches", parks=False)
ACTIONS = (Answerer("branches", show), Answerer(screens.WITHDRAW, withdraw))
