"""Long polling against the sandbox, and against peers that answer badly. Real HTTP on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.handlers.polling import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, Polling
from bot.sandbox import SandboxSettings, start_sandbox
from bot.settings import UPDATES
from bot.store.tables import outbox, updates
from tests.handlers.conftest import Ears, Outage
from tests.handlers.updates import said
from tests.sandbox.driver import TOKEN, Driver

PATIENCE_SECONDS = 30


@pytest.fixture
async def telegram() -> AsyncIterator[Driver]:
    """A local Telegram whose bot is this test's."""
    sandbox = await start_sandbox(SandboxSettings(port=0, flood="off", seed=1))
    async with aiohttp.ClientSession() as http:
        driver = Driver(sandbox, http)
        await driver.bot("getMe")
        yield driver
    await sandbox.close()


@asynccontextmanager
async def polling(ears: Ears, url: str, pauses: list[float] | None = None) -> AsyncIterator[None]:
    """Poll as long as the block runs; pauses are noted and pass at once."""

    async def pause(seconds: float) -> None:
        if pauses is not None:
            pauses.append(seconds)
        await asyncio.sleep(0.001)

    task = asyncio.create_task(Polling(ears.feed, url, TOKEN, UPDATES, pause).run())
    try:
        yield
        assert not task.done(), "polling must never end by itself"
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await holds():  # noqa: ASYNC110 - another process, or the loop itself, makes it hold
            await asyncio.sleep(0.005)


async def _waiting(telegram: Driver) -> int:
    return int((await telegram.look("stats"))["updates_waiting"])


async def test_messages_of_one_chat_in_one_poll_keep_their_order(telegram: Driver, ears: Ears) -> None:
    ann = await telegram.person()
    words = [f"/nothing{number}" for number in range(30)]
    for word in words:
        await telegram.say(ann, word)
    async with polling(ears, telegram.sandbox.url):
        await until(lambda: _has_heard(ears, 30))
    asked = [text.split(".")[0].removeprefix("I don't know ") for text in ears.stand.heard.texts]
    assert asked == words


async def test_many_chats_at_once(telegram: Driver, ears: Ears) -> None:
    people = [await telegram.person() for _ in range(20)]
    for who in people:
        await telegram.say(who, "/file")
        await telegram.say(who, "Pay")
    async with polling(ears, telegram.sandbox.url):
        await until(lambda: _has_heard(ears, 40))
        await until(lambda: _is_confirmed(telegram))
    assert sorted(set(ears.stand.heard.texts)) == ["Tell us what happened.", "What is it about?"]


async def test_an_update_is_confirmed_only_after_its_commit(
    telegram: Driver, ears_on_each: Ears, outage: Outage
) -> None:
    """While the database is away updates stay with Telegram; then each is applied once, in order."""
    ann = await telegram.person()
    await telegram.say(ann, "/file")
    async with polling(ears_on_each, telegram.sandbox.url):
        await until(lambda: _is_confirmed(telegram))
    pauses: list[float] = []
    async with outage():
        await telegram.say(ann, "Pay")
        await telegram.say(ann, "They owe me")
        async with polling(ears_on_each, telegram.sandbox.url, pauses):
            await until(lambda: _is(len(pauses) > 3))
            assert await _waiting(telegram) == 2
            assert len(ears_on_each.stand.heard.texts) == 1
    async with polling(ears_on_each, telegram.sandbox.url):
        await until(lambda: _is_confirmed(telegram))
    said_back = ears_on_each.stand.heard.texts
    assert said_back == ["What is it about?", "Tell us what happened.", "Where?"]
    assert await ears_on_each.count(updates) == 3


async def test_what_was_played_and_not_confirmed_is_not_played_again(telegram: Driver, ears: Ears) -> None:
    """A process that dies after the commit and before the next poll gets the same updates again."""
    ann = await telegram.person()
    await telegram.say(ann, "/file")
    raw = await telegram.bot("getUpdates")
    assert await ears.hear(*raw) == ["What is it about?"]
    assert await _waiting(telegram) == 1
    async with polling(ears, telegram.sandbox.url):
        await until(lambda: _is_confirmed(telegram))
    assert await ears.count(outbox) == 1


