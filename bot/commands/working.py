"""What commands share: one transaction of the configured database, and the bot's name."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import typer

if TYPE_CHECKING:
    from bot.store.work import Work

T = TypeVar("T")


def work(deed: Callable[[Work], Awaitable[T]]) -> T:
    """Do something in one transaction of the configured database, brought up to date first."""
    from bot.app import utc_now
    from bot.keys import database_of
    from bot.settings import Settings
    from bot.store.migrations import upgrade

    settings = Settings()

    async def run() -> T:
        database = database_of(settings)
        try:
            if database.is_sqlite:
                await upgrade(database)
            async with database.work(settings.bot, utc_now()) as opened:
                return await deed(opened)
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def username() -> str:
    """The bot's name in Telegram, without @."""
    from bot.delivery.profile import Profile
    from bot.settings import Settings

    settings = Settings()

    async def ask() -> str:
        profile = Profile(settings.token.get_secret_value(), settings.api_url)
        try:
            return await profile.username()
        finally:
            await profile.close()

    return asyncio.run(ask())
