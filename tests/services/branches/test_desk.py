"""What people and organizers see of the tree, on each kind of database."""

from __future__ import annotations

import pytest

from bot.services.branches import members
from bot.services.branches.desk import SMALLEST_COUNT, BranchDesk
from bot.services.branches.tree import import_branches
from bot.services.people import Person
from bot.services.roles.rules import NotAllowed, Role
from bot.store.work import Work
from tests.services.people import TREE, City


def _desk(work: Work, person: int) -> BranchDesk:
    return BranchDesk(work, Person(person, 1, "zh_CN", work.now.date()))


async def test_everybody_walks_the_tree(city: City) -> None:
    person = await city.somebody(1)
    async with city.work() as work:
        desk = _desk(work, person)
        assert [branch.id for branch in await desk.children(None)] == ["city"]
        assert [branch.id for branch in await desk.children("east")] == ["east-1", "east-2"]
        assert [branch.id for branch in await desk.line("east-1-a")] == ["city", "east", "east-1", "east-1-a"]
        assert await desk.line("nowhere") == []
        assert await desk.organized() == []
        with pytest.raises(NotAllowed):
            await desk.counts(["city"])


async def test_few_members_are_not_counted_out(city: City) -> None:
    boss = await city.admin(100)
    for account in range(SMALLEST_COUNT):
        person = await city.somebody(account + 1)
        async with city.work() as work:
            desk = _desk(work, boss)
            assert (await desk.counts(["east", "west"])) == {"east": None, "west": None}
            await members.join(work, person, "east-1-a")
    async with city.work() as work:
        counts = await _desk(work, boss).counts(["east", "east-1", "east-2"])
        assert counts == {"east": SMALLEST_COUNT, "east-1": SMALLEST_COUNT, "east-2": None}


async def test_a_small_branch_is_not_what_its_neighbours_leave(city: City) -> None:
    """Seven in the east, six of them in the first branch: one in the second."""
    boss = await city.admin(100)
    for account in range(1, 8):
        person = await city.somebody(account)
        async with city.work() as work:
            await members.join(work, person, "east-1" if account < 7 else "east-2")
    async with city.work() as work:
        counts = await _desk(work, boss).counts(["east", "east-1", "east-2"])
    assert counts == {"east": 5, "east-1": 5, "east-2": None}


async def test_an_organizer_begins_at_their_own_branches(city: City) -> None:
    boss = await city.admin(100)
    await city.granted(2, Role.ORGANIZER, "east-1", boss)
    organizer = await city.granted(2, Role.ORGANIZER, "west", boss)
    async with city.work() as work:
        assert [branch.id for branch in await _desk(work, organizer).organized()] == ["east-1", "west"]
        await import_branches(work, [branch for branch in TREE if "west" not in branch.id])
        assert [branch.id for branch in await _desk(work, organizer).organized()] == ["east-1"]


async def test_one_joins_and_leaves_freely(city: City) -> None:
    person = await city.somebody(1)
    async with city.work() as work:
        desk = _desk(work, person)
        assert not await desk.leave()
        assert await desk.join("east-1", "union")
        present = await desk.mine()
        assert present is not None
        assert (present.branch, present.declared) == ("east-1", "union")
        assert await desk.leave()
        assert await desk.mine() is None
        assert not await desk.join("city")
