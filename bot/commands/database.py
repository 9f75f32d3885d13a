"""`wayside db`: the schema."""

from __future__ import annotations

import asyncio

import typer

from bot.commands.working import bots, databases

app = typer.Typer(help="The database.", no_args_is_help=True)


@app.callback()
def database() -> None:
    """The database."""


@app.command()
def upgrade() -> None:
    """Bring the schema to this release; changes nothing where it is there already."""
    from bot.store.database import Database
    from bot.store.migrations import upgrade as to_newest

    async def work(url: str) -> None:
        opened = Database(url)
        try:
            await to_newest(opened)
        finally:
            await opened.close()

    for url in databases(bots()):
        asyncio.run(work(url))
    typer.echo("The schema is up to date.")
