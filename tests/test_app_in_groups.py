"""Groups end to end: the whole bot against the sandbox, people acting over /client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from bot.app import Wayside, utc_now
from bot.sandbox import SandboxSettings, start_sandbox
from bot.services import outbox
from bot.services.groups import news
from bot.services.outbox import BROADCAST, Outgoing
from bot.services.roles.rules import Role
from bot.settings import Settings
from bot.store.database import Database
from bot.store.tables import chats
from tests.conftest import BOT
from tests.sandbox.driver import Driver
from tests.services.people import City

Json = dict[str, Any]
TOKEN = f"{BOT}:" + "A" * 35
ADMIN, ORGANIZER, RIDER = 1, 2, 3
# What the settings of a group say, and nothing else.
PANEL = "语言：中文"


@dataclass
class Town:
    """A sandbox with the bot in it, an organizer of the eastern branches, and a rider."""

    driver: Driver
    wayside: Wayside

    async def group(self, *members: int, **about: Any) -> int:
        """A group with these people and the bot; the first one owns it."""
        body = {"type": "group", "title": "骑手群", "members": [*members, BOT], **about}
        return int((await self.driver.client("chats", **body))["id"])

    async def messages(self, chat: int) -> list[Json]:
        """The bot's messages in a chat, as it shows them now."""
        shown = await self.driver.look(f"chats/{chat}/messages")
        found = shown["messages"] if isinstance(shown, dict) else shown
        return [message for message in found if message["from"]["is_bot"] and "text" in message]

    async def read(self, chat: int, words: str, times: int = 1) -> Json:
        """Wait until the bot has said something with these words so often; gives the last such message."""
        async with asyncio.timeout(30):
            while True:
                found = [message for message in await self.messages(chat) if words in message["text"]]
                if len(found) >= times:
                    return found[-1]
                await asyncio.sleep(0.02)

    async def tap(self, who: int, chat: int, words: str, label: str) -> Json:
        """Wait for a button under the last message with these words, and tap it; gives the answer to the tap.

        A tap is answered before the screen is drawn anew: the button may not be there yet.
        """
        async with asyncio.timeout(30):
            while (data := _button(message := await self.read(chat, words), label)) is None:  # noqa: ASYNC110 - the sandbox shows it
                await asyncio.sleep(0.02)
        body = {"from": who, "chat": chat, "message_id": message["message_id"], "data": data}
        answer: Json = await self.driver.client("presses", **body)
        return answer

    async def row(self, chat: int) -> Any:
        """What is known of a group."""
        async with self.wayside.database.work(BOT, utc_now()) as work:
            return await work.first(sa.select(chats).where(chats.c.chat == chat))

    async def until_heard(self, chat: int) -> None:
        """Wait until it is noted that the bot may write in a group."""
        async with asyncio.timeout(30):
            while (await self.row(chat)).silent_since is not None:  # noqa: ASYNC110 - the speaker notes it
                await asyncio.sleep(0.02)

    async def bind(self, chat: int) -> None:
        """The organizer binds a group to a branch, by the branch's link."""
        await self.driver.say(ORGANIZER, "/start@wayside_bot bind_east-1", chat)
        await self.read(chat, "现在是 城东外卖支部")

    async def broadcast(self, chat: int, words: str, thread: int | None = None) -> None:
        """Something that goes out by itself."""
        body = {"type": "text", "text": words, "spans": [], "rows": []}
        async with self.wayside.database.work(BOT, utc_now()) as work:
            await outbox.put(work, [Outgoing(BOT, chat, body, BROADCAST, thread=thread)])


def _button(message: Json, label: str) -> str | None:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return next((b["callback_data"] for row in rows for b in row if label in b["text"]), None)


