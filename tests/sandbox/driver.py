"""Both sides of a sandbox for tests: a bot that calls methods, and people who act. Real HTTP on loopback."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.sandbox import RunningSandbox

Json = dict[str, Any]
TOKEN = "4200000001:" + "A" * 35
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000002000000020802000000fdd49a73"
    "0000001049444154789c63f8cfc0f01f8c1960340033e805fbb7c6be710000000049454e44ae426082"
)


class Refusal(Exception):
    """A call that was refused: the status and the words."""

    def __init__(self, code: int, text: str, parameters: Json) -> None:
        super().__init__(f"{code} {text}")
        self.code = code
        self.text = text
        self.parameters = parameters


@dataclass
class Driver:
    """One bot and the people around it."""

    sandbox: RunningSandbox
    http: aiohttp.ClientSession
    token: str = TOKEN
    offset: int = 0
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1001))

    async def bot(self, method: str, **parameters: Any) -> Any:
        """Call a Bot API method; gives its result or raises Refusal."""
        url = f"{self.sandbox.url}/bot{self.token}/{method}"
        async with self.http.post(url, json=parameters) as response:
            answer = await response.json()
        if not answer["ok"]:
            assert response.status == answer["error_code"]
            raise Refusal(answer["error_code"], answer["description"], answer.get("parameters", {}))
        return answer["result"]

    async def client(self, name: str, /, **body: Any) -> Any:
        """POST to /client; gives its answer or raises Refusal."""
        async with self.http.post(f"{self.sandbox.url}/client/{name}", json=body) as response:
            return await _client_answer(response)

    async def form(self, name: str, form: aiohttp.FormData) -> Any:
        """POST a form to /client."""
        async with self.http.post(f"{self.sandbox.url}/client/{name}", data=form) as response:
            return await _client_answer(response)

    async def look(self, path: str, **query: Any) -> Any:
        """GET from /client."""
        params = {key: str(value) for key, value in query.items()}
        async with self.http.get(f"{self.sandbox.url}/client/{path}", params=params) as response:
            return await _client_answer(response)

    async def person(self, name: str = "Ann", **about: Any) -> int:
        """A new person; gives their id."""
        user = await self.client("users", id=next(self._ids), first_name=name, **about)
        return int(user["id"])

    async def started(self, name: str = "Ann", **about: Any) -> int:
        """A new person who has started the bot; the update is confirmed."""
        await self.bot("getMe")
        who = await self.person(name, **about)
        await self.say(who, "/start")
        await self.updates()
        return who

    async def say(self, who: int, text: str, chat: int | None = None, **more: Any) -> Json:
        """Somebody writes a text."""
        body = {"from": who, "chat": who if chat is None else chat, "text": text, **more}
        message: Json = await self.client("messages", **body)
        return message

    async def updates(self, **parameters: Any) -> list[Json]:
        """Fetch and confirm what waits."""
        updates: list[Json] = await self.bot("getUpdates", offset=self.offset, **parameters)
        if updates:
            self.offset = updates[-1]["update_id"] + 1
            await self.bot("getUpdates", offset=self.offset)
        return updates

    async def group(
        self, *members: int, title: str = "Riders", kind: str = "supergroup", **about: Any
    ) -> int:
        """A group with these people and the bot; what the bot heard of it is confirmed."""
        me = await self.bot("getMe")
        chat = await self.client("chats", type=kind, title=title, members=[*members, me["id"]], **about)
        await self.updates()
        return int(chat["id"])

    async def me(self) -> int:
        """The bot's id."""
        return int((await self.bot("getMe"))["id"])


async def _client_answer(response: aiohttp.ClientResponse) -> Any:
    answer = await response.json()
    if response.status != 200:
        raise Refusal(response.status, answer["error"], {})
    return answer


class FakeClock:
    """Unix time that only moves when told to."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
