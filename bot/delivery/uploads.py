"""Files on their way out: by the channel's own id where it has them already, else uploaded, once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from telegram import InputFile
from telegram.error import BadRequest

from bot.delivery.draw import Call, Medium
from bot.delivery.limiter import Ticket
from bot.services import files
from bot.services.files import FileGone, Kept
from bot.store.database import Database

Json = dict[str, Any]
Post = Callable[[str, Json, Ticket], Awaitable[Any]]

# The name under which an upload travels beside the parameters that point to it (Bot API, sending files).
_PART = "upload"
# Ids that are remembered in memory; the rest is read from the database.
_REMEMBERED = 1_000
# Words of the official server for an id that it knows no more.
_LOST = ("wrong file identifier", "wrong remote file identifier", "file reference", "wrong file_id")


class Uploads:
    """Carries out calls that show a file. `post` makes a call with its parameters and ticket.

    While a file is on its way up, others that show it wait for the channel's id.
    """

    def __init__(
        self, database: Database, bot: int, clock: Callable[[], datetime], content: Path, post: Post
    ) -> None:
        self._database = database
        self._bot = bot
        self._clock = clock
        self._content = content.resolve()
        self._post = post
        self._ids: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._rising: dict[tuple[str, str], asyncio.Lock] = {}

    async def carry_out(self, call: Call, medium: Medium, ticket: Ticket) -> Any:
        """The channel's answer. Raises FileGone where nothing is kept, and what `post` raises."""
        if not medium.file.startswith((files.KEPT, files.CONTENT)):
            return await self._post(call.method, _with(call, medium, medium.file), ticket)
        digest = await self._digest(medium.file)
        place = (digest, medium.kind)
        async with self._rising.setdefault(place, asyncio.Lock()):
            known = await self._known(place)
            if known is None:
                return await self._upload(call, medium, place, ticket)
            self._rising.pop(place, None)
        try:
            return await self._post(call.method, _with(call, medium, known), ticket)
        except BadRequest as error:
            if not _is_lost(error):
                raise
        await self._forget(place)
        return await self._upload(call, medium, place, ticket)

    async def _upload(self, call: Call, medium: Medium, place: tuple[str, str], ticket: Ticket) -> Any:
        kept = await self._read(medium.file)
        params = _with(call, medium, f"attach://{_PART}")
        params[_PART] = InputFile(kept.content, _file_name(medium.name or kept.name), attach=False)
        answer = await self._post(call.method, params, ticket)
        channel_file = _id_in(answer, medium.kind)
        if channel_file is not None:
            await self._note(place, channel_file)
        return answer

    async def _read(self, file: str) -> Kept:
        if file.startswith(files.CONTENT):
            path = self._path(file)
            return Kept(await asyncio.to_thread(path.read_bytes), path.name, "")
        async with self._database.work(self._bot, self._clock()) as work:
            return await files.read(work, file)

    async def _digest(self, file: str) -> str:
        """A kept file is known by its hash; one of the content too, since authors change it."""
        if file.startswith(files.KEPT):
            return file.removeprefix(files.KEPT)
        return files.hash_of((await self._read(file)).content)

    def _path(self, file: str) -> Path:
        path = (self._content / file.removeprefix(files.CONTENT)).resolve()
        if not path.is_relative_to(self._content) or not path.is_file():
            raise FileGone(file)
        return path

    async def _known(self, place: tuple[str, str]) -> str | None:
        if place not in self._ids:
            async with self._database.work(self._bot, self._clock()) as work:
                found = await files.copy_of(work, *place)
            if found is None:
                return None
            self._remember(place, found)
        return self._ids[place]

    async def _note(self, place: tuple[str, str], channel_file: str) -> None:
        self._remember(place, channel_file)
        async with self._database.work(self._bot, self._clock()) as work:
            await files.note_copy(work, *place, channel_file)

    async def _forget(self, place: tuple[str, str]) -> None:
        self._ids.pop(place, None)
        async with self._database.work(self._bot, self._clock()) as work:
            await files.forget_copy(work, *place)

    def _remember(self, place: tuple[str, str], channel_file: str) -> None:
        self._ids[place] = channel_file
        if len(self._ids) > _REMEMBERED:
            self._ids.popitem(last=False)


def _with(call: Call, medium: Medium, value: str) -> Json:
    if call.method == "editMessageMedia":
        return {**call.params, "media": {**call.params["media"], "media": value}}
    return {**call.params, medium.kind: value}


def _file_name(name: str) -> str:
    """A name without what could end the header it travels in."""
    return "".join(char for char in name if char.isprintable() and char not in '"\\') or "file"


def _id_in(answer: Any, kind: str) -> str | None:
    shown = answer.get(kind) if isinstance(answer, dict) else None
    # Of a photo the channel tells every size, the largest last.
    largest = shown[-1] if isinstance(shown, list) and shown else shown
    return largest.get("file_id") if isinstance(largest, dict) else None


def _is_lost(error: BadRequest) -> bool:
    words = error.message.lower()
    return any(part in words for part in _LOST)
