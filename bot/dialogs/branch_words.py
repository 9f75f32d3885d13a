"""Branches, roles and work in words."""

from __future__ import annotations

from datetime import datetime

from bot.i18n import Phrase, _, full_date, plain
from bot.services.branches.desk import SMALLEST_COUNT, BranchDesk
from bot.services.branches.tree import Branch
from bot.services.branches.tree import name_of as name_of
from bot.services.people import day_of
from bot.services.roles.grants import Grant
from bot.services.roles.rules import Role

KIND_SYMBOLS = {"work_committee": "🏛", "industry_committee": "🏢", "branch": "🏠", "group": "👥"}


def label_of(branch: Branch) -> str:
    """A branch as a button shows it."""
    return f"{KIND_SYMBOLS[branch.kind]} {name_of(branch)}"


async def place_of(branch: str | None, branches: BranchDesk) -> Phrase:
    """Where a role counts: a branch by its name, or the whole city."""
    if branch is None:
        return _("the whole city")
    return place_words(await branches.get(branch), branch)


def place_words(found: Branch | None, branch: str | None) -> Phrase:
    """The same, of a branch that was looked up, if it is there."""
    if branch is None:
        return _("the whole city")
    return plain(name_of(found)) if found is not None else plain(branch)


def until_words(moment: datetime) -> Phrase:
    """When a role ends."""
    return _("The role ends on {day}.").format(day=full_date(day_of(moment)))


def members_words(count: int | None) -> Phrase:
    """How many members at least, or that there are too few to tell."""
    if count is None:
        return _("fewer than {n} members").format(n=SMALLEST_COUNT)
    return _("{n} members or more").format(n=count)


def count_label(count: int | None) -> str:
    """The same, as short as a button needs it."""
    return f"<{SMALLEST_COUNT}" if count is None else f"{count}+"


def role_word(role: Role) -> Phrase:
    """What a role is called."""
    words = {
        Role.SHOP: _("partner shop"),
        Role.DESK: _("desk officer"),
        Role.ORGANIZER: _("organizer"),
        Role.ADMIN: _("admin"),
        Role.MEMBER: _("member"),
        Role.PERSON: _("person"),
    }
    return words[role]


async def grant_words(grant: Grant, branches: BranchDesk) -> Phrase:
    """Somebody's role: `小王 · organizer · Lijiatuo Riders' Branch`."""
    place = await place_of(grant.branch, branches)
    return Phrase("{called} · {role} · {place}").format(
        called=grant.called or "?", role=role_word(grant.role), place=place
    )


def work_words() -> dict[str, Phrase]:
    """What people do, by the ids of people.WORK_KINDS."""
    return {
        "rider": _("🛵 Meal delivery"),
        "courier": _("📦 Parcels"),
        "driver": _("🚕 Ride-hailing"),
        "trucker": _("🚚 Freight"),
        "streamer": _("🎥 Streaming"),
        "other": _("✨ Something else"),
    }
