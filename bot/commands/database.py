"""`wayside db`: the schema."""

from __future__ import annotations

import asyncio

import typer

app = typer.Typer(help="The database.", no_args_is_help=True)


@app.callback()
def database() -> None:
    """The database."""


@app.command()
def upgrade() -> None:
    """Bring the schema of WAYSIDE_DATABASE_URL to this release; changes nothing where it is there already."""
    from bot.settings import Settings
    from bot.store.database import Database
    from bot.store.migrations import upgrade as to_newest

    async def work() -> None:
        opened = Database(Settings().database_url)
        try:
            await to_newest(opened)
        finally:
            await opened.close()

    asyncio.run(work())
    typer.echo("The schema is up to date.")
