"""An appeal's way: filed, taken, answered, solved, asked about; and what comes between."""

from __future__ import annotations

import pytest

from bot.services.appeals import history
from bot.services.appeals.counter import HasIt
from bot.services.appeals.model import MOST_HAND_OVERS, MOST_OPEN, Next, State
from bot.services.appeals.moves import NotPossible
from bot.services.appeals.register import Register
from bot.services.branches import members
from bot.services.refusals import NotThere, TooMany
from bot.services.roles import grants
from tests.services.appeals.conftest import (
    ADMIN,
    CHIEF,
    CLERK,
    COLLEAGUE,
    RIDERS,
    TOP,
    WEST,
    Court,
    draft,
)

ME, OTHER = RIDERS[:2]


async def flaws(court: Court, number: int) -> list[str]:
    """What is wrong with an appeal's history."""
    appeal = await court.see(number)
    async with court.work() as work:
        events = await Register(work, court.handbook.rules).history(appeal)
    return history.flaws_in(number, events, appeal.head)


async def test_from_filing_to_the_end(small_court: Court) -> None:
    appeal = await small_court.file()
    assert (appeal.state, appeal.branch, appeal.next_what) == (State.FILED, "east-1", Next.ACKNOWLEDGE)
    async with small_court.at(CLERK) as clerk:
        assert [one.id for one in await clerk.desk.all()] == [appeal.id]
        taken = await clerk.tell(await clerk.desk.take(appeal.id))
        assert (taken.state, taken.next_what) == (State.ACKNOWLEDGED, Next.ANSWER)
        answered = await clerk.tell(await clerk.desk.answer(appeal.id, "正在找平台"))
        assert (answered.state, answered.next_what) == (State.IN_PROGRESS, Next.SOLVE)
        solved = await clerk.tell(await clerk.desk.solve(appeal.id, "钱已到账"))
        assert (solved.state, solved.next_what) == (State.ANSWERED, Next.ASK)
    async with small_court.at(ME) as me:
        confirmed = await me.tell(await me.appeals.confirm(appeal.id))
        assert (confirmed.state, confirmed.next_what) == (State.CONFIRMED, Next.ASK)
        await me.appeals.rate(appeal.id, 5)
    asked = await small_court.wait(days=28)
    assert [said.chat for said in asked] == [ME]
    async with small_court.at(ME) as me:
        closed = await me.tell(await me.appeals.confirm(appeal.id))
    assert (closed.state, closed.next_what, closed.next_at) == (State.CLOSED, None, None)
    assert await small_court.wait(days=90) == []
    assert await flaws(small_court, appeal.id) == []


async def test_a_missed_deadline_goes_one_step_up_and_everybody_hears(small_court: Court) -> None:
    appeal = await small_court.file()
    said = await small_court.wait(days=1)
    moved = await small_court.see(appeal.id)
    assert (moved.state, moved.branch, moved.step) == (State.FILED, "east", 1)
    assert {one.chat for one in said} == {ME, CLERK, COLLEAGUE, CHIEF}
    reminded, missed = [[one for one in said if one.chat == CLERK][place] for place in (0, 1)]
    assert "快到时间" in reminded.text
    assert "超时" in missed.text
    async with small_court.at(CLERK) as clerk:
        with pytest.raises(NotThere):
            await clerk.desk.take(appeal.id)
    async with small_court.at(CHIEF) as chief:
        assert (await chief.desk.take(appeal.id)).appeal.state is State.ACKNOWLEDGED
    assert await flaws(small_court, appeal.id) == []


async def test_at_the_top_it_stays_open_and_late_never_silently(small_court: Court) -> None:
    appeal = await small_court.file()
    await small_court.wait(days=60)
    late = await small_court.see(appeal.id)
    assert (late.branch, late.step, late.is_open) == ("city", 2, True)
    assert late.next_at is not None
    assert late.next_at > small_court.now
    told = [one for one in await small_court.said() if one.chat == ME]
    async with small_court.work() as work:
        events = await Register(work, small_court.handbook.rules).history(late)
    assert len(told) == sum(event.move in ("go_up", "overdue") for event in events)


async def test_not_solved_reopens_at_the_next_step_up(small_court: Court) -> None:
    appeal = await small_court.file()
    async with small_court.at(CLERK) as clerk:
        await clerk.desk.solve(appeal.id, "办好了")
    async with small_court.at(ME) as me:
        reopened = await me.tell(await me.appeals.reopen(appeal.id, "钱没到"))
    assert (reopened.state, reopened.branch, reopened.next_what) == (State.REOPENED, "east", Next.ACKNOWLEDGE)
    assert reopened.holder is None
    chief = [one for one in await small_court.said() if one.chat == CHIEF]
    assert "钱没到" in chief[-1].text
    assert await flaws(small_court, appeal.id) == []


async def test_silence_closes_it_after_it_was_asked_twice(small_court: Court) -> None:
    appeal = await small_court.file()
    async with small_court.at(CLERK) as clerk:
        await clerk.desk.solve(appeal.id, "办好了")
    await small_court.wait(days=28)
    assert (await small_court.see(appeal.id)).next_what is Next.CLOSE
    await small_court.wait(days=7)
    assert (await small_court.see(appeal.id)).state is State.CLOSED


