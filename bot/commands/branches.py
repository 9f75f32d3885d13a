"""`wayside branches`: bring the tree of branches in and out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.working import work

if TYPE_CHECKING:
    from bot.services.branches.tree import Report

app = typer.Typer(help="The branches.", no_args_is_help=True)


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=".csv or .xlsx")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
) -> None:
    """Make the branches what the file says: all of it, or nothing where a row is wrong.

    A branch that is not in the file is closed, not deleted. Importing twice changes nothing.
    """
    from bot.services.branches.files import read_branches
    from bot.services.branches.tree import import_branches

    reading = read_branches(file)
    for problem in reading.problems:
        typer.echo(str(problem))
    if reading.problems:
        typer.echo(f"Nothing was imported: mend {len(reading.problems)} problems first.", err=True)
        raise typer.Exit(1)
    _say(work(lambda opened: import_branches(opened, reading.branches, dry_run=dry_run)), dry_run=dry_run)


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="branches.csv or .xlsx")] = Path("branches.csv"),
) -> None:
    """Write all branches that are not closed to a file."""
    from bot.services.branches.files import write_branches
    from bot.services.branches.tree import all_branches

    found = [branch for branch in work(all_branches) if not branch.closed]
    try:
        write_branches(file, found)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    typer.echo(f"{len(found)} branches written to {file}")


def _say(report: Report, *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    for word in ("added", "changed", "reopened", "closed"):
        ids = getattr(report, word)
        if ids:
            typer.echo(f"{len(ids)} {would}{word}: {', '.join(ids[:10])}{' …' if len(ids) > 10 else ''}")
    typer.echo(f"{report.unchanged} unchanged.")
