"""Rounds as they are asked, answered, nudged, closed; who may see them; boards that are edited in place."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from datetime import datetime, timedelta

import openpyxl
import pytest
import sqlalchemy as sa

from bot.services import happenings
from bot.services import outbox as messages
from bot.services import people as people_service
from bot.services.checkins import running
from bot.services.checkins.desk import CheckinDesk
from bot.services.checkins.model import Board, Draft, Option, Question, Timing
from bot.services.checkins.profile import hash_of
from bot.services.files import read
from bot.services.happenings import Happening
from bot.services.people import Person, mark_gone
from bot.services.roles.rules import NotAllowed
from bot.store.database import Database
from bot.store.tables import answers, boards, conversations, memberships, metadata, outbox, round_people
from bot.store.work import Work
from tests.conftest import BOT
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
            await desk.count("all", "east")
        with pytest.raises(NotAllowed):
            await desk.make(Draft("?", (COMING,), "east", "all", Timing(stand.now, SHANGHAI, None, 60)))
    async with stand.organizer() as desk:
        with pytest.raises(NotAllowed):
            await desk.count("all", "west")
        assert await desk.count("all", "east") == 6


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


# -- Anonymous ---------------------------------------------------------------------------


async def test_an_anonymous_answer_changes_only_with_its_token(any_stand: Stand) -> None:
    await any_stand.make(anonymous=True)
    await any_stand.wait()
    round_id = await any_stand.round()
    async with any_stand.member(1) as desk:
        given = await desk.answer(round_id, {"q1": 0})
    assert given.outcome == "answered"
    async with any_stand.member(1) as desk:
        assert (await desk.answer(round_id, {"q1": 1})).outcome == "before"
        assert (await desk.answer(round_id, {"q1": 1}, "token-of-nobody")).outcome == "before"
        assert (await desk.take_back(round_id, "token-of-nobody")).outcome == "before"
        assert (await desk.answer(round_id, {"q1": 1}, given.token)).outcome == "changed"
        assert (await desk.take_back(round_id, given.token)).outcome == "changed"
        assert (await desk.take_back(round_id, given.token)).outcome == "before"
        assert (await desk.answer(round_id, {"q1": 2})).outcome == "answered"
    assert (await _board(any_stand)).answered == 1


async def test_nothing_in_the_database_tells_whose_an_anonymous_answer_is(stand: Stand) -> None:
    await stand.make(Question("q1", "text", "What is hard?"), anonymous=True)
    await stand.wait()
    round_id = await stand.round()
    for account in range(1, 6):
        async with stand.member(account) as desk:
            given = await desk.answer(round_id, {"q1": f"words of {account}"})
    async with stand.work() as work:
        kept = await work.fetch(sa.select(answers))
        asked = await work.fetch(sa.select(round_people))
        everything = [
            str(row) for table in metadata.sorted_tables for row in await work.fetch(sa.select(table))
        ]
    assert {(row.person, row.answered_at) for row in kept} == {(None, None)}
    assert set(asked[0]._fields) == {"bot", "round", "person", "answered"}
    assert given.token not in "\n".join(everything)


async def test_sqlite_keeps_no_order_of_anonymous_answers(stand: Stand) -> None:
    """Row numbers would tell who came first, and the outbox keeps in which order people were thanked."""
    if stand.database.is_sqlite:
        with pytest.raises(sa.exc.OperationalError, match="rowid"):
            async with stand.work() as work:
                await work.fetch(sa.text("SELECT rowid FROM answers"))


async def test_few_anonymous_answers_are_not_shown(stand: Stand) -> None:
    await stand.make(anonymous=True)
    await stand.wait()
    round_id = await stand.round()
    for account in range(1, 6):
        board = await _board(stand)
        assert (board.hidden, board.tallies) == (True, ())
        async with stand.organizer() as desk:
            assert await desk.table(round_id) is None
        async with stand.member(account) as desk:
            await desk.answer(round_id, {"q1": 0})
    board = await _board(stand)
    assert (board.hidden, dict(board.tallies[0].counts)) == (False, {0: 5})
    async with stand.organizer() as desk:
        assert await desk.table(round_id) is not None
        assert await desk.lines(round_id) == []


async def test_two_taps_at_the_same_time_are_one_anonymous_answer(any_stand: Stand) -> None:
    await any_stand.make(anonymous=True)
    await any_stand.wait()
    round_id = await any_stand.round()

    async def tap(value: int) -> str:
        async with any_stand.member(1) as desk:
            return (await desk.answer(round_id, {"q1": value})).outcome

    outcomes = await asyncio.gather(*(tap(value) for value in (0, 1, 2, 0)))
    assert sorted(outcomes) == ["answered", "before", "before", "before"]
    async with any_stand.work() as work:
        assert len(await work.fetch(sa.select(answers))) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"anonymous": True, "questions": (Question("q1", "photo", "?"),)},
        {"safety": True, "anonymous": True, "questions": (COMING,)},
        {"safety": True, "questions": (COMING, replace(COMING, key="q2"))},
        {"questions": (COMING, COMING)},
        {"questions": ()},
    ],
)
def test_what_would_break_a_promise_is_no_check_in(wrong: dict[str, object], now: datetime) -> None:
    questions, timing = wrong.pop("questions"), Timing(now, SHANGHAI, None, 60)
    with pytest.raises(ValueError, match=r"photo|known|question|key"):
        Draft("?", questions, "east", "all", timing, **wrong)  # type: ignore[arg-type]


# -- Safety ---------------------------------------------------------------------------------

SAFE = Question("q1", "options", "Safe?", (Option("Yes"), Option("Help", attention=True)))


async def _look_after(stand: Stand, account: int, buddy: int) -> None:
    async with stand.profile(account) as profile:
        await profile.say_called(f"P{account}")
        await profile.consent(True)
        link = await profile.buddy_link()
    async with stand.profile(buddy) as profile:
        token = hash_of(link.rpartition("_")[2])
        assert await profile.become_buddy(token) is not None
        assert await profile.become_buddy(token) is None


async def test_the_buddy_is_told_first_then_organizers(any_stand: Stand) -> None:
    await _look_after(any_stand, 1, 2)
    async with any_stand.profile(3) as profile:
        await profile.consent(True)
    await any_stand.make(SAFE, safety=True, timing=Timing(any_stand.now, SHANGHAI, None, 60))
    await any_stand.wait()
    told = await any_stand.wait(hours=1)
    assert [line for line in told if "🛟" in line and "You missed" not in line] == [
        "2: 🛟 P1 has not answered the safety check-in “Coming?”. You are their buddy: please call them now. "
        "In half an hour the organizers are told.",
        f"{ORGANIZER}: 🛟 #5 missed the safety check-in “Coming?”, and nobody has reached them yet.",
    ]
    assert [line for line in await any_stand.wait(minutes=30) if "🛟" in line] == [
        f"{ORGANIZER}: 🛟 P1 missed the safety check-in “Coming?”, and nobody has reached them yet."
    ]


async def test_without_consent_nobody_is_told(stand: Stand) -> None:
    await _look_after(stand, 1, 2)
    async with stand.profile(1) as profile:
        await profile.consent(False)
    await stand.make(SAFE, safety=True, timing=Timing(stand.now, SHANGHAI, None, 60))
    await stand.wait()
    assert [line for line in await stand.wait(hours=2) if "🛟" in line] == []


async def test_a_case_is_nobody_elses(stand: Stand) -> None:
    await _look_after(stand, 1, 2)
    await stand.make(SAFE, safety=True, timing=Timing(stand.now, SHANGHAI, None, 60))
    await stand.wait()
    await stand.wait(hours=1)
    for stranger in (3, ORGANIZER):  # the organizer is not told yet
        async with stand.safety(stranger) as desk:
            assert await desk.find(1) is None
            assert await desk.settle(1) is None
            assert await desk.raise_now(1) is None
    async with stand.safety(2) as desk:
        assert [word.whom for word in await desk.raise_now(1) or []] == ["organizer"]
        assert await desk.raise_now(1) == []
    async with stand.safety(1) as desk:
        settled = await desk.settle(1)
        assert [word.to.account for word in settled or []] == [ORGANIZER, 2]
        assert await desk.settle(1) == []
    assert [line for line in await stand.wait(minutes=30) if "🛟" in line] == []


async def test_nobody_is_their_own_buddy(stand: Stand) -> None:
    async with stand.profile(1) as profile:
        token = (await profile.buddy_link()).rpartition("_")[2]
        assert await profile.asked_by(hash_of(token)) is None
        assert await profile.become_buddy(hash_of(token)) is None


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


async def test_a_half_of_an_anonymous_survey_is_forgotten_with_the_round(stand: Stand) -> None:
    """What somebody began and never sent stood under their name: it goes when the round closes."""
    await stand.make(Question("q1", "text", "A?"), Question("q2", "text", "B?"), anonymous=True)
    await stand.wait()
    round_id = await stand.round()
    rows = [
        {
            "bot": BOT,
            "chat": 1,
            "person": 3,
            "dialog": dialog,
            "parked": True,
            "journal": {"round": ["given", given], "q1": ["answer", "words"]},
            "revision": 1,
            "touched_at": stand.now,
        }
        for dialog, given in (("answer_round", round_id), ("answer_round", round_id + 1), ("other", round_id))
    ]
    async with stand.work() as work:
        await work.execute(sa.insert(conversations), rows)
    await stand.wait(days=1)
    async with stand.work() as work:
        kept = await work.fetch(sa.select(conversations.c.dialog, conversations.c.journal))
    assert sorted((row.dialog, row.journal["round"][1]) for row in kept) == [
        ("answer_round", round_id + 1),
        ("other", round_id),
    ]


async def test_a_survey_of_a_thousand_is_a_table_and_a_picture(sqlite: Database, now: datetime) -> None:
    """Text, picture and XLSX of n = 1,000 with three questions, each row as it was answered."""
    stand = Stand(sqlite, now)
    await stand.build()
    people = await _crowd(stand, 1000)
    hours = Question("q1", "number", "Hours?", low=1, high=10)
    await stand.make(hours, replace(COMING, key="q2"), Question("q3", "text", "What else?"), anonymous=True)
    await stand.wait()
    round_id = await stand.round()
    async with stand.work() as work:
        for place, person in enumerate(people):
            values = {"q1": place % 10 + 1, "q2": place % 3, "q3": f"=words {place}"}
            desk = CheckinDesk(work, person, lambda place=place: f"token {place}")  # type: ignore[misc]
            assert (await desk.answer(round_id, values)).outcome == "answered"
    async with stand.organizer() as organizer:
        board = await organizer.board(round_id)
        table = await organizer.table(round_id)
        picture = await organizer.picture(round_id)
    assert board is not None
    assert [tally.answers for tally in board.tallies] == [1000, 1000, 1000]
    assert dict(board.tallies[1].counts) == {0: 334, 1: 333, 2: 333}
    assert table is not None
    assert picture is not None
    async with stand.work() as work:
        sheet = openpyxl.load_workbook(io.BytesIO((await read(work, table[0])).content)).worksheets[0]
        assert (await read(work, picture)).content.startswith(b"\x89PNG")
    lines = list(sheet.iter_rows(min_row=2, values_only=True))
    assert sorted(str(line[3]) for line in lines) == sorted(f"=words {place}" for place in range(1000))
    order = [int(str(line[3]).removeprefix("=words ")) for line in lines]
    assert order != sorted(order)


async def _crowd(stand: Stand, size: int) -> list[Person]:
    async with stand.work() as work:
        accounts = dict.fromkeys(range(10000, 10000 + size), "en")
        met = await people_service.welcome(work, accounts, "en")
        row = {"bot": BOT, "branch": "east-1", "consent": "membership/1", "joined_at": stand.now}
        await work.execute(sa.insert(memberships), [{**row, "person": one.id} for one in met.values()])
    return list(met.values())


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
