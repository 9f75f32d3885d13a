"""Many appeals as one case: who may make it, what reaches whom, and what nobody learns."""

from __future__ import annotations

import pytest

from bot.services.appeals import voices
from bot.services.appeals.model import FEWEST_TOLD, Appeal, State
from bot.services.appeals.moves import NotPossible
from bot.services.refusals import NotThere
from bot.services.roles.rules import Role
from tests.services.appeals.conftest import CLERK, ORGANIZER, RIDERS, Court, draft

STORIES = (
    "龙湖小区不让骑手的电动车进门",
    "龙湖小区保安不让电动车骑手进门送餐",
    "电动车进不了龙湖小区的门，骑手只能走进去",
    "骑手电动车被龙湖小区拦在门口",
    "龙湖小区大门不让送餐电动车进",
)
LAST = 910_000_099


async def everybody(court: Court) -> list[Appeal]:
    """Five riders who tell the same."""
    return [
        await court.file(account, kind="gate", story=story)
        for account, story in zip(RIDERS, STORIES, strict=True)
    ]


async def merged(court: Court) -> tuple[Appeal, list[Appeal]]:
    """The case of all of them, and what it is made of."""
    parts = await everybody(court)
    async with court.at(ORGANIZER) as organizer:
        numbers = [one.id for one in parts]
        case = await organizer.tell(await organizer.cases.merge(numbers, "龙湖小区不让骑手进门"))
    return case, parts


async def test_what_tells_the_same_is_suggested_to_who_organizes_there(small_court: Court) -> None:
    parts = await everybody(small_court)
    await small_court.file(kind="pay", story="平台欠我运费")
    await small_court.serve(62, "west", Role.ORGANIZER)
    for account, found in ((ORGANIZER, [{one.id for one in parts}]), (62, []), (RIDERS[0], [])):
        async with small_court.at(account) as somebody:
            groups = await voices.suggested(somebody.cases)
            assert [{one.id for one in group} for group in groups] == found


async def test_one_answer_reaches_all_and_each_about_their_own(small_court: Court) -> None:
    case, parts = await merged(small_court)
    assert [(await small_court.see(one.id)).state for one in parts] == [State.MERGED] * len(parts)
    before = len(await small_court.said())
    async with small_court.at(CLERK) as clerk:
        await clerk.tell(await clerk.desk.solve(case.id, "东门开了"))
    told = [one for one in (await small_court.said())[before:] if one.chat in RIDERS]
    assert [one.chat for one in told] == list(RIDERS)
    for said, part in zip(told, parts, strict=True):
        assert part.number in said.text
        assert "东门开了" in said.text
        assert not any(other.number in said.text for other in (*parts, case) if other.id != part.id)


async def test_one_no_reopens_it_for_all_and_what_they_say_reaches_the_owner(small_court: Court) -> None:
    case, parts = await merged(small_court)
    async with small_court.at(CLERK) as clerk:
        await clerk.desk.solve(case.id, "东门开了")
    async with small_court.at(RIDERS[1]) as somebody:
        await somebody.tell(await somebody.appeals.confirm(parts[1].id))
    assert (await small_court.see(case.id)).state is State.ANSWERED
    async with small_court.at(RIDERS[2]) as somebody:
        await somebody.tell(await somebody.appeals.reopen(parts[2].id, "东门也锁着"))
    again = await small_court.see(case.id)
    assert (again.state, again.branch) == (State.REOPENED, "east")
    assert all("东门也锁着" not in one.text for one in await small_court.said() if one.chat in RIDERS)


async def test_who_leaves_leaves_alone(small_court: Court) -> None:
    case, parts = await merged(small_court)
    async with small_court.at(RIDERS[0]) as somebody:
        await somebody.tell(await somebody.appeals.withdraw(parts[0].id))
    async with small_court.at(ORGANIZER) as organizer:
        split = await organizer.tell(await organizer.cases.split(parts[1].id))
    assert (split.state, split.collective, split.branch) == (State.FILED, None, case.branch)
    async with small_court.at(RIDERS[2]) as somebody:
        assert (await somebody.appeals.get(parts[2].id)).voices == len(parts) - 2
    assert (await small_court.see(case.id)).is_open


async def test_a_case_ends_for_all(small_court: Court) -> None:
    case, parts = await merged(small_court)
    async with small_court.at(CLERK) as clerk:
        await clerk.desk.solve(case.id, "东门开了")
    await small_court.wait(days=36)
    assert {(await small_court.see(one.id)).state for one in (case, *parts)} == {State.CLOSED}


async def test_from_five_on_one_hears_how_many_and_can_add_a_voice(small_court: Court) -> None:
    told = draft(kind="gate", story="龙湖小区不让骑手电动车进门")
    parts = await everybody(small_court)
    async with small_court.at(LAST) as late:
        assert (await late.appeals.same(told)) == {"count": FEWEST_TOLD, "case": None}
        assert await late.appeals.same(draft(kind="gate", story=told.story, district="城西")) is None
    async with small_court.at(RIDERS[0]) as somebody:
        await somebody.appeals.withdraw(parts[0].id)
    async with small_court.at(LAST) as late:
        assert await late.appeals.same(told) is None
    async with small_court.at(ORGANIZER) as organizer:
        numbers = [one.id for one in parts[1:]]
        case = (await organizer.cases.merge(numbers, "龙湖小区不让骑手进门")).appeal
    async with small_court.at(LAST) as late:
        mine = await late.tell(await late.appeals.file(told, case.id))
        assert (mine.state, mine.collective) == (State.MERGED, case.id)
        assert (await late.appeals.same(told)) == {"count": FEWEST_TOLD, "case": case.id}


async def test_a_voice_joins_nothing_that_is_not_there(small_court: Court) -> None:
    other = await small_court.file(RIDERS[1], kind="gate")
    async with small_court.at(LAST) as late:
        for case in (other.id, 4711):
            assert (await late.appeals.file(draft(kind="gate"), case)).appeal.state is State.FILED


async def test_what_can_not_be_one_case_stays_as_it_is(small_court: Court) -> None:
    gate, pay = await small_court.file(kind="gate"), await small_court.file(RIDERS[1], kind="pay")
    solved = await small_court.file(RIDERS[2], kind="gate")
    async with small_court.at(CLERK) as clerk:
        await clerk.desk.solve(solved.id, "好了")
    async with small_court.at(ORGANIZER) as organizer:
        for numbers in ([gate.id], [gate.id, pay.id]):
            with pytest.raises(ValueError, match="of one kind"):
                await organizer.cases.merge(numbers, "同一件事")
        with pytest.raises(NotPossible):
            await organizer.cases.merge([gate.id, solved.id], "同一件事")
        with pytest.raises(NotThere):
            await organizer.cases.merge([gate.id, 4711], "同一件事")
    async with small_court.at(RIDERS[0]) as rider:
        with pytest.raises(NotThere):
            await rider.cases.merge([gate.id, pay.id], "同一件事")
    assert (await small_court.see(gate.id)).hops == 1
