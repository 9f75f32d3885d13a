"""The webhook: Telegram delivers, we answer 200 only after the commit."""

from __future__ import annotations

import hmac

import structlog
from aiohttp import web

from bot.handlers.feed import Feed, read_json

log = structlog.get_logger()

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
# Telegram's updates are a few kilobytes; a megabyte leaves room and bounds a stranger.
MOST_BYTES = 1024 * 1024


def webhook_app(feed: Feed, path: str, secret: str) -> web.Application:
    """An application that takes updates at `path` from whoever knows the secret."""

    async def take(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode()):
            return web.Response(status=401, text="This webhook is for Telegram.")
        try:
            raw = read_json(await request.read())
        except ValueError:
            return web.Response(status=400, text="That is not JSON.")
        try:
            await feed.take(raw)
        except Exception as error:
            log.warning("update will come again", error=type(error).__name__)
            return web.Response(status=503, text="Try again.")
        return web.Response()

    app = web.Application(client_max_size=MOST_BYTES)
    app.router.add_post(path, take)
    return app
