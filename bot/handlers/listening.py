"""How updates arrive: a webhook where one is set, else long polling."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aiohttp import web

from bot.handlers.feed import Feed
from bot.handlers.inline import Offers
from bot.handlers.polling import Polling
from bot.handlers.webhook import webhook_app
from bot.services.intake import Intake
from bot.settings import UPDATES, Settings

SHUTDOWN_SECONDS = 3.0


@asynccontextmanager
async def listening(
    settings: Settings, secret: str | None, intake: Intake, username: str, offers: Offers
) -> AsyncIterator[None]:
    """Updates come in as long as the block runs; with a `secret` through the webhook."""
    feed = Feed(intake, username, offers)
    if secret is None:
        polling = Polling(feed, settings.api_url, settings.token.get_secret_value(), UPDATES)
        async with _polling(polling):
            yield
    else:
        async with _serving(webhook_app(feed, settings.webhook_path, secret), settings):
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
async def _serving(app: web.Application, settings: Settings) -> AsyncIterator[None]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    await web.TCPSite(runner, settings.webhook_host, settings.webhook_port).start()
    try:
        yield
    finally:
        await runner.cleanup()
