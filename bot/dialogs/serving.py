"""Taking a role on: somebody is invited, says who they are, and a second person confirms it."""

from __future__ import annotations

from datetime import datetime

from bot.dialogs import role_words
from bot.dialogs.branch_words import grant_words, name_of, place_of, role_word, until_words
from bot.i18n import Phrase, _, join, speaking
from bot.services.branches.desk import BranchDesk
from bot.services.invitations import InvitationDesk
from bot.services.notices import Notices
from bot.services.presses import long, short
from bot.services.roles.desk import RoleDesk
from bot.services.roles.grants import PROPOSED_FOR, Grant, Lapsed
from bot.services.roles.rules import NotAllowed, Role
from bot.talk import says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import Talk
from bot.talk.inputs import line

LONGEST_NAME = 40

# What becomes of a role that somebody takes on.
GONE, FIRST, WAITING = "gone", "first", "waiting"


async def serve(
    talk: Talk, branches: BranchDesk, invitations: InvitationDesk, roles: RoleDesk, notices: Notices
) -> None:
    """Say what the role is, ask how the confirming admin knows them, and propose it."""
    role = Role(await talk.given("role"))
    place = await place_of(await talk.given("branch"), branches)
    lines = [_offer(role).format(place=place), _("It counts once an admin has confirmed it.")]
    if until := await talk.given("until"):
        lines.append(until_words(datetime.fromisoformat(until)))
    offer = join(lines, "\n\n")
    if not await talk.confirm("sure", offer, yes=_("I'm in"), no=_("Not now")):
        await talk.say("not_now", _("All right. Everything else works just the same: /menu"))
        return
    who = _("What is your name? Only those who confirm and see roles read it: they must know it is you.")
    if role is Role.SHOP:
        who = _("What is the shop called? Only those who confirm and see roles read it: they must know it.")
    called = await talk.ask("called", who, line(LONGEST_NAME))

    async def take() -> str:
        grant = await invitations.take_role(await talk.given("invitation"), called)
        if grant is None:
            return GONE
        if grant.confirmed:
            return FIRST
        await _ask_confirmers(grant, branches, roles, notices)
        return WAITING

    outcome = await talk.once("take", take)
    texts = {
        GONE: _("The link is used up, or you have this role already: /me"),
        FIRST: _("✓ You are the first admin. Invite a second one soon: /branches"),
        WAITING: _("Thank you! An admin confirms it now; I'll tell you as soon as it counts."),
    }
    rows = [[says.Action(_("🏠 Branches"), "branches")]] if outcome == FIRST else []
    await talk.say("done", says.Text(texts[outcome], rows))


def _offer(role: Role) -> Phrase:
    offers = {
        Role.ORGANIZER: _(
            "🔑 You are asked to be an **organizer** of **{place}**: you invite people, see how many there "
            "are, and look after what happens there."
        ),
        Role.ADMIN: _(
            "🔑 You are asked to be an **admin** of **{place}**: you name organizers, and confirm whom "
            "others name."
        ),
        Role.SHOP: _(
            "🏪 You are asked to be a **partner shop** of **{place}**: you can take wishes on as a shop."
        ),
        Role.DESK: _(
            "🔑 You are asked to be a **desk officer** of **{place}**: you answer what people there report."
        ),
    }
    return offers[role]


async def _ask_confirmers(grant: Grant, branches: BranchDesk, roles: RoleDesk, notices: Notices) -> None:
    for admin in await roles.confirmers(grant):
        with speaking(admin.locale):
            await notices.tell(admin, await confirmation(grant, branches))


async def confirmation(grant: Grant, branches: BranchDesk) -> says.Text:
    """The question to an admin whether somebody is to have a role."""
    text = _("🔑 **{called}** is to be **{role}** of **{place}**. Do you know them, and is it right?").format(
        called=grant.called, role=role_word(grant.role), place=await place_of(grant.branch, branches)
    )
    number = short(grant.id)
    row = [says.Action(_("✓ Confirm"), "confirm", number), says.Action(_("✕ Refuse"), "refuse", number)]
    lines = [text, *([until_words(grant.expires_at)] if grant.expires_at else [])]
    return says.Text(join(lines), [row])


