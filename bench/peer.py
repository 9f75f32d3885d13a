"""A Telegram that only answers, and the people who keep a bot busy through its webhook: one process for both.

It stands in for the sandbox where the bot's own cost is measured: it keeps nothing and checks nothing, so the
second core is enough for it. It sees every message with its buttons, and so can tap them.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote_plus

import aiohttp
import orjson
from aiohttp import web

from bot.handlers.webhook import SECRET_HEADER

Json = dict[str, Any]
TOKEN = "700000001:" + "A" * 35
SECRET = "bench"
ME: Json = {"id": 700_000_001, "is_bot": True, "first_name": "Bench", "username": "BenchBot"}
DATE = 1_778_653_200
ANSWER_SECONDS = 30


class Peer:
    """Both sides of a bot's day. Updates are delivered to the `hooks` in turn, as a balancer would."""

    def __init__(self, *hooks: str) -> None:
        self.url = ""
        self.answers = 0
        self.unasked: tuple[str, ...] = ("顺便问一句",)
        """Words of what comes besides: such a message is no answer."""
        self._hooks = itertools.cycle(hooks)
        # A bot that knows a database from an earlier run must not take these updates for known ones.
        self._numbers = itertools.count(time.time_ns() // 1000)
        self._messages = itertools.count(1)
        self._waiting: dict[int, tuple[int, list[Json], asyncio.Future[list[Json]]]] = {}
        self._http: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Peer]:
        """Answer and deliver as long as the block runs."""
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as self._http:
            yield self
        await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"].lower()
        body = await _read(request)
        result: Any = True
        if method == "getme":
            result = ME
        elif method.startswith("getmy"):
            result = {}
        elif method.startswith(("send", "edit")):
            result = self._said(body)
        return web.Response(
            body=orjson.dumps({"ok": True, "result": result}), content_type="application/json"
        )

    def _said(self, body: Json) -> Json:
        chat = int(body["chat_id"])
        number = int(body.get("message_id") or next(self._messages))
        message = {"message_id": number, "from": ME, "date": DATE, "chat": _chat(chat)}
        message["text"] = body.get("text", "")
        self.answers += 1
        is_answer = not any(words in str(message["text"]) for words in self.unasked)
        if is_answer and chat in self._waiting:
            count, heard, waiting = self._waiting[chat]
            heard.append({**message, "reply_markup": body.get("reply_markup") or {}})
            if len(heard) == count:
                del self._waiting[chat]
                waiting.set_result(heard)
        return message

    async def say(self, chat: int, **content: Any) -> Json:
        """Somebody sends something; gives what the bot answered."""
        return await self._ask(chat, self.message(chat, **content))

    def message(self, chat: int, **content: Any) -> Json:
        """An update with a message that somebody sends."""
        message = {"message_id": next(self._messages), "from": _person(chat), "chat": _chat(chat)}
        return {"message": {**message, "date": DATE, **content}}

    async def tap(self, chat: int, message: Json, data: str, answers: int = 1) -> Json:
        """Somebody taps a button under a message; gives the first of so many answers."""
        query = {"id": str(chat), "from": _person(chat), "chat_instance": "1", "data": data}
        return await self._ask(chat, {"callback_query": {**query, "message": message}}, answers)

    async def deliver(self, update: Json) -> None:
        """Hand one update to the bot, and wait until it takes it."""
        assert self._http is not None
        body = orjson.dumps({"update_id": next(self._numbers), **update})
        headers = {SECRET_HEADER: SECRET, "Content-Type": "application/json"}
        async with self._http.post(next(self._hooks), data=body, headers=headers) as response:
            await response.read()
            assert response.status == 200, response.status

    async def _ask(self, chat: int, update: Json, answers: int = 1) -> Json:
        waiting: asyncio.Future[list[Json]] = asyncio.get_running_loop().create_future()
        self._waiting[chat] = (answers, [], waiting)
        await self.deliver(update)
        async with asyncio.timeout(ANSWER_SECONDS):
            return (await waiting)[0]


async def _read(request: web.Request) -> Json:
    """JSON, or a form as aiogram sends it (all it needs here are plain fields)."""
    if request.content_type == "application/json":
        body: Json = orjson.loads(await request.read() or b"{}")
        return body
    if request.content_type == "application/x-www-form-urlencoded":
        pairs = (await request.text()).split("&")
        return {
            unquote_plus(name): unquote_plus(value) for name, _, value in (p.partition("=") for p in pairs)
        }
    return dict(await request.post())


def _person(chat: int) -> Json:
    return {
        "id": chat,
        "is_bot": False,
        "first_name": "Courier",
        "last_name": str(chat),
        "username": f"courier_{chat}",
        "language_code": "zh-hans",
    }


def _chat(chat: int) -> Json:
    return {
        "id": chat,
        "type": "private",
        "first_name": "Courier",
        "last_name": str(chat),
        "username": f"courier_{chat}",
    }


def button(message: Json, place: tuple[int, int] | str) -> str:
    """What a button carries: the one in that row and column, or the first with these words on it."""
    rows = message["reply_markup"]["inline_keyboard"]
    if isinstance(place, tuple):
        return str(rows[place[0]][place[1]]["callback_data"])
    found = (button for row in rows for button in row if place in button["text"])
    return str(next(found)["callback_data"])


async def in_turn(count: int, workers: int, deed: Callable[[int], Awaitable[None]]) -> None:
    """Do a deed for the numbers below `count`, so many at once."""
    numbers = iter(range(count))

    async def work() -> None:
        for number in numbers:
            await deed(number)

    await asyncio.gather(*(work() for _ in range(workers)))
