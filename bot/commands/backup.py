"""`wayside backup` and `wayside restore`: the database in a file, and a file as the database."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.working import bots, databases


def backup(file: Annotated[Path, typer.Argument(help="Where to write it; nothing is overwritten.")]) -> None:
    """Copy the database to a file, while everything runs. The keys are not in it: keep them elsewhere.

    Where bots have a database each, there is a file for each, with the bot's id at the end of its name.
    """
    from bot.backup import Failed, take

    for url, path in _files(file).items():
        try:
            take(url, path)
        except Failed as error:
            raise typer.Exit(_complain(error)) from None
        typer.echo(f"Written: {path} ({path.stat().st_size:,} bytes)")


def restore(
    file: Annotated[Path, typer.Argument(help="What 'wayside backup' was told to write.")],
    stopped: Annotated[
        bool, typer.Option(help="Nothing ran since the backup: broadcasts just go on.")
    ] = False,
) -> None:
    """Make a backup the database. Without --stopped no broadcast is sent twice: what waited is listed."""
    from bot.backup import Failed, bring_back

    doubtful = 0
    for url, path in _files(file).items():
        try:
            bring_back(url, path)
        except Failed as error:
            raise typer.Exit(_complain(error)) from None
        doubtful += 0 if stopped else asyncio.run(_settled(url))
    typer.echo("Restored. Now: wayside doctor, then start everything again.")
    if doubtful:
        typer.echo(f"{doubtful} messages of broadcasts may have been sent since: they count as uncertain.")


def _files(file: Path) -> dict[str, Path]:
    """The file of each database, by URL."""
    found = databases(bots())
    if len(found) == 1:
        return dict.fromkeys(found, file)
    return {url: file.with_name(f"{file.name}-{settings.bot}") for url, settings in found.items()}


async def _settled(url: str) -> int:
    from bot.app import utc_now
    from bot.backup import settle_doubts
    from bot.store.database import Database

    database = Database(url)
    try:
        return await settle_doubts(database, utc_now())
    finally:
        await database.close()


def _complain(error: Exception) -> int:
    typer.echo(str(error), err=True)
    return 1
