"""How updates arrive: a webhook where one is set, else long polling."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aiohttp import web

from bot.handlers.feed import Feed
from bot.handlers.inline import Offers
from bot.handlers.polling import Polling
from bot.handlers.webhook import Door, Doors
from bot.services.intake import Intake
from bot.settings import UPDATES, Settings

# For updates that are being played; aiohttp waits as long again after it cut them off. They come again.
SHUTDOWN_SECONDS = 0.5


@asynccontextmanager
async def listening(
    settings: Settings,
    secret: str | None,
    intake: Intake,
    username: str,
    offers: Offers,
    doors: Doors | None = None,
) -> AsyncIterator[None]:
    """Updates come in as long as the block runs; with a `secret` through the webhook.

    Several bots of one process share `doors` that are served already; without them this bot has its own.
    """
    feed = Feed(intake, username, offers)
    if secret is None:
        polling = Polling(feed, settings.api_url, settings.token.get_secret_value(), UPDATES)
        async with _polling(polling):
            yield
        return
    door = Door(feed, secret)
    if doors is not None:
        with doors.opened(settings.webhook_path, door):
            yield
        return
    own = Doors()
    with own.opened(settings.webhook_path, door):
        async with serving(own, settings.webhook_host, settings.webhook_port):
            yield


@asynccontextmanager
async def _polling(polling: Polling) -> AsyncIterator[None]:
    task = asyncio.create_task(polling.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def serving(doors: Doors, host: str, port: int) -> AsyncIterator[web.ServerRunner]:
    """Webhooks are served as long as the block runs; gives the server. OSError where the port is taken."""
    runner = web.ServerRunner(doors.server(), shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    try:
        yield runner
    finally:
        await runner.cleanup()
