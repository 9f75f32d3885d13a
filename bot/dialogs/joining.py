"""Joining a branch, by an invitation's link or from the list: what it gives, what is kept, yes or not now."""

from __future__ import annotations

from bot.dialogs import branch_words as words
from bot.dialogs import serving
from bot.dialogs.privacy_words import consent_words
from bot.i18n import Phrase, _, join, plain
from bot.services.branches.desk import BranchDesk
from bot.services.branches.tree import Branch
from bot.services.invitations import InvitationDesk
from bot.services.privacy.consents import MEMBERSHIP
from bot.services.roles.desk import RoleDesk
from bot.talk import says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import Talk

# Said as an answer, kept as nothing: who is none of these need not be asked again.
NONE_OF_THESE = "none"


async def join_branch(talk: Talk, branches: BranchDesk, invitations: InvitationDesk) -> None:
    """Show what membership gives and what is kept; join on a yes."""
    branch = await branches.get(await talk.given("branch", ""))
    if branch is None:
        await talk.say("gone", _("This branch is not there any more."))
        return
    if await _belongs(branch.id, branches):
        await talk.say("belongs", _belongs_words(branch))
        return
    invitation = await talk.given("invitation")
    offer = await _offer(branch, branches)
    if await talk.given("listed", False):
        offer = join([offer, _listed()])
    if tag := await talk.given("tag", ""):
        offer = join([offer, _tagged(tag)])
    if not await talk.confirm("sure", offer, yes=_("Join"), no=_("Not now")):
        await talk.say("not_now", _("All right. Everything else works just the same: /menu"))
        return
    question = _("Are you a member of the Party, the Youth League or a union? Only if you like to say.")
    kinds = [
        (_("Party"), "party"),
        (_("Youth League"), "league"),
        (_("Union"), "union"),
        (_("None of these"), NONE_OF_THESE),
    ]
    declared = await talk.choose("declared", question, kinds, optional=True)
    declared = None if declared == NONE_OF_THESE else declared
    if invitation is None:
        joined = await talk.once("join", branches.join, branch.id, declared)
    else:
        joined = await talk.once("join", invitations.join, invitation, declared)
    await talk.say("done", _joined(branch) if joined else _not_joined())


async def _offer(branch: Branch, branches: BranchDesk) -> Phrase:
    above = (await branches.line(branch.id))[:-1]
    head = _("🏠 **{branch}** would like you to join.").format(branch=words.name_of(branch))
    lines = [head]
    if above:
        lines.append(plain(" › ".join(words.name_of(one) for one in above)))
    present = await branches.mine()
    before = await branches.get(present.branch) if present and present.branch != branch.id else None
    gets = _(
        "\n**What you get:** news of its activities and lessons, people who help when something is hard, "
        "and a place to say what is missing.\n"
    )
    lines += [gets, consent_words()[MEMBERSHIP]]
    if before is not None:
        moving = _("\nYou leave **{branch}** by this.").format(branch=words.name_of(before))
        lines.append(moving)
    return join(lines)


def _listed() -> Phrase:
    return _(
        "\n📋 One thing is different with this link: it was made for your line of the office's list, so the "
        "organizer who keeps the list sees that you joined, and still sees it if you leave or say /forget. "
        "If you'd rather not, join from /branches."
    )


def _tagged(tag: str) -> Phrase:
    return _(
        "\n🏷 This link gives you the tag “{tag}”: by it organizers find you when something is for you. You "
        "see it in /me, and can drop it."
    ).format(tag=tag)


def _joined(branch: Branch) -> says.Text:
    text = _("✓ Welcome to **{branch}**! It is good to have you.").format(branch=words.name_of(branch))
    return says.Text(text, [[says.Action(_("👤 Me"), "me"), says.Action(_("📚 Today's lesson"), "learn")]])


def _not_joined() -> says.Text:
    text = _("This link is used up by now. Ask whoever sent it for a new one. /me shows your branch.")
    return says.Text(text, [[says.Action(_("👤 Me"), "me")]])


async def _belongs(branch: str, branches: BranchDesk) -> bool:
    present = await branches.mine()
    return present is not None and present.branch == branch


def _belongs_words(branch: Branch) -> says.Text:
    text = _("✓ You belong to **{branch}** already. There is nothing left to do.").format(
        branch=words.name_of(branch)
    )
    row = [says.Action(_("👤 Me"), "me"), says.Action(_("🏠 Branches"), "branches", branch.id)]
    return says.Text(text, [row])


async def _already(
    token: str, invitations: InvitationDesk, branches: BranchDesk, roles: RoleDesk
) -> says.Text | None:
    """What somebody has of what a link is for: whoever used it opens it once more, and is not sent away."""
    offer = await invitations.led_to(token)
    if offer is None:
        return None
    if offer.role is None:
        branch = await branches.get(offer.branch or "")
        return _belongs_words(branch) if branch and await _belongs(branch.id, branches) else None
    for grant in await roles.mine():
        if (grant.role, grant.branch) == (offer.role, offer.branch):
            return await serving.has_already(grant, branches)
    return None


async def open_link(
    aside: Aside, token: str, invitations: InvitationDesk, branches: BranchDesk, roles: RoleDesk
) -> None:
    """An invitation's link: to join, or to take a role on."""
    if already := await _already(token, invitations, branches, roles):
        aside.say(already)
        return
    invitation = await invitations.look(token)
    if invitation is None:
        text = _(
            "This invitation is used up or has expired. Ask whoever sent it for a new one.\n\n"
            "Everything else works without it: /menu"
        )
        aside.say(says.Text(text, menu=True))
    elif invitation.role is None:
        aside.go(
            DIALOG.name,
            invitation=invitation.id,
            branch=invitation.branch,
            listed=invitation.listed,
            tag=invitation.tag,
        )
    else:
        role = invitation.role.value
        until = invitation.role_expires_at.isoformat() if invitation.role_expires_at else None
        given = {"invitation": invitation.id, "role": role, "branch": invitation.branch, "until": until}
        aside.go(serving.DIALOG.name, **given)


DIALOG = Dialog("join_branch", join_branch, title=lambda: _("Join a branch"))
LINKS = (Answerer("join", open_link),)
