"""`wayside departments`: bring the directory in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from bot.commands.working import DryRun, TableFile, stop_at, work

if TYPE_CHECKING:
    from bot.store.work import Work

app = typer.Typer(help="The directory of departments.", no_args_is_help=True)


@app.callback()
def departments() -> None:
    """The directory of departments."""


@app.command("import")
def import_file(
    file: TableFile,
    dry_run: DryRun = False,
) -> None:
    """Make the directory what the file says: all of it, or nothing where a row is wrong."""
    from bot.services.departments.directory import import_departments
    from bot.services.departments.files import read_departments

    reading = read_departments(file)
    stop_at(reading.problems)
    if dry_run:
        typer.echo(f"{len(reading.departments)} departments would be in the directory.")
        return

    async def deed(opened: Work) -> int:
        return await import_departments(opened, reading.departments)

    before = work(deed)
    typer.echo(f"{len(reading.departments)} departments in the directory, {before} before.")
