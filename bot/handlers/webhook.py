"""The webhook: Telegram delivers, we answer 200 only after the commit."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from aiohttp import web

from bot.handlers.feed import Feed, read_json

log = structlog.get_logger()

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
# What aiohttp's server reads at most: Telegram's updates are a few kilobytes.
MOST_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Door:
    """Where one bot's updates come in, and the secret that opens it."""

    feed: Feed
    secret: str


class Doors:
    """The webhooks of the bots of one process, each at a path of its own."""

    def __init__(self) -> None:
        self._doors: dict[str, Door] = {}

    @contextmanager
    def opened(self, path: str, door: Door) -> Iterator[None]:
        """Updates at this path are taken as long as the block runs. ValueError for a path that is taken."""
        if path in self._doors:
            raise ValueError(f"two bots have the webhook {path}: give each a path of its own")
        self._doors[path] = door
        try:
            yield
        finally:
            del self._doors[path]

    def server(self) -> web.Server:
        """The server behind all of them: there is nothing to route that would want an application."""
        return web.Server(self._take, access_log=None)

    async def _take(self, request: web.BaseRequest) -> web.Response:
        if request.method != "POST":
            return web.Response(status=405, text="Updates are posted.", headers={"Allow": "POST"})
        door = self._doors.get(request.path)
        if door is None:
            return web.Response(status=404, text="There is no webhook here.")
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), door.secret.encode()):
            return web.Response(status=401, text="This webhook is for Telegram.")
        try:
            raw = read_json(await request.read())
        except (ValueError, web.RequestPayloadError):
            return web.Response(status=400, text="That is not JSON.")
        try:
            await door.feed.take(raw)
        except Exception as error:
            log.warning("update will come again", error=type(error).__name__)
            return web.Response(status=503, text="Try again.")
        return web.Response()
