"""The screens of the tree: its top, one branch, who has which role there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from bot.dialogs import branch_groups
from bot.dialogs import branch_words as words
from bot.dialogs.paging import page_of, turns
from bot.i18n import Phrase, _, full_date, join, plain
from bot.services.branches.desk import BranchDesk
from bot.services.branches.tree import Branch
from bot.services.invitations import Offer
from bot.services.people import day_of
from bot.services.presses import short
from bot.services.roles.desk import RoleDesk
from bot.services.roles.grants import Grant
from bot.services.roles.rules import PROPOSING, Action, Role
from bot.talk import says

State = dict[str, Any]
Rows = list[list[says.Button]]

PAGE = 8
YEAR = 12
"""In months."""
WITHDRAW = "withdraw_invitation"
# Telegram's own way to choose whom a link is passed on to.
PASS_ON = "https://t.me/share/url?url={link}"  # noqa: S105 - no password


async def draw(state: State, branches: BranchDesk, roles: RoleDesk) -> says.Screen:
    """The screen that a state means."""
    if state.get("roles") and await roles.may(Action.SEE_ROLES, state["at"]):
        return await _roles(state, branches, roles)
    if (role := state.get("inviting")) and await roles.may(PROPOSING[Role(role)], state["at"]):
        return await _lasting(Role(role), state["at"], branches)
    branch = await branches.get(state["at"]) if state["at"] else None
    if branch is None or branch.closed:
        return await _top(state, branches, roles)
    if state.get("groups") and await roles.may(Action.BIND_GROUP, branch.id):
        return await branch_groups.draw(branch, branches)
    return await _branch(branch, state, branches, roles)


# -- The tree -----------------------------------------------------------------------


async def _top(state: State, branches: BranchDesk, roles: RoleDesk) -> says.Screen:
    mine = await branches.organized()
    rows: Rows = [[says.Option(f"★ {words.label_of(branch)}", ["at", branch.id])] for branch in mine]
    present = await branches.mine()
    own = await branches.get(present.branch) if present else None
    if own is not None and own not in mine:
        rows.append([says.Option(f"✓ {words.label_of(own)}", ["at", own.id])])
    rows += await _children(None, state["page"], branches, roles, besides=[branch.id for branch in mine])
    rows += await _powers(None, roles)
    rows.append([says.Action(_("📇 Who helps with what"), "departments")])
    text = _("🏠 **Branches.** Tap through to the one that is yours.")
    return says.Screen(text, rows)


async def _branch(branch: Branch, state: State, branches: BranchDesk, roles: RoleDesk) -> says.Screen:
    above = (await branches.line(branch.id))[:-1]
    lines = [Phrase("**{name}**").format(name=words.label_of(branch))]
    if above:
        lines.append(plain(" › ".join(words.name_of(one) for one in above)))
    if await roles.may(Action.COUNT_MEMBERS, branch.id):
        lines.append(words.members_words((await branches.counts([branch.id]))[branch.id]))
    present = await branches.mine()
    is_mine = present is not None and present.branch == branch.id
    rows: Rows = []
    if is_mine:
        lines.append(_("✓ Your branch"))
    elif branch.is_joinable:
        rows.append([says.Option(_("Join"), ["join"])])
    rows += await _children(branch.id, state["page"], branches, roles)
    rows += await _powers(branch, roles)
    rows.append([says.Action(_("📇 Who helps with what"), "departments", branch.id)])
    rows.append([says.Option(_("‹ Up"), ["at", branch.parent])])
    return says.Screen(join(lines), rows)


async def _children(
    parent: str | None, number: int, branches: BranchDesk, roles: RoleDesk, besides: Sequence[str] = ()
) -> Rows:
    """A button for each branch below but some, with its members where one may count them."""
    found = [branch for branch in await branches.children(parent) if branch.id not in besides]
    page = page_of(found, number, PAGE)
    counts: dict[str, int | None] = {}
    if await roles.may(Action.COUNT_MEMBERS, parent):
        counts = await branches.counts([branch.id for branch in page.shown])
    rows: Rows = [
        [says.Option(_with_count(words.label_of(branch), branch.id, counts), ["at", branch.id])]
        for branch in page.shown
    ]
    return rows + turns(page)


def _with_count(label: str, branch: str, counts: dict[str, int | None]) -> str:
    return f"{label} ({words.count_label(counts[branch])})" if branch in counts else label


async def _powers(branch: Branch | None, roles: RoleDesk) -> Rows:
    """What an organizer or admin can do here."""
    at = branch.id if branch else None
    rows: Rows = []
    if branch is not None and branch.is_joinable and await roles.may(Action.INVITE_MEMBERS, at):
        rows.append(
            [
                says.Option(_("➕ Invite members"), ["invite", None]),
                says.Action(_("📋 By a list"), "rosters", branch.id),
            ]
        )
    if branch is not None and await roles.may(Action.BROADCAST, at):
        rows.append([says.Action(_("📣 Send them something"), "new_broadcast", branch.id)])
    if branch is not None and await roles.may(Action.BIND_GROUP, at):
        rows.append([says.Option(_("💬 Groups"), ["groups"])])
    labels = {
        Role.ORGANIZER: _("🔑 Add an organizer"),
        Role.DESK: _("🔑 Add an officer"),
        Role.SHOP: _("🏪 Add a shop"),
        Role.ADMIN: _("🔑 Add an admin"),
    }
    # An admin of a small branch is rarely wanted: those are named for the city.
    wanted = [Role.ADMIN] if branch is None else [Role.ORGANIZER, Role.DESK, Role.SHOP]
    may_invite = [role for role in wanted if await roles.may(PROPOSING[role], at)]
    invites: list[says.Button] = [says.Option(labels[role], ["invite", role.value]) for role in may_invite]
    rows += [invites[start : start + 2] for start in range(0, len(invites), 2)]
    if branch is None:
        rows += await _looking_after(roles)
    if await roles.may(Action.SEE_ROLES, at):
        rows.append([says.Option(_("👥 Who has which role"), ["roles"])])
    return rows


async def _looking_after(roles: RoleDesk) -> Rows:
    """What an organizer of any branch looks after besides people."""
    ways = (
        (Action.BROADCAST, says.Action(_("📣 Broadcasts"), "broadcast")),
        (Action.RUN_CHECKINS, says.Action(_("📋 Check-ins"), "rounds")),
        (Action.RUN_TRACKS, says.Action(_("📚 Lessons"), "lessons")),
        (Action.SEE_LEDGER, says.Action(_("📊 Ledger"), "ledger")),
        (Action.SETTLE_FLAGS, says.Action(_("⚠ Stations"), "flags")),
        (Action.MIND_POINTS, says.Action(_("⭐ Points"), "mind_points")),
        (Action.TAG_PEOPLE, says.Action(_("🏷 Tags"), "tags")),
    )
    may: list[says.Button] = [button for action, button in ways if await roles.has(action)]
    return says.in_columns(may, 2)


# -- Roles --------------------------------------------------------------------------


async def _roles(state: State, branches: BranchDesk, roles: RoleDesk) -> says.Screen:
    found = await roles.under(state["at"])
    ending = next((grant for grant in found if grant.id == state.get("ending")), None)
    if ending is not None:
        return await _ending(ending, branches)
    page = page_of(found, state["page"], PAGE)
    lines = [_("👥 **Roles** in {place}").format(place=await words.place_of(state["at"], branches))]
    rows: Rows = []
    for grant in page.shown:
        lines.append(await _role_line(grant, branches))
        rows += await _role_buttons(grant, roles)
    if not found:
        lines.append(_("Nobody yet."))
    rows += turns(page)
    rows.append([says.Option(_("‹ Back"), ["at", state["at"]])])
    return says.Screen(join(lines), rows)


async def _role_line(grant: Grant, branches: BranchDesk) -> Phrase:
    told = await words.grant_words(grant, branches)
    if not grant.confirmed:
        return _("• {grant} (waits to be confirmed)").format(grant=told)
    if grant.expires_at is not None:
        return _("• {grant} (until {day})").format(grant=told, day=full_date(day_of(grant.expires_at)))
    return Phrase("• {grant}").format(grant=told)


async def _role_buttons(grant: Grant, roles: RoleDesk) -> Rows:
    """To decide what waits, or to take away what is in force, for who may."""
    if grant.confirmed:
        if not await roles.may(Action.REVOKE_ROLE, grant.branch):
            return []
        label = _("Take away: {called}").format(called=grant.called or "?")
        return [[says.Option(label, ["ending", grant.id])]]
    if not await roles.may_decide(grant):
        return []
    confirm = _("✓ Confirm {called}").format(called=grant.called)
    refuse = says.Option(_("✕ Refuse"), ["decide", grant.id, False])
    return [[says.Option(confirm, ["decide", grant.id, True]), refuse]]


async def _ending(grant: Grant, branches: BranchDesk) -> says.Screen:
    text = _("Take this role away?\n{grant}").format(grant=await words.grant_words(grant, branches))
    row = [says.Option(_("Take it away"), ["end", grant.id]), says.Option(_("No"), ["keep"])]
    return says.Screen(text, [row])


# -- Invitations ----------------------------------------------------------------------


async def _lasting(role: Role, at: str | None, branches: BranchDesk) -> says.Screen:
    """For how long somebody is to have a role, before they are invited to it."""
    text = _("🔑 **{role}** of **{place}**: for how long? I tell them a week before it ends.").format(
        role=words.role_word(role), place=await words.place_of(at, branches)
    )
    lengths = [(_("1 year"), YEAR), (_("6 months"), YEAR // 2), (_("Until I end it"), None)]
    row = [says.Option(label, ["invite", role.value, months]) for label, months in lengths]
    return says.Screen(text, [row, [says.Option(_("‹ Back"), ["at", at])]])


def invitation(offer: Offer, place: Phrase, link: str, number: int) -> says.Text:
    """A fresh link to pass on, or to withdraw when it went astray."""
    if offer.role is None:
        what = Phrase("🏠 **{place}**").format(place=place)
        text = _("Pass this link on. Up to 50 people can join by it, for 7 days:\n{link}")
    else:
        what = Phrase("🔑 **{role}** · {place}").format(role=words.role_word(offer.role), place=place)
        text = _("Pass this link on to one person. It works once, within 7 days:\n{link}")
    lines = [what, text.format(link=link)]
    if offer.tag:
        lines.append(_("🏷 Who joins by it gets the tag “{tag}”.").format(tag=offer.tag))
    if offer.role_expires_at is not None:
        lines.append(words.until_words(offer.role_expires_at))
    row: list[says.Button] = [
        says.Link(_("↗ Pass it on"), PASS_ON.format(link=quote(link, safe=""))),
        says.Action(_("✕ Withdraw"), WITHDRAW, short(number)),
    ]
    return says.Text(join(lines), [row])
