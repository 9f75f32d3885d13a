"""Who may do what with a group: its administrators by the channel's word, organizers by their role."""

from __future__ import annotations

import pytest

from bot.services.branches.desk import BranchDesk
from bot.services.groups import rows
from bot.services.groups.desk import GroupDesk, NotAdministrator
from bot.services.groups.quiet import QuietHours
from bot.services.incoming import Command, Incoming
from bot.services.people import Person
from bot.services.roles.rules import NotAllowed, Role
from bot.store.work import Work
from tests.services.people import City

CHAT, OTHER = -5, -6


def _person(city: City, number: int) -> Person:
    return Person(number, 101, "zh_CN", city.now.date())


def _desk(work: Work, city: City, person: int, administers: int | None, chat: int = CHAT) -> GroupDesk:
    incoming = Incoming(1, chat, 101, Command("group"), private=False, administers=administers)
    return GroupDesk(work, _person(city, person), incoming)


async def _organizer(city: City, branch: str = "east") -> int:
    boss = await city.admin(100)
    return await city.granted(101, Role.ORGANIZER, branch, boss)


async def test_both_rights_are_needed_to_bind(city: City) -> None:
    organizer, stranger = await _organizer(city), await city.somebody(102)
    async with city.work() as work:
        with pytest.raises(NotAdministrator):
            await _desk(work, city, organizer, None).bind(CHAT, "east-1")
        with pytest.raises(NotAdministrator):
            await _desk(work, city, organizer, OTHER).bind(CHAT, "east-1")
        with pytest.raises(NotAllowed):
            await _desk(work, city, stranger, CHAT).bind(CHAT, "east-1")
        with pytest.raises(NotAllowed):
            await _desk(work, city, organizer, CHAT).bind(CHAT, "west-1")
        with pytest.raises(NotAllowed):
            await _desk(work, city, organizer, CHAT).bind(CHAT, "nowhere")
        assert await rows.get(work, CHAT) is None
        bound = await _desk(work, city, organizer, CHAT).bind(CHAT, "east-1")
        assert (bound.branch, bound.quiet) == ("east-1", QuietHours(22 * 60, 7 * 60))


async def test_settings_are_the_administrators(city: City) -> None:
    somebody = await city.somebody(102)
    async with city.work() as work:
        desk = _desk(work, city, somebody, None)
        for change in (desk.speak("en"), desk.keep_quiet(None), desk.bring_news(7), desk.unbind()):
            with pytest.raises(NotAdministrator):
                await change
        mine = _desk(work, city, somebody, CHAT)
        await mine.speak("en")
        await mine.keep_quiet(None)
        await mine.bring_news(7)
        group = await mine.here()
        assert (group.locale, group.quiet, group.topic) == ("en", None, 7)


async def test_a_group_shows_its_name_to_its_administrators_only(city: City) -> None:
    """By the ids of groups one could otherwise learn what they are called."""
    somebody = await city.somebody(102)
    async with city.work() as work:
        await rows.meet(work, OTHER, "秘密群", "zh_CN")
        assert await _desk(work, city, somebody, None).administered(OTHER) is None
        assert await _desk(work, city, somebody, CHAT).administered(OTHER) is None
        found = await _desk(work, city, somebody, OTHER).administered(OTHER)
        assert found is not None
        assert found.title == "秘密群"


async def test_organizers_see_and_unbind_the_groups_of_their_branches(city: City) -> None:
    organizer, stranger = await _organizer(city), await city.somebody(102)
    async with city.work() as work:
        await _desk(work, city, organizer, CHAT).bind(CHAT, "east-1")
        own, other = (BranchDesk(work, _person(city, one)) for one in (organizer, stranger))
        assert [group.chat for group in await own.groups("east-1")] == [CHAT]
        for forbidden in (other.groups("east-1"), own.groups("west-1"), other.unbind(CHAT)):
            with pytest.raises(NotAllowed):
                await forbidden
        assert await own.unbind(CHAT)
        assert not await own.unbind(CHAT)
        assert await own.groups("east-1") == []