async def test_only_one_has_it(small_court: Court) -> None:
    appeal = await small_court.file()
    async with small_court.at(CLERK) as clerk:
        await clerk.desk.take(appeal.id)
    async with small_court.at(COLLEAGUE) as colleague:
        with pytest.raises(HasIt):
            await colleague.desk.take(appeal.id)
        with pytest.raises(HasIt):
            await colleague.desk.answer(appeal.id, "我也来")
    async with small_court.at(CLERK) as clerk:
        handed = await clerk.tell(await clerk.desk.hand_over(appeal.id, small_court.persons[COLLEAGUE]))
        assert handed.holder == small_court.persons[COLLEAGUE]
        with pytest.raises(HasIt):
            await clerk.desk.solve(appeal.id, "再试")
    async with small_court.at(COLLEAGUE) as colleague:
        assert (await colleague.desk.answer(appeal.id, "我来办")).appeal.state is State.IN_PROGRESS


async def test_nobody_hands_over_to_a_stranger(small_court: Court) -> None:
    appeal = await small_court.file()
    async with small_court.at(CLERK) as clerk:
        for stranger in (small_court.persons[WEST], small_court.persons[ADMIN], 999):
            with pytest.raises(NotThere):
                await clerk.desk.hand_over(appeal.id, stranger)


async def test_it_goes_sideways_twice_and_then_only_up(small_court: Court) -> None:
    appeal = await small_court.file()
    desks = {"east-1": CLERK, "west-1": WEST, "city": TOP}
    for _turn in range(MOST_HAND_OVERS):
        async with small_court.at(desks[(await small_court.see(appeal.id)).branch]) as somebody:
            to = (await somebody.desk.other_desks(appeal.id))[0].branch
            await somebody.desk.refer(appeal.id, to)
    async with small_court.at(desks[(await small_court.see(appeal.id)).branch]) as somebody:
        with pytest.raises(TooMany):
            await somebody.desk.refer(appeal.id, (await somebody.desk.other_desks(appeal.id))[0].branch)


async def test_a_desk_that_is_called_in_helps_and_owns_nothing(small_court: Court) -> None:
    appeal = await small_court.file()
    async with small_court.at(WEST) as west:
        with pytest.raises(NotThere):
            await west.desk.get(appeal.id)
    async with small_court.at(CLERK) as clerk:
        called = await clerk.tell(await clerk.desk.call_in(appeal.id, "west-1"))
        assert called.holder == small_court.persons[CLERK]
    async with small_court.at(WEST) as west:
        assert (await west.desk.get(appeal.id)).is_helper
        await west.tell(await west.desk.note(appeal.id, "我们见过这家公司"))
        for deed in (
            west.desk.take(appeal.id),
            west.desk.solve(appeal.id, "x"),
            west.desk.ask_back(appeal.id, "x"),
        ):
            with pytest.raises(NotThere):
                await deed
    said = await small_court.said()
    assert [one.text.count("我们见过这家公司") for one in said if one.chat == CLERK][-1] == 1
    assert all("我们见过这家公司" not in one.text for one in said if one.chat == ME)


async def test_nobody_is_called_in_for_what_is_solved(small_court: Court) -> None:
    """Found by test_histories: it was refused, and the other desk helped all the same."""
    appeal = await small_court.file()
    async with small_court.at(CLERK) as clerk:
        await clerk.desk.solve(appeal.id, "办好了")
        with pytest.raises(NotPossible):
            await clerk.desk.call_in(appeal.id, "west-1")
    async with small_court.at(WEST) as west:
        with pytest.raises(NotThere):
            await west.desk.get(appeal.id)


async def test_whoever_serves_no_more_has_nothing_any_more(small_court: Court) -> None:
    appeal = await small_court.file()
    async with small_court.at(CLERK) as clerk:
        await clerk.desk.take(appeal.id)
    async with small_court.work() as work:
        grant = (await grants.of(work, small_court.persons[CLERK]))[0]
        await grants.revoke(work, grant.id, small_court.persons[ADMIN])
    async with small_court.at(CLERK) as clerk:
        for deed in (clerk.desk.get(appeal.id), clerk.desk.solve(appeal.id, "x"), clerk.desk.take(appeal.id)):
            with pytest.raises(NotThere):
                await deed
    await small_court.wait(hours=1)
    assert (await small_court.see(appeal.id)).holder is None
    async with small_court.at(COLLEAGUE) as colleague:
        assert (await colleague.desk.take(appeal.id)).appeal.holder == small_court.persons[COLLEAGUE]
    assert await flaws(small_court, appeal.id) == []


async def test_who_is_away_hands_over_by_itself_and_gets_nothing_new(small_court: Court) -> None:
    appeal = await small_court.file()
    async with small_court.at(CLERK) as clerk:
        await clerk.desk.take(appeal.id)
        until = small_court.now.replace(day=20)
        count, _news = await clerk.absences.leave(until, small_court.persons[COLLEAGUE])
        assert count == 1
    assert (await small_court.see(appeal.id)).holder == small_court.persons[COLLEAGUE]
    before = len(await small_court.said())
    await small_court.file(OTHER)
    assert [one.chat for one in (await small_court.said())[before:]] == [COLLEAGUE]
    async with small_court.at(COLLEAGUE) as colleague:
        with pytest.raises(NotThere):
            await colleague.desk.hand_over(appeal.id, small_court.persons[CLERK])


