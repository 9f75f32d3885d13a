"""/me: all that Wayside knows about somebody, each changed or taken back with a tap."""

from __future__ import annotations

from typing import Any

from bot.dialogs import branch_words as words
from bot.dialogs.language import NAMES
from bot.dialogs.opening import opener
from bot.dialogs.privacy_words import consent_words
from bot.i18n import Phrase, _, current_locale, day_and_month, full_date, join, plain
from bot.services.branches.desk import BranchDesk
from bot.services.branches.members import Membership
from bot.services.people import WORK_KINDS, People, day_of
from bot.services.privacy.consents import MEMBERSHIP, Consents
from bot.services.roles.desk import RoleDesk
from bot.services.roles.grants import Grant
from bot.services.roles.rules import NotAllowed
from bot.services.stations.desk import StationDesk
from bot.services.tags.desk import TagDesk
from bot.services.zones import name_of
from bot.talk import hears, says
from bot.talk.dialog import Dialog
from bot.talk.engine import IGNORED, Go, Reaction, Talk

State = dict[str, Any]
"""What the screen shows: `on` is home, work, district, leave, tags, or role (the number of one's own)."""
Rows = list[list[says.Button]]

HOME: State = {"on": "home"}
MOST_DISTRICTS = 12
COLUMNS = 3


async def me(
    talk: Talk,
    people: People,
    branches: BranchDesk,
    roles: RoleDesk,
    tags: TagDesk,
    stations: StationDesk,
    consents: Consents,
) -> Go:
    """Show what is known, and change it; first of all, words of membership that changed."""
    shown = Me(talk, people, branches, roles, tags, stations, consents)
    await talk.browse("me", lambda: HOME, shown.draw, shown.react)
    return Go("branches")


