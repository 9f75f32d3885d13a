"""/privacy, /mydata, /forget and /stop: what is kept, in plain words, and everything one can do about it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from bot.dialogs import desk_words, giving_back
from bot.dialogs import privacy_words as words
from bot.dialogs.branch_words import place_of
from bot.dialogs.consenting import UNSILENCE
from bot.dialogs.opening import opener
from bot.dialogs.points import RANKING
from bot.i18n import Phrase, _, day_and_month, join
from bot.services.appeals.mine import MyAppeals
from bot.services.appeals.model import ABOUT_HEALTH, Appeal
from bot.services.appeals.moves import NotPossible
from bot.services.appeals.posting import AppealPost
from bot.services.branches.desk import BranchDesk
from bot.services.events.desk import EventDesk
from bot.services.notices import Notices
from bot.services.people import People
from bot.services.points.desk import PointDesk
from bot.services.privacy.consents import HEALTH, LOCATION, MEMBERSHIP, POINTS, REMINDERS, Consents
from bot.services.privacy.desk import PrivacyDesk
from bot.services.refusals import NotThere
from bot.services.stations.desk import StationDesk
from bot.services.tracks.desk import TrackDesk
from bot.services.wishes.desk import WishDesk
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk

PRIVACY: Final = "privacy"
FORGET: Final = "forget"
PERIODS: Final = "periods"
INJURIES: Final = "injuries"

State = dict[str, Any]
"""What the screen shows: `on` is home, periods, injuries or a purpose."""
HOME: Final[State] = {"on": "home"}


# -- /privacy -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Desks:
    """What the screen shows and changes."""

    consents: Consents
    people: People
    stations: StationDesk
    branches: BranchDesk
    points: PointDesk
    appeals: MyAppeals
    appeal_post: AppealPost


async def privacy(
    talk: Talk,
    consents: Consents,
    people: People,
    stations: StationDesk,
    branches: BranchDesk,
    points: PointDesk,
    appeals: MyAppeals,
    appeal_post: AppealPost,
) -> Go:
    """Show what is kept, and change what they agree to, until a name for the ranking is to be given."""
    desks = Desks(consents, people, stations, branches, points, appeals, appeal_post)
    await talk.browse(
        "privacy",
        lambda: HOME,
        lambda state: _draw(state, desks),
        lambda state, event: _react(talk, state, event, desks),
    )
    return Go(RANKING)


async def _react(talk: Talk, state: State, event: hears.Event, desks: Desks) -> Reaction:
    match event:
        case hears.Choice(["on", str(screen)]):
            return {"on": screen}
        case hears.Choice(["decide", True]) if state["on"] == POINTS:
            return Left(None)
        case hears.Choice(["decide", True]):
            await desks.consents.decide(state["on"], True)
            talk.toast(_("Noted."))
            return HOME
        case hears.Choice(["decide", False]):
            talk.toast(_("Taken back."))
            return await _take_back(state["on"], desks)
        case hears.Choice(["withdraw", int(number)]):
            talk.toast(_("Taken back."))
            return await _withdraw(number, desks)
        case hears.Choice(["leave"]):
            if await desks.branches.leave():
                talk.toast(_("You have left. The door stays open."))
            return HOME
    return IGNORED


async def _take_back(purpose: str, desks: Desks) -> State:
    """A purpose is agreed to no more: what was kept for it goes at once."""
    if purpose == POINTS:
        await desks.points.leave_ranking()
        return HOME
    await desks.consents.decide(purpose, False)
    if purpose == LOCATION:
        desks.stations.forget_place()
    if purpose == HEALTH:
        await desks.appeals.forget_files(ABOUT_HEALTH)
        return await _open_injuries(desks)
    return HOME


async def _withdraw(number: int, desks: Desks) -> State:
    with suppress(NotThere, NotPossible):
        changed = await desks.appeals.withdraw(number)
        await desks.appeal_post.send(changed.news, desk_words.worded)
    return await _open_injuries(desks)


async def _open_injuries(desks: Desks) -> State:
    """On to the appeals that still tell of an injury, where there are any."""
    return {"on": INJURIES} if await desks.appeals.open_about(ABOUT_HEALTH) else HOME


async def _draw(state: State, desks: Desks) -> says.Screen:
    if state["on"] in words.PURPOSES:
        return await _purpose(state["on"], desks.consents)
    if state["on"] == MEMBERSHIP:
        return await _membership(desks.consents, desks.branches)
    if state["on"] == INJURIES:
        return _injuries(await desks.appeals.open_about(ABOUT_HEALTH))
    if state["on"] == PERIODS:
        return says.Screen(words.periods(), [[says.Option(_("‹ Back"), ["on", "home"])]])
    return await _home(desks.consents, desks.people)


async def _home(consents: Consents, people: People) -> says.Screen:
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
    silence: says.Button = (
        says.Action(_("🔔 Speak again"), UNSILENCE)
        if people.person.silenced
        else says.Action(_("🔕 Write to me no more"), "stop")
    )
    rows: list[list[says.Button]] = [
        switches[:2],
        switches[2:4],
        switches[4:],
        [says.Action(_("📣 News"), "quiet"), says.Option(_("⏳ How long"), ["on", PERIODS])],
        [silence],
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


async def _membership(consents: Consents, branches: BranchDesk) -> says.Screen:
    """Belonging to a branch is agreed to by joining, and taken back by leaving."""
    back = says.Option(_("‹ Back"), ["on", "home"])
    meaning = words.consent_words()[MEMBERSHIP]
    present = await branches.mine()
    if present is None:
        return says.Screen(meaning, [[says.Action(_("🏠 Choose a branch"), "branches"), back]])
    branch = await place_of(present.branch, branches)
    leave = says.Option(_("Leave my branch"), ["leave"])
    decision = next((one for one in await consents.all() if one.purpose == MEMBERSHIP), None)
    if decision is None or not await consents.allows(MEMBERSHIP):
        asked = _("You belong to **{branch}**. Is it still right?").format(branch=branch)
        stay = says.Option(_("✓ Stay"), ["decide", True])
        return says.Screen(join([meaning, asked], "\n\n"), [[stay, leave], [back]])
    where = _("You belong to **{branch}**, and agreed on {day}. Who leaves takes it back.").format(
        day=day_and_month(decision.decided_at.date()), branch=branch
    )
    return says.Screen(join([meaning, where], "\n\n"), [[leave, back]])


def _injuries(found: Sequence[Appeal]) -> says.Screen:
    """The open appeals that tell of an injury, after nothing of it may be kept any more."""
    text = _(
        "🩹 Photos and files of it are deleted. The desk still reads what you wrote: take the appeal back, "
        "too?"
    )
    rows: list[list[says.Button]] = [
        [says.Option(_("↩ Take back {number}").format(number=one.number), ["withdraw", one.id])]
        for one in found
    ]
    return says.Screen(text, [*rows, [says.Option(_("Leave it as it is"), ["on", "home"])]])


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


async def forget(
    talk: Talk,
    privacy: PrivacyDesk,
    appeals: MyAppeals,
    appeal_post: AppealPost,
    events: EventDesk,
    tracks: TrackDesk,
    wishes: WishDesk,
    notices: Notices,
) -> None:
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
        return await _sure(privacy) if state["on"] == "sure" else await _first(privacy)

    if not await talk.browse("forget", lambda: HOME, draw, react):
        await talk.say("kept", _("Nothing was deleted. Everything is as it was."))
        return

    async def forget_all() -> None:
        await giving_back.withdraw_appeals(appeals, appeal_post)
        await giving_back.give_wishes_back(wishes, notices)
        await giving_back.give_places_back(events, tracks, notices)
        await privacy.forget()

    await talk.once("forgotten", forget_all)
    await talk.say("gone", _gone())


async def _first(privacy: PrivacyDesk) -> says.Screen:
    lines = [
        _(
            "🗑 **Forget me**\n\n"
            "Deleted at once: your reminders, favourites, lessons and points, your branch and roles, what "
            "you wrote and sent. Open appeals are withdrawn; wishes and places are free for others, and "
            "who waits for them hears of it."
        )
    ]
    is_last_admin = await privacy.is_last_admin()
    if is_last_admin:
        lines.append(_last_admin())
    stays = await privacy.what_stays()
    if stays:
        told = [Phrase("· {sentence}").format(sentence=sentence) for sentence in stays]
        lines.append(join([_("What stays, because it has to:"), *told]))
    lines.append(words.out_of_reach())
    rows: list[list[says.Button]] = [
        [says.Action(_("📦 My data first"), "mydata")],
        [says.Option(_("🗑 Forget me…"), ["on", "sure"]), says.Option(_("Keep everything"), ["keep"])],
    ]
    if is_last_admin:
        rows.insert(0, [_name_another()])
    return says.Screen(join(lines, "\n\n"), rows)


async def _sure(privacy: PrivacyDesk) -> says.Screen:
    text = _("**This cannot be undone.** Nobody can bring it back, we can't either. Forget everything?")
    rows: list[list[says.Button]] = [
        [says.Option(_("Keep everything"), ["keep"])],
        [says.Option(_("🗑 Yes, forget me"), ["forget"])],
    ]
    if await privacy.is_last_admin():
        text = join([_last_admin(), text], "\n\n")
        rows.insert(0, [_name_another()])
    return says.Screen(text, rows)


def _last_admin() -> Phrase:
    return _(
        "🔑 **You are the last admin of the city.** Without you nobody can name or confirm anybody. First "
        "pass the link of “Add an admin” on to somebody, and confirm them."
    )


def _name_another() -> says.Button:
    return says.Action(_("🔑 Add an admin first"), "branches")


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
