"""/privacy, /mydata, /forget and /stop: what is kept, in plain words, and everything one can do about it."""

from __future__ import annotations

from typing import Any, Final

from bot.dialogs import desk_words
from bot.dialogs import privacy_words as words
from bot.dialogs.branch_words import place_of
from bot.dialogs.consenting import UNSILENCE
from bot.dialogs.opening import opener
from bot.i18n import Phrase, _, day_and_month, join
from bot.services.appeals.mine import MyAppeals
from bot.services.appeals.posting import AppealPost
from bot.services.branches.desk import BranchDesk
from bot.services.people import People
from bot.services.privacy.consents import LOCATION, REMINDERS, Consents
from bot.services.privacy.desk import PrivacyDesk
from bot.services.stations.desk import StationDesk
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Left, Reaction, Talk

PRIVACY: Final = "privacy"
FORGET: Final = "forget"
MEMBERSHIP: Final = "membership"
PERIODS: Final = "periods"

State = dict[str, Any]
"""What the screen shows: `on` is home, membership, periods or a purpose."""
HOME: Final[State] = {"on": "home"}


# -- /privacy -----------------------------------------------------------------------------


async def privacy(
    talk: Talk, consents: Consents, people: People, stations: StationDesk, branches: BranchDesk
) -> None:
    """Show what is kept, and change what they agree to."""

    async def react(state: State, event: hears.Event) -> Reaction:
        match event:
            case hears.Choice(["on", str(screen)]):
                return {"on": screen}
            case hears.Choice(["decide", bool(given)]):
                await consents.decide(state["on"], given)
                if state["on"] == LOCATION and not given:
                    stations.forget_place()
                talk.toast(_("Noted.") if given else _("Taken back."))
                return HOME
            case hears.Choice(["leave"]):
                if await branches.leave():
                    talk.toast(_("You have left. The door stays open."))
                return HOME
        return IGNORED

    async def draw(state: State) -> says.Screen:
        return await _draw(state, consents, people, branches)

    await talk.browse("privacy", lambda: HOME, draw, react)


async def _draw(state: State, consents: Consents, people: People, branches: BranchDesk) -> says.Screen:
    if state["on"] in words.PURPOSES:
        return await _purpose(state["on"], consents)
    if state["on"] == MEMBERSHIP:
        return await _membership(branches)
    if state["on"] == PERIODS:
        return says.Screen(words.periods(), [[says.Option(_("‹ Back"), ["on", "home"])]])
    return await _home(consents, people, branches)


async def _home(consents: Consents, people: People, branches: BranchDesk) -> says.Screen:
    text = _(
        "🔒 **Your data, in plain words**\n\n"
        "· You need no name, no phone number, no ID.\n"
        "· Kept is what you set up here and what you write; your words are encrypted.\n"
        "· Where you are finds stations, for 15 minutes, and is written down nowhere.\n"
        "· Organizers see how many, not who, unless you give a name. A desk sees a made-up one.\n"
        "· Nothing is sold or passed on.\n\n"
        "What you agree to, tap to change:"
    )
    switches: list[says.Button] = []
    for purpose, word in words.purpose_words().items():
        mark = "☑" if await consents.allows(purpose) else "☐"
        switches.append(says.Option(f"{mark} {word}", ["on", purpose]))
    mark, word = "☑" if await branches.mine() else "☐", _("🏠 Membership")
    switches.append(says.Option(f"{mark} {word}", ["on", MEMBERSHIP]))
    silence: says.Button = (
        says.Action(_("🔔 Speak again"), UNSILENCE)
        if people.person.silenced
        else says.Action(_("🔕 Be silent"), "stop")
    )
    rows: list[list[says.Button]] = [
        switches[:2],
        switches[2:4],
        switches[4:],
        [says.Action(_("📣 News"), "quiet"), says.Option(_("⏳ How long"), ["on", PERIODS]), silence],
        [says.Action(_("📦 My data"), "mydata"), says.Action(_("🗑 Forget me"), FORGET)],
    ]
    return says.Screen(text, rows)


async def _purpose(purpose: str, consents: Consents) -> says.Screen:
    decision = next((one for one in await consents.all() if one.purpose == purpose), None)
    lines = [words.consent_words()[purpose]]
    if decision is not None:
        said = _("You agreed on {day}.") if decision.given else _("You refused on {day}.")
        lines.append(said.format(day=day_and_month(decision.decided_at.date())))
    allowed = await consents.allows(purpose)
    change = says.Option(_("Take it back") if allowed else _("✓ Agree"), ["decide", not allowed])
    return says.Screen(join(lines, "\n\n"), [[change, says.Option(_("‹ Back"), ["on", "home"])]])