@pytest.fixture
async def town(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    """The whole bot, with people and their roles."""
    monkeypatch.setattr(news, "SETTLING", timedelta(0))
    sandbox = await start_sandbox(SandboxSettings(port=0, flood="off", seed=1))
    settings = Settings(
        token=SecretStr(TOKEN),
        database_url=f"sqlite:///{sqlite.engine.url.database}",
        api_url=sandbox.url,
        messages_per_second=0,
    )
    wayside = Wayside(settings)
    async with aiohttp.ClientSession() as http, wayside.running():
        driver = Driver(sandbox, http, TOKEN)
        for who in (ADMIN, ORGANIZER, RIDER):
            await driver.client("users", id=who, first_name=f"P{who}", language_code="zh-hans")
            await driver.say(who, "/start")
        city = City(wayside.database, utc_now())
        await city.build()
        boss = await city.admin(ADMIN)
        await city.granted(ORGANIZER, Role.ORGANIZER, "east", boss)
        yield Town(driver, wayside)
    await sandbox.close()


async def test_greeted_once_bound_in_private_and_still_so_after_it_moved(town: Town) -> None:
    chat = await town.group(ORGANIZER, RIDER)
    greeting = await town.read(chat, "大家好")
    link = greeting["reply_markup"]["inline_keyboard"][0][0]["url"]
    assert link.endswith(f"?start=group_{chat}")
    await town.driver.say(ORGANIZER, f"/start group_{chat}")
    await town.tap(ORGANIZER, ORGANIZER, "是哪个支部的群", "城东行业党委")
    await town.tap(ORGANIZER, ORGANIZER, "是哪个支部的群", "城东外卖支部")
    await town.tap(ORGANIZER, ORGANIZER, "是哪个支部的群", "就绑这个")
    await town.read(chat, "现在是 城东外卖支部 的了")
    moved = (await town.driver.client("chats", id=chat, type="supergroup"))["id"]
    await town.driver.say(RIDER, "/group@wayside_bot", moved)
    assert "支部：城东外卖支部" in (await town.read(moved, PANEL))["text"]
    assert (await town.row(chat)).became == moved
    said = [message["text"] for message in [*await town.messages(chat), *await town.messages(moved)]]
    assert sum("大家好" in text for text in said) == 1


async def test_an_administrator_without_a_role_binds_nothing(town: Town) -> None:
    chat = await town.group(RIDER, ORGANIZER)
    await town.driver.say(RIDER, "/start@wayside_bot bind_east-1", chat)
    await town.driver.say(ORGANIZER, "/start@wayside_bot bind_east-1", chat)
    await town.read(chat, "既是这个群的管理员", times=2)
    await town.driver.say(RIDER, f"/start group_{chat}")
    await town.read(RIDER, "既是这个群的管理员")
    assert (await town.row(chat)).branch is None


async def test_settings_are_for_administrators_of_the_group(town: Town) -> None:
    chat = await town.group(ORGANIZER, RIDER)
    await town.driver.say(ORGANIZER, "/group@wayside_bot", chat)
    answer = await town.tap(RIDER, chat, PANEL, "English")
    assert "管理员" in answer["text"]
    await town.driver.client("members", chat=chat, user=RIDER, status="administrator")
    await town.tap(RIDER, chat, PANEL, "English")
    await town.read(chat, "Language: English")
    assert (await town.row(chat)).language == "en"


async def test_lost_rights_are_told_whether_telegram_says_so_or_not(town: Town) -> None:
    chat = await town.group(ORGANIZER, RIDER, type="supergroup")
    await town.bind(chat)
    await town.driver.client("members", chat=chat, user=BOT, status="restricted")
    await town.read(ORGANIZER, "发不了言")
    await town.driver.client("members", chat=chat, user=BOT, status="member")
    await town.driver.say(RIDER, "/group@wayside_bot", chat)
    await town.read(chat, "支部：城东外卖支部")
    assert (await town.row(chat)).silent_since is None
    # Permissions of all members change without a word to the bot: it finds out when it writes.
    await town.driver.client("chats", id=chat, may_write=False)
    await town.broadcast(chat, "for nobody")
    await town.read(ORGANIZER, "发不了言", times=2)
    await town.driver.client("chats", id=chat, may_write=True)
    await town.broadcast(chat, "heard again")
    await town.read(chat, "heard again")
    await town.until_heard(chat)


async def test_removed_and_put_in_again(town: Town) -> None:
    chat = await town.group(ORGANIZER, RIDER)
    await town.read(chat, "大家好")
    await town.bind(chat)
    await town.driver.client("members", chat=chat, user=BOT, status="kicked")
    await town.read(ORGANIZER, "移出了群")
    await town.driver.client("members", chat=chat, user=BOT, status="member")
    assert "城东外卖支部" in (await town.read(chat, "我回来了"))["text"]
    assert sum("大家好" in message["text"] for message in await town.messages(chat)) == 1


async def test_news_go_to_their_topic_and_to_the_group_once_it_is_deleted(town: Town) -> None:
    chat = await town.group(ORGANIZER, RIDER, type="supergroup", forum=True)
    await town.bind(chat)
    thread = (await town.driver.client("topics", chat=chat, name="News"))["message_thread_id"]
    await town.driver.say(ORGANIZER, "/group@wayside_bot", chat, thread=thread)
    await town.tap(ORGANIZER, chat, PANEL, "通知发到这个话题")
    await town.read(chat, "专门的话题")
    assert (await town.row(chat)).topic == thread
    await town.broadcast(chat, "into the topic", thread)
    assert (await town.read(chat, "into the topic"))["message_thread_id"] == thread
    await town.driver.client("topics", chat=chat, thread=thread, deleted=True)
    await town.broadcast(chat, "the topic is gone", thread)
    assert "message_thread_id" not in await town.read(chat, "the topic is gone")
    assert (await town.row(chat)).topic is None
