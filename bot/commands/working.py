"""What commands share: one transaction of the configured database, the bot's name, files that come in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from bot.store.work import Work

T = TypeVar("T")

TableFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=".csv or .xlsx")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")]
MOST_NAMED = 10


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


def stop_at(problems: Sequence[object], undone: str = "Nothing was imported") -> None:
    """Name what is wrong with a file and end there, if anything is."""
    for problem in problems:
        typer.echo(str(problem))
    if problems:
        typer.echo(f"{undone}: mend {len(problems)} problems first.", err=True)
        raise typer.Exit(1)


def say_changes(changes: Mapping[str, Sequence[str]], unchanged: int, *, dry_run: bool) -> None:
    """Say what an import did, or would do, to which ids."""
    would = "would be " if dry_run else ""
    for word, ids in changes.items():
        if ids:
            more = " …" if len(ids) > MOST_NAMED else ""
            typer.echo(f"{len(ids)} {would}{word}: {', '.join(ids[:MOST_NAMED])}{more}")
    typer.echo(f"{unchanged} unchanged.")