async def decide(
    grant_id: int, branches: BranchDesk, roles: RoleDesk, notices: Notices, *, yes: bool
) -> Phrase | None:
    """Confirm or refuse a role, and tell its holder; gives what was decided, None where it was before.

    Raises NotAllowed for whoever may not decide it.
    """
    grant = await (roles.confirm if yes else roles.refuse)(grant_id)
    if grant is None:
        return None
    holder = await roles.holder(grant)
    if holder is not None:
        with speaking(holder.locale):
            await notices.tell(holder, await _decided(grant, branches, yes=yes))
    said = _("✓ Confirmed: {grant}") if yes else _("✕ Refused: {grant}")
    return said.format(grant=await grant_words(grant, branches))


async def end(grant_id: int, branches: BranchDesk, roles: RoleDesk, notices: Notices) -> bool:
    """Take a role away, and tell who had it; False where it is over already. Raises NotAllowed."""
    grant = await roles.revoke(grant_id)
    if grant is None:
        return False
    holder = await roles.holder(grant)
    if holder is not None and not roles.is_mine(grant):
        with speaking(holder.locale):
            await notices.tell(holder, role_words.taken_away(grant, await place_of(grant.branch, branches)))
    return True


async def _decided(grant: Grant, branches: BranchDesk, *, yes: bool) -> says.Text:
    role = role_word(grant.role)
    if not yes:
        text = _("An admin did not confirm that you are {role}. Talk to whoever invited you.")
        return says.Text(text.format(role=role))
    text = _("🔑 It is confirmed: you are **{role}** of **{place}**.")
    lines = [text.format(role=role, place=await place_of(grant.branch, branches))]
    lines += [until_words(grant.expires_at)] if grant.expires_at else []
    return says.Text(join(lines), [[_next_step(grant)]])


async def has_already(grant: Grant, branches: BranchDesk) -> says.Text:
    """To who opens the link of a role that they took on before."""
    place = await place_of(grant.branch, branches)
    if grant.confirmed:
        text = _("✓ You are **{role}** of **{place}** already: this link has done its work.")
        return says.Text(text.format(role=role_word(grant.role), place=place), [[_next_step(grant)]])
    text = _(
        "⏳ You said that you'd be **{role}** of **{place}**. An admin confirms it; I'll tell you as soon as "
        "it counts."
    )
    return says.Text(text.format(role=role_word(grant.role), place=place))


def _next_step(grant: Grant) -> says.Action:
    if grant.role is Role.SHOP:
        return says.Action(_("🌱 All wishes"), "wishes")
    if grant.role is Role.DESK:
        return says.Action(_("🏢 My desk"), "desk")
    return says.Action(_("🏠 Branches"), "branches", grant.branch or "")


def lapsed(one: Lapsed) -> says.Text:
    """To who proposed a role: nobody confirmed it in time."""
    place = name_of(one.branch) if one.branch else _("the whole city")
    text = _(
        "🔑 Nobody confirmed **{called}** as {role} of {place} within {n} days, so that has ended. "
        "Still right? Invite them once more: /branches"
    )
    called, role = one.grant.called or "?", role_word(one.grant.role)
    return says.Text(text.format(called=called, role=role, place=place, n=PROPOSED_FOR.days))


async def confirm(aside: Aside, number: str, branches: BranchDesk, roles: RoleDesk, notices: Notices) -> None:
    """An admin confirms a role, on the message that asked for it."""
    await _answer(aside, number, branches, roles, notices, yes=True)


async def refuse(aside: Aside, number: str, branches: BranchDesk, roles: RoleDesk, notices: Notices) -> None:
    """An admin turns a role down, on the message that asked for it."""
    await _answer(aside, number, branches, roles, notices, yes=False)


async def _answer(
    aside: Aside, number: str, branches: BranchDesk, roles: RoleDesk, notices: Notices, *, yes: bool
) -> None:
    try:
        decided = await decide(long(number) or 0, branches, roles, notices, yes=yes)
    except NotAllowed:
        aside.toast(_("Somebody else has to decide this one."))
        return
    aside.redraw(says.Text(decided or await _as_it_is(long(number) or 0, branches, roles)))


async def _as_it_is(grant_id: int, branches: BranchDesk, roles: RoleDesk) -> Phrase:
    """What was decided before: who taps twice reads that it worked."""
    grant = await roles.confirmed(grant_id)
    if grant is None:
        return _("That was decided already.")
    return _("✓ Confirmed: {grant}").format(grant=await grant_words(grant, branches))


DIALOG = Dialog("serve", serve, title=lambda: _("Take a role on"))
ACTIONS = (Answerer("confirm", confirm), Answerer("refuse", refuse))