async def _membership(branches: BranchDesk) -> says.Screen:
    """Belonging to a branch is agreed to by joining, and taken back by leaving."""
    back = says.Option(_("‹ Back"), ["on", "home"])
    meaning = _(
        "🏠 **Membership.** You say yourself that you belong to a branch; nobody checks it. Its "
        "organizers see how many belong to it, and can write to all of them through me."
    )
    present = await branches.mine()
    if present is None:
        return says.Screen(meaning, [[says.Action(_("🏠 Choose a branch"), "branches"), back]])
    where = _("You agreed on {day}, when you joined **{branch}**. Who leaves takes it back.").format(
        day=day_and_month(present.joined_at.date()), branch=await place_of(present.branch, branches)
    )
    return says.Screen(join([meaning, where], "\n\n"), [[says.Option(_("Leave my branch"), ["leave"]), back]])


# -- /mydata, /stop -------------------------------------------------------------------------


async def mydata(aside: Aside, _argument: str, privacy: PrivacyDesk) -> None:
    """Have everything that is kept of them packed; it comes in a moment."""
    await privacy.order_data()
    aside.say(says.Text(_("📦 I'm packing everything I keep of you. It comes in a moment, as a file.")))


async def stop(aside: Aside, _argument: str, people: People) -> None:
    """Say nothing more that they did not ask for."""
    await people.silence(True)
    text = _(
        "🔕 All right: from now on I only answer.\n\n"
        "No reminders, no lessons, no news, no check-ins. What you set up is kept, and silent. If you asked "
        "something, an appeal for instance, its answer still comes."
    )
    aside.redraw(says.Text(text, [[says.Action(_("🔔 Speak again"), UNSILENCE)]]))


async def speak(aside: Aside, _argument: str, people: People, consents: Consents) -> None:
    """Speak again, and ring."""
    await people.silence(False)
    if not await consents.allows(REMINDERS):
        await consents.decide(REMINDERS, True)
    text = _("🔔 Good to be back. Your reminders ring again. Which news come, and when: /quiet")
    aside.redraw(says.Text(text))


# -- /forget -----------------------------------------------------------------------------------


async def forget(talk: Talk, privacy: PrivacyDesk, appeals: MyAppeals, appeal_post: AppealPost) -> None:
    """Say what goes and what stays, ask twice, and forget them."""

    async def react(state: State, event: hears.Event) -> Reaction:
        match event:
            case hears.Choice(["on", str(screen)]):
                return {"on": screen}
            case hears.Choice(["forget"]) if state["on"] == "sure":
                return Left(True)
            case hears.Choice(["keep"]):
                return Left(False)
        return IGNORED

    async def draw(state: State) -> says.Screen:
        return _sure() if state["on"] == "sure" else await _first(privacy)

    if not await talk.browse("forget", lambda: HOME, draw, react):
        await talk.say("kept", _("Nothing was deleted. Everything is as it was."))
        return
    await talk.once("forgotten", _forget, privacy, appeals, appeal_post)
    await talk.say("gone", _gone())


async def _forget(privacy: PrivacyDesk, appeals: MyAppeals, appeal_post: AppealPost) -> None:
    for mine in await appeals.all():
        if mine.appeal.is_open:
            changed = await appeals.withdraw(mine.appeal.id)
            await appeal_post.send(changed.news, desk_words.worded)
    await privacy.forget()


async def _first(privacy: PrivacyDesk) -> says.Screen:
    lines = [
        _(
            "🗑 **Forget me**\n\n"
            "Deleted at once: your reminders, favourites, lessons and points, your branch and roles, what "
            "you wrote and sent. Open appeals are withdrawn."
        )
    ]
    stays = await privacy.what_stays()
    if stays:
        told = [Phrase("· {sentence}").format(sentence=sentence) for sentence in stays]
        lines.append(join([_("What stays, because it has to:"), *told]))
    lines.append(words.out_of_reach())
    rows: list[list[says.Button]] = [
        [says.Action(_("📦 My data first"), "mydata")],
        [says.Option(_("🗑 Forget me…"), ["on", "sure"]), says.Option(_("Keep everything"), ["keep"])],
    ]
    return says.Screen(join(lines, "\n\n"), rows)


def _sure() -> says.Screen:
    text = _("**This cannot be undone.** Nobody can bring it back, we can't either. Forget everything?")
    rows: list[list[says.Button]] = [
        [says.Option(_("Keep everything"), ["keep"])],
        [says.Option(_("🗑 Yes, forget me"), ["forget"])],
    ]
    return says.Screen(text, rows)


def _gone() -> Phrase:
    return _(
        "✓ Done. I don't know you any more. That this message was sent is deleted, too, within the hour.\n\n"
        "Ride safely. If you ever write again, we meet for the first time: /start"
    )


DIALOGS = (
    Dialog(
        PRIVACY,
        privacy,
        title=lambda: _("My data"),
        command=PRIVACY,
        summary=lambda: _("My data: what is kept, what I agree to"),
        parks=False,
    ),
    Dialog(FORGET, forget, title=lambda: _("Forget me"), command=FORGET, parks=False),
)
COMMANDS = (
    Answerer("mydata", mydata),
    Answerer("stop", stop, lambda: _("Be silent: only answer")),
)
ACTIONS = (
    opener(PRIVACY),
    opener(FORGET),
    Answerer("mydata", mydata),
    Answerer("stop", stop),
    Answerer(UNSILENCE, speak),
)
