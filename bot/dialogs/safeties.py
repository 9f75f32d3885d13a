"""Safety check-ins: who looks after whom, and what they say when somebody stayed silent."""

from __future__ import annotations

from bot.dialogs import safety_words as words
from bot.dialogs.opening import opener
from bot.i18n import Phrase, _, join, plain, speaking
from bot.services.checkins.model import LONGEST_NAME
from bot.services.checkins.profile import ProfileDesk
from bot.services.checkins.safety import SafetyDesk, Word
from bot.services.codes import hash_of
from bot.services.notices import Notices
from bot.services.presses import long
from bot.talk import says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import Talk
from bot.talk.inputs import line

SAFETY = "safety"
BUDDY = "buddy"


# -- Setting it up -------------------------------------------------------------------------


async def set_up(talk: Talk, profiles: ProfileDesk) -> None:
    """Consent, a name that others know one by, and a link for the buddy."""
    mine = await profiles.mine()
    offer = _(
        "🛟 **If you miss a safety check-in** (a storm, great heat), shall somebody look for you?\n\n"
        "First the buddy you choose is told, half an hour later the organizers of your branch: that you did "
        "not answer, and what you are called. Nothing else, and only for safety check-ins. "
        "You can end it any time with /checkins."
    )
    if not await talk.confirm("sure", offer, yes=_("Yes, look for me"), no=_("No, thanks")):
        await talk.once("no", profiles.consent, False)
        await talk.say("no_said", _("All right: nobody is told anything."))
        return
    question = _("What are you called? Your buddy and the organizers must know who is meant.")
    quick = [(mine.called, mine.called)] if mine.called else []
    name = await talk.ask("name", question, line(LONGEST_NAME), quick=quick)
    await talk.once("name_kept", profiles.say_called, name)
    await talk.once("yes", profiles.consent, True)
    link = await talk.once("link", profiles.buddy_link)
    text = _(
        "✓ Good. Now choose your buddy: pass this link on to somebody you trust. "
        "Once they agree, I tell you.\n{link}"
    )
    await talk.say("link_said", says.Text(text.format(link=link)))


async def become_buddy(talk: Talk, profiles: ProfileDesk, notices: Notices) -> None:
    """Agree to be somebody's buddy, from their link."""
    link = await talk.given("link", "")
    asked = await profiles.asked_by(link)
    if asked is None:
        await talk.say("gone", await _leads_nowhere(link, profiles))
        return
    offer = _(
        "🛟 **{name}** would like you to be their buddy. If they miss a safety check-in, I tell you first, "
        "and you call them. That is all."
    )
    name = asked.called or _("Somebody")
    if not await talk.confirm("sure", offer.format(name=name), yes=_("Yes, I'll do that"), no=_("Not now")):
        await talk.say("no", _("All right. Tell them, so that they choose somebody else."))
        return

    async def agree() -> bool:
        chosen = await profiles.become_buddy(link)
        if chosen is None:
            return False
        with speaking(chosen.locale):
            await notices.tell(
                chosen, says.Text(_("🛟 Your buddy agreed: they look out for you from now on."))
            )
        return True

    agreed = await talk.once("agree", agree)
    await talk.say("done", _("✓ Thank you! They know.") if agreed else _("This link is used up by now."))


async def _leads_nowhere(link: str, profiles: ProfileDesk) -> Phrase:
    """Why a link makes nobody a buddy: it is their own, they are one already, or it is used up."""
    if await profiles.is_own(link):
        return _("🛟 This link is your own. Send it to whoever is to look out for you.")
    used = _("This link is used up. Ask whoever sent it for a new one.")
    looked_after = await profiles.looks_after()
    if not looked_after:
        return used
    names = plain(", ".join(name or str(_("Somebody")) for name in looked_after))
    return _(
        "🛟 You are a buddy already, of: **{names}**. If they miss a safety check-in, I tell you first.\n\n"
        "Was the link of somebody else? It is used up then: ask them for a new one."
    ).format(names=names)


async def open_buddy_link(aside: Aside, token: str) -> None:
    """The link that somebody passed on to their buddy."""
    aside.go(BUDDY, link=hash_of(token))


# -- When somebody stayed silent --------------------------------------------------------------


async def safe(aside: Aside, number: str, safety: SafetyDesk, notices: Notices) -> None:
    """Somebody knows that all is well: themselves, the buddy or an organizer."""
    found = await safety.find(long(number) or 0)
    if found is None:
        aside.toast(_("It is not there any more."))
        return
    await _tell(await safety.settle(found[0].id) or [], notices, settled=True)
    aside.redraw(says.Text(words.settled_here(found[0])))


async def unreached(aside: Aside, number: str, safety: SafetyDesk, notices: Notices) -> None:
    """The buddy can't reach them: organizers are told at once."""
    told = await safety.raise_now(long(number) or 0)
    if told is None:
        aside.toast(_("It is not there any more."))
        return
    await _tell(told, notices)
    row = [says.Action(_("✓ All is well"), words.SAFE, number)]
    aside.redraw(says.Text(_("🛟 The organizers know now. Tap below as soon as you hear from them."), [row]))


async def come_back(aside: Aside, safety: SafetyDesk, notices: Notices) -> None:
    """Somebody answers a safety check-in after its end: whoever looks for them is told."""
    cases = await safety.mine()
    for case in cases:
        await _tell(await safety.settle(case.id) or [], notices, settled=True)
    said = _("Good to hear from you! The round is closed.")
    aside.redraw(says.Text(join([said, _("Whoever looked for you knows now.")]) if cases else said))


async def _tell(told: list[Word], notices: Notices, *, settled: bool = False) -> None:
    await notices.pass_on(told, words.settled if settled else words.missed)


def buddy_line(called: str, *, has_buddy: bool, consented: bool) -> Phrase:
    """How somebody stands with it."""
    if not consented:
        return _("🛟 If I miss a safety check-in: nobody is told")
    buddy = _("my buddy, then organizers") if has_buddy else _("organizers")
    said = _("🛟 If I miss a safety check-in: {who} (as “{name}”)")
    return said.format(who=buddy, name=plain(called))


SET_UP_DIALOG = Dialog(SAFETY, set_up, title=lambda: _("If I miss a safety check-in"))
BUDDY_DIALOG = Dialog(BUDDY, become_buddy, title=lambda: _("Be a buddy"))
ACTIONS = (
    Answerer(words.SAFE, safe),
    Answerer(words.UNREACHED, unreached),
    opener(SAFETY),
)
LINKS = (Answerer(BUDDY, open_buddy_link),)
