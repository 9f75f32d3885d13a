"""Anonymous answers lead to nobody; surveys of a thousand."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest
import sqlalchemy as sa

from bot.services import people as people_service
from bot.services.checkins.desk import CheckinDesk
from bot.services.checkins.model import Board, Draft, Question, Timing
from bot.services.files import read
from bot.services.people import Person
from bot.store.database import Database
from bot.store.tables import answers, conversations, memberships, metadata, round_people
from tests.conftest import BOT
from tests.services.checkins.conftest import COMING, Stand

SHANGHAI = "Asia/Shanghai"


async def _board(stand: Stand) -> Board:
    round_id = await stand.round()
    async with stand.organizer() as desk:
        found = await desk.board(round_id)
    assert found is not None
    return found


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
