"""A broadcast on a bad day, end to end against the sandbox: its report adds up to the audience."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from bot.clock.broadcasts import broadcasting
from bot.dialogs import broadcast_words
from bot.i18n import speaking
from bot.services.branches import members
from bot.services.broadcasts import rows
from bot.services.broadcasts.desk import BroadcastDesk
from bot.services.broadcasts.model import Broadcast, Content, Progress, Terms
from bot.services.groups.quiet import QuietHours
from bot.services.hearing import Hearing
from bot.services.people import Person
from bot.services.roles.rules import Role
from bot.store.tables import chats
from tests.clock.once import work_off
from tests.conftest import BOT
from tests.delivery.conftest import TELLS_OF_SECONDS, Stage
from tests.services.people import City
from tests.transcript import small_shelf

BOSS, ORGANIZER = 900_001, 900_002
RIDERS, BLOCKED, ASLEEP = 100, 3, 20
CONTENT = Content({"zh_CN": "明天高温，{name}多喝水。"})


def shanghai(moment: str) -> datetime:
    """A moment on the wall clock there."""
    return datetime.fromisoformat(f"{moment}+08:00")


@dataclass
class Day:
    """An organizer with a hundred riders and three groups."""

    stage: Stage
    city: City
    organizer: int = 0

    async def begin(self) -> list[int]:
        """Put everybody in their place; gives the riders' accounts."""
        await self.city.build()
        for account in (BOSS, ORGANIZER):
            await self.stage.driver.client("users", id=account, first_name="Staff")
            await self.stage.driver.say(account, "/start")
        boss = await self.city.admin(BOSS)
        self.organizer = await self.city.granted(ORGANIZER, Role.ORGANIZER, "east", boss)
        riders = [await self.stage.driver.person("Rider") for _ in range(RIDERS)]
        for account in riders:
            await self.stage.driver.say(account, "/start")
            person = await self.city.somebody(account)
            async with self.city.work() as work:
                await members.join(work, person, "east-1")
        await self.stage.driver.updates()
        return riders

    async def sleeps(self, account: int, hours: QuietHours) -> None:
        """Somebody has quiet hours of their own."""
        person = await self.city.somebody(account)
        async with self.city.work() as work:
            found = Person(person, account, "zh_CN", self.city.now.date())
            await Hearing(work, found).keep_quiet(hours)

    async def group(self, kind: str = "supergroup") -> int:
        """A group that is bound to the riders' branch."""
        chat = await self.stage.driver.group(ORGANIZER, kind=kind)
        values = {"bot": BOT, "chat": chat, "kind": kind, "title": kind, "branch": "east-1"}
        async with self.city.work() as work:
            await work.execute(sa.insert(chats).values(**values))
        return chat

    async def at(self, moment: str) -> None:
        """It is that time, and what is due happens."""
        self.stage.now = self.city.now = shanghai(moment)
        await self.tick()

    async def tick(self) -> None:
        """The clock does what is due."""
        kinds = broadcasting(Terms(threshold=1000), broadcast_words.DRAWS)
        await work_off(self.stage.database, kinds, self.stage.now)

    async def look(self, number: int) -> tuple[Broadcast, Progress]:
        """The broadcast, and how far it is."""
        async with self.city.work() as work:
            found = await rows.get(work, number)
            assert found is not None
            return found, await self._desk(work).progress(found)

    async def make(self) -> int:
        """Send it to all, people and groups."""
        async with self.city.work() as work:
            made = await self._desk(work).make("all to:both", "safety", CONTENT.to_json(), None)
        assert made is not None
        return made

    def _desk(self, work: Any) -> BroadcastDesk:
        person = Person(self.organizer, ORGANIZER, "zh_CN", self.city.now.date())
        return BroadcastDesk(work, person, Terms(threshold=1000), small_shelf().library)

    async def report(self, number: int) -> tuple[Any, str]:
        """The report, and what it says."""
        async with self.city.work() as work:
            found = await rows.get(work, number)
            assert found is not None
            told = await self._desk(work).report(found)
            with speaking("zh_CN"):
                return told, broadcast_words.report(found, told).text

    async def until_awake_have_it(self, number: int) -> Progress:
        """Wait until only those who sleep are left."""
        async with asyncio.timeout(30):
            while True:
                _found, seen = await self.look(number)
                if seen.recipients and seen.waiting == seen.asleep:
                    return seen
                await asyncio.sleep(0.02)


@TELLS_OF_SECONDS
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_a_bad_day_adds_up(stage: Stage) -> None:
    """Quiet hours in between, a group that moved, 3 % who blocked the bot, a group that threw it out, and a
    storm of 429s."""
    stage.now = shanghai("2026-05-13T21:30")
    day = Day(stage, City(stage.database, stage.now))
    riders = await day.begin()
    for account in riders[:BLOCKED]:
        await stage.driver.client("blocks", user=account, blocked=True)
    for account in riders[-ASLEEP:]:
        await day.sleeps(account, QuietHours(21 * 60, 8 * 60))
    plain, forbidden = await day.group(), await day.group()
    old = await day.group("group")
    moved = (await stage.driver.client("chats", id=old, type="supergroup"))["id"]
    await stage.driver.client("members", chat=forbidden, user=BOT, status="kicked")
    await stage.driver.client("faults", method="sendMessage", times=8, retry_after=1)

    number = await day.make()
    await day.tick()
    speaker = stage.speaker()
    running = asyncio.create_task(speaker.run())
    seen = await day.until_awake_have_it(number)
    assert (seen.phase, seen.asleep) == ("night", ASLEEP)
    await day.at("2026-05-14T07:59")
    assert (await day.look(number))[1].sent == seen.sent
    await day.at("2026-05-14T08:00")
    await day.until_awake_have_it(number)
    await day.at("2026-05-14T08:01")

    told, said = await day.report(number)
    progress = told.progress
    assert (progress.phase, progress.sent, progress.blocked) == ("over", RIDERS - BLOCKED + 2, BLOCKED + 1)
    assert (progress.failed, progress.uncertain, progress.waiting) == (0, 0, 0)
    assert progress.recipients == progress.audience == RIDERS + 3
    assert f"一共要发 {RIDERS + 3} 个" in said
    assert {line.group: line.numbers["sent"] for line in told.groups} == {plain: 1, moved: 1, forbidden: 0}
    for account in riders:
        expected = [] if account in riders[:BLOCKED] else ["明天高温，朋友多喝水。"]
        assert await stage.texts(account) == expected
    for chat, times in ((plain, 1), (moved, 1)):
        assert (await stage.texts(chat)).count("明天高温，大家多喝水。") == times
    await speaker.stop(1)
    running.cancel()