async def test_what_is_not_ones_own_is_not_there(small_court: Court) -> None:
    appeal = await small_court.file(ME)
    async with small_court.at(OTHER) as other:
        appeals = other.appeals
        for deed in (
            appeals.get(appeal.id),
            appeals.get(appeal.id + 1),
            appeals.by_receipt(appeal.number),
            appeals.by_receipt("22222-22222-22222"),
            appeals.by_receipt("'; DROP TABLE appeals"),
            appeals.add(appeal.id, "x"),
            appeals.withdraw(appeal.id),
            appeals.confirm(appeal.id),
            appeals.reopen(appeal.id),
            appeals.rate(appeal.id, 5),
            appeals.history(appeal.id),
            appeals.evidence(appeal.id),
            other.unmasking.consent(appeal.id, "x"),
            other.unmasking.decline(appeal.id),
        ):
            with pytest.raises(NotThere):
                await deed
    async with small_court.at(ME) as me:
        assert (await me.appeals.by_receipt(appeal.number.lower())).appeal.id == appeal.id


async def test_what_is_over_stays_over(small_court: Court) -> None:
    appeal = await small_court.file()
    async with small_court.at(ME) as me:
        await me.tell(await me.appeals.withdraw(appeal.id))
        for deed in (
            me.appeals.add(appeal.id, "x"),
            me.appeals.withdraw(appeal.id),
            me.appeals.reopen(appeal.id),
        ):
            with pytest.raises(NotPossible):
                await deed
    async with small_court.at(CLERK) as clerk:
        with pytest.raises(NotPossible):
            await clerk.desk.answer(appeal.id, "x")
    assert await small_court.wait(days=60) == []
    async with small_court.work() as work:
        words = await Register(work, small_court.handbook.rules).words(appeal)
    assert [one.text for one in words] == ["平台欠我运费"]


async def test_nobody_opens_more_than_they_can_have(small_court: Court) -> None:
    for _number in range(MOST_OPEN):
        await small_court.file()
    async with small_court.at(ME) as me:
        with pytest.raises(TooMany):
            await me.appeals.file(draft())


async def test_where_nobody_serves_it_goes_up_at_once(small_court: Court) -> None:
    async with small_court.work() as work:
        for account in (CLERK, COLLEAGUE):
            grant = (await grants.of(work, small_court.persons[account]))[0]
            await grants.revoke(work, grant.id, small_court.persons[ADMIN])
    assert (await small_court.file()).branch == "east"


async def test_a_changed_history_shows(small_court: Court) -> None:
    appeal = await small_court.file()
    async with small_court.at(CLERK) as clerk:
        await clerk.desk.take(appeal.id)
    from bot.store.tables import appeal_events

    async with small_court.work() as work:
        await work.execute(appeal_events.update().where(appeal_events.c.number == 2).values(actor=7))
    assert await flaws(small_court, appeal.id) == ["event 2 was changed after it was written"]
    async with small_court.work() as work:
        told = [f"appeal {appeal.id}: event 2 was changed after it was written"]
        assert await history.verify(work) == (1, told)
        await work.execute(appeal_events.delete().where(appeal_events.c.number == 2))
        assert (await history.verify(work))[1] == [
            f"appeal {appeal.id}: the history does not end where it should"
        ]


@pytest.mark.parametrize("district", ["巴南区", "巴南"])
async def test_a_district_is_found_by_its_short_name(small_court: Court, district: str) -> None:
    """Found in the demo: people were listed as of 巴南, desks of 巴南区, and all went to the main desk."""
    assert (await small_court.file(district=district)).branch == "east-1"


@pytest.mark.parametrize(
    ("branch", "kind", "district", "goes_to"),
    [
        ("east-1", "pay", "", "east-1"),
        ("east-1-a", "gate", "", "east-1"),
        ("west-1", "pay", "", "west-1"),
        ("west-1", "gate", "", "city"),
        ("east-2", "pay", "", "city"),
        ("west-1", "pay", "巴南", "east-1"),
    ],
)
async def test_without_a_district_it_goes_where_its_author_belongs(
    small_court: Court, branch: str, kind: str, district: str, goes_to: str
) -> None:
    """The kinds and the order of the content count all the same, and a district that was said comes first."""
    async with small_court.at(RIDERS[0]) as counter:
        await members.join(counter.work, counter.person.id, branch)
    appeal = await small_court.file(kind=kind, district=district)
    assert appeal.branch == goes_to


async def test_it_is_asked_only_while_neither_district_nor_branch_is_known(small_court: Court) -> None:
    async with small_court.at(RIDERS[0]) as counter:
        assert not await counter.appeals.knows_whose()
        await members.join(counter.work, counter.person.id, "east-1")
        assert await counter.appeals.knows_whose()