async def test_another_poller_and_a_webhook_only_make_it_wait(telegram: Driver, ears: Ears) -> None:
    """409 while a webhook is set; as soon as it is gone, polling goes on by itself."""
    ann = await telegram.person()
    await telegram.bot("setWebhook", url="http://127.0.0.1:9/")
    pauses: list[float] = []
    with capture_logs() as logs:
        async with polling(ears, telegram.sandbox.url, pauses):
            await until(lambda: _is(len(pauses) >= 8))
            await telegram.bot("deleteWebhook")
            await telegram.say(ann, "/file")
            await until(lambda: _has_heard(ears, 1))
    doubling = [min(FIRST_PAUSE_SECONDS * 2**turn, LONGEST_PAUSE_SECONDS) for turn in range(8)]
    assert pauses[:8] == doubling
    assert {entry.get("code") for entry in logs} == {409}
    assert TOKEN not in str(logs)


Answer = tuple[int, bytes]


@asynccontextmanager
async def peer(answers: list[Answer]) -> AsyncIterator[str]:
    """A server that gives these answers to getUpdates, the last one again and again."""
    left = list(answers)

    async def answer(_request: web.Request) -> web.Response:
        status, body = left.pop(0) if len(left) > 1 else left[0]
        return web.Response(status=status, body=body, headers={"Location": "http://127.0.0.1:9/"})

    app = web.Application()
    app.router.add_post("/bot{token}/getUpdates", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


def _ok(*raw: Any) -> Answer:
    return 200, orjson.dumps({"ok": True, "result": list(raw)})


def _refused(code: int) -> Answer:
    reason = f"https://api.telegram.org/bot{TOKEN}/getUpdates"
    return code, orjson.dumps({"ok": False, "error_code": code, "description": reason})


@pytest.mark.parametrize(
    "bad",
    [
        _refused(401),
        _refused(409),
        _refused(429),
        _refused(500),
        (502, b"<html>Bad gateway</html>"),
        (200, b""),
        (200, b"[]"),
        (200, b'"ok"'),
        (200, b'{"ok": true}'),
        (200, b'{"ok": true, "result": {"update_id": 1}}'),
        (200, b"\xff" * 100),
        (302, b""),
        _ok(None, 7, {}, {"update_id": "x"}),
    ],
)
async def test_after_a_bad_answer_it_waits_and_goes_on(ears: Ears, bad: Answer) -> None:
    """Whatever a peer says: no end, no hurry, no token in the log."""
    pauses: list[float] = []
    with capture_logs() as logs:
        async with peer([bad, bad, _ok(said("/file")), bad]) as url, polling(ears, url, pauses):
            await until(lambda: _is(len(pauses) > 3))
    assert ears.stand.heard.texts == ["What is it about?"]
    assert pauses[:3] == [FIRST_PAUSE_SECONDS, 2 * FIRST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS]
    assert TOKEN not in str(logs)


async def test_a_server_that_is_not_there_is_tried_again(ears: Ears) -> None:
    pauses: list[float] = []
    with capture_logs() as logs:
        async with polling(ears, "http://127.0.0.1:9", pauses):
            await until(lambda: _is(len(pauses) > 2))
    assert TOKEN not in str(logs)


async def test_one_that_can_never_be_read_does_not_hold_up_the_others(ears: Ears) -> None:
    broken = {"update_id": 10**6, "message": {"text": 7}}
    async with peer([_ok(broken, {**said("/file"), "update_id": 10**6 + 1})]) as url, polling(ears, url):
        await until(lambda: _has_heard(ears, 1))


async def test_half_an_emoji_does_not_hold_up_the_others(ears: Ears) -> None:
    """orjson refuses a lone surrogate, and with it the whole batch: polling would never go on."""
    status, body = _ok(said("/nothing HALF"), said("/file"))
    async with peer([(status, body.replace(b"HALF", rb"\udc00"))]) as url, polling(ears, url):
        await until(lambda: _has_heard(ears, 2))
    assert ears.stand.heard.texts[1] == "What is it about?"


async def _is(holds: bool) -> bool:
    return holds


async def _has_heard(ears: Ears, count: int) -> bool:
    return len(ears.stand.heard.texts) >= count


async def _is_confirmed(telegram: Driver) -> bool:
    return await _waiting(telegram) == 0
