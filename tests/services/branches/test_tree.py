"""The tree of branches: any tree comes in as it is, and nothing that is none."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services.branches import members, tree
from bot.services.branches.tree import KINDS, MOST_LEVELS, Branch, import_branches, problems_with
from bot.services.privacy.consents import MEMBERSHIP, VERSIONS
from bot.store.database import Database, sqlite_url
from bot.store.migrations import upgrade
from bot.store.tables import consents
from tests.conftest import BOT, NOW
from tests.services.people import TREE, City


@st.composite
def trees(draw: st.DrawFn) -> list[Branch]:
    """Any tree of up to 25 branches: each stands at the top or under one that came before."""
    made: list[Branch] = []
    for number in range(draw(st.integers(1, 25))):
        above = draw(st.sampled_from([None, *made]))
        lowest = KINDS.index(above.kind) if above else 0
        kind = KINDS[draw(st.integers(lowest, len(KINDS) - 1))]
        made.append(Branch(f"b{number}", f"支部{number}", kind, above.id if above else None))
    return draw(st.permutations([one for one in made if _depth(one, made) < MOST_LEVELS]))


def _above(branch: Branch, known: list[Branch]) -> list[str]:
    """Who stands above, the slow and plain way."""
    parents = {one.id: one.parent for one in known}
    found, parent = [], branch.parent
    while parent is not None:
        found.append(parent)
        parent = parents[parent]
    return found


def _depth(branch: Branch, known: list[Branch]) -> int:
    return len(_above(branch, known))


@given(trees(), trees())
@settings(max_examples=25)
def test_any_tree_becomes_any_other(
    tmp_path_factory: pytest.TempPathFactory, one: list[Branch], other: list[Branch]
) -> None:
    asyncio.run(_becomes(tmp_path_factory.mktemp("tree") / "wayside.sqlite", one, other))


async def _becomes(path: Path, one: list[Branch], other: list[Branch]) -> None:
    database = Database(sqlite_url(path))
    await upgrade(database)
    for wanted in (one, other):
        async with database.work(BOT, NOW) as work:
            await import_branches(work, wanted)
            assert (await import_branches(work, wanted)).changes_nothing
            stored = await tree.all_branches(work)
            assert {branch for branch in stored if not branch.closed} == set(wanted)
            for branch in stored:
                line = [each.id for each in await tree.line(work, branch.id)]
                assert line == [*reversed(_above(branch, stored)), branch.id]
            tops = await tree.children(work, None)
            assert {branch.id for branch in tops} == {branch.id for branch in wanted if branch.parent is None}
    await database.close()


@given(trees(), st.data())
def test_a_branch_that_moves_under_itself_is_no_tree(wanted: list[Branch], data: st.DataObject) -> None:
    known = {branch.id: replace(branch, kind="group") for branch in wanted}
    moved = known[data.draw(st.sampled_from(sorted(known)))]
    target = data.draw(st.sampled_from(sorted(known)))
    problems = problems_with({**known, moved.id: replace(moved, parent=target)})
    makes_a_circle = moved.id in (target, *_above(known[target], wanted))
    assert any("under itself" in problem for problem in problems.values()) == makes_a_circle


@pytest.mark.parametrize(
    ("branch", "problem"),
    [
        (Branch("x", "X", "branch", "nowhere"), "no branch nowhere"),
        (Branch("x", "X", "work_committee", "east-1"), "can't stand under"),
        (Branch("x", "X", "branch", "x"), "under itself"),
    ],
)
async def test_what_is_no_tree_changes_nothing(city: City, branch: Branch, problem: str) -> None:
    async with city.work() as work:
        with pytest.raises(ValueError, match=problem):
            await import_branches(work, [*TREE, branch])
        assert await tree.get(work, "x") is None


def test_a_tree_is_not_endlessly_deep() -> None:
    chain = [
        Branch(f"b{level}", "X", "group", f"b{level - 1}" if level else None)
        for level in range(MOST_LEVELS + 2)
    ]
    problems = problems_with({branch.id: branch for branch in chain})
    assert set(problems) == {f"b{MOST_LEVELS}", f"b{MOST_LEVELS + 1}"}


async def test_a_branch_that_is_gone_is_closed_and_may_come_back(city: City) -> None:
    person, newcomer = await city.somebody(5), await city.somebody(6)
    fewer = [branch for branch in TREE if branch.id != "west-1"]
    async with city.work() as work:
        await members.join(work, person, "west-1")
        assert (await import_branches(work, fewer, dry_run=True)).closed == ("west-1",)
        assert (await import_branches(work, fewer)).closed == ("west-1",)
        assert not await members.join(work, newcomer, "west-1")
        assert await members.of(work, person) is not None
        assert (await import_branches(work, TREE)).reopened == ("west-1",)


async def test_one_belongs_to_one_branch_at_a_time(city: City) -> None:
    person = await city.somebody(5)
    async with city.work() as work:
        assert await members.join(work, person, "east-1", "party")
        assert not await members.join(work, person, "east-1")
        assert await members.join(work, person, "west-1")
        assert await members.counts(work, ["city", "east", "west"]) == {"city": 1, "east": 0, "west": 1}
        assert await members.leave(work, person)
        assert not await members.leave(work, person)
        assert await members.of(work, person) is None


async def test_two_taps_at_once_join_once(city: City) -> None:
    person = await city.somebody(5)

    async def join(branch: str) -> bool:
        async with city.work() as work:
            return await members.join(work, person, branch)

    await asyncio.gather(join("east-1"), join("east-2"), join("west-1"))
    async with city.work() as work:
        assert (await members.counts(work, ["city"])) == {"city": 1}


async def test_committees_take_no_members(city: City, now: datetime) -> None:
    person = await city.somebody(5)
    async with city.work() as work:
        assert not await members.join(work, person, "east")
        with pytest.raises(ValueError, match="declare"):
            await members.join(work, person, "east-1", "emperor")


async def test_joining_is_agreeing_and_leaving_takes_it_back(city: City) -> None:
    person = await city.somebody(5)
    async with city.work() as work:
        decided: list[bool] = []
        for change in (
            members.join(work, person, "east-1"),
            members.join(work, person, "west-1"),
            members.leave(work, person),
        ):
            await change
            (row,) = await work.fetch(sa.select(consents).where(consents.c.person == person))
            assert (row.purpose, row.version) == (MEMBERSHIP, VERSIONS[MEMBERSHIP])
            decided.append(row.given)
    assert decided == [True, True, False]
