"""`wayside backup` and `wayside restore`: the database in a file, and a file as the database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.working import bots, databases

if TYPE_CHECKING:
    from bot.services.privacy.forgotten import Forgotten
    from bot.settings import Settings
    from bot.store.sealing import Key


def backup(file: Annotated[Path, typer.Argument(help="Where to write it; nothing is overwritten.")]) -> None:
    """Copy the database to a file, while everything runs. The keys are not in it: keep them elsewhere.

    Where bots have a database each, there is a file for each, with the bot's id at the end of its name.
    """
    from bot.backup import Failed, take

    for settings, path in _files(file):
        try:
            take(settings.database_url, path)
        except Failed as error:
            raise typer.Exit(_complain(error)) from None
        typer.echo(f"Written: {path} ({path.stat().st_size:,} bytes)")


def restore(
    file: Annotated[Path, typer.Argument(help="What 'wayside backup' was told to write.")],
    stopped: Annotated[
        bool, typer.Option(help="Nothing ran since the backup: broadcasts just go on.")
    ] = False,
    nobody_was_forgotten: Annotated[
        bool, typer.Option(help="Nobody said /forget since the backup: the file of that is not needed.")
    ] = False,
) -> None:
    """Make a backup the database. Who was forgotten since is forgotten again.

    Without --stopped no broadcast is sent twice: what waited is listed.
    """
    from bot.backup import Failed, bring_back, whom_to_forget
    from bot.keys import keys_of

    forgotten = doubtful = 0
    for settings, path in _files(file):
        try:
            keys = keys_of(settings)
            whom = [] if stopped or nobody_was_forgotten else whom_to_forget(settings.forgotten)
            bring_back(settings.database_url, path)
        except (Failed, ValueError) as error:
            raise typer.Exit(_complain(error)) from None
        again, unknown = asyncio.run(_put_right(settings.database_url, keys, whom, stopped))
        forgotten, doubtful = forgotten + again, doubtful + unknown
    if not (stopped or nobody_was_forgotten):
        typer.echo(f"{forgotten} people were forgotten again.")
    if doubtful:
        typer.echo(f"{doubtful} messages of broadcasts may have been sent since: they count as uncertain.")
    typer.echo("Restored. Now: wayside doctor, then start everything again.")


def _files(file: Path) -> list[tuple[Settings, Path]]:
    """Each database, by the settings of one of its bots, and its file."""
    found = databases(bots()).values()
    if len(found) == 1:
        return [(settings, file) for settings in found]
    return [(settings, file.with_name(f"{file.name}-{settings.bot}")) for settings in found]


async def _put_right(
    url: str, keys: Sequence[Key], whom: Sequence[Forgotten], stopped: bool
) -> tuple[int, int]:
    """How many were forgotten again, and how many messages may have been sent already."""
    from bot.app import utc_now
    from bot.backup import forget_again, settle_doubts
    from bot.store.database import Database

    again = await forget_again(url, keys, whom, utc_now())
    if stopped:
        return again, 0
    database = Database(url)
    try:
        return again, await settle_doubts(database, utc_now())
    finally:
        await database.close()


def _complain(error: Exception) -> int:
    typer.echo(str(error), err=True)
    return 1
