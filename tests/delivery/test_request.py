"""The transport: which failures mean that nothing happened, and that the token never shows."""

from __future__ import annotations

import asyncio
import logging
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from structlog.testing import capture_logs
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.ext import ExtBot

from bot.delivery.request import NotSent, Request, Timeouts, Unanswered
from bot.services.outbox import Outgoing
from tests.conftest import BOT
from tests.delivery.conftest import TELLS_OF_SECONDS, Stage, text

pytestmark = TELLS_OF_SECONDS
CANARY = "5550001:CANARY" + "x" * 30

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[Answer], Awaitable["ExtBot[None]"]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts a server with one answer for everything; gives a bot that talks to it."""
    runners: list[web.AppRunner] = []
    requests: list[Request] = []

    async def start(answer: Answer) -> ExtBot[None]:
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        requests.append(Request(Timeouts(connect=1, answer=0.2)))
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
        return ExtBot(CANARY, base_url=url, request=requests[-1], get_updates_request=requests[-1])

    yield start
    for request in requests:
        await request.shutdown()
    for runner in runners:
        await runner.cleanup()


def answering(status: int, body: bytes) -> Answer:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, body=body.replace(b"PATH", request.path.encode()))

    return answer


async def send(bot: ExtBot[None]) -> object:
    return await bot.do_api_request("sendmessage", {"chat_id": 1, "text": "hi"})


async def test_a_result_comes_back_raw(serve: Serve) -> None:
    bot = await serve(answering(200, b'{"ok": true, "result": {"message_id": 7}}'))
    assert await send(bot) == {"message_id": 7}


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, b'{"ok": false, "description": "Bad Request: chat not found"}', BadRequest),
        (400, b'{"ok": false, "parameters": {"migrate_to_chat_id": -100}}', ChatMigrated),
        (401, b'{"ok": false, "description": "Unauthorized"}', InvalidToken),
        (403, b'{"ok": false, "description": "Forbidden: bot was blocked by the user"}', Forbidden),
        (429, b'{"ok": false, "parameters": {"retry_after": 3}}', RetryAfter),
        (502, b"<html>PATH</html>", NetworkError),
        (302, b"", NetworkError),
        (200, b"<html>PATH</html>", Unanswered),
        (200, b'{"ok": tr', Unanswered),
    ],
)
async def test_each_answer_is_the_right_error_and_hides_the_token(
    serve: Serve, status: int, body: bytes, error: type[Exception]
) -> None:
    bot = await serve(answering(status, body))
    with pytest.raises(error) as caught:
        await send(bot)
    assert "CANARY" not in "".join(traceback.format_exception(caught.value))


async def test_a_refused_connection_sent_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        request = Request()
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/bot"
        bot = ExtBot(CANARY, base_url=url, request=request, get_updates_request=request)
        with pytest.raises(NotSent) as caught:
            await send(bot)
        await request.shutdown()
    assert "CANARY" not in "".join(traceback.format_exception(caught.value))


async def test_an_answer_that_never_comes_is_uncertain(serve: Serve) -> None:
    async def hang(_request: web.Request) -> web.Response:
        await asyncio.sleep(1)
        return web.Response()

    with pytest.raises(Unanswered) as caught:
        await send(await serve(hang))
    assert "CANARY" not in "".join(traceback.format_exception(caught.value))


async def test_a_lost_connection_is_uncertain(serve: Serve) -> None:
    async def drop(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    with pytest.raises(Unanswered):
        await send(await serve(drop))


async def test_no_log_holds_the_token_or_what_was_said(
    strict_stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """Everything at DEBUG, every kind of failure on the way: neither token nor text shows."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, "aiosqlite")  # the database's own log is the store's matter
    driver, speaker = strict_stage.driver, strict_stage.speaker()
    ann, ben = await driver.started(), await driver.started()
    await driver.client("blocks", user=ben, blocked=True)
    for fault in ({"error_code": 502}, {"drop": "after"}, {"drop": "before"}, {"retry_after": 1}):
        await driver.client("faults", method="sendMessage", times=1, **fault)
    bad = text("SECRET", rows=[[{"label": "SECRET", "url": "nowhere://SECRET"}]])
    with capture_logs() as logs:
        await strict_stage.say(speaker, [Outgoing(BOT, ann, text("SECRET")), Outgoing(BOT, ben, bad)])
        await strict_stage.say(speaker, [Outgoing(BOT, ann, bad), Outgoing(BOT, ann, {"type": "SECRET"})])
        rows = await strict_stage.settled()
    assert [row.state for row in rows] == ["sent", "skipped", "dead", "dead"]
    everything = caplog.text + repr(logs) + repr([row.error for row in rows])
    assert "AAAAAA" not in everything
    assert "SECRET" not in everything
