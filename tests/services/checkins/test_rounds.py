"""Rounds as they are asked, answered, nudged, closed; who may see them; boards that are edited in place."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.services import happenings
from bot.services import outbox as messages
from bot.services import people as people_service
from bot.services.checkins import running
from bot.services.checkins.model import Board, Draft, Timing
from bot.services.happenings import Happening
from bot.services.people import mark_gone
from bot.services.roles.rules import NotAllowed
from bot.store.tables import answers, boards, outbox, round_people
from bot.store.work import Work
from tests.services.checkins.conftest import COMING, ORGANIZER, Stand

SHANGHAI = "Asia/Shanghai"


async def _board(stand: Stand) -> Board:
    round_id = await stand.round()
    async with stand.organizer() as desk:
        found = await desk.board(round_id)
    assert found is not None
    return found


async def test_everybody_is_asked_once_and_the_silent_once_more(any_stand: Stand) -> None:
    await any_stand.make(timing=Timing(any_stand.now, SHANGHAI, None, 24 * 60, 3 * 60))
    said = await any_stand.wait()
    assert said[0].startswith(f"{ORGANIZER}: 📊")
    assert said[1:] == [f"{account}: 📋 Check-in" for account in range(1, 7)]
    round_id = await any_stand.round()
    async with any_stand.member(2) as desk:
        assert (await desk.answer(round_id, {"q1": 0})).outcome == "answered"
    async with any_stand.work() as work:
        await mark_gone(work, 3)
    assert await any_stand.wait(hours=3) == [f"{account}: 📋 Check-in" for account in (1, 4, 5, 6)]
    assert (await _board(any_stand)).waiting == 4


async def test_a_nudge_that_would_wake_people_waits_for_the_morning(stand: Stand) -> None:
    await stand.make(timing=Timing(stand.now, SHANGHAI, None, 24 * 60, 10 * 60))
    await stand.wait()
    assert await stand.wait(hours=10) == []
    assert len(await stand.wait(hours=7)) == 6


async def test_an_answer_changes_until_the_end_and_counts_once(any_stand: Stand) -> None:
    await any_stand.make()
    await any_stand.wait()
    round_id = await any_stand.round()
    outcomes = []
    for value in (0, 1, 1):
        async with any_stand.member(1) as desk:
            outcomes.append((await desk.answer(round_id, {"q1": value})).outcome)
    assert outcomes == ["answered", "changed", "changed"]
    board = await _board(any_stand)
    assert (board.answered, dict(board.tallies[0].counts)) == (1, {1: 1})
    await any_stand.wait(days=1)
    async with any_stand.member(1) as desk:
        assert (await desk.answer(round_id, {"q1": 0})).outcome == "closed"


async def test_what_waits_for_an_answer_is_counted(any_stand: Stand) -> None:
    await any_stand.make()
    await any_stand.wait()
    round_id = await any_stand.round()
    counts = []
    async with any_stand.member(1) as desk:
        counts.append(await desk.waiting())
        await desk.answer(round_id, {"q1": 0})
        counts.append(await desk.waiting())
    await any_stand.wait(days=1)
    async with any_stand.member(2) as desk:
        counts.append(await desk.waiting())
    assert counts == [1, 0, 0]


async def test_who_is_not_asked_can_not_answer(stand: Stand) -> None:
    await stand.make()
    await stand.wait()
    await stand.join(7)
    round_id = await stand.round()
    for account, number in ((7, round_id), (ORGANIZER, round_id), (1, round_id + 1)):
        async with stand.member(account) as desk:
            assert await desk.look(number) is None
            assert (await desk.answer(number, {"q1": 0})).outcome == "gone"


@pytest.mark.parametrize(
    "values", [{}, {"q1": 3}, {"q1": True}, {"q1": "Yes"}, {"q2": 0}, {"q1": 0, "q2": 0}]
)
async def test_a_forged_answer_is_refused(stand: Stand, values: dict[str, object]) -> None:
    await stand.make()
    await stand.wait()
    round_id = await stand.round()
    with pytest.raises(ValueError, match=r"nothing|no answer"):
        async with stand.member(1) as desk:
            await desk.answer(round_id, values)
    assert (await _board(stand)).answered == 0


async def test_an_organizer_of_another_branch_sees_nothing(stand: Stand) -> None:
    number = await stand.make()
    await stand.wait()
    round_id = await stand.round()
    async with stand.organizer(1) as desk:
        assert await desk.all() == []
        assert await desk.get(number) is None
        assert await desk.board(round_id) is None
        assert await desk.lines(round_id) == []
        assert await desk.nudge(round_id) is None
        assert await desk.table(round_id) is None
        assert await desk.tell(round_id, "words") is None
        assert not await desk.close(round_id)
        assert not await desk.end(number)
        with pytest.raises(NotAllowed):
            await desk.meant("all", "east")
        with pytest.raises(NotAllowed):
            await desk.make(Draft("?", (COMING,), "east", "all", Timing(stand.now, SHANGHAI, None, 60)))
    async with stand.organizer() as desk:
        with pytest.raises(NotAllowed):
            await desk.meant("all", "west")
        assert await desk.meant("all", "east") == ("all", 6)


async def test_a_board_is_posted_once_and_then_edited_where_it_stands(stand: Stand) -> None:
    await stand.make()
    await stand.wait()
    async with stand.work() as work:
        posted = await work.first(sa.select(boards))
        assert posted is not None
        await messages.settle(work, [messages.Settled(posted.posted, messages.SENT, 77)])
    round_id = await stand.round()
    for account in (1, 2, 3):
        async with stand.member(account) as desk:
            await desk.answer(round_id, {"q1": 0})
    await stand.wait(seconds=4)
    async with stand.work() as work:
        rows = await work.fetch(sa.select(outbox.c.target, outbox.c.body).where(outbox.c.target.is_not(None)))
    assert [row.target for row in rows] == [{"edit": 77}]
    assert "3 of 6 answered" in rows[0].body["text"]


async def test_a_weekly_round_closes_the_one_before_and_ends_when_told(stand: Stand) -> None:
    weekly = Timing(stand.now, SHANGHAI, "FREQ=WEEKLY", 10 * 24 * 60)
    number = await stand.make(timing=weekly)
    await stand.wait()
    await stand.wait(days=7)
    async with stand.organizer() as desk:
        second, first = await desk.latest(number, 5)
    assert (first.closed_at, second.closed_at) == (stand.now, None)
    async with stand.organizer() as desk:
        assert await desk.end(number)
        assert not await desk.end(number)
    await stand.wait(days=7)
    async with stand.organizer() as desk:
        assert len(await desk.latest(number, 5)) == 2


async def test_a_segment_that_names_what_is_gone_asks_nobody(stand: Stand) -> None:
    """A branch that was closed, a tag that is no more: the round is not opened, and nothing breaks."""
    timing = Timing(stand.now + timedelta(hours=1), SHANGHAI, None, 60)
    async with stand.organizer() as desk:
        await desk.make(Draft("?", (COMING,), "east", "branch:nowhere", timing))
    assert await stand.wait(hours=1) == []


async def test_what_is_long_over_is_forgotten(any_stand: Stand) -> None:
    await any_stand.make()
    await any_stand.wait()
    round_id = await any_stand.round()
    async with any_stand.member(1) as desk:
        await desk.answer(round_id, {"q1": 0})
    await any_stand.wait(days=1)
    for days, kept in ((399, 1), (2, 0)):
        any_stand.now += timedelta(days=days)
        async with any_stand.work() as work:
            await running.prune(work)
            assert len(await work.fetch(sa.select(answers))) == kept
            assert (len(await work.fetch(sa.select(round_people))) > 0) is bool(kept)


@pytest.mark.parametrize("anonymous", [False, True])
async def test_that_somebody_answered_is_told_once_and_never_tells_the_order(
    stand: Stand, monkeypatch: pytest.MonkeyPatch, anonymous: bool
) -> None:
    told: list[tuple[int, str]] = []

    async def hear(_work: Work, happening: Happening) -> None:
        told.append((happening.person, happening.about))

    monkeypatch.setattr(happenings, "LISTENERS", (hear,))
    await stand.make(anonymous=anonymous)
    await stand.wait()
    round_id = await stand.round()
    for account in (3, 1, 3):
        async with stand.member(account) as desk:
            await desk.answer(round_id, {"q1": 0})
    async with stand.work() as work:
        met = await people_service.welcome(work, {1: "en", 3: "en"}, "en")
    named = [(met[account].id, f"round:{round_id}") for account in (3, 1)]
    assert told == ([] if anonymous else named)
    await stand.wait(days=1)
    assert told == (sorted(named) if anonymous else named)
