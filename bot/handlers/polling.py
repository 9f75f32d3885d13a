"""Long polling: an update is confirmed only when what it did is committed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import aiohttp
import orjson
import structlog

from bot.handlers.feed import Feed, number_of, read_json

log = structlog.get_logger()

# Telegram answers a poll after 50 s at the latest; the connection gets a little more.
POLL_SECONDS = 50
GRACE_SECONDS = 15
MOST_AT_ONCE = 100
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 15.0


class Polling:
    """Fetches updates for one bot until cancelled. The token stays out of every error and log."""

    def __init__(
        self,
        feed: Feed,
        api_url: str,
        token: str,
        kinds: Sequence[str],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._feed = feed
        self._url = f"{api_url}/bot{token}/getUpdates"
        self._kinds = list(kinds)
        self._pause = pause
        self._offset = 0

    async def run(self) -> None:
        """Poll; after a failure wait a little longer each time."""
        timeout = aiohttp.ClientTimeout(total=POLL_SECONDS + GRACE_SECONDS)
        pause = FIRST_PAUSE_SECONDS
        async with aiohttp.ClientSession(timeout=timeout, json_serialize=_dump) as session:
            while True:
                if await self._poll(session):
                    pause = FIRST_PAUSE_SECONDS
                    continue
                await self._pause(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _poll(self, session: aiohttp.ClientSession) -> bool:
        """Fetch and play what waits; False if that needs a pause before the next try."""
        updates = await self._fetch(session)
        if updates is None:
            return False
        results = await asyncio.gather(*(self._feed.take(raw) for raw in updates), return_exceptions=True)
        before = self._offset
        for raw, result in zip(updates, results, strict=True):
            number = number_of(raw)
            if isinstance(result, BaseException):
                log.warning("update will come again", update=number, error=type(result).__name__)
                return False
            if number is not None:
                self._offset = number + 1
        return self._offset != before or not updates

    async def _fetch(self, session: aiohttp.ClientSession) -> list[Any] | None:
        asked = {
            "offset": self._offset,
            "limit": MOST_AT_ONCE,
            "timeout": POLL_SECONDS,
            "allowed_updates": self._kinds,
        }
        try:
            async with session.post(self._url, json=asked, allow_redirects=False) as response:
                answer = read_json(await response.read())
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            log.warning("polling failed", error=type(error).__name__)
            return None
        match answer:
            case {"ok": True, "result": list(updates)}:
                return updates
            case {"ok": False}:
                log.warning("polling refused", code=answer.get("error_code"))
            case _:
                log.warning("polling answered with something else")
        return None


def _dump(value: Any) -> str:
    return orjson.dumps(value).decode()
