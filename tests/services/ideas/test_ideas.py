"""Suggestions: one vote each, changeable; an answer that all voters get; organizers within their reach."""

from __future__ import annotations

import asyncio
import io
from datetime import datetime

import openpyxl
import pytest

from bot.services.files import read
from bot.services.ideas.model import AGAINST, FOR, MOST_OPEN, Idea, State
from bot.services.refusals import NotThere, TooMany
from bot.store.database import Database
from tests.services.neighbours import CITY, EAST, WEST, Quarter

AUTHOR, VOTER, OTHER = 910_000_011, 910_000_012, 910_000_013


@pytest.fixture
async def quarter(database: Database, now: datetime) -> Quarter:
    """A small city, on each kind of database; the author belongs to the east."""
    made = Quarter(database, now)
    await made.build()
    await made.join(AUTHOR, "east-1")
    return made


async def _suggest(quarter: Quarter, text: str = "Two fast chargers, please") -> int:
    async with quarter.ideas(AUTHOR) as desk:
        return (await desk.suggest(text)).idea.id


async def _out(quarter: Quarter, text: str = "Two fast chargers, please") -> int:
    number = await _suggest(quarter, text)
    async with quarter.ideas(EAST) as desk:
        await desk.let_be_seen(number, yes=True)
    return number


async def _vote(quarter: Quarter, number: int, who: int, given: int) -> Idea:
    async with quarter.ideas(who) as desk:
        return await desk.vote(number, given)


async def test_one_person_one_vote_however_often_and_at_once(quarter: Quarter) -> None:
    number = await _out(quarter)
    await asyncio.gather(*(_vote(quarter, number, account, FOR) for account in range(1, 13)))
    await asyncio.gather(*(_vote(quarter, number, account, AGAINST) for account in range(1, 5)))
    idea = await _vote(quarter, number, 1, AGAINST)
    assert (idea.votes_for, idea.votes_against, idea.score) == (8, 3, 5)


async def test_nobody_votes_on_what_no_organizer_has_seen(quarter: Quarter) -> None:
    number = await _suggest(quarter)
    for stranger in (VOTER, WEST):
        async with quarter.ideas(stranger) as desk:
            assert await desk.all() == []
            with pytest.raises(NotThere):
                await desk.get(number)
            with pytest.raises(NotThere):
                await desk.vote(number, FOR)


async def test_organizers_elsewhere_neither_see_nor_answer(quarter: Quarter) -> None:
    number = await _suggest(quarter)
    async with quarter.ideas(WEST) as desk:
        assert await desk.to_see() == []
        with pytest.raises(NotThere):
            await desk.let_be_seen(number, yes=True)
    async with quarter.ideas(CITY) as desk:
        assert [one.id for one in await desk.to_see()] == [number]
        await desk.let_be_seen(number, yes=True)
    for stranger in (WEST, VOTER):
        async with quarter.ideas(stranger) as desk:
            assert await desk.to_answer() == []
            with pytest.raises(NotThere):
                await desk.answer(number, "done", "It is there.")


async def test_nobody_lets_their_own_be_seen_while_somebody_else_can(quarter: Quarter) -> None:
    async with quarter.ideas(EAST) as desk:
        suggested = await desk.suggest("Two fast chargers, please")
        assert [news.to.account for news in suggested.news] == [CITY]
        assert await desk.to_see() == []
        with pytest.raises(NotThere):
            await desk.let_be_seen(suggested.idea.id, yes=True)
    async with quarter.ideas(CITY) as desk:
        assert [one.id for one in await desk.to_see()] == [suggested.idea.id]


async def test_all_who_voted_get_the_answer_once(quarter: Quarter) -> None:
    number = await _out(quarter)
    for who, given in ((VOTER, FOR), (OTHER, AGAINST), (AUTHOR, FOR), (OTHER, FOR)):
        await _vote(quarter, number, who, given)
    async with quarter.ideas(EAST) as desk:
        idea = await desk.answer(number, "planned", "In June.")
        with pytest.raises(NotThere):
            await desk.answer(number, "no", "Never.")
    assert (idea.state, idea.verdict) == (State.ANSWERED, "planned")
    assert sorted(await quarter.wait(seconds=1)) == [
        f"{AUTHOR}: 💬 Your suggestion was answered.",
        f"{VOTER}: 💬 What you voted on was answered.",
        f"{OTHER}: 💬 What you voted on was answered.",
    ]
    with pytest.raises(NotThere):
        await _vote(quarter, number, VOTER, AGAINST)


async def test_only_its_author_takes_it_back(quarter: Quarter) -> None:
    number = await _out(quarter)
    async with quarter.ideas(VOTER) as desk:
        with pytest.raises(NotThere):
            await desk.take_back(number)
    async with quarter.ideas(AUTHOR) as desk:
        await desk.take_back(number)
    async with quarter.ideas(VOTER) as desk:
        assert await desk.all() == []


async def test_scripts_find_a_bound(quarter: Quarter) -> None:
    for _ in range(MOST_OPEN):
        await _suggest(quarter)
    with pytest.raises(TooMany):
        await _suggest(quarter)


async def test_the_agenda_has_the_best_liked_first_and_no_formulas(quarter: Quarter) -> None:
    plain = await _out(quarter)
    formula = await _out(quarter, "=HYPERLINK(1,2) in every station")
    await _vote(quarter, formula, VOTER, FOR)
    async with quarter.ideas(EAST) as desk:
        assert [one.id for one in await desk.to_answer()] == [formula, plain]
        key, name = await desk.agenda_file()
    assert name.endswith(".xlsx")
    async with quarter.work() as work:
        kept = await read(work, key)
    rows = list(openpyxl.load_workbook(io.BytesIO(kept.content)).worksheets[0].iter_rows())
    assert rows[1][1].value == "=HYPERLINK(1,2) in every station"
    assert rows[1][1].data_type == "s"
    async with quarter.ideas(WEST) as desk:
        assert await desk.to_answer() == []
