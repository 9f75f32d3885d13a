"""/me: all that Wayside knows about somebody, each changed or taken back with a tap."""

from __future__ import annotations

from typing import Any

from bot.dialogs import branch_words as words
from bot.dialogs.language import NAMES
from bot.dialogs.opening import opener
from bot.dialogs.privacy_words import consent_words
from bot.i18n import Phrase, _, current_locale, day_and_month, join
from bot.services.branches.desk import BranchDesk
from bot.services.branches.members import Membership
from bot.services.people import WORK_KINDS, People
from bot.services.privacy.consents import MEMBERSHIP, Consents
from bot.services.roles.desk import RoleDesk
from bot.services.stations.desk import StationDesk
from bot.services.zones import name_of
from bot.talk import hears, says
from bot.talk.dialog import Dialog
from bot.talk.engine import IGNORED, Go, Reaction, Talk

State = dict[str, Any]
"""What the screen shows: `on` is home, work, district or leave."""
Rows = list[list[says.Button]]

HOME: State = {"on": "home"}
MOST_DISTRICTS = 12
COLUMNS = 3


async def me(
    talk: Talk,
    people: People,
    branches: BranchDesk,
    roles: RoleDesk,
    stations: StationDesk,
    consents: Consents,
) -> Go:
    """Show what is known, and change it; first of all, words of membership that changed."""

    async def draw(state: State) -> says.Screen:
        present = await branches.mine() if state["on"] == "home" else None
        if present is not None and await consents.decided(MEMBERSHIP) is None:
            return await _staying(present, branches)
        return await _draw(state, people, branches, roles, stations)

    async def react(state: State, event: hears.Event) -> Reaction:
        if event == hears.Choice(["stay"]):
            await consents.decide(MEMBERSHIP, True)
            talk.toast(_("Noted."))
            return HOME
        return await _react(talk, state, event, people, branches, stations)

    await talk.browse("me", lambda: HOME, draw, react)
    return Go("branches")


async def _staying(present: Membership, branches: BranchDesk) -> says.Screen:
    """What membership means now, for who agreed to other words."""
    asked = _("This has changed since you joined **{branch}**. Do you stay?").format(
        branch=await words.place_of(present.branch, branches)
    )
    rows: Rows = [[says.Option(_("✓ Stay"), ["stay"]), says.Option(_("Leave"), ["leave"])]]
    return says.Screen(join([consent_words()[MEMBERSHIP], asked], "\n\n"), rows)


# -- Screens --------------------------------------------------------------------------


async def _draw(
    state: State, people: People, branches: BranchDesk, roles: RoleDesk, stations: StationDesk
) -> says.Screen:
    match state["on"]:
        case "work":
            return says.Screen(_("What do you ride or drive for?"), work_rows() + _undo("work"))
        case "district":
            question = _("Where do you mostly work? Tap it, or type its name.")
            return says.Screen(question, district_rows(stations) + _undo("district"))
        case "leave":
            return await _leaving(branches)
    return await _home(people, branches, roles)


async def _home(people: People, branches: BranchDesk, roles: RoleDesk) -> says.Screen:
    person = people.person
    unsaid = _("not said")
    work = words.work_words()[person.work_kind] if person.work_kind else unsaid
    lines = [
        _("👤 **About you.** All of it is up to you."),
        _("Work: {work}").format(work=work),
        _("District: {district}").format(district=person.district or unsaid),
        _("Language: {language}").format(language=NAMES[current_locale()]),
        _("Time zone: {city}").format(city=name_of(person.zone)),
        await _branch_line(branches),
    ]
    for grant in await roles.mine():
        state = "" if grant.confirmed else _(" (waits to be confirmed)")
        lines.append(
            _("🔑 {role}, {place}{state}").format(
                role=words.role_word(grant.role),
                place=await words.place_of(grant.branch, branches),
                state=state,
            )
        )
    rows: Rows = [
        [says.Option(_("What work"), ["on", "work"]), says.Option(_("Which district"), ["on", "district"])],
        [says.Action(_("🌐 Language"), "language"), says.Action(_("🕗 Time zone"), "zone")],
        [says.Action(_("⭐ My points"), "points"), says.Action(_("🔒 My data"), "privacy")],
        [says.Action(_("🏠 Branches"), "branches"), says.Action(_("🔕 What comes, and when"), "quiet")],
    ]
    if await branches.mine():
        rows.append([says.Option(_("Leave my branch"), ["on", "leave"])])
    return says.Screen(join(lines), rows)


async def _branch_line(branches: BranchDesk) -> Phrase:
    present = await branches.mine()
    if present is None:
        return _("Branch: none")
    return _("Branch: {branch}, since {day}").format(
        branch=await words.place_of(present.branch, branches), day=day_and_month(present.joined_at.date())
    )


async def _leaving(branches: BranchDesk) -> says.Screen:
    present = await branches.mine()
    if present is None:
        return says.Screen(_("You belong to no branch."), [[says.Option(_("‹ Back"), ["on", "home"])]])
    text = _("Leave **{branch}**? What you said about membership is forgotten; all else stays as it is.")
    rows = [[says.Option(_("Leave"), ["leave"]), says.Option(_("Stay"), ["on", "home"])]]
    return says.Screen(text.format(branch=await words.place_of(present.branch, branches)), rows)


def work_rows() -> Rows:
    """A button for each kind of work."""
    named = words.work_words()
    return says.in_columns([says.Option(named[kind], ["work", kind]) for kind in WORK_KINDS], COLUMNS)


def district_rows(stations: StationDesk) -> Rows:
    """A button for each of the nearest districts."""
    found = stations.districts()[:MOST_DISTRICTS]
    return says.in_columns([says.Option(name, ["district", name]) for name in found], COLUMNS)


def _undo(what: str) -> Rows:
    return [[says.Option(_("Rather not say"), [what, None]), says.Option(_("‹ Back"), ["on", "home"])]]


# -- What a tap or a word does ----------------------------------------------------------


async def _react(
    talk: Talk, state: State, event: hears.Event, people: People, branches: BranchDesk, stations: StationDesk
) -> Reaction:
    if isinstance(event, hears.Text) and state["on"] == "district":
        return await _typed_district(talk, state, event.text.strip(), people, stations)
    if not isinstance(event, hears.Choice):
        return IGNORED
    match event.value:
        case ["on", str(screen)]:
            return {"on": screen}
        case ["work", kind]:
            await people.say_work(kind)
            talk.toast(_("Noted."))
        case ["district", district]:
            await people.say_district(district)
            talk.toast(_("Noted."))
        case ["leave"]:
            if await branches.leave():
                talk.toast(_("You have left. The door stays open."))
    return HOME


async def _typed_district(
    talk: Talk, state: State, name: str, people: People, stations: StationDesk
) -> Reaction:
    district = stations.district_named(name)
    if district is None:
        talk.toast(_("I know no district of that name. Tap one, or leave it."))
        return state
    await people.say_district(district)
    talk.toast(_("Noted."))
    return HOME


DIALOG = Dialog(
    "me",
    me,
    title=lambda: _("About me"),
    command="me",
    summary=lambda: _("About me: work, district, branch"),
    parks=False,
)
ACTIONS = (opener("me", DIALOG.name),)
