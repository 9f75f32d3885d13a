"""What is told of a solved appeal is told only if its author agrees, and nobody else can say so for them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import pytest
import sqlalchemy as sa

from bot.services.appeals.model import Appeal
from bot.services.appeals.solved import LONGEST_STORY, SolvedStories, Story
from bot.services.lessons.posters import ShareCard
from bot.services.people import welcome
from bot.services.privacy.forgetting import forget
from bot.services.privacy.holdings import Whom
from bot.services.refusals import NotThere
from bot.services.roles.rules import Role
from bot.store.database import Database
from bot.store.tables import audit, files, solved_stories
from tests.services.appeals.conftest import CLERK, ORGANIZER, RIDERS, Court

ME, OTHER = RIDERS[:2]
WEST_ORGANIZER = 62
TEXT = "中午骑手进不了小区，和物业谈好走侧门"


@pytest.fixture
async def court(sqlite: Database, now: datetime) -> Court:
    """One kind of database is enough: it is about who may do what."""
    made = Court(sqlite, now)
    await made.build()
    return made


@asynccontextmanager
async def stories(court: Court, account: int) -> AsyncIterator[SolvedStories]:
    async with court.work() as work:
        person = (await welcome(work, {account: "zh"}, "zh_CN"))[account]
        yield SolvedStories(work, person, court.handbook.rules, "wayside_bot")


async def confirmed(court: Court) -> Appeal:
    """An appeal that its author called solved."""
    appeal = await court.file(ME)
    async with court.at(CLERK) as clerk:
        await clerk.desk.solve(appeal.id, "办好了")
    async with court.at(ME) as me:
        return (await me.appeals.confirm(appeal.id)).appeal


async def proposed(court: Court) -> int:
    """A story that an organizer proposed."""
    appeal = await confirmed(court)
    async with stories(court, ORGANIZER) as organizer:
        asked = await organizer.propose(appeal.id, TEXT)
    assert (asked.author.account, asked.story.text, asked.story.days) == (ME, TEXT, 1)
    return asked.story.id


async def test_only_what_is_solved_within_reach_can_be_told(court: Court) -> None:
    waiting, solved = await court.file(OTHER), await confirmed(court)
    await court.serve(WEST_ORGANIZER, "west", Role.ORGANIZER)
    async with stories(court, ORGANIZER) as organizer:
        assert [one.id for one in await organizer.candidates()] == [solved.id]
        with pytest.raises(NotThere):
            await organizer.propose(waiting.id, TEXT)
        with pytest.raises(NotThere):
            await organizer.preview(10_000, TEXT)
    for account in (WEST_ORGANIZER, CLERK, ME):
        async with stories(court, account) as stranger:
            assert await stranger.candidates() == []
            with pytest.raises(NotThere):
                await stranger.propose(solved.id, TEXT)


async def test_an_author_agrees_and_the_organizer_is_told(court: Court) -> None:
    story = await proposed(court)
    async with stories(court, ME) as me:
        decided = await me.decide(story, yes=True)
        assert decided is not None
        assert decided.organizer is not None
        assert (decided.approved, decided.organizer.account, decided.story.text) == (True, ORGANIZER, TEXT)
        assert await me.decide(story, yes=True) is None
    async with stories(court, ORGANIZER) as organizer:
        assert await organizer.candidates() == []


async def test_an_author_may_change_their_mind(court: Court) -> None:
    story = await proposed(court)
    async with stories(court, ME) as me:
        for yes in (True, False):
            decided = await me.decide(story, yes=yes)
            assert decided is not None
            assert decided.approved is yes


@pytest.mark.parametrize("account", [OTHER, ORGANIZER, CLERK])
async def test_nobody_else_decides(court: Court, account: int) -> None:
    story = await proposed(court)
    async with stories(court, account) as stranger:
        for number in (story, story + 1, 0, -1):
            with pytest.raises(NotThere):
                await stranger.decide(number, yes=True)


async def test_the_log_names_no_author(court: Court) -> None:
    story = await proposed(court)
    async with stories(court, ME) as me:
        await me.decide(story, yes=True)
        rows = await me._work.fetch(sa.select(audit.c.entry).where(audit.c.entry.contains("story.approved")))
    assert len(rows) == 1
    assert '"actor":null' in rows[0].entry


async def test_what_is_too_long_is_cut(court: Court) -> None:
    appeal = await confirmed(court)
    async with stories(court, ORGANIZER) as organizer:
        asked = await organizer.propose(appeal.id, "长" * 500)
        row = await organizer._work.first(sa.select(solved_stories.c.story))
    assert row is not None
    assert len(row.story) == len(asked.story.text) == LONGEST_STORY


CARD = ShareCard("✓", "1 天解决", TEXT, "", "wayside_bot")


async def cards(court: Court) -> int:
    """How many cards are kept, in the files and in what is known of the channel."""
    async with court.work() as work:
        rows = await work.fetch(sa.select(files.c.hash).where(files.c.mime == "image/png"))
        return len(rows)


async def test_a_card_goes_when_the_author_says_no(court: Court) -> None:
    """It lay among the files for a week after the author had taken the story back."""
    story = await proposed(court)
    async with stories(court, ORGANIZER) as organizer:
        found = await organizer._work.first(sa.select(solved_stories.c.appeal))
        assert found is not None
        await organizer.draw(Story(story, found.appeal, TEXT, "gate", "", 1), CARD)
    async with stories(court, ME) as me:
        await me.decide(story, yes=True)
    assert await cards(court) == 1
    async with stories(court, ME) as me:
        await me.decide(story, yes=False)
    assert await cards(court) == 0


async def test_a_card_goes_with_its_author(court: Court) -> None:
    story = await proposed(court)
    async with stories(court, ORGANIZER) as organizer:
        found = await organizer._work.first(sa.select(solved_stories.c.appeal))
        assert found is not None
        await organizer.draw(Story(story, found.appeal, TEXT, "gate", "", 1), CARD)
    async with court.work() as work:
        person = (await welcome(work, {ME: "zh"}, "zh_CN"))[ME]
        await forget(work, Whom(work.bot, person.id, ME))
    assert await cards(court) == 0


async def test_of_an_author_who_is_forgotten_nothing_is_told(court: Court) -> None:
    await confirmed(court)
    async with court.work() as work:
        person = (await welcome(work, {ME: "zh"}, "zh_CN"))[ME]
        await forget(work, Whom(work.bot, person.id, ME))
    async with stories(court, ORGANIZER) as organizer:
        assert await organizer.candidates() == []
