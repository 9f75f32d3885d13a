"""What survives a restart."""

from __future__ import annotations

from pathlib import Path

import aiohttp

from bot.sandbox import SandboxSettings, start_sandbox
from tests.sandbox.driver import PNG, Driver, FakeClock


async def test_everything_comes_back(tmp_path: Path, clock: FakeClock) -> None:
    settings = SandboxSettings(port=0, flood="off", data_dir=tmp_path / "data", clock=clock)
    first = await start_sandbox(settings)
    async with aiohttp.ClientSession() as http:
        driver = Driver(first, http)
        who = await driver.started(username="ann", language_code="zh-hans")
        chat = await driver.group(who, forum=True)
        await driver.client("members", chat=chat, user=await driver.me(), status="administrator")
        topic = await driver.bot("createForumTopic", chat_id=chat, name="Appeals")
        form = aiohttp.FormData({"from": str(who)})
        form.add_field("photo", PNG, filename="p.png")
        photo = await driver.form("messages", form)
        await driver.bot(
            "setMyCommands", commands=[{"command": "help", "description": "?"}], language_code="zh"
        )
        poll = await driver.bot("sendPoll", chat_id=who, question="?", options=["a", "b"])
        gone = await driver.bot("sendMessage", chat_id=who, text="gone")
        await driver.bot("deleteMessage", chat_id=who, message_id=gone["message_id"])
        await driver.updates()
        await driver.say(who, "still waiting")
        state = await driver.look("state")
        said = await driver.look(f"chats/{who}/messages")
        await first.close()

        second = await start_sandbox(settings)
        driver.sandbox = second
        assert await driver.look("state") == state
        assert await driver.look(f"chats/{who}/messages") == said
        waiting = await driver.updates()
        assert [update["message"]["text"] for update in waiting] == ["still waiting"]
        file_id = photo["photo"][0]["file_id"]
        async with http.get(f"{second.url}/client/files/{file_id}") as response:
            assert await response.read() == PNG
        vote = {"from": who, "chat": who, "message_id": poll["message_id"], "option_ids": [0]}
        assert (await driver.client("votes", **vote))["poll"]["total_voter_count"] == 1
        thread = topic["message_thread_id"]
        assert await driver.bot("sendMessage", chat_id=chat, message_thread_id=thread, text="x")
        sent = await driver.bot("sendMessage", chat_id=who, text="after the restart")
        assert sent["message_id"] == said[-1]["message_id"] + 1
        await second.close()


async def test_update_ids_go_on_after_a_restart(tmp_path: Path, clock: FakeClock) -> None:
    """A bot that remembers which updates it has seen must not take a new one for an old one."""
    settings = SandboxSettings(port=0, data_dir=tmp_path, clock=clock)
    seen = []
    for _ in range(2):
        sandbox = await start_sandbox(settings)
        async with aiohttp.ClientSession() as http:
            driver = Driver(sandbox, http)
            await driver.bot("getMe")
            who = await driver.person()
            await driver.say(who, "hello")
            seen += [update["update_id"] for update in await driver.updates()]
        await sandbox.close()
    assert seen == sorted(set(seen))
    assert len(seen) == 2
