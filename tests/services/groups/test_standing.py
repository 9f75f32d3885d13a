"""Where the bot stands in a group: each change counts once, whatever order the channel tells it in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.services import addresses, due
from bot.services.groups import news, rows, standing
from bot.services.groups.news import BACK, GREETING, GROUP_NEWS, REMOVED, SILENCED, News
from bot.services.incoming import Place
from bot.services.roles.rules import Role
from bot.store.database import Database
from bot.store.tables import chats
from tests.conftest import BOT
from tests.services.people import City

CHAT, SUPER = -5, -1_000_000_000_005
HERE, GONE, SILENT = Place("骑手群", True), Place("骑手群", False), Place("骑手群", True, False)


class Life:
    """What happens to a group, and what is said of it."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database = database
        self.now = now

    async def note(self, *places: Place, chat: int = CHAT) -> None:
        """The channel tells where the bot stands."""
        for place in places:
            async with self.database.work(BOT, self.now) as work:
                await standing.note(work, chat, place, "zh_CN")

    async def move(self) -> None:
        """The group becomes a supergroup."""
        async with self.database.work(BOT, self.now) as work:
            await addresses.migrate(work, CHAT, SUPER)

    async def bind(self, branch: str) -> None:
        """The group belongs to a branch."""
        async with self.database.work(BOT, self.now) as work:
            await rows.change(work, CHAT, branch=branch)

    async def said(self) -> list[tuple[str, int]]:
        """What is said of it a moment later, in order, as (what, chat)."""
        return [(news.what, news.group.chat) for news in await self.news()]

    async def news(self) -> list[News]:
        """The same, with whom it is said to."""
        self.now += news.SETTLING
        async with self.database.work(BOT, self.now) as work:
            claimed = await due.claim(work, "clock", 10, [GROUP_NEWS])
            things = await due.hold(work, "clock", [one.id for one in claimed])
            told = [await news.come(work, thing) for thing in things]
            await due.finish(work, "clock", things)
        return [one for one in told if one is not None]


@pytest.fixture
def life(database: Database, now: datetime) -> Life:
    """A group nobody knows yet, on each kind of database."""
    return Life(database, now)


async def test_greeted_once_however_often_it_is_told(life: Life) -> None:
    await life.note(HERE, HERE)
    assert await life.said() == [(GREETING, CHAT)]
    await life.note(HERE)
    assert await life.said() == []


async def test_put_in_again_is_no_first_time(life: Life) -> None:
    await life.note(HERE)
    await life.said()
    await life.note(GONE, GONE)
    assert await life.said() == []  # bound to no branch: nobody looks after it
    await life.note(HERE)
    assert await life.said() == [(BACK, CHAT)]


async def test_thrown_out_at_once_is_not_greeted(life: Life) -> None:
    await life.note(HERE, GONE)
    assert await life.said() == []


async def test_a_greeting_waits_until_the_bot_may_write(life: Life) -> None:
    await life.note(SILENT)
    assert await life.said() == []
    await life.note(HERE)
    assert await life.said() == [(GREETING, CHAT)]


@pytest.mark.parametrize("order", ["told first", "joined first", "left first"])
async def test_a_group_that_moves_is_no_stranger(life: Life, order: str) -> None:
    """A supergroup that was met before the move was told used to be a second group, greeted again."""
    await life.note(HERE)
    await life.said()
    await life.bind("east-1")
    if order == "told first":
        await life.move()
    if order == "left first":
        await life.note(GONE)
    await life.note(HERE, chat=SUPER)
    if order != "told first":
        await life.move()
    assert await life.said() == []
    async with life.database.work(BOT, life.now) as work:
        moved = await rows.get(work, SUPER)
        assert moved is not None
        assert (moved.branch, moved.gone) == ("east-1", False)
        assert await rows.get(work, CHAT) is None


async def test_those_who_look_after_it_are_told(life: Life, city: City) -> None:
    boss = await city.admin(100)
    await life.note(HERE)
    await life.said()
    await life.bind("east-1")
    await life.note(SILENT, SILENT)
    (silenced,) = await life.news()
    assert (silenced.what, [one.account for one in silenced.to]) == (SILENCED, [100])
    await city.granted(101, Role.ORGANIZER, "east", boss)
    await city.granted(102, Role.ORGANIZER, "west", boss)
    await life.note(GONE)
    (removed,) = await life.news()
    assert (removed.what, [one.account for one in removed.to]) == (REMOVED, [101])


async def test_what_was_mended_meanwhile_is_not_told(life: Life) -> None:
    await life.note(HERE)
    await life.said()
    await life.bind("east-1")
    await life.note(SILENT, HERE)
    assert await life.said() == []


async def test_only_its_own_topic_is_lost(life: Life) -> None:
    await life.note(HERE)
    async with life.database.work(BOT, life.now) as work:
        await rows.change(work, CHAT, topic=7)
        await standing.lose_topic(work, CHAT, 8)
        assert (await work.fetch(sa.select(chats.c.topic)))[0].topic == 7
        await standing.lose_topic(work, CHAT, 7)
        assert (await work.fetch(sa.select(chats.c.topic)))[0].topic is None


async def test_the_moment_is_short(life: Life) -> None:
    assert timedelta(0) < news.SETTLING < timedelta(seconds=5)
