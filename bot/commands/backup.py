"""`wayside backup` and `wayside restore`: the database in a file, and a file as the database."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer


def backup(file: Annotated[Path, typer.Argument(help="Where to write it; nothing is overwritten.")]) -> None:
    """Copy the database to a file, while everything runs. The keys are not in it: keep them elsewhere."""
    from bot.backup import Failed, take
    from bot.settings import Settings

    try:
        take(Settings().database_url, file)
    except Failed as error:
        raise typer.Exit(_complain(error)) from None
    typer.echo(f"Written: {file} ({file.stat().st_size:,} bytes)")


def restore(
    file: Annotated[Path, typer.Argument(help="What 'wayside backup' wrote.")],
    stopped: Annotated[
        bool, typer.Option(help="Nothing ran since the backup: broadcasts just go on.")
    ] = False,
) -> None:
    """Make a backup the database. Without --stopped no broadcast is sent twice: what waited is listed."""
    from bot.backup import Failed, bring_back
    from bot.settings import Settings

    url = Settings().database_url
    try:
        bring_back(url, file)
    except Failed as error:
        raise typer.Exit(_complain(error)) from None
    doubtful = 0 if stopped else asyncio.run(_settled(url))
    typer.echo("Restored. Now: wayside doctor, then start everything again.")
    if doubtful:
        typer.echo(f"{doubtful} messages of broadcasts may have been sent since: they count as uncertain.")


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
