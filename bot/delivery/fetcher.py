"""What people sent along, brought home: downloaded, checked, and pictures drawn anew."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Callable
from datetime import datetime
from pathlib import PurePath

import structlog
from sqlalchemy.exc import SQLAlchemyError
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError
from telegram.ext import ExtBot

from bot import limits
from bot.delivery.outcomes import reason
from bot.delivery.request import Request, TooLarge
from bot.services import attachments, containers, pictures
from bot.services.attachments import Wanted
from bot.store.database import Database, name_of
from bot.store.work import Note

# Files in hand at once: each may take 20 MB while it is checked.
BATCH = 4
# For what another process noted, and for what must be fetched again.
TICK_SECONDS = 1.0

log = structlog.get_logger()


class Fetcher:
    """Fetches one bot's attachments. `clock` gives aware UTC times; `close` ends its connections."""

    def __init__(
        self,
        database: Database,
        token: str,
        *,
        clock: Callable[[], datetime],
        api_url: str,
        tick_seconds: float = TICK_SECONDS,
    ) -> None:
        self._database = database
        self._bot_id = int(token.partition(":")[0])
        self._clock = clock
        self._tick_seconds = tick_seconds
        self._request = Request()
        self._files_url = f"{api_url}/file/bot{token}"
        self._bot: ExtBot[None] = ExtBot(
            token, base_url=f"{api_url}/bot", request=self._request, get_updates_request=self._request
        )
        self._wanted = asyncio.Event()
        database.listen(self._heard)

    async def run(self) -> None:
        """Fetch whatever waits, until cancelled: what a fetch leaves half done is done again."""
        while True:
            self._wanted.clear()
            try:
                while await self.fetch():
                    pass
            except (SQLAlchemyError, OSError) as error:
                log.error("attachments_unreachable", error=name_of(error))
            try:
                async with asyncio.timeout(self._tick_seconds):
                    await self._wanted.wait()
            except TimeoutError:
                continue

    async def fetch(self) -> int:
        """Fetch a batch of what waits; gives how many were in it."""
        async with self._database.work(self._bot_id, self._clock()) as work:
            batch = await attachments.claim(work, BATCH)
        await asyncio.gather(*(self._bring(wanted) for wanted in batch))
        return len(batch)

    async def close(self) -> None:
        """End the connections."""
        await self._request.shutdown()

    def _heard(self, note: Note) -> None:
        if note.about == attachments.NOTE:
            self._wanted.set()

    async def _bring(self, wanted: Wanted) -> None:
        try:
            content, name, mime = await self._checked(wanted)
        except (TooLarge, pictures.NoPicture, containers.Unclean, BadRequest, Forbidden) as error:
            async with self._database.work(self._bot_id, self._clock()) as work:
                await attachments.note_refused(work, wanted, _why(error))
            return
        except TelegramError as error:
            log.warning("attachment_waits", row=wanted.id, error=reason(error))
            async with self._database.work(self._bot_id, self._clock()) as work:
                await attachments.note_failed(work, wanted)
            return
        async with self._database.work(self._bot_id, self._clock()) as work:
            await attachments.note_kept(work, wanted, content, name, mime)

    async def _checked(self, wanted: Wanted) -> tuple[bytes, str, str]:
        """The bytes as they are kept, their name and kind. A picture sent as a file is a picture too."""
        content = await self._download(wanted)
        if wanted.kind == "photo" or await asyncio.to_thread(pictures.is_picture, content):
            drawn = await asyncio.to_thread(pictures.redrawn, content)
            return drawn, str(PurePath(wanted.name).with_suffix(".jpg")), pictures.MIME
        if containers.is_container(content):
            content = await asyncio.to_thread(_without_place, content)
        mime = "audio/ogg" if wanted.kind == "voice" else mimetypes.guess_type(wanted.name)[0]
        return content, wanted.name, mime or "application/octet-stream"

    async def _download(self, wanted: Wanted) -> bytes:
        try:
            about = await self._bot.do_api_request("getfile", {"file_id": wanted.channel_file})
        except InvalidToken as error:
            # Not the file's fault: somebody will set the token right.
            raise TelegramError(error.message) from None
        return await self._request.download(f"{self._files_url}/{about['file_path']}", limits.DOWNLOAD_BYTES)


def _without_place(content: bytes) -> bytes:
    """A recording that does not tell where it was made. Raises Unclean for what cannot be cleaned."""
    if containers.is_picture_container(content):
        raise containers.Unclean
    return containers.cleaned(content)


def _why(error: Exception) -> str:
    if isinstance(error, pictures.NoPicture):
        return attachments.NO_PICTURE
    if isinstance(error, containers.Unclean):
        return attachments.TELLS_PLACE
    if isinstance(error, TooLarge) or "too big" in str(error):
        return attachments.TOO_BIG
    return attachments.GONE
