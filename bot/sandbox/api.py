"""The Bot API side over HTTP: /bot<token>/<method> and /file/bot<token>/<path>."""

import asyncio
import inspect
import re
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.arguments import Arguments
from bot.sandbox.bodies import read_arguments
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.faults import Fault
from bot.sandbox.methods import METHODS
from bot.sandbox.people import Bot
from bot.sandbox.stage import Call, Stage

Json = dict[str, Any]
_TOKEN = re.compile(r"([1-9]\d{0,15}):[A-Za-z0-9_-]{30,80}")
NOT_FOUND = ApiError(404, "Not Found")
UNAUTHORIZED = ApiError(401, "Unauthorized")
_HEADERS = {"Content-Type": "application/json"}


class Api:
    """Answers Bot API requests on one stage."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._by_token: dict[str, Bot] = {}
        stage.run_reply = self.run_reply

    def bot(self, token: str) -> Bot:
        """The bot of a token; a new well-formed one registers a bot. Raises ApiError 401."""
        known = self._by_token.get(token)
        if known is not None:
            return known
        match = _TOKEN.fullmatch(token)
        allowed = self.stage.settings.tokens
        if match is None or (allowed is not None and token not in allowed):
            raise UNAUTHORIZED
        world = self.stage.world
        bot_id = int(match[1])
        if bot_id in world.users:
            raise UNAUTHORIZED
        bot = world.bots.get(bot_id) or world.add_bot(bot_id, token)
        if bot.token != token:
            raise UNAUTHORIZED
        self._by_token[token] = bot
        return bot

    async def handle(self, request: web.Request) -> web.Response:
        """One method call, faults included."""
        name = request.match_info["method"].lower()
        fault = self.stage.faults.next(name) if self.stage.faults.ordered else None
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault is not None and fault.drop == "before":
            return _hang_up(request)
        answer = await self._answer(request, name, fault)
        if fault is not None and fault.drop == "after":
            return _hang_up(request)
        if answer.get("ok"):
            return web.Response(body=orjson.dumps(answer), headers=_HEADERS)
        headers = dict(_HEADERS)
        if answer.get("parameters", {}).get("retry_after"):
            headers["Retry-After"] = str(answer["parameters"]["retry_after"])
        return web.Response(status=answer["error_code"], body=orjson.dumps(answer), headers=headers)

    async def _answer(self, request: web.Request, name: str, fault: Fault | None) -> Json:
        try:
            bot = self.bot(request.match_info["token"])
            error = fault.error() if fault is not None else None
            if error is not None:
                raise error
            return {"ok": True, "result": await self.run(bot, name, await read_arguments(request))}
        except ApiError as error:
            return error.body()
        except ValueError as error:
            return bad_request(str(error)).body()

    async def run(self, bot: Bot, name: str, args: Arguments) -> Any:
        """Carry out one method (its name in lower case). Raises ApiError."""
        known = METHODS.get(name)
        if known is None:
            raise NOT_FOUND
        official_name, handler = known
        self.stage.calls[official_name] += 1
        result = handler(Call(self.stage, bot, args))
        return await result if inspect.isawaitable(result) else result

    async def run_reply(self, bot: Bot, body: Json) -> None:
        """A method that came as the answer to a webhook; nobody hears of its result (as on Telegram)."""
        try:
            await self.run(bot, str(body.pop("method")).lower(), Arguments(body))
        except ApiError:
            return

    async def file(self, request: web.Request) -> web.Response:
        """The content of a file, by the path that getFile gave."""
        try:
            self.bot(request.match_info["token"])
        except ApiError as error:
            return web.json_response(error.body(), status=error.code)
        file = self.stage.files.by_path.get(request.match_info["path"])
        if file is None:
            return web.json_response(NOT_FOUND.body(), status=404)
        return web.Response(body=self.stage.files.read(file), content_type="application/octet-stream")


def _hang_up(request: web.Request) -> web.Response:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
