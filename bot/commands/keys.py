"""`wayside keys`: the keys with which personal columns are sealed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.working import bots

if TYPE_CHECKING:
    from bot.settings import Settings

app = typer.Typer(help="The keys of what is encrypted in the database.", no_args_is_help=True)


@app.callback()
def keys() -> None:
    """The keys of what is encrypted in the database."""


@app.command()
def new(
    file: Annotated[
        Path | None, typer.Argument(help="The file of the keys; without it WAYSIDE_KEYS_FILE.")
    ] = None,
) -> None:
    """Add a key; what is written from the next start on is sealed with it. The older ones still open.

    Without its keys the database cannot be read: keep a copy of the file, apart from the backups of the data.
    """
    from bot.app import utc_now
    from bot.keys import add_key

    found = bots()
    settings = found[0]
    path = file or settings.keys_file
    try:
        if path is None:
            raise ValueError("name a file, or set WAYSIDE_KEYS_FILE")
        if any(_lies_with_the_data(path, one) for one in found):
            raise ValueError("that is where the database is: whoever takes one would have both")
        name = add_key(path, utc_now().date())
    except (OSError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"Key {name} is in {path}. Keep a copy of the file, apart from the data.")
    if settings.keys_file != path:
        typer.echo(f"Set WAYSIDE_KEYS_FILE={path}")
    typer.echo("Restart Wayside, then: wayside keys rotate")


@app.command()
def rotate() -> None:
    """Seal everything with the newest key. It may run beside Wayside, stop at any time and go on later."""
    from bot.store.sealing import CannotOpen

    try:
        for settings in bots():
            asyncio.run(_rotate(settings))
    except (CannotOpen, ValueError) as error:
        typer.echo(f"{error}. What was done stays done.", err=True)
        raise typer.Exit(1) from None


async def _rotate(settings: Settings) -> None:
    from bot.app import utc_now
    from bot.keys import database_of
    from bot.services.points.rewards import waiting_codes
    from bot.services.privacy.rotation import reseal, sealed_columns

    database = database_of(settings)
    newest = database.seal.newest
    try:
        if newest is None:
            raise ValueError("there is no key: 'wayside keys new FILE' makes one")
        for column in sealed_columns():
            sealed = 0
            while True:
                async with database.work(settings.bot, utc_now()) as work:
                    done = await reseal(work, column, newest)
                if not done:
                    break
                sealed += done
            typer.echo(f"{column.table.name}.{column.name}: {sealed} sealed anew")
        async with database.work(settings.bot, utc_now()) as work:
            codes = await waiting_codes(work)
    finally:
        await database.close()
    typer.echo(f"All is under {newest}. Older keys are still needed for backups older than today.")
    if codes.number:
        typer.echo(
            f"Keep them at least until {codes.until:%Y-%m-%d}: codes of rewards that wait to be picked up "
            f"({codes.number}) can't be sealed anew."
        )


def _lies_with_the_data(path: Path, settings: Settings) -> bool:
    from bot.store.database import file_of

    data = file_of(settings.database_url)
    return data is not None and path.resolve().parent == data.resolve().parent