class Me:
    """The screen, with what it asks of the services."""

    def __init__(
        self,
        talk: Talk,
        people: People,
        branches: BranchDesk,
        roles: RoleDesk,
        tags: TagDesk,
        stations: StationDesk,
        consents: Consents,
    ) -> None:
        self._talk = talk
        self._people = people
        self._branches = branches
        self._roles = roles
        self._tags = tags
        self._stations = stations
        self._consents = consents

    # -- Screens ----------------------------------------------------------------------

    async def draw(self, state: State) -> says.Screen:
        """The screen that a state means."""
        match state["on"]:
            case "work":
                return says.Screen(_("What do you ride or drive for?"), work_rows() + _undo("work"))
            case "district":
                question = _("Where do you mostly work? Tap it, or type its name.")
                return says.Screen(question, district_rows(self._stations) + _undo("district"))
            case "leave":
                return await self._leaving()
            case "tags":
                return _tags_screen(await self._tags.mine())
            case "role":
                return await self._giving_up(state["role"])
        present = await self._branches.mine()
        if present is not None and await self._consents.decided(MEMBERSHIP) is None:
            return await self._staying(present)
        return await self._home()

    async def _staying(self, present: Membership) -> says.Screen:
        """What membership means now, for who agreed to other words."""
        asked = _("This has changed since you joined **{branch}**. Do you stay?").format(
            branch=await words.place_of(present.branch, self._branches)
        )
        rows: Rows = [[says.Option(_("✓ Stay"), ["stay"]), says.Option(_("Leave"), ["leave"])]]
        return says.Screen(join([consent_words()[MEMBERSHIP], asked], "\n\n"), rows)

    async def _home(self) -> says.Screen:
        person, tags = self._people.person, await self._tags.mine()
        unsaid = _("not said")
        work = words.work_words()[person.work_kind] if person.work_kind else unsaid
        lines = [
            _("👤 **About you.** All of it is up to you."),
            _("Work: {work}").format(work=work),
            _("District: {district}").format(district=person.district or unsaid),
            _("Language: {language}").format(language=NAMES[current_locale()]),
            _("Time zone: {city}").format(city=name_of(person.zone)),
            await self._branch_line(),
        ]
        if tags:
            lines.append(_("🏷 Tags: {tags}").format(tags=join([plain(tag) for tag in tags], " · ")))
        lines += [await self._role_line(grant) for grant in await self._roles.mine()]
        rows: Rows = [
            [
                says.Option(_("What work"), ["on", "work"]),
                says.Option(_("Which district"), ["on", "district"]),
            ],
            [says.Action(_("🌐 Language"), "language"), says.Action(_("🕗 Time zone"), "zone")],
            [says.Action(_("⭐ My points"), "points"), says.Action(_("🔒 My data"), "privacy")],
            [
                says.Action(_("🏠 Branches"), "branches"),
                says.Action(_("🔕 What comes, and when"), "quiet"),
            ],
        ]
        if await self._branches.mine():
            rows.append([says.Option(_("Leave my branch"), ["on", "leave"])])
        if tags:
            rows.append([says.Option(_("🏷 My tags"), ["on", "tags"])])
        return says.Screen(join(lines), rows + await self._role_rows())

    async def _branch_line(self) -> Phrase:
        present = await self._branches.mine()
        if present is None:
            return _("Branch: none")
        return _("Branch: {branch}, since {day}").format(
            branch=await words.place_of(present.branch, self._branches),
            day=day_and_month(present.joined_at.date()),
        )

    async def _role_line(self, grant: Grant) -> Phrase:
        state = Phrase("") if grant.confirmed else _(" (waits to be confirmed)")
        if grant.expires_at is not None:
            state = state + _(" (until {day})").format(day=full_date(day_of(grant.expires_at)))
        return _("🔑 {role}, {place}{state}").format(
            role=words.role_word(grant.role),
            place=await words.place_of(grant.branch, self._branches),
            state=state,
        )

    async def _role_rows(self) -> Rows:
        return [
            [says.Option(_("Give up: {role}").format(role=words.role_word(grant.role)), ["role", grant.id])]
            for grant in await self._roles.mine()
            if grant.confirmed
        ]

    async def _leaving(self) -> says.Screen:
        present = await self._branches.mine()
        if present is None:
            return says.Screen(_("You belong to no branch."), [[_home_option()]])
        text = _(
            "Leave **{branch}**? What you said about membership is forgotten, and tags you got; "
            "all else stays."
        )
        rows: Rows = [[says.Option(_("Leave"), ["leave"]), says.Option(_("Stay"), ["on", "home"])]]
        return says.Screen(text.format(branch=await words.place_of(present.branch, self._branches)), rows)

    async def _giving_up(self, number: int) -> says.Screen:
        grant = next((one for one in await self._roles.mine() if one.id == number), None)
        if grant is None:
            return says.Screen(_("That role is over already."), [[_home_option()]])
        text = _("Give up being **{role}** of **{place}**? Only a new link brings it back.").format(
            role=words.role_word(grant.role), place=await words.place_of(grant.branch, self._branches)
        )
        return says.Screen(
            text,
            [
                [
                    says.Option(_("Give it up"), ["give up", grant.id]),
                    says.Option(_("Keep it"), ["on", "home"]),
                ]
            ],
        )

    # -- What a tap or a word does ------------------------------------------------------

    async def react(self, state: State, event: hears.Event) -> Reaction:
        """What a tap or a typed district makes of the state."""
        if isinstance(event, hears.Text) and state["on"] == "district":
            return await self._typed_district(state, event.text.strip())
        if not isinstance(event, hears.Choice):
            return IGNORED
        match event.value:
            case ["on", str(screen)]:
                return {"on": screen}
            case ["role", int(number)]:
                return {"on": "role", "role": number}
            case ["drop", str(tag)]:
                await self._tags.drop(tag)
                self._talk.toast(_("Dropped."))
                return {"on": "tags"} if await self._tags.mine() else HOME
        await self._change(event.value)
        return HOME

    async def _change(self, value: Any) -> None:
        match value:
            case ["work", kind]:
                await self._people.say_work(kind)
                self._talk.toast(_("Noted."))
            case ["district", district]:
                await self._people.say_district(district)
                self._talk.toast(_("Noted."))
            case ["stay"]:
                await self._consents.decide(MEMBERSHIP, True)
                self._talk.toast(_("Noted."))
            case ["leave"]:
                if await self._branches.leave():
                    self._talk.toast(_("You have left. The door stays open."))
            case ["give up", int(number)]:
                await self._give_up(number)

    async def _give_up(self, number: int) -> None:
        try:
            await self._roles.revoke(number)
        except NotAllowed:
            self._talk.toast(_("You are the last admin: name another one first."))
        else:
            self._talk.toast(_("You have given it up. Thank you for all you did!"))

    async def _typed_district(self, state: State, name: str) -> Reaction:
        district = self._stations.district_named(name)
        if district is None:
            self._talk.toast(_("I know no district of that name. Tap one, or leave it."))
            return state
        await self._people.say_district(district)
        self._talk.toast(_("Noted."))
        return HOME


# -- Rows ---------------------------------------------------------------------------------


def _tags_screen(tags: list[str]) -> says.Screen:
    text = _(
        "🏷 **Your tags.** Organizers of your branch gave you these, to find you when something is for you. "
        "Tap one to drop it."
    )
    rows: Rows = [[says.Option(f"✕ {tag}", ["drop", tag])] for tag in tags]
    return says.Screen(text, [*rows, [_home_option()]])


def _home_option() -> says.Option:
    return says.Option(_("‹ Back"), ["on", "home"])


def work_rows() -> Rows:
    """A button for each kind of work."""
    named = words.work_words()
    return says.in_columns([says.Option(named[kind], ["work", kind]) for kind in WORK_KINDS], COLUMNS)


def district_rows(stations: StationDesk) -> Rows:
    """A button for each of the nearest districts."""
    found = stations.districts()[:MOST_DISTRICTS]
    return says.in_columns([says.Option(name, ["district", name]) for name in found], COLUMNS)


def _undo(what: str) -> Rows:
    return [[says.Option(_("Rather not say"), [what, None]), _home_option()]]


DIALOG = Dialog(
    "me",
    me,
    title=lambda: _("About me"),
    command="me",
    summary=lambda: _("About me: work, district, branch"),
    parks=False,
)
ACTIONS = (opener("me", DIALOG.name),)
