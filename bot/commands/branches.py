"""`wayside branches`: bring the tree of branches in and out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.working import DryRun, TableFile, say_changes, stop_at, work

app = typer.Typer(help="The branches.", no_args_is_help=True)


@app.command("import")
def import_file(
    file: TableFile,
    dry_run: DryRun = False,
) -> None:
    """Make the branches what the file says: all of it, or nothing where a row is wrong.

    A branch that is not in the file is closed, not deleted. Importing twice changes nothing.
    """
    from bot.services.branches.files import read_branches
    from bot.services.branches.tree import import_branches

    reading = read_branches(file)
    stop_at(reading.problems)
    report = work(lambda opened: import_branches(opened, reading.branches, dry_run=dry_run))
    changes = {name: getattr(report, name) for name in ("added", "changed", "reopened", "closed")}
    say_changes(changes, report.unchanged, dry_run=dry_run)


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
